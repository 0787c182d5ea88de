// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Dirty bitmaps and internal snapshots in images, judged by others: qemu-img lists, merges, takes,
// reads, reverts and deletes what is made here, and what qemu-img makes is used here.

#include "testsuite/unit/runtime/qcow2/bits_of.h"
#include "testsuite/unit/runtime/qcow2/peers_fixture.h"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace lockvet::runtime::qcow2 {
namespace {

using Json = nlohmann::json;

class Qcow2PeersBitmapsTest : public Qcow2PeersTest {
protected:
  std::string image() const { return path("image.qcow2"); }
  void qemu_img(const std::string& words) { expect_success("qemu-img " + words); }
  void expect_checked() {
    const Outcome check = run("qemu-img check -f qcow2 " + image());
    EXPECT_EQ(check.status, 0) << check.output;
    EXPECT_NE(check.output.find("No errors were found"), std::string::npos) << check.output;
  }
  Json info() {
    const Outcome said = run("qemu-img info --output=json " + image());
    EXPECT_EQ(said.status, 0) << said.output;
    return Json::parse(said.output);
  }
  // What is dirty by qemu-nbd's account, from "offset length" lines.
  std::string map_of(const std::string& bitmap) {
    const std::string uri = "nbd+unix:///?socket=" + path("nbd");
    const Outcome said =
        run("cd " + folder_ + " && qemu-nbd -f qcow2 -r -t -k " + path("nbd") + " -B " + bitmap +
            " --fork --pid-file=pid " + image() + " && nbdinfo --map=qemu:dirty-bitmap:" + bitmap +
            " '" + uri + "'; kill $(cat pid)");
    std::string areas;
    std::istringstream lines(said.output);
    for (std::string line; std::getline(lines, line);) {
      std::istringstream fields(line);
      uint64_t offset = 0;
      uint64_t size = 0;
      unsigned dirty = 0;
      if (fields >> offset >> size >> dirty && dirty != 0)
        areas += std::to_string(offset) + "+" + std::to_string(size) + " ";
    }
    return areas;
  }
};

TEST_F(Qcow2PeersBitmapsTest, ReadAndChangeOurBitmaps) {
  const unsigned count = rounds(4);
  const bool has_nbd =
      run("qemu-nbd --version").status == 0 && run("nbdinfo --version").status == 0;
  for (unsigned seed = 1; seed <= count && !HasFailure(); ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    DiskModel random({}, 512, seed);
    const auto bits = static_cast<uint32_t>(9 + random.below(9));
    const uint64_t size = 512 * (1 + random.below(uint64_t{1} << 16));
    std::filesystem::remove(image());
    Bitmaps stored;
    run_in_coroutine([&]() LV_COROUTINE_FN {
      DiskFile file(image());
      ASSERT_TRUE(co_create(file, {.size = size, .cluster_bits = bits}));
      const auto opened = co_open_image(file);
      ASSERT_TRUE(opened);
      for (const char* const name : {"one", "two"}) {
        stored.push_back(std::make_shared<DirtyBitmap>(name, size, 512u << random.below(8)));
        stored.back()->set_enabled(stored.size() == 1);
        for (uint64_t area = random.below(6); area > 0; --area)
          stored.back()->set(random.below(size), random.below(size / 4 + 1));
      }
      ASSERT_FALSE(opened->co_store_bitmaps(stored));
      ASSERT_FALSE(opened->co_close());
    });
    expect_checked();
    const Json listed = info()["format-specific"]["data"]["bitmaps"];
    ASSERT_EQ(listed.size(), 2u);
    EXPECT_EQ(listed[0]["name"], "one");
    EXPECT_EQ(listed[0]["granularity"], stored[0]->granularity());
    EXPECT_EQ(listed[0]["flags"], Json::array({"auto"}));
    EXPECT_EQ(listed[1]["flags"], Json::array());
    if (has_nbd) {
      EXPECT_EQ(map_of("two"), bits_of(*stored[1]));
    }
    qemu_img("bitmap --merge two -f qcow2 " + image() + " one");
    qemu_img("bitmap --remove -f qcow2 " + image() + " two");
    qemu_img("bitmap --add -g 4096 -f qcow2 " + image() + " three");
    stored[0]->merge(*stored[1]);
    run_in_coroutine([&]() LV_COROUTINE_FN {
      DiskFile file(image());
      co_expect_clean(file);
      const auto opened = co_open_image(file);
      ASSERT_TRUE(opened);
      Bitmaps found = opened->take_bitmaps();
      ASSERT_EQ(found.size(), 2u);
      EXPECT_EQ(bits_of(*found[0]), bits_of(*stored[0]));
      EXPECT_EQ(found[1]->name(), "three");
      EXPECT_EQ(found[1]->count(), 0u);
      ASSERT_FALSE(opened->co_remove_bitmap("one"));
      found.erase(found.begin());
      ASSERT_FALSE(opened->co_store_bitmaps(found));
      ASSERT_FALSE(opened->co_close());
      co_expect_clean(file);
    });
    expect_checked();
    qemu_img("bitmap --remove -f qcow2 " + image() + " three");
    expect_checked();
  }
}

// Theirs note what qemu-io writes, and are read here; ours that are lost are so there.
TEST_F(Qcow2PeersBitmapsTest, MakeBitmapsThatAreReadHere) {
  qemu_img("create -q -f qcow2 -o cluster_size=4096 " + image() + " 64M");
  qemu_img("bitmap --add -g 512 " + image() + " one");
  expect_success("qemu-io -f qcow2 -c 'write -P 7 1M 3M' -c 'write 9M 512' " + image());
  qemu_img("bitmap --add --disable " + image() + " two");
  run_in_coroutine([&]() LV_COROUTINE_FN {
    DiskFile file(image());
    co_expect_clean(file);
    const auto opened = co_open_image(file);
    ASSERT_TRUE(opened);
    const Bitmaps found = opened->take_bitmaps();
    ASSERT_EQ(found.size(), 2u);
    EXPECT_EQ(bits_of(*found[0]), "1048576+3145728 9437184+512 ");
    EXPECT_TRUE(found[0]->enabled());
    EXPECT_FALSE(found[1]->enabled());
    ASSERT_FALSE(opened->co_write(0, Bytes(10u << 20, std::byte{8})));
    // As if it were killed.
    ASSERT_FALSE(opened->co_close());
    co_expect_clean(file);
  });
  expect_checked();
  const Json listed = info()["format-specific"]["data"]["bitmaps"];
  EXPECT_EQ(listed[0]["flags"], Json::array({"in-use", "auto"}));
  EXPECT_EQ(listed[1]["flags"], Json::array({"in-use"}));
  EXPECT_NE(run("qemu-img bitmap --merge two " + image() + " one").status, 0);
  qemu_img("bitmap --remove " + image() + " one");
  expect_success("qemu-io -f qcow2 -c 'read -P 8 0 10M' " + image());
}

// Ours and theirs in turns: all that are there have what the disk was, and it goes on after each.
TEST_F(Qcow2PeersBitmapsTest, TakeReadAndDeleteSnapshotsInTurns) {
  const unsigned count = rounds(3);
  for (unsigned seed = 1; seed <= count && !HasFailure(); ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    DiskModel random({}, 512, seed);
    const uint64_t cluster_size = uint64_t{512} << random.below(6);
    const uint64_t size = 512 * (1 + random.below(100 * cluster_size / 512));
    DiskModel model(Bytes(size), cluster_size, seed);
    std::filesystem::remove(image());
    run_in_coroutine([&]() LV_COROUTINE_FN {
      DiskFile file(image());
      ASSERT_TRUE(
          co_create(file, {.size = size,
                           .version = random.below(3) == 0 ? 2u : 3u,
                           .cluster_bits = static_cast<uint32_t>(std::countr_zero(cluster_size))}));
    });
    std::map<std::string, Bytes> kept;
    for (int round = 0; round < 5 && !HasFailure(); ++round) {
      const std::string ours = "ours" + std::to_string(round);
      run_in_coroutine([&]() LV_COROUTINE_FN {
        DiskFile file(image());
        const auto opened = co_open_image(file, {{.l2_cache_bytes = 0}, nullptr});
        ASSERT_TRUE(opened);
        EXPECT_EQ(opened->snapshots().size(), kept.size());
        for (int step = 0; step < 30 && !HasFailure(); ++step)
          EXPECT_FALSE(model.co_step(*opened, false)) << opened->co_corruption();
        kept[ours] = model.content();
        co_take(*opened, ours);
        for (int step = 0; step < 10 && !HasFailure(); ++step)
          EXPECT_FALSE(model.co_step(*opened, false)) << opened->co_corruption();
        if (round % 2 == 1) {
          const auto gone =
              std::next(kept.begin(), static_cast<ptrdiff_t>(random.below(kept.size())));
          co_delete(*opened, gone->first);
          kept.erase(gone);
        }
        ASSERT_FALSE(opened->co_close());
      });
      expect_checked();
      EXPECT_EQ(info()["snapshots"].size(), kept.size());
      for (const auto& [name, content] : kept) {
        write_file(path("model.raw"), content);
        qemu_img("convert -f qcow2 -O raw -l snapshot.name=" + name + " " + image() + " " +
                 path("found.raw"));
        qemu_img("compare -f raw -F raw " + path("model.raw") + " " + path("found.raw"));
      }
      const std::string theirs = "theirs" + std::to_string(round);
      qemu_img("snapshot -c " + theirs + " " + image());
      kept[theirs] = model.content();
      if (round == 3) {
        const auto gone =
            std::next(kept.begin(), static_cast<ptrdiff_t>(random.below(kept.size())));
        qemu_img("snapshot -d " + gone->first + " " + image());
        kept.erase(gone);
      }
      expect_checked();
    }
    if (HasFailure())
      return;
    // The disk of a snapshot of ours again, by theirs, and on from there.
    const auto& [name, content] = *kept.begin();
    qemu_img("snapshot -a " + name + " " + image());
    expect_checked();
    run_in_coroutine([&]() LV_COROUTINE_FN {
      DiskFile file(image());
      co_expect_clean(file);
      const auto opened = co_open_image(file);
      ASSERT_TRUE(opened);
      DiskModel again(content, cluster_size, seed);
      again.co_expect_same(*opened);
      for (int step = 0; step < 30 && !HasFailure(); ++step)
        EXPECT_FALSE(again.co_step(*opened, false)) << opened->co_corruption();
      for (const auto& [other, ignored] : kept)
        co_delete(*opened, other);
      ASSERT_FALSE(opened->co_close());
      co_expect_clean(file);
    });
    expect_checked();
  }
}

} // namespace
} // namespace lockvet::runtime::qcow2
