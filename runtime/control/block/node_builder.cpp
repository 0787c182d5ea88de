// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "runtime/control/block/node_builder.h"

#include "runtime/drivers/blklogwrites_driver.h"
#include "runtime/drivers/null_driver.h"
#include "runtime/drivers/qcow2/backing_chain.h"
#include "runtime/drivers/raw_driver.h"
#include "runtime/drivers/throttle_driver.h"
#include "runtime/graph/transaction.h"

#include <array>
#include <filesystem>
#include <fstream>
#include <sys/stat.h>

namespace lockvet::runtime::control {

namespace {

using qcow2::ImageDriver;

template <typename... Cases> struct Match : Cases... {
  using Cases::operator()...;
};

// The same for all names of a file, while it is there.
std::string identity_of(const std::string& path) {
  struct stat status{};
  if (stat(path.c_str(), &status) != 0)
    return path;
  return std::to_string(status.st_dev) + " " + std::to_string(status.st_ino);
}

// By what it begins with, where nobody says what it is.
bool LV_NO_COROUTINE_FN begins_as_image(const std::string& path) {
  std::array<char, 4> start{};
  std::ifstream(path, std::ios::binary).read(start.data(), start.size());
  return start == std::array{'Q', 'F', 'I', '\xfb'};
}

EdgeRole role_of(const std::string& name, const NodeOptions& options) {
  if (name == "backing")
    return EdgeRole::copy_on_write;
  if (name == BlkLogWritesDriver::log_name)
    return EdgeRole::data;
  return options.driver == "qcow2" ? EdgeRole::data | EdgeRole::metadata : EdgeRole::filtered;
}

std::unique_ptr<Driver> make_blkdebug(const BlkdebugSettings& settings) {
  auto driver = std::make_unique<BlkdebugDriver>();
  for (const BlkdebugSettings::Inject& inject : settings.errors) {
    BlkdebugDriver::Rule rule{.operations = inject.operations,
                              .event = inject.event,
                              .once = inject.once,
                              .error = {inject.error_number, std::generic_category()}};
    if (inject.sector) {
      rule.offset = *inject.sector * 512;
      rule.size = 512;
    }
    driver->add_rule(rule);
  }
  return driver;
}

qcow2::MetadataOptions metadata_options(const Qcow2Settings& settings, bool writable) {
  qcow2::MetadataOptions options{.writable = writable};
  options.l2_cache_bytes = settings.l2_cache.value_or(options.l2_cache_bytes);
  options.refcount_cache_bytes = settings.refcount_cache.value_or(options.refcount_cache_bytes);
  return options;
}

// As QEMU's id_wellformed() (util/id.c).
bool is_well_formed(std::string_view name) {
  const auto is_letter = [](char byte) {
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
  };
  if (name.empty() || name.size() > 31 || !is_letter(name.front()))
    return false;
  for (const char byte : name)
    if (!is_letter(byte) && !(byte >= '0' && byte <= '9') && byte != '-' && byte != '.' &&
        byte != '_')
      return false;
  return true;
}

} // namespace

NodeBuilder::~NodeBuilder() {
  MainLoop::assert_here();
  nodes_.home_.assert_home();
  // What has no parents first, so that the others lose theirs.
  for (bool removed = true; removed;) {
    removed = false;
    for (size_t number = made_.size(); number-- > 0;) {
      Node& node = *made_[number];
      // What is open here has not been written to.
      if (auto* const image = dynamic_cast<ImageDriver*>(&node.driver()))
        if (!image->close())
          continue;
      if (!nodes_.graph_.remove(node))
        continue;
      nodes_.known_.erase(&node);
      made_.erase(made_.begin() + static_cast<ptrdiff_t>(number));
      removed = true;
    }
  }
}

GraphResult<Node*> NodeBuilder::build(const NodeOptions& options, const Inherited& from) {
  Inherited own = from;
  own.read_only = options.read_only.value_or(from.read_only);
  own.auto_read_only = options.auto_read_only.value_or(from.auto_read_only);
  own.direct = options.direct.value_or(from.direct);
  const std::string name = options.name.empty() ? nodes_.made_up_name() : options.name;
  if (!options.name.empty() && !is_well_formed(name))
    return graph_error(std::errc::invalid_argument,
                       "'" + name +
                           "' can't be the name of a node: it has up to 31 letters, digits, '-', "
                           "'.' and '_', and begins with a letter.");
  // Before a file is opened that somebody else may have locked.
  if (nodes_.graph_.find(name) != nullptr)
    return graph_error(std::errc::file_exists, "there is a node '" + name + "' already.");
  auto driver = make_driver(options, own);
  if (!driver)
    return std::unexpected(std::move(driver.error()));
  auto* const image = dynamic_cast<ImageDriver*>(driver->get());
  auto added = nodes_.graph_.add(name, std::move(*driver), nodes_.home_);
  if (!added)
    return added;
  made_.push_back(*added);
  nodes_.home_.assert_home();
  nodes_.known_[*added] = {.options = options, .read_only = own.read_only};
  auto done = image != nullptr ? open_image(**added, *image, options, own)
                               : add_children(**added, options, own);
  if (!done)
    return std::unexpected(std::move(done.error()));
  return *added;
}

GraphResult<std::unique_ptr<Driver>> NodeBuilder::make_driver(const NodeOptions& options,
                                                              Inherited& own) {
  using Made = GraphResult<std::unique_ptr<Driver>>;
  return std::visit(
      Match{
          [&](const FileSettings& settings)
              LV_REQUIRES(lockvet_main_loop) { return open_file(settings, own); },
          [](const NullSettings& settings) -> Made {
            return std::make_unique<NullDriver>(NullDriver::Options{
                settings.size, std::chrono::nanoseconds(settings.latency_nanoseconds),
                settings.read_zeroes});
          },
          [](const RawSettings& settings) -> Made {
            return std::make_unique<RawDriver>(RawDriver::Options{settings.offset, settings.size});
          },
          [&](const Qcow2Settings& settings) -> Made {
            return std::make_unique<ImageDriver>(metadata_options(settings, !own.read_only));
          },
          [&](const ThrottleSettings& settings) LV_REQUIRES(lockvet_main_loop) -> Made {
            auto group = nodes_.objects_.throttle_group(settings.group);
            if (!group)
              return std::unexpected(std::move(group.error()));
            return std::make_unique<ThrottleDriver>(std::move(*group));
          },
          [](const BlkdebugSettings& settings) -> Made { return make_blkdebug(settings); },
          [](const LogWritesSettings& settings) -> Made {
            return std::make_unique<BlkLogWritesDriver>(
                BlkLogWritesDriver::Options{settings.sector, settings.superblock_interval});
          },
      },
      options.settings);
}

GraphResult<std::unique_ptr<Driver>> NodeBuilder::open_file(const FileSettings& settings,
                                                            Inherited& own) {
  FileDriver::Options file{.read_only = own.read_only,
                           .direct = own.direct,
                           .lock = settings.lock,
                           .engine = settings.engine};
  auto driver = FileDriver::open(settings.filename, file, nodes_.pool_);
  if (!driver && own.auto_read_only && !own.read_only &&
      (driver.error().code == std::errc::permission_denied ||
       driver.error().code == std::errc::read_only_file_system)) {
    own.read_only = file.read_only = true;
    driver = FileDriver::open(settings.filename, file, nodes_.pool_);
  }
  if (!driver)
    return std::unexpected(std::move(driver.error()));
  return std::move(*driver);
}

GraphResult<> NodeBuilder::add_children(Node& node, const NodeOptions& options,
                                        const Inherited& own) {
  for (const auto& [name, child] : options.children)
    if (auto added = add_child(node, name, child, own); !added)
      return added;
  return {};
}

GraphResult<> NodeBuilder::add_child(Node& node, const std::string& name, const ChildOption& option,
                                     const Inherited& own) {
  if (option.is_none())
    return {};
  auto child =
      option.described != nullptr ? build(*option.described, own) : nodes_.find(option.reference);
  if (!child)
    return std::unexpected(std::move(child.error()));
  Transaction transaction;
  transaction.attach(node, name, role_of(name, nodes_.options_of(node)), **child);
  return transaction.commit();
}

GraphResult<> NodeBuilder::open_image(Node& node, ImageDriver& driver, const NodeOptions& options,
                                      const Inherited& own) {
  if (auto added = add_child(node, "file", options.children.at("file"), own); !added)
    return added;
  Inherited below = own;
  below.read_only = true;
  const auto backing = options.children.find("backing");
  if (backing != options.children.end()) {
    if (auto added = add_child(node, "backing", backing->second, below); !added)
      return added;
    return driver.open();
  }
  const auto header = driver.read_header();
  if (!header)
    return std::unexpected(header.error());
  if (!header->backing_name.empty()) {
    auto named = named_backing(node, *header, own.level);
    if (!named)
      return std::unexpected(std::move(named.error()));
    ++below.level;
    const ChildOption child{{}, std::make_shared<const NodeOptions>(std::move(*named))};
    if (auto added = add_child(node, "backing", child, below); !added)
      return added;
  }
  return driver.open();
}

GraphResult<NodeOptions> NodeBuilder::named_backing(Node& image, const qcow2::Header& header,
                                                    size_t level) {
  const std::string above = path_below(image);
  if (above.empty())
    return graph_error(std::errc::invalid_argument,
                       image.describe() + " names the backing file '" + header.backing_name +
                           "', and is in no file that it could be beside: say 'backing'.");
  identities_.insert(identity_of(above));
  const std::string path =
      (std::filesystem::path(above).parent_path() / header.backing_name).string();
  if (level + 1 >= qcow2::most_files_in_chain)
    return graph_error(std::errc::invalid_argument,
                       "the chain of backing files of '" + above + "' has more than " +
                           std::to_string(qcow2::most_files_in_chain) + " files.");
  if (!identities_.insert(identity_of(path)).second)
    return graph_error(std::errc::invalid_argument,
                       "the chain of backing files comes back to '" + path + "'.");
  std::string format = header.backing_format();
  if (format.empty())
    format = begins_as_image(path) ? "qcow2" : "raw";
  NodeOptions options;
  options.driver = format;
  options.read_only = true;
  if (format == "qcow2")
    options.settings = Qcow2Settings{};
  else if (format == "raw")
    options.settings = RawSettings{};
  else
    return graph_error(std::errc::not_supported, "the backing file '" + path +
                                                     "' has the format '" + format +
                                                     "', which is not supported.");
  NodeOptions file;
  file.driver = "file";
  file.settings = FileSettings{.filename = path};
  options.children["file"] = {{}, std::make_shared<const NodeOptions>(std::move(file))};
  return options;
}

std::string NodeBuilder::path_below(Node& node) const {
  const MainGraphReadLock lock;
  for (const Node* at = &node;;) {
    if (const auto* const file = std::get_if<FileSettings>(&nodes_.options_of(*at).settings))
      return file->filename;
    const Edge* const edge = at->child("file");
    if (edge == nullptr)
      return {};
    at = &edge->child();
  }
}

} // namespace lockvet::runtime::control
