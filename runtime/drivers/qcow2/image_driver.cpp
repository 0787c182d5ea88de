// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "runtime/drivers/qcow2/image_driver.h"

#include "runtime/graph/read_only.h"
#include "runtime/graph/transaction.h"

#include <array>

namespace lockvet::runtime::qcow2 {

namespace {

std::error_code not_open() {
  return std::make_error_code(std::errc::no_such_device);
}

} // namespace

// --- opening and closing -------------------------------------------------------------------------

// The main loop runs while an image is opened or closed; meanwhile nobody takes the node for a
// child, moves or removes it.
class ImageDriver::Alone {
public:
  explicit Alone(Node& node) LV_MAIN_LOOP : node_(node) { node_.set_state(Node::State::arriving); }
  ~Alone() {
    MainLoop::assert_here();
    node_.set_state(Node::State::settled);
  }
  Alone(const Alone&) = delete;
  Alone& operator=(const Alone&) = delete;

  static GraphResult<> LV_GRAPH_RDLOCK check(const Node& node) LV_MAIN_LOOP {
    // A drained section would wait for what waits for its end.
    if (node.state() != Node::State::settled || node.quiesced() || !node.parents().empty())
      return graph_error(std::errc::device_or_resource_busy,
                         node.describe() + " is in use, and can't be opened or closed.");
    return {};
  }

private:
  Node& node_;
};

ImageDriver::~ImageDriver() {
  MainLoop::assert_here();
  if constexpr (checks) {
    const MainGraphReadLock lock;
    if (image_ != nullptr && writable_)
      misuse("the image of " + node().describe() + " is destroyed while it is open.");
  }
}

template <typename Body> void ImageDriver::run_alone(Body&& body) {
  MainLoop::run_coroutine([&]() LV_COROUTINE_FN {
    node().activity().co_enter();
    body();
    node().activity().leave();
  });
}

std::unexpected<GraphError> ImageDriver::error_of(const Error& error) const {
  return std::unexpected(GraphError{error.code, node().describe() + ": " + error.message});
}

GraphResult<bool> ImageDriver::holds_image() {
  {
    const MainGraphReadLock lock;
    if (auto free = Alone::check(node()); !free)
      return std::unexpected(std::move(free.error()));
  }
  const Alone alone(node());
  constexpr std::array magic = {std::byte{'Q'}, std::byte{'F'}, std::byte{'I'}, std::byte{0xfb}};
  std::array<std::byte, 4> start{};
  std::error_code failed;
  run_alone([&]() LV_COROUTINE_FN { failed = file_.co_read(0, start); });
  if (failed)
    return error_of({failed, "the start of the file can't be read: " + failed.message()});
  return start == magic;
}

GraphResult<Header> ImageDriver::read_header() {
  {
    const MainGraphReadLock lock;
    if (auto free = Alone::check(node()); !free)
      return std::unexpected(std::move(free.error()));
  }
  const Alone alone(node());
  Result<Header> header;
  run_alone([&]() LV_COROUTINE_FN { header = co_read_header(file_); });
  if (!header)
    return error_of(header.error());
  return std::move(*header);
}

MetadataOptions ImageDriver::open_options() const {
  MetadataOptions options = options_;
  options.writable = writable_;
  return options;
}

GraphResult<> ImageDriver::open() {
  MetadataOptions options;
  {
    const MainGraphReadLock lock;
    if (auto free = Alone::check(node()); !free)
      return free;
    if (image_ != nullptr)
      return graph_error(std::errc::device_or_resource_busy, node().describe() + " is open.");
    options = open_options();
  }
  const Alone alone(node());
  Result<std::unique_ptr<Image>> opened;
  run_alone([&]() LV_COROUTINE_FN { opened = Image::co_open(file_, {options, nullptr}); });
  if (!opened)
    return error_of(opened.error());
  const GraphWriteLock lock;
  image_ = std::move(*opened);
  image_->set_backing(backing_.edge() != nullptr ? &backing_ : nullptr);
  adopt_bitmaps(image_->take_bitmaps());
  return {};
}

GraphResult<> ImageDriver::close() {
  std::unique_ptr<Image> closing;
  Bitmaps bitmaps;
  {
    const MainGraphReadLock lock;
    if (image_ == nullptr)
      return {};
    if (auto free = Alone::check(node()); !free)
      return free;
  }
  const Alone alone(node());
  {
    const GraphWriteLock lock;
    closing = std::move(image_);
    bitmaps = bitmaps_to_store();
    disown_persistent_bitmaps();
  }
  std::error_code failed;
  std::error_code not_stored;
  run_alone([&]() LV_COROUTINE_FN {
    not_stored = closing->co_store_bitmaps(bitmaps);
    failed = closing->co_close();
  });
  if (failed)
    return error_of({failed, "what it kept in memory can't be written: " + failed.message()});
  if (not_stored)
    return error_of({not_stored, "its dirty bitmaps can't be stored, and are inconsistent from "
                                 "now on: " +
                                     not_stored.message()});
  return {};
}

GraphResult<> ImageDriver::set_writes_file(bool writes) {
  {
    const GraphWriteLock lock;
    if (std::exchange(writes_file_, writes) == writes)
      return {};
  }
  Transaction transaction;
  transaction.renew_permissions(node());
  auto renewed = transaction.commit();
  if (!renewed) {
    const GraphWriteLock lock;
    writes_file_ = !writes;
  }
  return renewed;
}

GraphResult<> ImageDriver::open_anew(bool writable) {
  Image* before = nullptr;
  MetadataOptions options;
  Bitmaps bitmaps;
  {
    const GraphWriteLock lock;
    if (!writable)
      if (auto allowed = check_nobody_writes(node()); !allowed)
        return allowed;
    before = image_.get();
    bitmaps = bitmaps_to_store();
    // Nobody comes to write to it any more. If it becomes writable nobody does before it is.
    writable_ = false;
    options = open_options();
    options.writable = writable;
  }
  std::error_code failed;
  Result<std::unique_ptr<Image>> opened;
  // Nobody else uses it, so that it does not pass the gate, which is closed.
  MainLoop::run_coroutine([&]() LV_COROUTINE_FN {
    failed = before->co_store_bitmaps(bitmaps);
    if (!failed)
      failed = before->co_close();
    if (!failed)
      opened = Image::co_open(file_, {options, nullptr});
    // What goes on is not what is in the file.
    if (failed || !opened)
      (void)before->co_use_bitmaps();
  });
  const GraphWriteLock lock;
  writable_ = failed || !opened ? !writable : writable;
  if (failed)
    return error_of({failed, "what it kept in memory can't be written: " + failed.message()});
  if (!opened)
    return error_of(opened.error());
  image_ = std::move(*opened);
  image_->set_backing(backing_.edge() != nullptr ? &backing_ : nullptr);
  adopt_bitmaps(image_->take_bitmaps());
  return {};
}

GraphResult<> ImageDriver::set_read_only(bool read_only) {
  {
    const MainGraphReadLock lock;
    if (image_ == nullptr)
      return graph_error(std::errc::no_such_device, node().describe() + " is not open.");
    if (writable_ != read_only)
      return {};
  }
  // It may write to its file before it is writable, and as long as it is.
  if (!read_only)
    if (auto writes = set_writes_file(true); !writes)
      return writes;
  auto opened = open_anew(!read_only);
  if (opened.has_value() != read_only)
    return opened;
  auto no_longer = set_writes_file(false);
  return opened ? no_longer : opened;
}

// --- requests ------------------------------------------------------------------------------------

std::error_code ImageDriver::co_preadv(uint64_t offset, const IoVector& to, RequestFlags) {
  Image* const image = image_.get();
  if (image == nullptr)
    return not_open();
  const CoGraphReadPause pause;
  return image->co_preadv(offset, to);
}

std::error_code ImageDriver::co_pwritev(uint64_t offset, const IoVector& from, RequestFlags flags) {
  Image* const image = image_.get();
  if (image == nullptr)
    return not_open();
  const CoGraphReadPause pause;
  if (offset + from.size() > image->size())
    if (const auto error = image->co_grow_to(offset + from.size()))
      return error;
  const auto error = image->co_pwritev(offset, from);
  return error || !has_flag(flags, RequestFlags::force_unit_access) ? error : image->co_flush();
}

std::error_code ImageDriver::co_flush() {
  Image* const image = image_.get();
  if (image == nullptr)
    return not_open();
  const CoGraphReadPause pause;
  return image->co_flush();
}

std::error_code ImageDriver::co_pwrite_zeroes(uint64_t offset, uint64_t size, RequestFlags flags) {
  Image* const image = image_.get();
  if (image == nullptr)
    return not_open();
  const CoGraphReadPause pause;
  if (offset + size > image->size())
    if (const auto error = image->co_grow_to(offset + size))
      return error;
  if (has_flag(flags, RequestFlags::no_fallback) && !image->zeroes_without_data(offset, size))
    return std::make_error_code(std::errc::not_supported);
  const auto error = image->co_write_zeroes(offset, size, has_flag(flags, RequestFlags::may_unmap));
  return error || !has_flag(flags, RequestFlags::force_unit_access) ? error : image->co_flush();
}

std::error_code ImageDriver::co_discard(uint64_t offset, uint64_t size) {
  Image* const image = image_.get();
  if (image == nullptr)
    return not_open();
  const CoGraphReadPause pause;
  return image->co_discard(offset, size);
}

std::expected<BlockStatus, std::error_code> ImageDriver::co_block_status(uint64_t offset,
                                                                         uint64_t size) {
  Image* const image = image_.get();
  if (image == nullptr)
    return std::unexpected(not_open());
  const CoGraphReadPause pause;
  const auto extent = image->co_extent(offset, size);
  if (!extent)
    return std::unexpected(extent.error());
  BlockStatus status{.length = extent->bytes};
  switch (extent->kind) {
  case ClusterKind::data:
    status.host_offset = extent->host_offset;
    break;
  case ClusterKind::unallocated:
    status.allocated = false;
    status.zero = !image->has_backing();
    break;
  default:
    status.zero = extent->kind != ClusterKind::compressed;
  }
  return status;
}

std::error_code ImageDriver::co_populate(uint64_t offset, uint64_t size) {
  Image* const image = image_.get();
  if (image == nullptr)
    return not_open();
  const CoGraphReadPause pause;
  return image->co_populate(offset, size);
}

std::error_code ImageDriver::co_truncate(uint64_t length) {
  Image* const image = image_.get();
  if (image == nullptr)
    return not_open();
  if (!bitmaps_fit(length))
    return std::make_error_code(std::errc::file_too_large);
  const CoGraphReadPause pause;
  return image->co_truncate(length);
}

std::expected<uint64_t, std::error_code> ImageDriver::co_length() {
  if (image_ == nullptr)
    return std::unexpected(not_open());
  return image_->size();
}

std::expected<BackingFileName, std::error_code> ImageDriver::co_backing_file_name() {
  Image* const image = image_.get();
  if (image == nullptr)
    return std::unexpected(not_open());
  const CoGraphReadPause pause;
  return image->co_backing_file_name();
}

std::error_code ImageDriver::co_change_backing_file_name(const BackingFileName& to) {
  Image* const image = image_.get();
  if (image == nullptr)
    return not_open();
  const CoGraphReadPause pause;
  return image->co_change_backing_file_name(to);
}

// --- the graph -----------------------------------------------------------------------------------

void ImageDriver::child_attached(Edge& edge) {
  if (!has_role(edge.role(), EdgeRole::copy_on_write))
    return file_.set_edge(&edge);
  backing_.set_edge(&edge);
  if (image_ != nullptr)
    image_->set_backing(&backing_);
}

void ImageDriver::child_detached(Edge& edge) {
  if (&edge == file_.edge())
    file_.set_edge(nullptr);
  if (&edge != backing_.edge())
    return;
  backing_.set_edge(nullptr);
  if (image_ != nullptr)
    image_->set_backing(nullptr);
}

Permissions ImageDriver::child_permissions(EdgeRole role, Permissions own) const {
  // Its tables are written also when nobody writes to the disk any more.
  if (writes_file_ && !has_role(role, EdgeRole::copy_on_write))
    own.used = own.used | Permission::write;
  return usual_child_permissions(role, own);
}

GraphResult<> ImageDriver::check_removable() const {
  if (image_ != nullptr && writable_)
    return graph_error(std::errc::device_or_resource_busy,
                       node().describe() + " has an image that is open, and has to be closed.");
  return {};
}

GraphResult<> ImageDriver::prepare_permissions(Permissions permissions) {
  if (image_ == nullptr)
    return graph_error(std::errc::no_such_device, node().describe() + " is not open.");
  if (!writable_ && (permissions.used & changing_permissions) != Permission::none)
    return graph_error(std::errc::read_only_file_system,
                       node().describe() + " is open for reading only.");
  return {};
}

} // namespace lockvet::runtime::qcow2
