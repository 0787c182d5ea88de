// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The devices that a server offers, and under which names. Whoever starts the server owns the list
// and keeps it longer; exports come and go while clients are served, from any thread, under a lock
// of the list's own. Who has found an export keeps it alive.

#ifndef LOCKVET_RUNTIME_EXPORT_NBD_EXPORT_LIST_H
#define LOCKVET_RUNTIME_EXPORT_NBD_EXPORT_LIST_H

#include "runtime/coroutine/cancellation.h"
#include "runtime/export/exported_device.h"
#include "runtime/export/metadata_context.h"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lockvet::runtime {
class AioContext;
}

namespace lockvet::runtime::nbd {

// What is offered, and how. Constant from when it is added.
struct ExportOptions {
  std::string name;
  std::string description = {};
  ExportedDevice* device = nullptr;
  // Beside what the device says.
  bool read_only = false;
  // Whether clients may use several connections as one; by default, if that is so.
  std::optional<bool> multi_conn = {};
  // What clients can ask for beside base:allocation.
  std::vector<MetadataContext*> metadata = {};
  // Where its connections are served, in turn; where the server serves others, if there are none.
  std::vector<AioContext*> contexts = {};
  // Nobody uses the device any more, nor what else is named here. In any thread, once.
  std::function<void()> released = {};
};

// One that is, or was, in a list.
class Export {
public:
  explicit Export(ExportOptions options) : options_(std::move(options)) {}
  Export(const Export&) = delete;
  Export& operator=(const Export&) = delete;
  ~Export();

  const ExportOptions& options() const noexcept { return options_; }
  ExportedDevice& device() const noexcept { return *options_.device; }
  bool is_read_only() const noexcept { return options_.read_only || device().read_only(); }
  // Without the rest behind the last whole block, which no request could reach.
  uint64_t size() const noexcept;
  // What is offered to a client that has, or has not, negotiated structured replies.
  uint16_t transmission_flags(bool structured) const noexcept;

  // Where the next connection is served, or nullptr.
  AioContext* next_context() noexcept;

  // Requested when it is taken off its list: its connections come to their end.
  Cancellation& closing() noexcept { return closing_; }

  // Clients whose negotiation has come to their requests, counted by these.
  void enter() noexcept { clients_.fetch_add(1); }
  void leave() noexcept { clients_.fetch_sub(1); }
  unsigned clients() const noexcept { return clients_.load(); }

private:
  const ExportOptions options_;
  Cancellation closing_;
  std::atomic<unsigned> clients_ = 0;
  std::atomic<unsigned> next_context_ = 0;
};

class ExportList {
public:
  enum class Removal { only_if_unused, with_its_clients };
  enum class Removed { yes, no_such_export, in_use };

  // Not added, and what is wrong with it: a name or description that is too long or no valid UTF-8,
  // or a name that is taken.
  std::string add(ExportOptions added);

  // Nobody finds it any more. Those who use it do until they have gone, which is told by
  // ExportOptions::released.
  Removed remove(std::string_view name, Removal removal);

  // The empty name is the only export's, if there is only one. nullptr if there is none.
  std::shared_ptr<Export> find(std::string_view name) const;
  // In the order in which they were added.
  std::vector<std::shared_ptr<Export>> all() const;

  // Has every device look at its size, before a client is told of any.
  void LV_COROUTINE_FN co_update_sizes() const;

private:
  mutable ThreadMutex mutex_;
  std::vector<std::shared_ptr<Export>> exports_ LV_GUARDED_BY(mutex_);
};

} // namespace lockvet::runtime::nbd

#endif // LOCKVET_RUNTIME_EXPORT_NBD_EXPORT_LIST_H
