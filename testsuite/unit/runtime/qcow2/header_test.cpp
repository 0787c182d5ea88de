// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Headers that are read and written back, and headers that somebody made to do harm: the error has
// to say what is wrong, where it stands, and the number.

#include "runtime/drivers/qcow2/byte_order.h"
#include "runtime/drivers/qcow2/header.h"

#include <cstring>
#include <gtest/gtest.h>
#include <string>

namespace lockvet::runtime::qcow2 {
namespace {

constexpr uint64_t cluster = 65536;
constexpr uint64_t file_size = 10 * cluster;

Header sample(uint32_t version = 3) {
  Header header;
  header.version = version;
  header.header_length = version == 2 ? Header::version_2_bytes : Header::version_3_bytes;
  header.size = uint64_t{1} << 30;
  header.l1_offset = 3 * cluster;
  header.l1_entries = 2;
  header.refcount_table_offset = cluster;
  header.refcount_table_clusters = 1;
  return header;
}

std::vector<std::byte> bytes_of(Header header) {
  auto bytes = serialize_header(header);
  EXPECT_TRUE(bytes) << (bytes ? "" : bytes.error().message);
  bytes->resize(cluster);
  return *bytes;
}

template <typename Number>
std::vector<std::byte> with(size_t at, Number number, Header header = sample()) {
  auto bytes = bytes_of(std::move(header));
  store_big_endian<Number>(bytes.data() + at, number);
  return bytes;
}

std::string error_of(const std::vector<std::byte>& bytes, HeaderUse use = HeaderUse::open) {
  auto parsed = parse_header(bytes, file_size, use);
  return parsed ? "no error" : parsed.error().message;
}

TEST(Qcow2HeaderTest, IsReadAsItWasWritten) {
  for (const uint32_t version : {2u, 3u}) {
    Header written = sample(version);
    written.backing_name = "base.raw";
    written.extensions.push_back(string_extension(HeaderExtension::backing_format, "raw"));
    written.extensions.push_back(string_extension(0x12345678, "kept as it is"));
    auto read = parse_header(bytes_of(written), file_size);
    ASSERT_TRUE(read) << read.error().message;
    EXPECT_EQ(read->version, version);
    EXPECT_EQ(read->size, written.size);
    EXPECT_EQ(read->backing_name, "base.raw");
    EXPECT_EQ(read->backing_format(), "raw");
    EXPECT_EQ(read->extensions, written.extensions);
    EXPECT_EQ(bytes_of(*read), bytes_of(written));
  }
}

TEST(Qcow2HeaderTest, KeepsFieldsThatCameLater) {
  Header written = sample();
  written.header_length = 128;
  written.later_fields.assign(16, std::byte{0x5a});
  auto read = parse_header(bytes_of(written), file_size);
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read->later_fields, written.later_fields);
  EXPECT_EQ(bytes_of(*read), bytes_of(written));
}

TEST(Qcow2HeaderTest, TakesTheShortestOfVersion3) {
  Header written = sample();
  written.header_length = 104;
  auto read = parse_header(bytes_of(written), file_size);
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read->header_length, 104u);
  EXPECT_EQ(read->compression, Compression::deflate);
}

TEST(Qcow2HeaderTest, SaysWhatIsNoImage) {
  EXPECT_EQ(error_of(std::vector<std::byte>(20)),
            "qcow2: the file has 20 bytes, and a header at least 72");
  EXPECT_EQ(error_of(with<uint32_t>(0, 0x7f454c46)),
            "qcow2: the file begins with 0x7f454c46, and an image with 0x514649fb");
  EXPECT_EQ(error_of(with<uint32_t>(4, 4)),
            "qcow2: the header's version at offset 0x4 is 4; 2 and 3 are supported");
  auto cut = bytes_of(sample());
  cut.resize(80);
  EXPECT_EQ(error_of(cut), "qcow2: the file has 80 bytes, and a header of version 3 at least 104");
}

