// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What a driver does that has nothing of its own to do.

#include "runtime/graph/driver.h"

namespace lockvet::runtime {

namespace {

std::error_code not_supported() {
  return std::make_error_code(std::errc::not_supported);
}

} // namespace

std::error_code Driver::co_flush() {
  return {};
}
std::error_code Driver::co_pwrite_zeroes(uint64_t, uint64_t, RequestFlags) {
  return not_supported();
}
std::error_code Driver::co_discard(uint64_t, uint64_t) {
  return {};
}
std::expected<BlockStatus, std::error_code> Driver::co_block_status(uint64_t, uint64_t size) {
  return BlockStatus{.length = size};
}
std::error_code Driver::co_populate(uint64_t, uint64_t) {
  return not_supported();
}
std::error_code Driver::co_truncate(uint64_t) {
  return not_supported();
}
std::expected<BackingFileName, std::error_code> Driver::co_backing_file_name() {
  return std::unexpected(not_supported());
}
std::error_code Driver::co_change_backing_file_name(const BackingFileName&) {
  return not_supported();
}
GraphResult<> Driver::check_persistent_bitmap(const std::string&, uint64_t) const {
  return graph_error(std::errc::not_supported,
                     "the driver '" + std::string(format_name()) + "' can't keep dirty bitmaps.");
}
std::error_code Driver::co_remove_persistent_bitmap(const std::string&) {
  return {};
}
void Driver::co_meet_event(BlockEvent) {}

void Driver::child_attached(Edge&) {}
void Driver::child_detached(Edge&) {}
GraphResult<> Driver::check_removable() const {
  return {};
}
GraphResult<> Driver::set_read_only(bool) {
  return {};
}
Permissions Driver::child_permissions(EdgeRole role, Permissions own) const {
  return usual_child_permissions(role, own);
}

GraphResult<> Driver::prepare_permissions(Permissions) {
  return {};
}
void Driver::commit_permissions() {}
void Driver::abort_permissions() {}
void Driver::drained_begin() {}
void Driver::drained_end() {}

void Driver::attach_context(AioContext&) {}
void Driver::detach_context(AioContext&) {}
bool Driver::home_only() const noexcept {
  return false;
}

} // namespace lockvet::runtime
