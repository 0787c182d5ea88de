// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The file of an image, or its backing file, where that is a node of the graph: reached by an edge.
// The image's driver owns it. It takes the graph lock for each request, so that an image holds its
// own locks, and waits for them, without that one.

#ifndef LOCKVET_RUNTIME_DRIVERS_QCOW2_EDGE_FILE_H
#define LOCKVET_RUNTIME_DRIVERS_QCOW2_EDGE_FILE_H

#include "runtime/drivers/qcow2/image_file.h"
#include "runtime/graph/edge.h"

namespace lockvet::runtime::qcow2 {

class EdgeFile final : public ImageFile {
public:
  // Requests get no_such_device while there is none.
  void LV_GRAPH_WRLOCK set_edge(Edge* edge) noexcept { edge_ = edge; }
  Edge* LV_GRAPH_RDLOCK edge() const noexcept { return edge_; }

  std::expected<uint64_t, std::error_code> LV_COROUTINE_FN co_size() LV_GRAPH_UNLOCKED override;
  std::error_code LV_COROUTINE_FN co_preadv(uint64_t offset,
                                            const IoVector& to) LV_GRAPH_UNLOCKED override;
  std::error_code LV_COROUTINE_FN co_pwritev(uint64_t offset,
                                             const IoVector& from) LV_GRAPH_UNLOCKED override;
  std::error_code LV_COROUTINE_FN co_flush() LV_GRAPH_UNLOCKED override;
  std::error_code LV_COROUTINE_FN co_write_zeroes(uint64_t offset, uint64_t size,
                                                  bool may_unmap) LV_GRAPH_UNLOCKED override;
  std::error_code LV_COROUTINE_FN co_discard(uint64_t offset,
                                             uint64_t size) LV_GRAPH_UNLOCKED override;
  std::error_code LV_COROUTINE_FN co_truncate(uint64_t size) LV_GRAPH_UNLOCKED override;

private:
  void LV_COROUTINE_FN co_meet_event(BlockEvent event) LV_GRAPH_UNLOCKED override;
  std::error_code LV_COROUTINE_FN co_read_here(uint64_t offset,
                                               const IoVector& to) LV_GRAPH_UNLOCKED;
  // How much of the range is in the file; the rest is behind its end.
  std::expected<uint64_t, std::error_code>
      LV_COROUTINE_FN LV_GRAPH_RDLOCK co_inside(uint64_t offset, uint64_t size);

  Edge* edge_ LV_GUARDED_BY(graph_lock) = nullptr;
};

} // namespace lockvet::runtime::qcow2

#endif // LOCKVET_RUNTIME_DRIVERS_QCOW2_EDGE_FILE_H
