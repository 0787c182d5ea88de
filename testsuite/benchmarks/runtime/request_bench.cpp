// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Sends requests of 4 KiB to a node that forgets, to a file, or to a qcow2 image, so many at a time
// and one after the other, as `qemu-img bench` does: for instruction counts (the slope between two
// counts is free of what starting costs) and for the processor time beside that of qemu-img. See
// docs/runtime.md for the commands.

#include "runtime/drivers/file/file_driver.h"
#include "runtime/drivers/null_driver.h"
#include "runtime/drivers/qcow2/backing_chain.h"
#include "runtime/graph/block_backend.h"
#include "runtime/graph/graph.h"

#include <array>
#include <cstdio>
#include <cstdlib>
#include <optional>
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

struct Options {
  FileDriver::Options file;
  bool image = false;
  bool writes = false;
};

// The arguments after the file's name are words that change one thing each.
std::optional<Options> parse(std::span<char*> words) {
  Options options;
  for (const std::string_view word : words) {
    if (word == "direct")
      options.file.direct = true;
    else if (word == "io_uring")
      options.file.engine = FileDriver::Engine::io_uring;
    else if (word == "threads")
      options.file.engine = FileDriver::Engine::threads;
    else if (word == "in_place")
      options.file.engine = FileDriver::Engine::in_place;
    else if (word == "qcow2")
      options.image = true;
    else if (word == "write")
      options.writes = true;
    else
      return std::nullopt;
  }
  return options;
}

GraphResult<Node*> LV_NO_COROUTINE_FN open_disk(const qcow2::ChainPlace& place, const char* path,
                                                const Options& options,
                                                ThreadPool& pool) LV_MAIN_LOOP LV_GRAPH_UNLOCKED {
  if (path == nullptr)
    return place.graph.add(place.node_name, std::make_unique<NullDriver>(NullDriver::Options{}),
                           place.context);
  const qcow2::FileOpener opener = [&](const std::string& name, const std::string&,
                                       bool) -> GraphResult<qcow2::OpenedFile> {
    auto driver = FileDriver::open(name, options.file, pool);
    if (!driver)
      return std::unexpected(std::move(driver.error()));
    return qcow2::OpenedFile{std::move(*driver), name, name};
  };
  if (options.image)
    return qcow2::open_chain(place, path, opener, {});
  auto file = opener(path, {}, true);
  if (!file)
    return std::unexpected(std::move(file.error()));
  return place.graph.add(place.node_name, std::move(file->driver), place.context);
}

} // namespace

int main(int count, char** arguments) {
  const auto all = std::span(arguments, static_cast<size_t>(count));
  const auto options = parse(all.subspan(std::min<size_t>(all.size(), 4)));
  if (count < 3 || !options) {
    std::fprintf(stderr, "Usage: request_bench REQUESTS DEPTH [FILE [qcow2] [write] [direct] "
                         "[io_uring|threads|in_place]]\n");
    return 2;
  }
  const auto context = std::move(*AioContext::create());
  const MainLoop main_loop(*context);
  MainLoop::assert_here();
  context->assert_home();
  ThreadPool pool;
  Graph graph;
  const auto node =
      open_disk({graph, *context, "disk"}, count > 3 ? arguments[3] : nullptr, *options, pool);
  if (!node) {
    std::fprintf(stderr, "%s\n", node.error().message.c_str());
    return 1;
  }
  BlockBackend disk("disk", {});
  if (!disk.insert(**node))
    return 1;
  Load load{.context = *context,
            .disk = disk,
            .length = 0,
            .writes = options->writes,
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
  const bool closed = disk.remove() && qcow2::close_chain(graph, **node);
  return closed ? 0 : 1;
}
