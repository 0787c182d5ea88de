// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "disks.h"

#include "runtime/drivers/file/file_driver.h"
#include "runtime/drivers/qcow2/backing_chain.h"
#include "runtime/export/backend_device.h"
#include "runtime/export/memory_device.h"
#include "runtime/export/null_device.h"

#include <filesystem>
#include <sys/stat.h>

namespace storage_daemon {

using namespace lockvet::runtime;

namespace {

constexpr std::string_view image_prefix = "qcow2:";

std::unexpected<std::string> no_size(const std::string& source) {
  return std::unexpected("'" + source + "' has no size such as 512, 64K, 10M, 2G or 1T.");
}

// A device that needs no graph, or nullptr.
std::expected<std::unique_ptr<ExportedDevice>, std::string> open_device(const std::string& source) {
  for (const std::string_view kind : {"memory:", "null:"}) {
    if (!source.starts_with(kind))
      continue;
    const auto size = parse_size(std::string_view(source).substr(kind.size()));
    if (!size)
      return no_size(source);
    if (kind == "null:")
      return std::make_unique<NullDevice>(*size);
    auto memory = MemoryDevice::create(*size);
    if (!memory)
      return std::unexpected("no memory for '" + source + "': " + memory.error().message());
    return std::move(*memory);
  }
  return nullptr;
}

// The same for all names of a file, while it is there.
std::string identity_of(const std::filesystem::path& path) {
  struct stat status{};
  if (stat(path.c_str(), &status) != 0)
    return path.string();
  return "file " + std::to_string(status.st_ino) + " of device " + std::to_string(status.st_dev);
}

} // namespace

Disks::~Disks() {
  MainLoop::assert_here();
  (void)close();
}

std::expected<ExportedDevice*, std::string> Disks::open(const ExportOption& option,
                                                        bool read_only) {
  auto device = open_device(option.source);
  if (!device)
    return std::unexpected(std::move(device.error()));
  if (*device != nullptr) {
    disks_.push_back({nullptr, std::move(*device)});
    return disks_.back().device.get();
  }
  const auto node = add_nodes(option, read_only);
  if (!node)
    return std::unexpected(node.error().message);
  const Permission used =
      read_only ? Permission::consistent_read : Permission::consistent_read | Permission::write;
  BlockBackend::Options options{
      .permissions = {used, without(Permission::all, Permission::resize)}};
  auto backend = std::make_unique<BlockBackend>(option.name, options);
  auto exported = std::make_unique<BackendDevice>(*backend, read_only);
  disks_.push_back({std::move(backend), std::move(exported), *node});
  if (auto inserted = disks_.back().backend->insert(**node); !inserted)
    return std::unexpected(inserted.error().message);
  return disks_.back().device.get();
}

GraphResult<Node*> Disks::add_nodes(const ExportOption& option, bool read_only) {
  // Names of nodes are the daemon's own business, so that those of exports may be any.
  const std::string name = "disk" + std::to_string(disks_.size());
  const auto open_file = [this](const std::string& path, const std::string& relative_to,
                                bool writable) -> GraphResult<qcow2::OpenedFile> {
    const auto whole = std::filesystem::path(relative_to).parent_path() / path;
    auto driver = FileDriver::open(whole, {.read_only = !writable}, pool_);
    if (!driver)
      return std::unexpected(std::move(driver.error()));
    return qcow2::OpenedFile{std::move(*driver), whole, identity_of(whole)};
  };
  if (option.source.starts_with(image_prefix))
    return qcow2::open_chain({graph_, context_, name}, option.source.substr(image_prefix.size()),
                             open_file, {.writable = !read_only});
  auto opened = open_file(option.source, "", !read_only);
  if (!opened)
    return std::unexpected(std::move(opened.error()));
  return graph_.add(name, std::move(opened->driver), context_);
}

std::string Disks::close() {
  std::string problem;
  for (Disk& disk : disks_) {
    if (disk.node == nullptr)
      continue;
    auto closed = disk.backend->remove();
    if (closed)
      closed = qcow2::close_chain(graph_, *disk.node);
    if (!closed && problem.empty())
      problem = closed.error().message;
  }
  disks_.clear();
  return problem;
}

} // namespace storage_daemon
