// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "changing_disk.h"

#include "runtime/drivers/qcow2/check.h"
#include "runtime/drivers/qcow2/create.h"
#include "runtime/drivers/raw_driver.h"
#include "runtime/graph/context_move.h"
#include "runtime/graph/transaction.h"
#include "testsuite/unit/runtime/qcow2/graph_files.h"

#include <algorithm>

namespace graph_stress {

using namespace lockvet::runtime;
using qcow2::MemoryFile;

namespace {

constexpr size_t most_layers = 6;
constexpr uint32_t cluster_bits = 12;

// In a coroutine of the main loop, to its end.
template <typename Body>
void LV_NO_COROUTINE_FN run_here(Body&& body) LV_MAIN_LOOP LV_GRAPH_UNLOCKED {
  bool done = false;
  if (!Coroutine::spawn(MainLoop::context(), [&]() LV_COROUTINE_FN {
        body();
        done = true;
      }))
    return;
  MainLoop::wait_while([&] { return !done; });
}

GraphResult<> LV_NO_COROUTINE_FN commit_timed(Transaction& transaction,
                                              Changes& changes) LV_MAIN_LOOP LV_GRAPH_UNLOCKED {
  const auto begun = Clock::now();
  auto done = transaction.commit();
  changes.times.note(Clock::now() - begun);
  return done;
}

// What an overlay has itself is then in what is below.
std::error_code LV_COROUTINE_FN co_copy_allocated(BlockBackend& overlay, BlockBackend& below,
                                                  uint64_t size) {
  std::vector<std::byte> buffer(size_t{1} << cluster_bits);
  for (uint64_t offset = 0; offset < size;) {
    std::expected<BlockStatus, std::error_code> status;
    {
      // Of the overlay alone; that of a backend is of what is below as well.
      const CoGraphReadLock lock;
      status = overlay.root()->co_block_status(offset, size - offset);
    }
    if (!status)
      return status.error();
    const uint64_t bytes =
        status->allocated ? std::min<uint64_t>(status->length, buffer.size()) : status->length;
    if (status->allocated) {
      if (const auto error = overlay.co_preadv(offset, {buffer.data(), bytes}))
        return error;
      if (const auto error = below.co_pwritev(offset, {buffer.data(), bytes}))
        return error;
    }
    offset += bytes;
  }
  return {};
}

} // namespace

ChangingDisk::ChangingDisk(Graph& graph, std::string name, uint64_t size,
                           std::vector<AioContext*> contexts)
    : graph_(graph), name_(std::move(name)), size_(size), contexts_(std::move(contexts)),
      backend_(name_, {}) {
  layers_.push_back(add_image(*contexts_.front()));
  expect(backend_.insert(*layers_.back().node), "inserting the first image");
}

bool ChangingDisk::expect(const GraphResult<>& done, const char* doing) {
  if (!done)
    problems_.push_back(name_ + ", " + doing + ": " + done.error().message);
  return done.has_value();
}

Edge& ChangingDisk::lower_edge(const Layer& layer) {
  const MainGraphReadLock lock;
  return *layer.node->child(layer.image != nullptr ? "backing" : "file");
}

ChangingDisk::Layer ChangingDisk::add_image(AioContext& context) {
  const std::string name = name_ + "." + std::to_string(++nodes_);
  Layer layer{};
  layer.file = std::make_shared<MemoryFile>();
  run_here([&]() LV_COROUTINE_FN {
    if (!qcow2::co_create(*layer.file, {.size = size_, .cluster_bits = cluster_bits}))
      problems_.push_back(name + " can't be made.");
  });
  // Requests wait for their files, and so for each other.
  layer.file->yields = true;
  auto driver = std::make_unique<qcow2::ImageDriver>(qcow2::MetadataOptions{.l2_cache_bytes = 0});
  layer.image = driver.get();
  layer.file_node =
      *graph_.add(name + ".file", std::make_unique<qcow2::FileNodeDriver>(layer.file), context);
  layer.node = *graph_.add(name, std::move(driver), context);
  Transaction transaction;
  transaction.attach(*layer.node, "file", EdgeRole::data | EdgeRole::metadata, *layer.file_node);
  expect(transaction.commit(), "attaching a file");
  expect(layer.image->open(), "opening an image");
  return layer;
}

void ChangingDisk::put_on_top(const Layer& layer, Changes& changes) {
  Node& below = *layers_.back().node;
  Transaction transaction;
  if (layer.image != nullptr)
    transaction.attach(*layer.node, "backing", EdgeRole::copy_on_write, below);
  else
    transaction.attach(*layer.node, "file", EdgeRole::filtered, below);
  transaction.replace_node(below, *layer.node);
  if (expect(commit_timed(transaction, changes), "putting a node on top"))
    layers_.push_back(layer);
  else
    remove(layer);
}

bool ChangingDisk::is_written(size_t at) const {
  return std::none_of(layers_.begin() + static_cast<ptrdiff_t>(at) + 1, layers_.end(),
                      [](const Layer& above) { return above.image != nullptr; });
}

// With requests in flight: nobody writes to the overlay any more, and so what changes below it is
// nothing that is read from there.
void ChangingDisk::commit(size_t at) {
  BlockBackend overlay(name_ + " overlay", {{Permission::consistent_read, Permission::all}});
  BlockBackend below(name_ + " below", {{Permission::write_unchanged, Permission::all}});
  if (expect(overlay.insert(*layers_[at].node), "reading from an overlay") &&
      expect(below.insert(*layers_[at - 1].node), "writing below an overlay"))
    run_here([&]() LV_COROUTINE_FN {
      if (const auto error = co_copy_allocated(overlay, below, size_))
        problems_.push_back(name_ + " can't be committed: " + error.message());
    });
  expect(overlay.remove(), "letting go of an overlay");
  expect(below.remove(), "letting go of what is below an overlay");
}

void ChangingDisk::take_out(size_t at, Changes& changes) {
  const Layer layer = layers_[at];
  if (layer.image != nullptr) {
    if (is_written(at)) {
      put_on_top(add_image(*contexts_.front()), changes);
      ++changes.snapshots;
    }
    commit(at);
  }
  Transaction transaction;
  transaction.replace_node(*layer.node, *layers_[at - 1].node);
  transaction.detach(lower_edge(layer));
  if (!expect(commit_timed(transaction, changes), "taking out a node"))
    return;
  layers_.erase(layers_.begin() + static_cast<ptrdiff_t>(at));
  remove(layer);
}

// Two filters, one right above the other, change places.
bool ChangingDisk::swap_filters(Changes& changes) {
  for (size_t at = 1; at + 1 < layers_.size(); ++at) {
    const Layer lower = layers_[at];
    const Layer upper = layers_[at + 1];
    if (lower.image != nullptr || upper.image != nullptr)
      continue;
    Transaction transaction;
    transaction.replace_node(*upper.node, *lower.node);
    transaction.replace_child(lower_edge(lower), *upper.node);
    transaction.replace_child(lower_edge(upper), *layers_[at - 1].node);
    if (expect(commit_timed(transaction, changes), "swapping filters"))
      std::swap(layers_[at], layers_[at + 1]);
    return true;
  }
  return false;
}

void ChangingDisk::remove(const Layer& layer) {
  if (layer.image != nullptr)
    expect(layer.image->close(), "closing an image");
  expect(graph_.remove(*layer.node), "removing a node");
  if (layer.image == nullptr)
    return;
  expect(graph_.remove(*layer.file_node), "removing a file");
  layer.file->yields = false;
  run_here([&]() LV_COROUTINE_FN {
    const auto report = qcow2::co_check(*layer.file);
    if (!report)
      problems_.push_back(name_ + ": " + report.error().message);
    else if (!report->clean())
      problems_.push_back(name_ + ": " + report->problems.front());
  });
}

void ChangingDisk::change(Random& random, Changes& changes) {
  AioContext& context = *contexts_[random() % contexts_.size()];
  const size_t any = random() % layers_.size();
  switch (random() % 6) {
  case 0:
    if (layers_.size() == most_layers)
      break;
    put_on_top(add_image(context), changes);
    ++changes.snapshots;
    break;
  case 1:
    if (layers_.size() == most_layers)
      break;
    put_on_top({*graph_.add(name_ + "." + std::to_string(++nodes_),
                            std::make_unique<RawDriver>(RawDriver::Options{}), context)},
               changes);
    ++changes.filters;
    break;
  case 2:
  case 3:
    if (any == 0)
      break;
    ++(layers_[any].image != nullptr ? changes.commits : changes.filters);
    take_out(any, changes);
    break;
  case 4:
    changes.swaps += swap_filters(changes) ? 1 : 0;
    break;
  default:
    ++changes.moves;
    const auto begun = Clock::now();
    expect(move_subtree(*layers_[any].node, context), "moving a subtree");
    changes.times.note(Clock::now() - begun);
  }
}

void ChangingDisk::close() {
  expect(backend_.remove(), "letting go of the disk");
  while (!layers_.empty()) {
    const Layer top = layers_.back();
    layers_.pop_back();
    remove(top);
  }
}

} // namespace graph_stress