TEST(Qcow2HeaderTest, RefusesFeaturesByName) {
  EXPECT_EQ(error_of(with<uint64_t>(72, feature_extended_l2 | feature_dirty)),
            "qcow2: the image needs an incompatible feature that is not supported: "
            "'extended L2 entries' (bit 4)");
  Header header = sample();
  const std::vector<FeatureName> names = {{FeatureName::Kind::incompatible, 9, "holograms\n"}};
  header.extensions.push_back({HeaderExtension::feature_names, serialize_feature_names(names)});
  EXPECT_EQ(error_of(with<uint64_t>(72, feature_external_data | 1u << 9 | 1u << 20, header)),
            "qcow2: the image needs incompatible features that are not supported: "
            "'external data file' (bit 2), 'holograms?' (bit 9), one without a name (bit 20)");
  EXPECT_EQ(error_of(with<uint32_t>(32, 2)),
            "qcow2: the image is encrypted, which is not supported: crypt_method at offset 0x20 "
            "is 2 (LUKS)");
}

TEST(Qcow2HeaderTest, IgnoresCompatibleFeatures) {
  EXPECT_EQ(error_of(with<uint64_t>(80, ~uint64_t{0})), "no error");
  EXPECT_EQ(error_of(with<uint64_t>(88, ~uint64_t{0})), "no error");
}

TEST(Qcow2HeaderTest, RefusesAbsurdSizes) {
  EXPECT_EQ(error_of(with<uint32_t>(20, 8)),
            "qcow2: cluster_bits at offset 0x14 is 8, and not 9 to 21");
  EXPECT_EQ(error_of(with<uint32_t>(20, 0xffffffff)),
            "qcow2: cluster_bits at offset 0x14 is 4294967295, and not 9 to 21");
  EXPECT_EQ(error_of(with<uint32_t>(96, 7)),
            "qcow2: refcount_order at offset 0x60 is 7; 6 is the limit");
  EXPECT_EQ(error_of(with<uint32_t>(36, 0xffffffff)),
            "qcow2: the L1 table has 4294967295 entries; 4194304 is the limit");
  EXPECT_EQ(error_of(with<uint64_t>(24, ~uint64_t{0})),
            "qcow2: the L1 table has 2 entries, and a disk of 18446744073709551615 bytes needs "
            "34359738368");
  EXPECT_EQ(error_of(with<uint32_t>(56, 129)),
            "qcow2: the refcount table has 129 clusters, and so 8454144 bytes; 8388608 is the "
            "limit");
  EXPECT_EQ(error_of(with<uint32_t>(56, 0)),
            "qcow2: the image has no refcount table: its size at offset 0x38 is 0 clusters");
  EXPECT_EQ(error_of(with<uint32_t>(60, 0xffffffff)),
            "qcow2: the image has 4294967295 snapshots; 65536 is the limit");
  EXPECT_EQ(error_of(with<uint32_t>(100, 105)),
            "qcow2: the header's length at offset 0x64 is 105, which is not a multiple of 8 from "
            "104 to 65536");
  EXPECT_EQ(error_of(with<uint32_t>(100, 65544)),
            "qcow2: the header's length at offset 0x64 is 65544, which is not a multiple of 8 "
            "from 104 to 65536");
}

TEST(Qcow2HeaderTest, RefusesTablesThatAreWhereTheyCanNotBe) {
  EXPECT_EQ(error_of(with<uint64_t>(40, 3 * cluster + 8)),
            "qcow2: the L1 table is at offset 0x30008, which is no multiple of the cluster size "
            "65536");
  EXPECT_EQ(error_of(with<uint64_t>(40, 0)),
            "qcow2: the L1 table is at offset 0x0, and overlaps the header, which has the first "
            "cluster");
  EXPECT_EQ(error_of(with<uint64_t>(40, file_size)),
            "qcow2: the L1 table is at offset 0xa0000 and has 16 bytes, and so reaches past the "
            "end of the file at 0xa0000");
  EXPECT_EQ(error_of(with<uint64_t>(48, ~uint64_t{0} - cluster + 1)),
            "qcow2: the refcount table is at offset 0xffffffffffff0000 and has 65536 bytes, and "
            "so reaches past the end of the file at 0xa0000");
  EXPECT_EQ(error_of(with<uint64_t>(48, 3 * cluster)),
            "qcow2: the refcount table at offset 0x30000 with 65536 bytes overlaps the L1 table "
            "at offset 0x30000 with 16 bytes");
  auto snapshots = with<uint32_t>(60, 1);
  store_big_endian<uint64_t>(snapshots.data() + 64, 3 * cluster);
  EXPECT_EQ(error_of(snapshots),
            "qcow2: the snapshot table at offset 0x30000 with 40 bytes overlaps the L1 table at "
            "offset 0x30000 with 16 bytes");
}

