// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The corrected twin of bug.cpp: the interface promises what every driver can keep. What may
// suspend has a name and a marker of its own, and callers outside coroutines use the length as last
// known.

#include <lockvet/qemu_names.h>

void coroutine_fn qemu_coroutine_yield();

namespace {

class Driver {
public:
  virtual ~Driver() = default;
  virtual long length() const = 0;
  virtual long coroutine_fn co_refresh_length() = 0;
};

class FileDriver final : public Driver {
public:
  long length() const override { return 4096; }
  long coroutine_fn co_refresh_length() override { return 4096; }
};

class NetworkDriver final : public Driver {
public:
  long length() const override { return answer_; }
  long coroutine_fn co_refresh_length() override {
    while (!answer_)
      qemu_coroutine_yield();
    return answer_;
  }

private:
  long answer_ = 0;
};

} // namespace

int main(int argc, char**) {
  FileDriver file;
  NetworkDriver network;
  Driver& driver = argc > 1 ? static_cast<Driver&>(network) : file;
  return driver.length() > 0 ? 0 : 1;
}
