// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "daemon_options.h"

#include <charconv>
#include <initializer_list>
#include <string_view>

namespace storage_daemon {

const char* const help_text =
    R"(Usage: storage_daemon --export NAME=SOURCE... (--socket PATH | --port PORT)... [options]

Serves disks to NBD clients until it gets SIGINT or SIGTERM; what is in flight then is completed.

  --export NAME=SOURCE   a disk and its name; SOURCE is one of
                           FILE         a file or block device, as it is
                           qcow2:FILE   the disk in a qcow2 image, with its backing files
                           memory:SIZE  memory, which is gone at the end
                           null:SIZE    zeroes, and what is written is forgotten
                         SIZE may end in K, M, G or T. Can be given several times.
  --socket PATH          listen there
  --port PORT            listen at a port of TCP, or at any that is free if it is 0
  --host HOST            the address for --port (default: localhost)
  --threads N            threads that serve connections, in turn (default: 1)
  --read-only            take no writes
  --help                 this text

Clients then connect with, for example:

  nbdinfo 'nbd+unix:///NAME?socket=PATH'
  nbdcopy disk.img 'nbd+unix:///NAME?socket=PATH'
)";

namespace {

template <typename Number> std::optional<Number> parse_number(std::string_view text) {
  Number number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size())
    return std::nullopt;
  return number;
}

// By appending: g++ 12 warns of overlaps that there are not where temporaries are added to.
std::string joined(std::initializer_list<std::string_view> parts) {
  std::string text;
  for (const std::string_view part : parts)
    text += part;
  return text;
}

std::unexpected<std::string> wrong(std::string_view option, std::string_view value,
                                   std::string_view wanted) {
  return std::unexpected(
      joined({"'", value, "' is no value for ", option, ", which takes ", wanted, "."}));
}

} // namespace

std::optional<uint64_t> parse_size(std::string_view text) {
  constexpr std::string_view units = "KMGT";
  unsigned shift = 0;
  if (!text.empty()) {
    const size_t unit = units.find(text.back());
    if (unit != std::string_view::npos) {
      shift = 10 * (static_cast<unsigned>(unit) + 1);
      text.remove_suffix(1);
    }
  }
  const auto number = parse_number<uint64_t>(text);
  // As far as offsets of files go.
  if (!number || *number > (uint64_t{1} << 62) >> shift)
    return std::nullopt;
  return *number << shift;
}

std::expected<Options, std::string> parse_options(std::span<char* const> arguments) {
  Options options;
  for (size_t index = 0; index < arguments.size(); ++index) {
    const std::string_view option = arguments[index];
    if (option == "--help" || option == "-h") {
      options.help = true;
      return options;
    }
    if (option == "--read-only") {
      options.read_only = true;
      continue;
    }
    if (option != "--export" && option != "--socket" && option != "--port" && option != "--host" &&
        option != "--threads")
      return std::unexpected(joined({"'", option, "' is no option; see --help."}));
    if (index + 1 == arguments.size())
      return std::unexpected(joined({option, " needs a value; see --help."}));
    const std::string_view value = arguments[++index];
    if (option == "--export") {
      const size_t equals = value.find('=');
      if (equals == std::string_view::npos || equals + 1 == value.size())
        return wrong(option, value, "NAME=SOURCE");
      options.exports.push_back(
          {std::string(value.substr(0, equals)), std::string(value.substr(equals + 1))});
    } else if (option == "--socket") {
      options.socket_path = value;
    } else if (option == "--host") {
      options.host = value;
    } else if (option == "--port") {
      options.port = parse_number<uint16_t>(value);
      if (!options.port)
        return wrong(option, value, "a number up to 65535");
    } else {
      const auto threads = parse_number<unsigned>(value);
      if (!threads || *threads == 0 || *threads > 256)
        return wrong(option, value, "a number from 1 to 256");
      options.threads = *threads;
    }
  }
  if (options.exports.empty())
    return std::unexpected("there is nothing to serve: --export NAME=SOURCE is missing.");
  if (options.socket_path.empty() && !options.port)
    return std::unexpected("there is nowhere to listen: --socket PATH or --port PORT is missing.");
  return options;
}

} // namespace storage_daemon
