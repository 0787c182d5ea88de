// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Every driver implements one interface. The network driver's length() asks the server, which
// suspends, and it is marked so. The interface is not: whoever calls length() by the interface sees
// a function that may be called from anywhere, and one driver in ten suspends there.

#include <lockvet/qemu_names.h>

void coroutine_fn qemu_coroutine_yield();

namespace {

class Driver {
public:
  virtual ~Driver() = default;
  virtual long length() = 0;
};

class FileDriver final : public Driver {
public:
  long length() override { return 4096; }
};

class NetworkDriver final : public Driver {
public:
  long coroutine_fn length() override {
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
