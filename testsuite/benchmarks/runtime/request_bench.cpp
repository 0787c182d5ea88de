// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Sends requests of 4 KiB to a node that forgets, or to a file, so many at a time and one after the
// other, as `qemu-img bench` does: for instruction counts (the slope between two counts is free of
// what starting costs) and for the processor time beside that of qemu-img. See docs/runtime.md for
// the commands.

#include "runtime/drivers/file/file_driver.h"
#include "runtime/drivers/null_driver.h"
#include "runtime/graph/block_backend.h"
#include "runtime/graph/graph.h"

#include <array>
#include <cstdio>
#include <cstdlib>
#include <span>
#include <string_view>

using namespace lockvet::runtime;

namespace {

struct Load {
  AioContext& context;
  BlockBackend& disk;
  uint64_t length;
  bool writes;
  uint64_t left;
  uint64_t in_flight = 0;
  uint64_t offset = 0;
};

alignas(4096) std::array<char, 4096> buffer;

void send(Load& load);

// Each request is a coroutine of its own, which starts the next one when it has ended.
void LV_COROUTINE_FN one_request(Load& load) {
  const uint64_t offset = load.offset;
  load.offset += buffer.size();
  if (load.offset + buffer.size() > load.length)
    load.offset = 0;
  const IoVector memory(buffer.data(), buffer.size());
  if (load.writes ? load.disk.co_pwritev(offset, memory) : load.disk.co_preadv(offset, memory))
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

// The arguments after the file's name are words that change one thing each.
std::unique_ptr<Driver> LV_NO_COROUTINE_FN open_file(const char* path, std::span<char*> words,
                                                     ThreadPool& pool) {
  FileDriver::Options options;
  for (const std::string_view word : words) {
    if (word == "direct")
      options.direct = true;
    else if (word == "io_uring")
      options.engine = FileDriver::Engine::io_uring;
    else if (word == "threads")
      options.engine = FileDriver::Engine::threads;
    else if (word == "in_place")
      options.engine = FileDriver::Engine::in_place;
    else if (word != "write")
      return nullptr;
  }
  auto driver = FileDriver::open(path, options, pool);
  if (!driver) {
    std::fprintf(stderr, "%s\n", driver.error().message.c_str());
    return nullptr;
  }
  return std::move(*driver);
}

} // namespace

int main(int count, char** arguments) {
  if (count < 3) {
    std::fprintf(stderr, "Usage: request_bench REQUESTS DEPTH [FILE [write] [direct] "
                         "[io_uring|threads|in_place]]\n");
    return 2;
  }
  const auto context = std::move(*AioContext::create());
  const MainLoop main_loop(*context);
  MainLoop::assert_here();
  context->assert_home();
  ThreadPool pool;
  const auto words = std::span(arguments, static_cast<size_t>(count)).subspan(count > 3 ? 4 : 3);
  std::unique_ptr<Driver> driver;
  if (count > 3)
    driver = open_file(arguments[3], words, pool);
  else
    driver = std::make_unique<NullDriver>(NullDriver::Options{});
  if (driver == nullptr)
    return 2;
  Graph graph;
  Node& node = **graph.add("disk", std::move(driver), *context);
  BlockBackend disk("disk", {});
  if (!disk.insert(node))
    return 1;
  Load load{.context = *context,
            .disk = disk,
            .length = uint64_t{1} << 30,
            .writes =
                std::find(words.begin(), words.end(), std::string_view("write")) != words.end(),
            .left = std::strtoull(arguments[1], nullptr, 10)};
  bool measured = false;
  if (!Coroutine::spawn(*context, [&]() LV_COROUTINE_FN {
        load.length = disk.co_length().value_or(0);
        measured = true;
      }))
    return 1;
  while (!measured)
    context->poll(true);
  if (load.length < buffer.size())
    return 1;
  for (auto depth = std::strtoull(arguments[2], nullptr, 10); depth > 0 && load.left > 0; --depth)
    send(load);
  while (load.in_flight > 0)
    context->poll(true);
  const bool closed = disk.remove() && graph.remove(node);
  return closed ? 0 : 1;
}
