// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "runtime/drivers/qcow2/backing_name.h"

#include "runtime/drivers/qcow2/header_switch.h"

#include <algorithm>

namespace lockvet::runtime::qcow2 {

namespace {

void set_format(std::vector<HeaderExtension>& extensions, const std::string& format) {
  const auto found =
      std::ranges::find(extensions, HeaderExtension::backing_format, &HeaderExtension::type);
  HeaderExtension extension = string_extension(HeaderExtension::backing_format, format);
  if (found != extensions.end())
    *found = std::move(extension);
  else if (!format.empty())
    extensions.insert(extensions.begin(), std::move(extension));
}

} // namespace

std::error_code co_change_backing_name(ImageState& state, const BackingFileName& to) {
  if (to.name.size() > most_backing_name_bytes)
    return std::make_error_code(std::errc::filename_too_long);
  Header changed = state.header;
  changed.backing_name = to.name;
  if (!to.name.empty())
    set_format(changed.extensions, to.format);
  return co_switch_header(state, std::move(changed));
}

} // namespace lockvet::runtime::qcow2
