// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "runtime/drivers/qcow2/backing_chain.h"

#include <algorithm>
#include <array>
#include <set>

namespace lockvet::runtime::qcow2 {

namespace {

// By what a file begins with, for an image that does not say what its backing file is.
Result<bool> LV_COROUTINE_FN co_is_image(ImageFile& file) {
  constexpr std::array magic = {std::byte{'Q'}, std::byte{'F'}, std::byte{'I'}, std::byte{0xfb}};
  std::array<std::byte, 4> start;
  if (const auto error = file.co_read(0, start))
    return failed_while("reading the start of a backing file", error);
  return start == magic;
}

std::string quoted(const std::string& name) {
  std::string text = "'";
  text += name;
  text += "'";
  return text;
}

} // namespace

// Names first, so that nothing is set up for a chain that does not end.
Result<std::vector<BackingChain::Level>> BackingChain::co_open_files(const std::string& name,
                                                                     const Opener& opener) {
  std::vector<Level> levels;
  std::set<std::string> identities;
  std::string next = name;
  std::string format = "qcow2";
  while (true) {
    if (levels.size() == most_files)
      return malformed("the chain of backing files of " + quoted(name) + " has more than " +
                       std::to_string(most_files) + " files");
    auto opened = opener(next, levels.empty() ? std::string() : levels.back().name);
    if (!opened)
      return std::unexpected(opened.error());
    if (!identities.insert(opened->identity).second)
      return malformed("the chain of backing files of " + quoted(name) + " comes back to " +
                       quoted(opened->identity) + " at its file " + std::to_string(levels.size()));
    levels.push_back({next, std::move(opened->file)});
    ImageFile& file = *levels.back().file;
    if (format.empty()) {
      const auto is_image = co_is_image(file);
      if (!is_image)
        return std::unexpected(is_image.error());
      format = *is_image ? "qcow2" : "raw";
    }
    if (format == "raw") {
      levels.back().is_image = false;
      return levels;
    }
    if (format != "qcow2")
      return fail(std::errc::not_supported, "the backing file " + quoted(next) +
                                                " has the format " + quoted(format) +
                                                ", which is not supported");
    const auto header = co_read_header(file);
    if (!header)
      return fail(header.error().code, quoted(next) + ": " + header.error().message);
    if (header->backing_name.empty())
      return levels;
    next = header->backing_name;
    format = header->backing_format();
  }
}

Result<BackingChain> BackingChain::co_open(const std::string& name, const Opener& opener,
                                           OpenOptions options) {
  auto levels = co_open_files(name, opener);
  if (!levels)
    return std::unexpected(levels.error());
  ImageFile* below = nullptr;
  for (auto level = levels->rbegin(); level != levels->rend(); ++level) {
    const bool is_top = std::next(level) == levels->rend();
    if (!level->is_image) {
      below = level->file.get();
      continue;
    }
    OpenOptions own = options;
    own.backing = below;
    own.writable = is_top && options.writable;
    auto image = Image::co_open(*level->file, own);
    if (!image)
      return fail(image.error().code, quoted(level->name) + ": " + image.error().message);
    level->image = std::move(*image);
    below = level->image.get();
  }
  BackingChain chain;
  chain.levels_ = std::move(*levels);
  return chain;
}

} // namespace lockvet::runtime::qcow2
