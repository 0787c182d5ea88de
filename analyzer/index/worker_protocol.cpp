// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/index/worker_protocol.h"

#include "analyzer/facts/bytes.h"
#include "llvm/Support/Endian.h"

#include <cerrno>
#include <sys/socket.h>

namespace lockvet::index {
namespace {

constexpr size_t kLengthSize = sizeof(uint32_t);

bool sendAll(int fd, const char* bytes, size_t size) {
  while (size != 0) {
    const ssize_t sent = send(fd, bytes, size, MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR)
      continue;
    if (sent <= 0)
      return false;
    bytes += sent;
    size -= static_cast<size_t>(sent);
  }
  return true;
}

bool receiveAll(int fd, char* bytes, size_t size) {
  while (size != 0) {
    const ssize_t got = recv(fd, bytes, size, 0);
    if (got < 0 && errno == EINTR)
      continue;
    if (got <= 0)
      return false;
    bytes += got;
    size -= static_cast<size_t>(got);
  }
  return true;
}

} // namespace

std::string serialize(const Job& job) {
  facts::Encoder out;
  out.bytes(job.directory);
  out.bytes(job.file);
  out.number(job.arguments.size());
  for (const std::string& argument : job.arguments)
    out.bytes(argument);
  out.number(job.send_all);
  return out.take();
}

llvm::Expected<Job> parseJob(llvm::StringRef bytes) {
  facts::Decoder in(bytes);
  in.readTable();
  Job job;
  job.directory = in.bytes().str();
  job.file = in.bytes().str();
  for (size_t left = in.count(1); left != 0 && !in.failed(); --left)
    job.arguments.push_back(in.bytes().str());
  job.send_all = in.flag();
  if (llvm::Error error = in.finish("job"))
    return error;
  return job;
}

bool writeFrame(int fd, llvm::StringRef payload) {
  char length[kLengthSize];
  llvm::support::endian::write32le(length, static_cast<uint32_t>(payload.size()));
  return payload.size() <= UINT32_MAX && sendAll(fd, length, sizeof length) &&
         sendAll(fd, payload.data(), payload.size());
}

std::optional<std::string> readFrame(int fd) {
  char length[kLengthSize];
  if (!receiveAll(fd, length, sizeof length))
    return std::nullopt;
  std::string payload(llvm::support::endian::read32le(length), '\0');
  if (!receiveAll(fd, payload.data(), payload.size()))
    return std::nullopt;
  return payload;
}

bool FrameBuffer::fill(int fd) {
  char chunk[1 << 16];
  while (true) {
    const ssize_t got = recv(fd, chunk, sizeof chunk, MSG_DONTWAIT);
    if (got > 0) {
      bytes_.append(chunk, static_cast<size_t>(got));
      continue;
    }
    if (got == 0)
      return false;
    if (errno != EINTR)
      return errno == EAGAIN;
  }
}

std::optional<std::string> FrameBuffer::take() {
  if (bytes_.size() < kLengthSize)
    return std::nullopt;
  const size_t size = llvm::support::endian::read32le(bytes_.data());
  if (bytes_.size() < kLengthSize + size)
    return std::nullopt;
  std::string payload = bytes_.substr(kLengthSize, size);
  bytes_.erase(0, kLengthSize + size);
  return payload;
}

} // namespace lockvet::index
