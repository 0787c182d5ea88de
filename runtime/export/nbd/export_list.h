// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The devices that a server offers, and under which names. Whoever starts the server fills it in
// before, and keeps it and the devices as long as the server runs; nobody changes it meanwhile, so
// that any thread may look things up without a lock.

#ifndef LOCKVET_RUNTIME_EXPORT_NBD_EXPORT_LIST_H
#define LOCKVET_RUNTIME_EXPORT_NBD_EXPORT_LIST_H

#include "runtime/export/exported_device.h"

#include <string>
#include <string_view>
#include <vector>

namespace lockvet::runtime::nbd {

struct Export {
  std::string name;
  std::string description;
  ExportedDevice* device = nullptr;
  // Beside what the device says.
  bool read_only = false;

  bool is_read_only() const noexcept { return read_only || device->read_only(); }
  // Without the rest behind the last whole block, which no request could reach.
  uint64_t size() const noexcept;
  // What is offered to a client that has, or has not, negotiated structured replies.
  uint16_t transmission_flags(bool structured) const noexcept;
};

class ExportList {
public:
  // Not added, and what is wrong with it: a name or description that is too long or no valid UTF-8,
  // or a name that is taken.
  std::string add(Export added);

  // The empty name is the only export's, if there is only one. nullptr if there is none.
  const Export* find(std::string_view name) const noexcept;
  const std::vector<Export>& all() const noexcept { return exports_; }

  // Has every device look at its size, before a client is told of any.
  void LV_COROUTINE_FN co_update_sizes() const;

private:
  std::vector<Export> exports_;
};

} // namespace lockvet::runtime::nbd

#endif // LOCKVET_RUNTIME_EXPORT_NBD_EXPORT_LIST_H
