// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Images judged by others: what is written here is checked, read and compared by qemu-img, and what
// qemu-img and qemu-io write is read here. Without these programs the tests are skipped.
//
// LOCKVET_PEER_ROUNDS has more rounds run than the few that every run of the tests has.

#include "testsuite/unit/runtime/qcow2/peers_fixture.h"

#include <algorithm>

namespace lockvet::runtime::qcow2 {
namespace {

void LV_COROUTINE_FN co_expect_step(DiskModel& model, Image& image) {
  if (const auto error = model.co_step(image, false))
    ADD_FAILURE() << error.message() << " " << image.co_corruption();
}

struct Made {
  CreateOptions options;
  bool has_backing;
  uint64_t cluster_size;
};

Made random_options(DiskModel& random) {
  Made made{};
  CreateOptions& options = made.options;
  options.version = random.below(4) == 0 ? 2 : 3;
  options.cluster_bits = static_cast<uint32_t>(9 + random.below(5));
  if (random.below(4) == 0)
    options.cluster_bits = static_cast<uint32_t>(14 + random.below(4));
  made.cluster_size = uint64_t{1} << options.cluster_bits;
  // qemu-img rounds the size of an image that it reads to sectors.
  options.size = 512 * (1 + random.below(100 * made.cluster_size / 512));
  if (options.version == 3) {
    options.refcount_order = static_cast<uint32_t>(random.below(7));
    options.compression = random.below(2) == 0 ? Compression::zstd : Compression::deflate;
  }
  made.has_backing = random.below(2) == 0;
  if (made.has_backing) {
    options.backing_name = "base.raw";
    options.backing_format = "raw";
  }
  return made;
}

// Ours: random requests under random options; then qemu-img finds it clean, and what it reads is
// what the model has.
TEST_F(Qcow2PeersTest, TakeWhatIsWrittenHere) {
  const unsigned count = rounds(25);
  for (unsigned seed = 1; seed <= count && !HasFailure(); ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    DiskModel random({}, 512, seed);
    const Made made = random_options(random);
    Bytes base;
    if (made.has_backing) {
      base = random.random_bytes(512 * random.below(2 * made.options.size / 512));
      write_file(path("base.raw"), base);
    }
    std::filesystem::remove(path("image.qcow2"));
    Bytes content = base;
    content.resize(made.options.size);
    DiskModel model(std::move(content), made.cluster_size, seed);
    run_in_coroutine([&]() LV_COROUTINE_FN {
      DiskFile file(path("image.qcow2"));
      MemoryFile backing(base);
      auto created = co_create(file, made.options);
      ASSERT_TRUE(created) << created.error().message;
      const size_t cache = random.below(2) * 65536;
      const auto image =
          co_open_image(file, {{.l2_cache_bytes = cache, .refcount_cache_bytes = cache},
                               made.has_backing ? &backing : nullptr});
      ASSERT_TRUE(image);
      for (int step = 0; step < 120 && !HasFailure(); ++step)
        co_expect_step(model, *image);
      const uint64_t size = 512 * (1 + random.below(2 * made.options.size / 512));
      ASSERT_FALSE(image->co_truncate(size));
      model.resize(size);
      for (int step = 0; step < 40 && !HasFailure(); ++step)
        co_expect_step(model, *image);
      ASSERT_FALSE(image->co_close());
    });
    if (HasFailure())
      break;
    const Outcome check = run("qemu-img check -f qcow2 " + path("image.qcow2"));
    EXPECT_EQ(check.status, 0) << check.output;
    EXPECT_NE(check.output.find("No errors were found"), std::string::npos) << check.output;
    write_file(path("model.raw"), model.content());
    expect_success("qemu-img compare -f raw -F qcow2 " + path("model.raw") + " " +
                   path("image.qcow2"));
  }
}

// Theirs: made by qemu-img under random options and written by qemu-io, compressed pieces too; then
// read here as qemu-img reads it, written on here, and judged again.
TEST_F(Qcow2PeersTest, WriteWhatIsReadHere) {
  const unsigned count = rounds(12);
  for (unsigned seed = 1; seed <= count && !HasFailure(); ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    DiskModel random({}, 512, seed + 1000);
    const Made made = random_options(random);
    const CreateOptions& options = made.options;
    const std::string image_path = path("image.qcow2");
    const Bytes base = random.random_bytes(512 * random.below(2 * options.size / 512));
    write_file(path("base.raw"), base);
    std::string command =
        "qemu-img create -q -f qcow2 -o cluster_size=" + std::to_string(made.cluster_size) +
        ",compat=" + (options.version == 2 ? "0.10" : "1.1");
    if (options.version == 3)
      command +=
          ",refcount_bits=" + std::to_string(1u << options.refcount_order) +
          ",compression_type=" + (options.compression == Compression::zstd ? "zstd" : "zlib");
    if (made.has_backing)
      command += " -b base.raw -F raw";
    else if (random.below(3) == 0)
      command += ",preallocation=metadata";
    std::filesystem::remove(image_path);
    expect_success("cd " + folder_ + " && " + command + " image.qcow2 " +
                   std::to_string(options.size));
    // Compressed data first, and in each place once: qemu-img 7.2 leaves a damaged image where it
    // has to refuse compressed data over other data.
    std::string script;
    const bool preallocated = command.find("preallocation") != std::string::npos;
    for (uint64_t cluster = random.below(8) * made.cluster_size;
         cluster < options.size && !preallocated;
         cluster += (1 + random.below(16)) * made.cluster_size)
      script += "write -c -P " + std::to_string(1 + random.below(254)) + " " +
                std::to_string(cluster) + " " +
                std::to_string(std::min(made.cluster_size, options.size - cluster)) + "\n";
    for (int step = 0; step < 30; ++step) {
      const uint64_t offset = 512 * random.below(options.size / 512);
      const uint64_t size =
          512 *
          (1 + random.below(std::min((options.size - offset) / 512, 2 * made.cluster_size / 512)));
      const std::string where =
          std::to_string(offset) + " " + std::to_string(std::min(size, options.size - offset));
      const std::string pattern = std::to_string(1 + random.below(254));
      switch (random.below(5)) {
      case 0:
        script += "write -z " + where + "\n";
        break;
      case 1:
        script += "write -z -u " + where + "\n";
        break;
      case 2:
        script += "discard " + where + "\n";
        break;
      default:
        script += "write -P " + pattern + " " + where + "\n";
      }
    }
    write_file(path("script"), {reinterpret_cast<const std::byte*>(script.data()),
                                reinterpret_cast<const std::byte*>(script.data()) + script.size()});
    expect_success("qemu-io -f qcow2 -d unmap " + image_path + " <" + path("script"));
    // Snapshots share clusters, which then must not be written in place. Compressed clusters need
    // room in the counts for that.
    const bool snapshot = options.refcount_order > 2 && random.below(2) == 0;
    if (snapshot)
      expect_success("qemu-img snapshot -c before " + image_path);
    expect_success("qemu-img check -f qcow2 " + image_path);
    expect_success("qemu-img convert -f qcow2 -O raw " + image_path + " " + path("theirs.raw"));
    DiskModel model(read_file(path("theirs.raw")), made.cluster_size, seed);
    run_in_coroutine([&]() LV_COROUTINE_FN {
      DiskFile file(image_path);
      co_expect_clean(file);
      MemoryFile backing(base);
      const auto image =
          co_open_image(file, {{.l2_cache_bytes = 0}, made.has_backing ? &backing : nullptr});
      ASSERT_TRUE(image);
      model.co_expect_same(*image);
      for (int step = 0; step < 100 && !HasFailure(); ++step)
        co_expect_step(model, *image);
      ASSERT_FALSE(image->co_close());
      co_expect_clean(file);
    });
    if (HasFailure())
      break;
    expect_success("qemu-img check -f qcow2 " + image_path);
    write_file(path("model.raw"), model.content());
    expect_success("qemu-img compare -f raw -F qcow2 " + path("model.raw") + " " + image_path);
    if (snapshot) {
      expect_success("qemu-img snapshot -a before " + image_path);
      expect_success("qemu-img compare -f raw -F qcow2 " + path("theirs.raw") + " " + image_path);
      expect_success("qemu-img check -f qcow2 " + image_path);
    }
  }
}

// What a repair here calls whole, qemu-img does too.
TEST_F(Qcow2PeersTest, FindRepairedImagesClean) {
  const unsigned count = rounds(25);
  unsigned repaired = 0;
  for (unsigned seed = 1; seed <= count && !HasFailure(); ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    run_in_coroutine([&]() LV_COROUTINE_FN {
      constexpr uint64_t cluster = 512;
      MemoryFile file;
      ASSERT_TRUE(co_create(file, {.size = 200 * cluster, .cluster_bits = 9}));
      DiskModel model(Bytes(200 * cluster), cluster, seed);
      {
        const auto image = co_open_image(file);
        ASSERT_TRUE(image);
        for (int step = 0; step < 60 && !HasFailure(); ++step)
          co_expect_step(model, *image);
        ASSERT_FALSE(image->co_close());
      }
      // The tables of a new image come first, and L2 tables soon after them.
      Bytes damaged = file.content();
      for (uint64_t change = 1 + model.below(6); change > 0; --change) {
        const uint64_t place = cluster + model.below(20 * cluster) / 8 * 8;
        const uint64_t value = model.below(3) == 0 ? model.below(~uint64_t{0})
                                                   : model.below(80) * cluster | entry_copied;
        store_big_endian<uint64_t>(damaged.data() + place, value);
      }
      file.set_content(damaged);
      const auto report = co_check(file, Repair::all);
      if (!report || !report->clean())
        return;
      ++repaired;
      write_file(path("image.qcow2"), file.content());
    });
    if (HasFailure() || !std::filesystem::exists(path("image.qcow2")))
      continue;
    const Outcome check = run("qemu-img check -f qcow2 " + path("image.qcow2"));
    EXPECT_EQ(check.status, 0) << check.output;
  }
  EXPECT_GT(repaired, count / 2);
}

// What a writer with lazy reference counts leaves when it is killed is counted anew.
TEST_F(Qcow2PeersTest, LeaveImagesDirtyThatAreRepairedHere) {
  const std::string image_path = path("image.qcow2");
  expect_success("qemu-img create -q -f qcow2 -o cluster_size=4096,lazy_refcounts=on " +
                 image_path + " 64M");
  (void)run("qemu-io -f qcow2 -c 'write -P 7 1M 3M' -c flush -c 'sigraise 9' " + image_path);
  run_in_coroutine([&]() LV_COROUTINE_FN {
    DiskFile file(image_path);
    const auto header = co_read_header(file);
    ASSERT_TRUE(header);
    ASSERT_TRUE(header->has(feature_dirty));
    const auto image = co_open_image(file);
    ASSERT_TRUE(image);
    ASSERT_FALSE(image->co_write(0, Bytes(1u << 20, std::byte{8})));
    ASSERT_FALSE(image->co_close());
  });
  expect_success("qemu-img check -f qcow2 " + image_path);
  expect_success("qemu-io -f qcow2 -c 'read -P 8 0 1M' -c 'read -P 7 1M 3M' " + image_path);
}

// qemu-img converts with its own compression, and with a chain of images.
TEST_F(Qcow2PeersTest, CompressWhatIsReadHere) {
  for (const char* const type : {"zlib", "zstd"}) {
    for (const unsigned bits : {9u, 12u, 16u, 21u}) {
      DiskModel random({}, 512, bits);
      Bytes content;
      for (int piece = 0; piece < 20; ++piece) {
        const Bytes bytes = random.random_bytes(512 * (1 + random.below(300)));
        content.insert(content.end(), bytes.begin(), bytes.end());
      }
      write_file(path("model.raw"), content);
      std::filesystem::remove(path("image.qcow2"));
      expect_success("qemu-img convert -c -f raw -O qcow2 -o compression_type=" +
                     std::string(type) + ",cluster_size=" + std::to_string(1u << bits) + " " +
                     path("model.raw") + " " + path("image.qcow2"));
      DiskModel model(content, uint64_t{1} << bits, bits);
      run_in_coroutine([&]() LV_COROUTINE_FN {
        DiskFile file(path("image.qcow2"));
        const auto image = co_open_image(file, {{.writable = false}});
        ASSERT_TRUE(image);
        model.co_expect_same(*image);
      });
    }
  }
}

} // namespace
} // namespace lockvet::runtime::qcow2
