// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "runtime/coroutine/stack.h"

#include "runtime/coroutine/sanitizer_fiber.h"

#include <sys/mman.h>
#include <unistd.h>
#include <utility>

namespace lockvet::runtime {

namespace {

size_t page_size() {
  static const auto size = static_cast<size_t>(sysconf(_SC_PAGESIZE));
  return size;
}

} // namespace

Stack::Stack(size_t size) noexcept {
  const size_t page = page_size();
  const size_t mapped = (size + page - 1) / page * page + page;
  void* const mapping = mmap(nullptr, mapped, PROT_READ | PROT_WRITE,
                             MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_STACK, -1, 0);
  if (mapping == MAP_FAILED)
    return;
  if (mprotect(mapping, page, PROT_NONE) != 0) {
    munmap(mapping, mapped);
    return;
  }
  mapping_ = mapping;
  mapped_ = mapped;
  register_stack(bottom(), this->size());
}

Stack::Stack(Stack&& other) noexcept
    : mapping_(std::exchange(other.mapping_, nullptr)), mapped_(std::exchange(other.mapped_, 0)) {}

Stack::~Stack() {
  if (mapping_ == nullptr)
    return;
  unregister_stack(bottom(), size());
  munmap(mapping_, mapped_);
}

void* Stack::bottom() const noexcept {
  return static_cast<char*>(mapping_) + page_size();
}

size_t Stack::size() const noexcept {
  return mapped_ - page_size();
}

} // namespace lockvet::runtime
