// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "config_file.h"

#include <fstream>
#include <iterator>
#include <yaml-cpp/yaml.h>

namespace blockd {

using namespace lockvet::runtime::control;

namespace {

// As the option of that name, one after the other.
constexpr const char* sections[] = {"object",  "blockdev", "nbd-server", "export",
                                    "chardev", "monitor",  "metrics"};
// Aliases can make a small file a large value.
constexpr size_t most_values = 100'000;
constexpr unsigned most_depth = 64;

struct Malformed {
  std::string message;
};

std::string at(const YAML::Node& node) {
  return "line " + std::to_string(node.Mark().line + 1) + ": ";
}

// All plain values become strings, from which the types of the schema are read.
Json to_json(const YAML::Node& node, size_t& values, unsigned depth) {
  if (++values > most_values || depth > most_depth)
    throw Malformed{at(node) + "there is too much in it."};
  if (node.IsScalar())
    return node.Scalar();
  Json value;
  if (node.IsSequence()) {
    value = Json::array();
    for (const YAML::Node& item : node)
      value.push_back(to_json(item, values, depth + 1));
  } else if (node.IsMap()) {
    value = Json::object();
    for (const auto& member : node) {
      if (!member.first.IsScalar())
        throw Malformed{at(member.first) + "a key has to be a plain value."};
      value[member.first.Scalar()] = to_json(member.second, values, depth + 1);
    }
  }
  return value;
}

void add_steps(const YAML::Node& section, const std::string& option, std::vector<Step>& steps) {
  size_t values = 0;
  const auto add = [&](const YAML::Node& item) {
    if (!item.IsMap())
      throw Malformed{at(item) + "'" + option + "' has to be a list of maps."};
    steps.push_back({option, {to_json(item, values, 0), JsonSource::text}});
  };
  if (section.IsMap())
    return add(section);
  if (!section.IsSequence())
    throw Malformed{at(section) + "'" + option + "' has to be a list of maps."};
  for (const YAML::Node& item : section)
    add(item);
}

std::vector<Step> parse(const std::string& text) {
  const YAML::Node root = YAML::Load(text);
  std::vector<Step> steps;
  if (root.IsNull())
    return steps;
  if (!root.IsMap())
    throw Malformed{at(root) + "the file has to be a map."};
  for (const auto& member : root)
    if (!member.first.IsScalar() || std::find(std::begin(sections), std::end(sections),
                                              member.first.Scalar()) == std::end(sections))
      throw Malformed{at(member.first) +
                      "only object, blockdev, nbd-server, export, chardev, monitor and "
                      "metrics can stand here."};
  for (const char* const option : sections)
    if (const YAML::Node section = root[option])
      add_steps(section, option, steps);
  return steps;
}

} // namespace

std::expected<std::vector<Step>, std::string> parse_config(const std::string& text,
                                                           const std::string& path) {
  // The library throws, and nobody above does.
  try {
    return parse(text);
  } catch (const Malformed& malformed) {
    return std::unexpected(path + ", " + malformed.message);
  } catch (const YAML::Exception& exception) {
    return std::unexpected(path + ", line " + std::to_string(exception.mark.line + 1) + ": " +
                           exception.msg + ".");
  }
}

std::expected<std::vector<Step>, std::string> read_config(const std::string& path) {
  std::ifstream stream(path, std::ios::binary);
  const std::string text((std::istreambuf_iterator<char>(stream)), {});
  if (!stream.is_open() || stream.bad())
    return std::unexpected("'" + path + "' can't be read.");
  return parse_config(text, path);
}

} // namespace blockd
