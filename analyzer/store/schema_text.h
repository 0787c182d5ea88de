// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The SQL files of this folder as strings, put there by the build.

#pragma once

namespace lockvet::store {

extern const char* const kSchemaSql;
extern const char* const kIndexesSql;

} // namespace lockvet::store
