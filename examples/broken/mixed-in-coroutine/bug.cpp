// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A mirror job flushes its target. It runs in a coroutine, and calls the function that works in
// both contexts: that one asks where it is, finds the answer that the job knew, and calls the
// function that the job could have called. It works, and it hides from everybody, the reader and
// the analysis alike, that the job suspends here.

#include <lockvet/qemu_names.h>

bool qemu_in_coroutine();
void coroutine_fn qemu_coroutine_yield();
void no_coroutine_fn run_event_loop_once();

namespace {

class Disk {
public:
  int no_coroutine_fn coroutine_mixed_fn flush() {
    if (qemu_in_coroutine())
      return co_flush();
    while (busy_)
      run_event_loop_once();
    return 0;
  }

  int coroutine_fn co_flush() {
    while (busy_)
      qemu_coroutine_yield();
    return 0;
  }

private:
  bool busy_ = false;
};

class MirrorJob {
public:
  explicit MirrorJob(Disk& target) : target_(target) {}

  int coroutine_fn run() { return target_.flush(); }

private:
  Disk& target_;
};

} // namespace

struct Coroutine;
using CoroutineEntry = void(void* opaque);
Coroutine* qemu_coroutine_create(coroutine_fn CoroutineEntry* entry, void* opaque);
void qemu_coroutine_enter(Coroutine* co);

int main() {
  Disk target;
  MirrorJob job(target);
  auto entry = [](void* opaque) coroutine_fn { static_cast<MirrorJob*>(opaque)->run(); };
  qemu_coroutine_enter(qemu_coroutine_create(entry, &job));
}
