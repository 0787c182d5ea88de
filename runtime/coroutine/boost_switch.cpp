// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "runtime/coroutine/machine_context.h"

#include <boost/context/detail/fcontext.hpp>

namespace lockvet::runtime {

namespace {

// What goes along with a jump: Boost tells the other side where it was left from, and that side
// notes it where the one who left wants it.
struct Message {
  BoostSwitch::Context& from;
  void* data;
};

void* arrive(boost::context::detail::transfer_t transfer) {
  const Message message = *static_cast<Message*>(transfer.data);
  message.from.place = transfer.fctx;
  return message.data;
}

struct Start {
  void LV_COROUTINE_FN (*entry)(void* data);
};

void begin(boost::context::detail::transfer_t first) {
  void LV_COROUTINE_FN (*const entry)(void* data) = static_cast<Start*>(first.data) -> entry;
  // Goes back to make(), whose Start ends; what comes next is the first real jump.
  entry(arrive(boost::context::detail::jump_fcontext(first.fctx, nullptr)));
}

} // namespace

void BoostSwitch::make(Context& context, void* stack_top, size_t stack_size,
                       void LV_COROUTINE_FN (*entry)(void* data)) noexcept {
  const auto place = boost::context::detail::make_fcontext(stack_top, stack_size, begin);
  Start start{entry};
  context.place = boost::context::detail::jump_fcontext(place, &start).fctx;
}

void* BoostSwitch::jump(Context& from, Context& to, void* data) noexcept {
  Message message{from, data};
  return arrive(boost::context::detail::jump_fcontext(to.place, &message));
}

} // namespace lockvet::runtime
