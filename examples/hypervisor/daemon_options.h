// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the command line of the storage daemon says. A value, made before anything runs; it needs no
// lock.

#ifndef LOCKVET_EXAMPLES_HYPERVISOR_DAEMON_OPTIONS_H
#define LOCKVET_EXAMPLES_HYPERVISOR_DAEMON_OPTIONS_H

#include <cstdint>
#include <expected>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace storage_daemon {

struct ExportOption {
  std::string name;
  // A path, alone or after "qcow2:", or "memory:SIZE" or "null:SIZE".
  std::string source;
};

// As on the command line: NAME=VALUE.
struct NamedOption {
  std::string name;
  std::string value;
};

struct Options {
  bool help = false;
  bool read_only = false;
  std::vector<ExportOption> exports;
  std::string socket_path;
  std::string host = "localhost";
  std::optional<uint16_t> port;
  // The name of an export, and the path of a socket for virtual machines.
  std::vector<NamedOption> vhost_user;
  unsigned queues = 1;
  unsigned threads = 1;
};

extern const char* const help_text;

// The error is a sentence.
std::expected<Options, std::string> parse_options(std::span<char* const> arguments);

// Such as 512, 64K, 10M, 2G, 1T.
std::optional<uint64_t> parse_size(std::string_view text);

} // namespace storage_daemon

#endif // LOCKVET_EXAMPLES_HYPERVISOR_DAEMON_OPTIONS_H
