// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Which context serves which queue or connection of an export: all on one, one each, in turn, or as
// an explicit list says, in the words of QEMU's iothread-vq-mapping. A value, made before the
// export starts; the contexts outlive whoever uses it. Needs no lock.

#ifndef LOCKVET_RUNTIME_EXPORT_CONTEXT_MAPPING_H
#define LOCKVET_RUNTIME_EXPORT_CONTEXT_MAPPING_H

#include "runtime/aio/aio_context.h"

#include <expected>
#include <string>
#include <vector>

namespace lockvet::runtime {

class ContextMapping {
public:
  // A context, and the numbers of what it serves, from 0.
  struct Entry {
    AioContext* context = nullptr;
    std::vector<unsigned> served;
  };

  static ContextMapping all_on(AioContext& context) { return ContextMapping({&context}); }
  // Number 0 goes to the first, and so on, and then to the first again. One context at least.
  static ContextMapping round_robin(std::vector<AioContext*> contexts) {
    return ContextMapping(std::move(contexts));
  }
  // Errors are sentences: there have to be as many contexts as there is to serve.
  static std::expected<ContextMapping, std::string> one_each(std::vector<AioContext*> contexts,
                                                             unsigned count);
  // Every number below `count` is served by one entry. If no entry names any, it is in turn.
  static std::expected<ContextMapping, std::string> as_listed(const std::vector<Entry>& entries,
                                                              unsigned count);

  AioContext& of(unsigned number) const { return *contexts_[number % contexts_.size()]; }

private:
  explicit ContextMapping(std::vector<AioContext*> contexts) : contexts_(std::move(contexts)) {}

  std::vector<AioContext*> contexts_;
};

} // namespace lockvet::runtime

#endif // LOCKVET_RUNTIME_EXPORT_CONTEXT_MAPPING_H
