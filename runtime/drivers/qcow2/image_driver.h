// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// An image as a node of the graph. Its edges lead to the file that it is in ("file", as data and
// metadata) and to its backing file ("backing", copy on write), if it has one. The node owns it;
// requests come from any context. An overlay is opened before it is put above what it covers; as
// long as its header names a backing file and its edge is missing, reading what the image has not
// got is an error.
//
// The image has locks of its own, which are held while it waits for its file. Who waits for them
// must not hold the graph lock meanwhile: who holds them needs that to go on, and a writer would
// keep both from it. So requests let go of the graph lock, and take it anew for each request to an
// edge.

#ifndef LOCKVET_RUNTIME_DRIVERS_QCOW2_IMAGE_DRIVER_H
#define LOCKVET_RUNTIME_DRIVERS_QCOW2_IMAGE_DRIVER_H

#include "runtime/drivers/qcow2/edge_file.h"
#include "runtime/drivers/qcow2/image.h"

namespace lockvet::runtime::qcow2 {

class ImageDriver final : public Driver {
public:
  explicit ImageDriver(MetadataOptions options)
      : options_(options), writable_(options.writable), writes_file_(options.writable) {}
  // When it is closed, unless it was opened for reading only.
  ~ImageDriver() override;

  std::string_view format_name() const noexcept override { return "qcow2"; }

  // --- while the node has its file and no parents, which it takes when it is open ---

  // Whether the file begins as an image does.
  [[nodiscard]] GraphResult<bool> LV_NO_COROUTINE_FN holds_image() LV_MAIN_LOOP LV_GRAPH_UNLOCKED;
  // Such as to learn the name of the backing file.
  [[nodiscard]] GraphResult<Header> LV_NO_COROUTINE_FN read_header() LV_MAIN_LOOP LV_GRAPH_UNLOCKED;
  [[nodiscard]] GraphResult<> LV_NO_COROUTINE_FN open() LV_MAIN_LOOP LV_GRAPH_UNLOCKED;
  // Writes all that is kept in memory. If that fails it is closed nevertheless. Nothing happens if
  // it is not open.
  [[nodiscard]] GraphResult<> LV_NO_COROUTINE_FN close() LV_MAIN_LOOP LV_GRAPH_UNLOCKED;

  // --- while it is open ---

  // A snapshot of the disk in a moment in which nothing is in flight in the node, by the time of
  // the clock. Requests wait for a time that grows with the number of clusters in use.
  [[nodiscard]] GraphResult<Snapshot>
      LV_NO_COROUTINE_FN take_snapshot(const std::string& name) LV_MAIN_LOOP LV_GRAPH_UNLOCKED;
  // Takes back the one that was taken last, while the node is drained.
  [[nodiscard]] GraphResult<>
      LV_NO_COROUTINE_FN untake_snapshot(const Snapshot& taken) LV_MAIN_LOOP LV_GRAPH_UNLOCKED;
  // The first that has the id and the name, where these are given. The node has a parent, so that
  // it stays open, and requests and drained sections wait for a small part of the work at most.
  GraphResult<Snapshot>
      LV_COROUTINE_FN co_delete_snapshot(const std::optional<std::string>& id,
                                         const std::optional<std::string>& name) LV_GRAPH_UNLOCKED;
  // None if it is not open.
  std::vector<Snapshot> LV_GRAPH_RDLOCK snapshots() const;

  // --- as a driver ---

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
  std::error_code LV_COROUTINE_FN LV_GRAPH_RDLOCK co_populate(uint64_t offset,
                                                              uint64_t size) override;
  std::error_code LV_COROUTINE_FN LV_GRAPH_RDLOCK co_truncate(uint64_t length) override;
  std::expected<uint64_t, std::error_code> LV_COROUTINE_FN LV_GRAPH_RDLOCK co_length() override;

  std::expected<BackingFileName, std::error_code>
      LV_COROUTINE_FN LV_GRAPH_RDLOCK co_backing_file_name() override;
  std::error_code LV_COROUTINE_FN LV_GRAPH_RDLOCK
  co_change_backing_file_name(const BackingFileName& to) override;

  GraphResult<> LV_GRAPH_RDLOCK check_persistent_bitmap(const std::string& name,
                                                        uint64_t granularity) const override;
  std::error_code LV_COROUTINE_FN LV_GRAPH_RDLOCK
  co_remove_persistent_bitmap(const std::string& name) override;

  void LV_GRAPH_WRLOCK child_attached(Edge& edge) override;
  void LV_GRAPH_WRLOCK child_detached(Edge& edge) override;
  Permissions LV_GRAPH_RDLOCK child_permissions(EdgeRole role, Permissions own) const override;
  GraphResult<> LV_GRAPH_RDLOCK check_removable() const override;
  // What it keeps in memory is written before it is open for reading only; what is wrong with an
  // image that nobody may write to is an error if it is to be writable.
  [[nodiscard]] GraphResult<>
      LV_NO_COROUTINE_FN set_read_only(bool read_only) LV_MAIN_LOOP LV_GRAPH_UNLOCKED override;
  GraphResult<> LV_GRAPH_WRLOCK prepare_permissions(Permissions permissions) override;

private:
  class Alone;

  // Runs `body` in a coroutine of the main loop, as what the driver does of its own accord.
  template <typename Body>
  void LV_NO_COROUTINE_FN run_alone(Body&& body) LV_MAIN_LOOP LV_GRAPH_UNLOCKED;
  std::unexpected<GraphError> error_of(const Error& error) const;
  MetadataOptions LV_GRAPH_RDLOCK open_options() const;
  // Whether it needs to write to its file from now on.
  GraphResult<> LV_NO_COROUTINE_FN set_writes_file(bool writes) LV_MAIN_LOOP LV_GRAPH_UNLOCKED;
  // Of the same image, with no request in flight. An error leaves it as it was.
  GraphResult<> LV_NO_COROUTINE_FN open_anew(bool writable) LV_MAIN_LOOP LV_GRAPH_UNLOCKED;
  // Those that the image keeps become the node's. Those that it has already, since the image was
  // opened anew, stay, and can be changed as the image can.
  void LV_GRAPH_WRLOCK adopt_bitmaps(Bitmaps bitmaps);
  // Those of the node that the image is to keep.
  Bitmaps LV_GRAPH_RDLOCK bitmaps_to_store() const;
  void LV_GRAPH_WRLOCK disown_persistent_bitmaps();
  // Whether they can be kept for a disk of that many bytes.
  bool LV_GRAPH_RDLOCK bitmaps_fit(uint64_t length) const;

  const MetadataOptions options_;
  // Whether its disk may be written to, and whether its file may.
  bool writable_ LV_GUARDED_BY(graph_lock);
  bool writes_file_ LV_GUARDED_BY(graph_lock);
  EdgeFile file_;
  EdgeFile backing_;
  std::unique_ptr<Image> image_ LV_GUARDED_BY(graph_lock);
};

} // namespace lockvet::runtime::qcow2

#endif // LOCKVET_RUNTIME_DRIVERS_QCOW2_IMAGE_DRIVER_H
