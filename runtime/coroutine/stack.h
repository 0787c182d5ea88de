// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Memory for a coroutine's stack, with a page below it that faults: an overflow ends the program at
// once instead of writing over a neighbour. Owned by its coroutine and needs no lock. Mapping and
// unmapping take ten microseconds, which is why stacks are pooled with their coroutines.

#ifndef LOCKVET_RUNTIME_COROUTINE_STACK_H
#define LOCKVET_RUNTIME_COROUTINE_STACK_H

#include <cstddef>

namespace lockvet::runtime {

class Stack {
public:
  // Of at least `size` bytes, rounded up to pages. Without memory it is empty: see valid().
  explicit Stack(size_t size) noexcept;
  Stack(Stack&& other) noexcept;
  Stack(const Stack&) = delete;
  Stack& operator=(const Stack&) = delete;
  Stack& operator=(Stack&&) = delete;
  ~Stack();

  bool valid() const noexcept { return mapping_ != nullptr; }

  // The lowest byte that can be written, and how many there are.
  void* bottom() const noexcept;
  size_t size() const noexcept;
  void* top() const noexcept { return static_cast<char*>(bottom()) + size(); }

private:
  void* mapping_ = nullptr;
  size_t mapped_ = 0;
};

} // namespace lockvet::runtime

#endif // LOCKVET_RUNTIME_COROUTINE_STACK_H
