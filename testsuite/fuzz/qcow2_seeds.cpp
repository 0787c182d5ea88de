// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Small images of every kind, as seeds for the fuzzer: the folder to put them into is the argument.

#include "runtime/drivers/qcow2/create.h"
#include "runtime/drivers/qcow2/image.h"
#include "testsuite/unit/runtime/qcow2/files.h"
#include "testsuite/unit/runtime/test_home.h"

#include <cstdlib>
#include <fstream>
#include <string>

using namespace lockvet::runtime;
using namespace lockvet::runtime::qcow2;

namespace {

void expect(bool condition) {
  if (!condition)
    std::abort();
}

void LV_COROUTINE_FN co_make(MemoryFile& file, const CreateOptions& options) {
  expect(co_create(file, options).has_value());
  MemoryFile backing(Bytes(1500, std::byte{0x44}));
  auto image = Image::co_open(file, {{}, &backing});
  expect(image.has_value());
  expect(!(*image)->co_write(0, Bytes(600, std::byte{0x55})));
  expect(!(*image)->co_write_compressed(2048, Bytes(512, std::byte{0x66})));
  expect(!(*image)->co_write_compressed(3072, Bytes(512, std::byte{0x77})));
  expect(!(*image)->co_write_zeroes(1024, 512, false));
  if (options.refcount_order > 0) {
    expect((*image)->co_take_snapshot({.name = "first"}).has_value());
    expect(!(*image)->co_write(0, Bytes(600, std::byte{0x56})));
    expect((*image)->co_take_snapshot({.name = "second"}).has_value());
  }
  if (options.version >= 3) {
    Bitmaps bitmaps;
    for (const char* const name : {"one", "two"}) {
      bitmaps.push_back(std::make_shared<DirtyBitmap>(name, options.size, 512));
      bitmaps.back()->set(1000, 1000);
    }
    expect(!(*image)->co_store_bitmaps(bitmaps));
  }
  expect(!(*image)->co_close());
}

} // namespace

int main(int argc, char** argv) {
  expect(argc == 2);
  for (const uint32_t version : {2u, 3u})
    for (const uint32_t order : {0u, 4u, 6u})
      for (const Compression compression : {Compression::deflate, Compression::zstd}) {
        if (version == 2 && (order != 4 || compression != Compression::deflate))
          continue;
        MemoryFile file;
        ManualHome home;
        expect(Coroutine::spawn(home, [&]() LV_COROUTINE_FN {
          co_make(file, {.size = 40000,
                         .version = version,
                         .cluster_bits = 9,
                         .refcount_order = order,
                         .compression = compression,
                         .backing_name = "base"});
        }));
        home.run();
        const Bytes content = file.content();
        std::ofstream(std::string(argv[1]) + "/v" + std::to_string(version) + "-" +
                          std::to_string(order) + "-" +
                          std::to_string(static_cast<int>(compression)),
                      std::ios::binary)
            .write(reinterpret_cast<const char*>(content.data()),
                   static_cast<std::streamsize>(content.size()));
      }
  return 0;
}
