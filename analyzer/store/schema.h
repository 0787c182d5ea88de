// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The schema's text (schema.sql, indexes.sql), and the question whether a file has it. Stateless;
// the schema is a public interface, documented in docs/schema.md.

#pragma once

#include "analyzer/store/connection.h"
#include "llvm/Support/Error.h"

#include <cstdint>

namespace lockvet::store {

/// Raised with every change of schema.sql. A store of another version is not converted: it can be
/// made again from the sources.
inline constexpr int32_t kSchemaVersion = 1;

/// "LkVt": marks a SQLite file as a Lockvet store.
inline constexpr int32_t kApplicationId = 0x4c6b5674;

/// The sentence about files that are no SQLite file, or cut short. Looks at the bytes, since
/// SQLite itself notices a missing tail only when it first needs it.
llvm::Error checkFileShape(llvm::StringRef path);

/// Makes the schema in an empty file, in one transaction; leaves a store as it is.
llvm::Error createSchema(Connection& connection);

/// Says what is wrong with a file that is not a whole store of this version.
llvm::Error checkSchema(Connection& connection);

/// For readers: the error if the facts are another version's (facts::kFactsVersion), whose bytes
/// mean something else.
llvm::Error checkFactsVersion(Connection& connection);

/// For the indexer: empties a store of other facts, so that all units are parsed again.
llvm::Error renewFacts(Connection& connection);

/// Makes the readers' indexes where they are missing.
llvm::Error createIndexes(Connection& connection);

} // namespace lockvet::store
