// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "daemon_options.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <initializer_list>
#include <string_view>

namespace storage_daemon {

const char* const help_text =
    R"(Usage: storage_daemon --export NAME=SOURCE...
                      (--socket PATH | --port PORT | --vhost-user NAME=PATH)... [options]

Serves disks to NBD clients and virtual machines until it gets SIGINT or SIGTERM; what is in flight
then is completed.

  --export NAME=SOURCE   a disk and its name; SOURCE is one of
                           FILE         a file or block device, as it is
                           qcow2:FILE   the disk in a qcow2 image, with its backing files
                           memory:SIZE  memory, which is gone at the end
                           null:SIZE    zeroes, and what is written is forgotten
                         SIZE may end in K, M, G or T. Can be given several times.
  --socket PATH          listen there
  --port PORT            listen at a port of TCP, or at any that is free if it is 0
  --host HOST            the address for --port (default: localhost)
  --vhost-user NAME=PATH serve the disk of that name to a virtual machine that connects there, by
                         vhost-user-blk. Can be given several times.
  --queues N             of each such disk (default: 1)
  --threads N            threads that serve connections and queues, in turn (default: 1)
  --read-only            take no writes
  --help                 this text

Clients then connect with, for example:

  nbdinfo 'nbd+unix:///NAME?socket=PATH'
  nbdcopy disk.img 'nbd+unix:///NAME?socket=PATH'
  qemu-system-x86_64 -object memory-backend-memfd,id=ram,size=1G,share=on \
    -machine q35,memory-backend=ram -m 1G -chardev socket,id=disk,path=PATH,reconnect=1 \
    -device vhost-user-blk-pci,chardev=disk,num-queues=N ...
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

std::expected<NamedOption, std::string> parse_named(std::string_view option, std::string_view value,
                                                    std::string_view wanted) {
  const size_t equals = value.find('=');
  if (equals == std::string_view::npos || equals + 1 == value.size())
    return wrong(option, value, wanted);
  return NamedOption{std::string(value.substr(0, equals)), std::string(value.substr(equals + 1))};
}

// A number from 1 to 256.
std::expected<unsigned, std::string> parse_count(std::string_view option, std::string_view value) {
  const auto count = parse_number<unsigned>(value);
  if (!count || *count == 0 || *count > 256)
    return wrong(option, value, "a number from 1 to 256");
  return *count;
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
    constexpr std::array<std::string_view, 7> with_values{
        "--export", "--socket", "--port", "--host", "--threads", "--vhost-user", "--queues"};
    if (std::ranges::find(with_values, option) == with_values.end())
      return std::unexpected(joined({"'", option, "' is no option; see --help."}));
    if (index + 1 == arguments.size())
      return std::unexpected(joined({option, " needs a value; see --help."}));
    const std::string_view value = arguments[++index];
    if (option == "--export") {
      auto named = parse_named(option, value, "NAME=SOURCE");
      if (!named)
        return std::unexpected(std::move(named.error()));
      options.exports.push_back({std::move(named->name), std::move(named->value)});
    } else if (option == "--vhost-user") {
      auto named = parse_named(option, value, "NAME=PATH");
      if (!named)
        return std::unexpected(std::move(named.error()));
      options.vhost_user.push_back(std::move(*named));
    } else if (option == "--socket") {
      options.socket_path = value;
    } else if (option == "--host") {
      options.host = value;
    } else if (option == "--port") {
      options.port = parse_number<uint16_t>(value);
      if (!options.port)
        return wrong(option, value, "a number up to 65535");
    } else {
      const auto count = parse_count(option, value);
      if (!count)
        return std::unexpected(count.error());
      (option == "--threads" ? options.threads : options.queues) = *count;
    }
  }
  if (options.exports.empty())
    return std::unexpected("there is nothing to serve: --export NAME=SOURCE is missing.");
  if (options.socket_path.empty() && !options.port && options.vhost_user.empty())
    return std::unexpected("there is nowhere to listen: --socket PATH or --port PORT is missing.");
  return options;
}

} // namespace storage_daemon