TEST(Qcow2HeaderTest, TakesABadRefcountTableForRepair) {
  EXPECT_EQ(error_of(with<uint64_t>(48, 3 * cluster), HeaderUse::repair), "no error");
  EXPECT_EQ(error_of(with<uint32_t>(56, 0), HeaderUse::repair), "no error");
}

TEST(Qcow2HeaderTest, RefusesBackingNamesThatAreNotInTheCluster) {
  Header header = sample();
  header.backing_name = "base";
  EXPECT_EQ(error_of(with<uint32_t>(16, 1024, header)),
            "qcow2: the name of the backing file has 1024 bytes; 1023 is the limit");
  EXPECT_EQ(error_of(with<uint64_t>(8, cluster - 2, header)),
            "qcow2: the name of the backing file is at offset 0xfffe and has 4 bytes, and so is "
            "not in the first cluster of 65536 bytes after the header");
  EXPECT_EQ(error_of(with<uint64_t>(8, 16, header)),
            "qcow2: the name of the backing file is at offset 0x10, inside of the header of 112 "
            "bytes");
  header.backing_name[1] = '\0';
  EXPECT_EQ(error_of(bytes_of(header)),
            "qcow2: the name of the backing file at offset 0x78 has a zero byte in it");
}

TEST(Qcow2HeaderTest, RefusesExtensionsThatDoNotFit) {
  Header header = sample();
  header.extensions.push_back(string_extension(0x12345678, "text"));
  EXPECT_EQ(error_of(with<uint32_t>(116, 0xfffffff0, header)),
            "qcow2: the header extension 0x12345678 at offset 0x70 has 4294967280 bytes, and "
            "there is room for 65416");
  header.extensions.push_back(string_extension(0x12345678, "again"));
  EXPECT_EQ(error_of(bytes_of(header)),
            "qcow2: the header extension 0x12345678 at offset 0x80 is there a second time");
}

TEST(Qcow2HeaderTest, HoldsTheCompressionTypeAgainstItsFeature) {
  auto zstd = with<uint64_t>(72, feature_compression_type);
  zstd[104] = std::byte{1};
  auto read = parse_header(zstd, file_size);
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read->compression, Compression::zstd);
  zstd[104] = std::byte{2};
  EXPECT_EQ(error_of(zstd),
            "qcow2: the compression type at offset 0x68 is 2, and the feature 'compression type' "
            "is set; only 1 (zstd) is supported");
  EXPECT_EQ(error_of(with<uint8_t>(104, 1)),
            "qcow2: the compression type at offset 0x68 is 1, and the feature 'compression type' "
            "is not set");
}

TEST(Qcow2HeaderTest, SaysWhenAClusterIsTooSmallForAll) {
  Header header = sample();
  header.geometry.cluster_bits = 9;
  header.backing_name.assign(500, 'x');
  auto bytes = serialize_header(header);
  ASSERT_FALSE(bytes);
  EXPECT_EQ(bytes.error().message,
            "qcow2: the header with its extensions and the name of the backing file has 620 "
            "bytes, and a cluster 512");
}

// Every value of every byte of the fixed part: an error with words, or a header that is written as
// it was read.
TEST(Qcow2HeaderTest, SurvivesAnyByte) {
  const auto good = bytes_of(sample());
  for (size_t at = 0; at < Header::version_3_bytes; ++at) {
    for (unsigned value = 0; value < 256; ++value) {
      auto bytes = good;
      bytes[at] = static_cast<std::byte>(value);
      auto parsed = parse_header(bytes, file_size);
      if (!parsed) {
        EXPECT_GT(parsed.error().message.size(), 20u);
        continue;
      }
      const auto fixed = serialize_fixed_part(*parsed);
      // The rest of the padding is not ours to keep, nor the size of a name that is not there.
      if ((at >= 105 && at < 112) || (at >= 16 && at < 20))
        continue;
      EXPECT_EQ(std::memcmp(fixed.data(), bytes.data(), fixed.size()), 0) << at << " " << value;
    }
  }
}

} // namespace
} // namespace lockvet::runtime::qcow2
