// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A driver that hands all requests on to its child "file", as they are: what filters begin from.
// Its node owns it; any context may use it. Without the child, requests get no_such_device.

#ifndef LOCKVET_RUNTIME_DRIVERS_PASS_THROUGH_DRIVER_H
#define LOCKVET_RUNTIME_DRIVERS_PASS_THROUGH_DRIVER_H

#include "runtime/graph/edge.h"

namespace lockvet::runtime {

class PassThroughDriver : public Driver {
public:
  static constexpr std::string_view child_name = "file";

  std::error_code LV_COROUTINE_FN LV_GRAPH_RDLOCK co_preadv(uint64_t offset, const IoVector& to,
                                                            RequestFlags flags) override;
  std::error_code LV_COROUTINE_FN LV_GRAPH_RDLOCK co_pwritev(uint64_t offset, const IoVector& from,
                                                             RequestFlags flags) override;
  std::error_code LV_COROUTINE_FN LV_GRAPH_RDLOCK co_flush() override;
  std::error_code LV_COROUTINE_FN LV_GRAPH_RDLOCK co_pwrite_zeroes(uint64_t offset, uint64_t size,
                                                                   RequestFlags flags) override;
  std::error_code LV_COROUTINE_FN LV_GRAPH_RDLOCK co_discard(uint64_t offset,
                                                             uint64_t size) override;
  std::expected<BlockStatus, std::error_code>
      LV_COROUTINE_FN LV_GRAPH_RDLOCK co_block_status(uint64_t offset, uint64_t size) override;
  std::error_code LV_COROUTINE_FN LV_GRAPH_RDLOCK co_truncate(uint64_t length) override;
  std::expected<uint64_t, std::error_code> LV_COROUTINE_FN LV_GRAPH_RDLOCK co_length() override;
  void LV_COROUTINE_FN LV_GRAPH_RDLOCK co_meet_event(BlockEvent event) override;

  void LV_GRAPH_WRLOCK child_attached(Edge& edge) override;
  void LV_GRAPH_WRLOCK child_detached(Edge& edge) override;

protected:
  // Or nullptr.
  Edge* LV_GRAPH_RDLOCK file() const noexcept { return file_; }

private:
  Edge* file_ LV_GUARDED_BY(graph_lock) = nullptr;
};

} // namespace lockvet::runtime

#endif // LOCKVET_RUNTIME_DRIVERS_PASS_THROUGH_DRIVER_H
