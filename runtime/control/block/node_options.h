// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// How a node is to be, as far as it is known before it is opened: what blockdev-add, a command line
// or a configuration file says. Values that their makers own; they need no lock.

#ifndef LOCKVET_RUNTIME_CONTROL_BLOCK_NODE_OPTIONS_H
#define LOCKVET_RUNTIME_CONTROL_BLOCK_NODE_OPTIONS_H

#include "runtime/control/json/json.h"
#include "runtime/drivers/blkdebug_driver.h"
#include "runtime/drivers/file/file_driver.h"

#include <map>
#include <memory>
#include <variant>

namespace lockvet::runtime::control {

struct NodeOptions;

// What a node has for a child: a node that is there, by name; one that comes with it; or none.
struct ChildOption {
  std::string reference;
  std::shared_ptr<const NodeOptions> described;

  bool is_none() const { return reference.empty() && described == nullptr; }
};

struct FileSettings {
  std::string filename;
  FileEngine::Choice engine = FileEngine::Choice::automatic;
  bool lock = true;
  bool operator==(const FileSettings&) const = default;
};
struct NullSettings {
  // Bytes.
  uint64_t size = uint64_t{1} << 30;
  uint64_t latency_nanoseconds = 0;
  bool read_zeroes = false;
  bool operator==(const NullSettings&) const = default;
};
struct RawSettings {
  // Bytes.
  uint64_t offset = 0;
  std::optional<uint64_t> size;
  bool operator==(const RawSettings&) const = default;
};
struct Qcow2Settings {
  // Bytes.
  std::optional<uint64_t> l2_cache;
  std::optional<uint64_t> refcount_cache;
  bool operator==(const Qcow2Settings&) const = default;
};
struct ThrottleSettings {
  std::string group;
  bool operator==(const ThrottleSettings&) const = default;
};
struct BlkdebugSettings {
  struct Inject {
    std::optional<BlockEvent> event;
    BlkdebugDriver::Operation operations = BlkdebugDriver::Operation::all;
    int error_number = EIO;
    std::optional<uint64_t> sector;
    bool once = false;
    bool operator==(const Inject&) const = default;
  };
  std::vector<Inject> errors;
  bool operator==(const BlkdebugSettings&) const = default;
};
struct LogWritesSettings {
  uint32_t sector = 512;
  uint64_t superblock_interval = 4096;
  bool operator==(const LogWritesSettings&) const = default;
};

struct NodeOptions {
  using Settings = std::variant<FileSettings, NullSettings, RawSettings, Qcow2Settings,
                                ThrottleSettings, BlkdebugSettings, LogWritesSettings>;

  // As QEMU calls it: one of BlockdevDriver.
  std::string driver;
  // Empty if it may be any.
  std::string name;
  // Otherwise as its parent.
  std::optional<bool> read_only;
  std::optional<bool> auto_read_only;
  std::optional<bool> direct;
  Settings settings;
  // By the names of edges, such as "backing". Without one an image has what its header names.
  std::map<std::string, ChildOption> children;
};

// Of what conforms to BlockdevOptions. The error is a sentence.
std::expected<NodeOptions, std::string> node_options(const Json& conforming);

} // namespace lockvet::runtime::control

#endif // LOCKVET_RUNTIME_CONTROL_BLOCK_NODE_OPTIONS_H
