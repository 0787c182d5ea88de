// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "command_line.h"

#include "config_file.h"

#include <algorithm>
#include <array>
#include <iterator>

namespace blockd {

using namespace lockvet::runtime::control;

const char* const help_text =
    R"(Usage: lockvet-blockd [options]

Serves disks to NBD clients and virtual machines until it gets SIGINT or SIGTERM, or the command quit; what is in flight
then is completed, flushed and closed. The options are those of qemu-storage-daemon, as far as they
are there, and take effect in the order in which they stand. What an option is given is key=value,...
or JSON.

  --blockdev driver=DRIVER,node-name=NAME,...
                         a node of the block graph; DRIVER is one of file, host_device, raw, qcow2,
                         null-co, null-aio, throttle, blkdebug and blklogwrites
  --object KIND,id=ID,...
                         KIND is one of iothread, throttle-group, secret, tls-creds-x509 and
                         tls-creds-psk
  --nbd-server addr.type=unix,addr.path=PATH[,max-connections=N]
  --nbd-server addr.type=inet,addr.host=HOST,addr.port=PORT[,max-connections=N]
                         listen for NBD clients; tls-creds=ID has them use TLS
  --export nbd,id=ID,node-name=NODE[,name=NAME][,writable=on][,iothread=ID]
                         serve a node; iothread may be a list, as in iothread.0=a,iothread.1=b,
                         over which the connections are distributed
  --export vhost-user-blk,id=ID,node-name=NODE,addr.type=unix,addr.path=PATH[,num-queues=N]
                         serve it to a virtual machine; its queues are distributed over iothread,
                         or as iothread-vq-mapping.0.iothread=a,iothread-vq-mapping.0.vqs.0=2 says
  --chardev socket,id=ID,path=PATH,server=on[,wait=off]
  --monitor chardev=ID   take QMP at a socket
  --metrics addr=[HOST:]PORT
                         a live page at http://HOST:PORT/, and metrics for Prometheus at /metrics;
                         the host is 127.0.0.1 if it is not said
  --config FILE          the same options from a YAML file: a list of nodes under blockdev, and so on
  --pidfile PATH         write the number of the process there
  --daemonize            run in the background, when everything is set up
  --help, --version

For example:

  lockvet-blockd --blockdev driver=qcow2,node-name=disk,file.driver=file,file.filename=disk.qcow2 \
    --object iothread,id=io0 --nbd-server addr.type=unix,addr.path=/run/nbd.sock \
    --export nbd,id=export0,node-name=disk,writable=on,iothread=io0 \
    --chardev socket,id=qmp,path=/run/qmp.sock,server=on,wait=off --monitor chardev=qmp
  nbdinfo 'nbd+unix:///disk?socket=/run/nbd.sock'
)";

namespace {

struct StepKind {
  std::string_view option;
  // What the first item of an argument may leave out.
  std::string_view implied_key;
};

constexpr std::array<StepKind, 7> step_kinds = {{{"blockdev", "driver"},
                                                 {"object", "qom-type"},
                                                 {"nbd-server", ""},
                                                 {"export", "type"},
                                                 {"chardev", "backend"},
                                                 {"monitor", "chardev"},
                                                 {"metrics", "addr"}}};

const StepKind* find_kind(std::string_view option) {
  const auto* const found =
      std::find_if(step_kinds.begin(), step_kinds.end(),
                   [&](const StepKind& kind) { return kind.option == option; });
  return found == step_kinds.end() ? nullptr : found;
}

std::unexpected<std::string> wrong(std::string_view option, std::string_view what) {
  std::string text = "--";
  text += option;
  text += what;
  return std::unexpected(std::move(text));
}

} // namespace

std::expected<CommandLine, std::string> parse_command_line(std::span<char* const> arguments) {
  CommandLine line;
  for (size_t index = 0; index < arguments.size(); ++index) {
    std::string_view option = arguments[index];
    // As getopt_long_only() has them: with one dash or two, and with the value behind '='.
    if (!option.starts_with('-'))
      return std::unexpected("'" + std::string(option) + "' is no option; see --help.");
    option.remove_prefix(option.starts_with("--") ? 2 : 1);
    std::optional<std::string_view> value;
    if (const size_t equals = option.find('='); equals != std::string_view::npos) {
      value = option.substr(equals + 1);
      option = option.substr(0, equals);
    }
    if (option == "help" || option == "h" || option == "version" || option == "V") {
      line.action =
          option.starts_with('h') ? CommandLine::Action::help : CommandLine::Action::version;
      return line;
    }
    if (option == "daemonize") {
      line.daemonize = true;
      continue;
    }
    const StepKind* const kind = find_kind(option);
    if (kind == nullptr && option != "pidfile" && option != "config")
      return wrong(option, " is no option that is supported; see --help.");
    if (!value && index + 1 < arguments.size())
      value = arguments[++index];
    if (!value)
      return wrong(option, " needs a value; see --help.");
    if (option == "pidfile") {
      line.pid_file = *value;
    } else if (option == "config") {
      auto steps = read_config(std::string(*value));
      if (!steps)
        return std::unexpected(std::move(steps.error()));
      std::move(steps->begin(), steps->end(), std::back_inserter(line.steps));
    } else {
      auto argument = parse_argument(*value, kind->implied_key);
      if (!argument)
        return wrong(option, ": " + argument.error());
      line.steps.push_back({std::string(option), std::move(*argument)});
    }
  }
  return line;
}

} // namespace blockd
