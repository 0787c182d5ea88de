// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The feature bits of a version 3 header, and their names: those that the specification gives, and
// those that an image brings along in its feature name table. Values; they need no lock.

#ifndef LOCKVET_RUNTIME_DRIVERS_QCOW2_FEATURES_H
#define LOCKVET_RUNTIME_DRIVERS_QCOW2_FEATURES_H

#include "runtime/drivers/qcow2/error.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace lockvet::runtime::qcow2 {

// Bits of the incompatible features.
inline constexpr uint64_t feature_dirty = 1u << 0;
inline constexpr uint64_t feature_corrupt = 1u << 1;
inline constexpr uint64_t feature_external_data = 1u << 2;
inline constexpr uint64_t feature_compression_type = 1u << 3;
inline constexpr uint64_t feature_extended_l2 = 1u << 4;

// Bits of the compatible features.
inline constexpr uint64_t feature_lazy_refcounts = 1u << 0;

// Bits of the features that whoever writes without knowing them clears.
inline constexpr uint64_t feature_bitmaps = 1u << 0;
inline constexpr uint64_t feature_raw_external_data = 1u << 1;

inline constexpr uint64_t supported_incompatible_features =
    feature_dirty | feature_corrupt | feature_compression_type;

struct FeatureName {
  enum class Kind : uint8_t { incompatible, compatible, autoclear };

  Kind kind;
  uint8_t bit;
  std::string name;
};

// The names that the specification gives.
std::vector<FeatureName> known_feature_names();

// The payload of a feature name table, and back.
Result<std::vector<FeatureName>> parse_feature_names(std::span<const std::byte> payload);
std::vector<std::byte> serialize_feature_names(std::span<const FeatureName> names);

// An error that names each incompatible feature that is set and not supported: by the
// specification, else by the image's own table, else by its bit.
Result<> refuse_unsupported(uint64_t incompatible, std::span<const FeatureName> names_in_image);

} // namespace lockvet::runtime::qcow2

#endif // LOCKVET_RUNTIME_DRIVERS_QCOW2_FEATURES_H
