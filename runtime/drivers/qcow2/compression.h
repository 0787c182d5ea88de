// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Compressed clusters: raw deflate streams and zstd frames. Functions without state, which need no
// lock; they take the processor for as long as a cluster takes.

#ifndef LOCKVET_RUNTIME_DRIVERS_QCOW2_COMPRESSION_H
#define LOCKVET_RUNTIME_DRIVERS_QCOW2_COMPRESSION_H

#include "runtime/drivers/qcow2/header.h"

#include <optional>

namespace lockvet::runtime::qcow2 {

// Nothing if it does not get smaller than the cluster.
std::optional<std::vector<std::byte>> compress(Compression type,
                                               std::span<const std::byte> cluster);

// Fills `cluster`; what follows the data in `compressed` is not looked at. False if the data is
// damaged or ends before the cluster is full.
bool decompress(Compression type, std::span<const std::byte> compressed,
                std::span<std::byte> cluster);

} // namespace lockvet::runtime::qcow2

#endif // LOCKVET_RUNTIME_DRIVERS_QCOW2_COMPRESSION_H
