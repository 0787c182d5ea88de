// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What a node does with requests: the interface of formats, protocols and filters. A node owns its
// driver and calls it: requests in coroutines of any context, several at once, with the graph lock
// held for reading; what is about the graph in the main loop; what is about the home context there.
//
// A driver that waits for a device lets go of the lock meanwhile, by CoGraphReadPause. One that is
// not fit for several threads says home_only(), and has its requests in its home thread.

#ifndef LOCKVET_RUNTIME_GRAPH_DRIVER_H
#define LOCKVET_RUNTIME_GRAPH_DRIVER_H

#include "runtime/graph/block_event.h"
#include "runtime/graph/graph_error.h"
#include "runtime/graph/graph_lock.h"
#include "runtime/graph/io_vector.h"
#include "runtime/graph/permissions.h"
#include "runtime/graph/request.h"

#include <string>
#include <string_view>

namespace lockvet::runtime {

class Edge;
class Node;

// How an image calls its backing file: a name that is relative to where the image is, and such as
// "qcow2", which may be empty. Both are, if it has none.
struct BackingFileName {
  std::string name;
  std::string format;

  bool operator==(const BackingFileName&) const = default;
};

class Driver {
public:
  Driver() = default;
  Driver(const Driver&) = delete;
  Driver& operator=(const Driver&) = delete;
  virtual ~Driver() = default;

  // Such as "qcow2".
  virtual std::string_view format_name() const noexcept = 0;

  // --- requests: all of it or an error; ranges are within the length, and not empty ---

  virtual std::error_code LV_COROUTINE_FN LV_GRAPH_RDLOCK co_preadv(uint64_t offset,
                                                                    const IoVector& to,
                                                                    RequestFlags flags) = 0;
  // With the resize permission also beyond the length, which then grows.
  virtual std::error_code LV_COROUTINE_FN LV_GRAPH_RDLOCK co_pwritev(uint64_t offset,
                                                                     const IoVector& from,
                                                                     RequestFlags flags) = 0;
  // What was written before and has ended is on stable storage afterwards.
  virtual std::error_code LV_COROUTINE_FN LV_GRAPH_RDLOCK co_flush();
  // not_supported has the node write zeroes, unless the flags forbid it.
  virtual std::error_code LV_COROUTINE_FN LV_GRAPH_RDLOCK co_pwrite_zeroes(uint64_t offset,
                                                                           uint64_t size,
                                                                           RequestFlags flags);
  // A hint; what is read there afterwards is not said.
  virtual std::error_code LV_COROUTINE_FN LV_GRAPH_RDLOCK co_discard(uint64_t offset,
                                                                     uint64_t size);
  // Of a part of the range that begins at its offset and is not empty.
  virtual std::expected<BlockStatus, std::error_code>
      LV_COROUTINE_FN LV_GRAPH_RDLOCK co_block_status(uint64_t offset, uint64_t size);
  // What it shows there of its backing file it has itself afterwards, so that the backing file is
  // not needed for it. What can be read does not change.
  virtual std::error_code LV_COROUTINE_FN LV_GRAPH_RDLOCK co_populate(uint64_t offset,
                                                                      uint64_t size);
  virtual std::error_code LV_COROUTINE_FN LV_GRAPH_RDLOCK co_truncate(uint64_t length);
  // Asked before each request, in its context also if requests come home: to be in memory.
  virtual std::expected<uint64_t, std::error_code> LV_COROUTINE_FN LV_GRAPH_RDLOCK co_length() = 0;

  // A driver above is at a place in its code that tests may care for. Filters hand it on.
  virtual void LV_COROUTINE_FN LV_GRAPH_RDLOCK co_meet_event(BlockEvent event);

  // --- what a format says of its backing file, for who opens the image next ---

  virtual std::expected<BackingFileName, std::error_code>
      LV_COROUTINE_FN LV_GRAPH_RDLOCK co_backing_file_name();
  // Stable when it returns. Edges are another matter: who calls it sees to it that what the disk
  // shows is the same with both backing files.
  virtual std::error_code LV_COROUTINE_FN LV_GRAPH_RDLOCK
  co_change_backing_file_name(const BackingFileName& to);

  // --- dirty bitmaps of its node that an image keeps ---

  // Why one that is not there yet can't be kept, if so. The granularity is in bytes.
  virtual GraphResult<> LV_GRAPH_RDLOCK check_persistent_bitmap(const std::string& name,
                                                                uint64_t granularity) const;
  // The image has none of that name when it returns, and that is stable; also if there was none.
  virtual std::error_code LV_COROUTINE_FN LV_GRAPH_RDLOCK
  co_remove_persistent_bitmap(const std::string& name);

  // --- the graph, in the main loop ---

  // Has what it has open, if anything, open for reading only from then on, or for writing, too. Its
  // node is drained; see set_read_only() of read_only.h, which calls it. An error has changed
  // nothing.
  [[nodiscard]] virtual GraphResult<>
      LV_NO_COROUTINE_FN set_read_only(bool read_only) LV_MAIN_LOOP LV_GRAPH_UNLOCKED;

  // The node that it is in, from then on.
  void set_node(Node& node) noexcept { node_ = &node; }
  Node& node() const noexcept { return *node_; }

  // Edges stay the same objects when what they lead to is replaced.
  virtual void LV_GRAPH_WRLOCK child_attached(Edge& edge);
  virtual void LV_GRAPH_WRLOCK child_detached(Edge& edge);

  // Why its node can't be removed yet, if so: such as that it has to be closed first.
  virtual GraphResult<> LV_GRAPH_RDLOCK check_removable() const;

  // What it needs of a child if that is needed of it.
  virtual Permissions LV_GRAPH_RDLOCK child_permissions(EdgeRole role, Permissions own) const;

  // What is needed of it changes. After success one of the others follows, for which no more can go
  // wrong. Requests that need no more than both, before and after, may be in flight.
  virtual GraphResult<> LV_GRAPH_WRLOCK prepare_permissions(Permissions permissions);
  virtual void LV_GRAPH_WRLOCK commit_permissions();
  virtual void LV_GRAPH_WRLOCK abort_permissions();

  // From the first to the second it begins nothing of its own accord. What it has begun enters
  // Node::activity(), which is waited for.
  virtual void LV_MAIN_LOOP drained_begin();
  virtual void LV_MAIN_LOOP drained_end();

  // --- the home context, in its thread and drained: timers, descriptors, bottom halves ---

  virtual void attach_context(AioContext& to) LV_REQUIRES_CONTEXT(to);
  virtual void detach_context(AioContext& from) LV_REQUIRES_CONTEXT(from);

  // Whether requests have to come to the home thread. Constant.
  virtual bool home_only() const noexcept;

private:
  Node* node_ = nullptr;
};

} // namespace lockvet::runtime

#endif // LOCKVET_RUNTIME_GRAPH_DRIVER_H
