// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// An eventfd that a front end has passed, to be told of something or to tell it. Whoever owns it
// uses it in one thread; its other side is a stranger's, so that nothing here may block, or believe
// that it is an eventfd.

#ifndef LOCKVET_RUNTIME_EXPORT_VHOST_USER_EVENT_DESCRIPTOR_H
#define LOCKVET_RUNTIME_EXPORT_VHOST_USER_EVENT_DESCRIPTOR_H

#include "runtime/aio/file_descriptor.h"

#include <expected>
#include <string>

namespace lockvet::runtime::vhost_user {

class EventDescriptor {
public:
  // One that is none.
  EventDescriptor() = default;
  // The error is a sentence.
  static std::expected<EventDescriptor, std::string> adopt(FileDescriptor descriptor);

  bool valid() const { return descriptor_.valid(); }
  int get() const { return descriptor_.get(); }

  // Tells the other side. One that has filled its counter is told already.
  void signal() const;

private:
  explicit EventDescriptor(FileDescriptor descriptor) : descriptor_(std::move(descriptor)) {}

  FileDescriptor descriptor_;
};

} // namespace lockvet::runtime::vhost_user

#endif // LOCKVET_RUNTIME_EXPORT_VHOST_USER_EVENT_DESCRIPTOR_H
