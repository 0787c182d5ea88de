// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A coroutine's wait for a Transfer that its loop does. It lies on the coroutine's stack, in the
// home thread. It goes on with the coroutine from within the loop, which saves the way through its
// queue: who has received something is to find out before the loop does anything else.

#ifndef LOCKVET_RUNTIME_AIO_TRANSFER_COMPLETION_H
#define LOCKVET_RUNTIME_AIO_TRANSFER_COMPLETION_H

#include "runtime/aio/aio_context.h"

namespace lockvet::runtime {

class TransferCompletion {
public:
  explicit TransferCompletion(Coroutine::Place place) : place_(place) {}

  Transfer& transfer() { return transfer_; }

  // Once the transfer has begun: bytes, or an error number below zero.
  int LV_COROUTINE_FN wait() {
    Coroutine::suspend(place_);
    return transfer_.result();
  }

private:
  static void complete(void* argument) {
    auto& self = *static_cast<TransferCompletion*>(argument);
    self.coroutine_.enter(self.place_);
  }

  Coroutine& coroutine_ = *Coroutine::current();
  Coroutine::Place place_;
  Transfer transfer_{{complete, this}};
};

} // namespace lockvet::runtime

#endif // LOCKVET_RUNTIME_AIO_TRANSFER_COMPLETION_H
