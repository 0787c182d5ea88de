// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Sends requests of 4 KiB to a node that forgets, so many at a time, as `qemu-img bench` does: for
// instruction counts (the slope between two counts is free of what starting costs) and for the
// processor time beside that of qemu-img. See docs/runtime.md for the commands.

#include "runtime/drivers/null_driver.h"
#include "runtime/graph/block_backend.h"
#include "runtime/graph/graph.h"

#include <array>
#include <cstdio>
#include <cstdlib>

using namespace lockvet::runtime;

namespace {

struct Load {
  AioContext& context;
  BlockBackend& disk;
  uint64_t left;
  uint64_t in_flight = 0;
  uint64_t offset = 0;
};

std::array<char, 4096> buffer;

void send(Load& load);

// Each request is a coroutine of its own, which starts the next one when it has ended.
void LV_COROUTINE_FN one_request(Load& load) {
  const uint64_t offset = load.offset;
  load.offset = (offset + buffer.size()) % (uint64_t{1} << 30);
  if (load.disk.co_preadv(offset, {buffer.data(), buffer.size()}))
    std::abort();
  --load.in_flight;
  if (load.left > 0)
    send(load);
}

void send(Load& load) {
  --load.left;
  ++load.in_flight;
  if (!Coroutine::spawn(load.context, [&load]() LV_COROUTINE_FN { one_request(load); }))
    std::abort();
}

} // namespace

int main(int count, char** arguments) {
  if (count != 3) {
    std::fprintf(stderr, "Usage: request_bench REQUESTS DEPTH\n");
    return 2;
  }
  const auto context = std::move(*AioContext::create());
  const MainLoop main_loop(*context);
  MainLoop::assert_here();
  context->assert_home();
  Graph graph;
  Node& node = **graph.add("null", std::make_unique<NullDriver>(NullDriver::Options{}), *context);
  BlockBackend disk("disk", {});
  if (!disk.insert(node))
    return 1;
  Load load{.context = *context, .disk = disk, .left = std::strtoull(arguments[1], nullptr, 10)};
  for (auto depth = std::strtoull(arguments[2], nullptr, 10); depth > 0 && load.left > 0; --depth)
    send(load);
  while (load.in_flight > 0)
    context->poll(true);
  const bool closed = disk.remove() && graph.remove(node);
  return closed ? 0 : 1;
}
