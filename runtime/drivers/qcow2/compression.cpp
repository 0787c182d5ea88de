// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "runtime/drivers/qcow2/compression.h"

#include <memory>
#include <zlib.h>
#include <zstd.h>

namespace lockvet::runtime::qcow2 {

namespace {

// Negative: a raw stream, without zlib's header. Readers in the field have windows of 4 KiB, so
// that is what is written; any window is read.
constexpr int written_window_bits = -12;
constexpr int read_window_bits = -15;
constexpr int deflate_memory_level = 9;

Bytef* zlib_bytes(const std::byte* bytes) {
  // zlib's interface has no const where it only reads.
  return const_cast<Bytef*>(reinterpret_cast<const Bytef*>(bytes));
}

std::optional<size_t> deflate_into(std::span<std::byte> to, std::span<const std::byte> cluster) {
  z_stream stream{};
  if (deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, written_window_bits,
                   deflate_memory_level, Z_DEFAULT_STRATEGY) != Z_OK)
    return std::nullopt;
  stream.next_in = zlib_bytes(cluster.data());
  stream.avail_in = static_cast<uInt>(cluster.size());
  stream.next_out = zlib_bytes(to.data());
  stream.avail_out = static_cast<uInt>(to.size());
  const int result = deflate(&stream, Z_FINISH);
  const size_t size = to.size() - stream.avail_out;
  (void)deflateEnd(&stream);
  if (result != Z_STREAM_END)
    return std::nullopt;
  return size;
}

bool inflate_into(std::span<std::byte> cluster, std::span<const std::byte> compressed) {
  z_stream stream{};
  if (inflateInit2(&stream, read_window_bits) != Z_OK)
    return false;
  stream.next_in = zlib_bytes(compressed.data());
  stream.avail_in = static_cast<uInt>(compressed.size());
  stream.next_out = zlib_bytes(cluster.data());
  stream.avail_out = static_cast<uInt>(cluster.size());
  const int result = inflate(&stream, Z_FINISH);
  const bool full = stream.avail_out == 0;
  (void)inflateEnd(&stream);
  // A stream may have an end marker that no longer has a place to be read from.
  return full && (result == Z_STREAM_END || result == Z_BUF_ERROR || result == Z_OK);
}

bool zstd_into(std::span<std::byte> cluster, std::span<const std::byte> compressed) {
  const std::unique_ptr<ZSTD_DCtx, size_t (*)(ZSTD_DCtx*)> context(ZSTD_createDCtx(),
                                                                   &ZSTD_freeDCtx);
  if (context == nullptr)
    return false;
  ZSTD_inBuffer input{compressed.data(), compressed.size(), 0};
  ZSTD_outBuffer output{cluster.data(), cluster.size(), 0};
  while (output.pos < output.size) {
    const size_t read_before = input.pos;
    const size_t written_before = output.pos;
    const size_t left = ZSTD_decompressStream(context.get(), &output, &input);
    if (ZSTD_isError(left) != 0)
      return false;
    // Neither side moves: there is nothing left to read, and the cluster is not full.
    if (input.pos == read_before && output.pos == written_before)
      return false;
  }
  return true;
}

} // namespace

std::optional<std::vector<std::byte>> compress(Compression type,
                                               std::span<const std::byte> cluster) {
  std::vector<std::byte> compressed(cluster.size() - 1);
  if (type == Compression::deflate) {
    const auto size = deflate_into(compressed, cluster);
    if (!size)
      return std::nullopt;
    compressed.resize(*size);
    return compressed;
  }
  const size_t size = ZSTD_compress(compressed.data(), compressed.size(), cluster.data(),
                                    cluster.size(), ZSTD_CLEVEL_DEFAULT);
  // No room is an error like any other.
  if (ZSTD_isError(size) != 0)
    return std::nullopt;
  compressed.resize(size);
  return compressed;
}

bool decompress(Compression type, std::span<const std::byte> compressed,
                std::span<std::byte> cluster) {
  return type == Compression::deflate ? inflate_into(cluster, compressed)
                                      : zstd_into(cluster, compressed);
}

} // namespace lockvet::runtime::qcow2
