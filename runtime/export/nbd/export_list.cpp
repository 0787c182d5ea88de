// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "runtime/export/nbd/export_list.h"

#include "runtime/export/nbd/protocol.h"

#include <algorithm>

namespace lockvet::runtime::nbd {

namespace {

bool is_continuation(char byte) {
  return (static_cast<unsigned char>(byte) & 0xc0) == 0x80;
}

// How many bytes the character has that begins there, or 0.
size_t character_bytes(std::string_view text) {
  const auto first = static_cast<unsigned char>(text.front());
  const size_t bytes = first < 0x80                     ? 1
                       : first >= 0xc2 && first <= 0xdf ? 2
                       : first >= 0xe0 && first <= 0xef ? 3
                       : first >= 0xf0 && first <= 0xf4 ? 4
                                                        : 0;
  if (bytes == 0 || text.size() < bytes)
    return 0;
  return std::all_of(text.begin() + 1, text.begin() + bytes, is_continuation) ? bytes : 0;
}

// As the protocol wants strings: UTF-8 without a zero.
bool is_string(std::string_view text) {
  while (!text.empty()) {
    const size_t bytes = text.front() == '\0' ? 0 : character_bytes(text);
    if (bytes == 0)
      return false;
    text.remove_prefix(bytes);
  }
  return true;
}

} // namespace

Export::~Export() {
  if (options_.released)
    options_.released();
}

uint64_t Export::size() const noexcept {
  return device().size() & ~(uint64_t{device().block_sizes().minimum} - 1);
}

uint16_t Export::transmission_flags(bool structured) const noexcept {
  unsigned flags = has_flags | send_flush | send_fua;
  if (is_read_only())
    flags |= nbd::read_only;
  else
    flags |= send_trim | send_write_zeroes | send_fast_zero;
  if (structured)
    flags |= send_df;
  // What nobody writes is the same for every connection.
  if (options_.multi_conn.value_or(is_read_only() || device().flush_covers_all()))
    flags |= can_multi_conn;
  return static_cast<uint16_t>(flags);
}

AioContext* Export::next_context() noexcept {
  const std::vector<AioContext*>& contexts = options_.contexts;
  return contexts.empty() ? nullptr : contexts[next_context_.fetch_add(1) % contexts.size()];
}

std::string ExportList::add(ExportOptions added) {
  if (added.name.size() > most_string_bytes || added.description.size() > most_string_bytes)
    return "the name or the description of an export has more than 4096 bytes";
  if (!is_string(added.name) || !is_string(added.description))
    return "the name or the description of an export is no UTF-8, or has a zero byte";
  const ThreadLock lock(mutex_);
  for (const auto& other : exports_) {
    if (other->options().name == added.name)
      return "two exports have the name '" + added.name + "'";
  }
  exports_.push_back(std::make_shared<Export>(std::move(added)));
  return {};
}

ExportList::Removed ExportList::remove(std::string_view name, Removal removal) {
  // Released outside of the lock, since whoever is told may use the list.
  std::shared_ptr<Export> removed;
  {
    const ThreadLock lock(mutex_);
    const auto found = std::ranges::find_if(
        exports_, [name](const auto& one) { return one->options().name == name; });
    if (found == exports_.end())
      return Removed::no_such_export;
    if (removal == Removal::only_if_unused && (*found)->clients() > 0)
      return Removed::in_use;
    removed = std::move(*found);
    exports_.erase(found);
  }
  removed->closing().request();
  return Removed::yes;
}

std::vector<std::shared_ptr<Export>> ExportList::all() const {
  const ThreadLock lock(mutex_);
  return exports_;
}

void ExportList::co_update_sizes() const {
  for (const auto& one : all())
    one->device().co_update_size();
}

std::shared_ptr<Export> ExportList::find(std::string_view name) const {
  const ThreadLock lock(mutex_);
  for (const auto& candidate : exports_) {
    if (candidate->options().name == name)
      return candidate;
  }
  return name.empty() && exports_.size() == 1 ? exports_.front() : nullptr;
}

} // namespace lockvet::runtime::nbd
