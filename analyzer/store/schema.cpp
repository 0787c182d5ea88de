// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/store/schema.h"

#include "analyzer/facts/serialize.h"
#include "analyzer/store/schema_text.h"
#include "llvm/ADT/ScopeExit.h"
#include "llvm/Support/Endian.h"
#include "llvm/Support/FileSystem.h"

#include <string>

namespace lockvet::store {
namespace {

llvm::Error say(llvm::StringRef path, const std::string& sentence) {
  return llvm::createStringError("the store '" + path.str() + "' " + sentence);
}

llvm::Error sayTruncated(llvm::StringRef path, uint64_t size, uint64_t expected) {
  return say(path, "is cut short: it has " + std::to_string(size) + " of " +
                       std::to_string(expected) +
                       " bytes; delete it and run `lockvet index` again");
}

/// The parts of SQLite's file header that tell what a file is (sqlite.org/fileformat.html).
struct Header {
  uint64_t page_size = 0;
  uint64_t page_count = 0; ///< 0 where the header does not vouch for it
  int32_t application_id = 0;
};

constexpr llvm::StringLiteral kMagic = llvm::StringLiteral::withInnerNUL("SQLite format 3\0");
constexpr size_t kHeaderSize = 100;

Header parseHeader(const char* bytes) {
  using llvm::support::endian::read16be;
  using llvm::support::endian::read32be;
  Header header;
  const uint16_t page_size = read16be(bytes + 16);
  header.page_size = page_size == 1 ? 65536 : page_size;
  const bool vouched = read32be(bytes + 24) == read32be(bytes + 92);
  header.page_count = vouched ? read32be(bytes + 28) : 0;
  header.application_id = static_cast<int32_t>(read32be(bytes + 68));
  return header;
}

llvm::Expected<bool> hasOurFacts(Connection& connection) {
  llvm::Expected<int64_t> version = connection.queryInteger(
      "SELECT CAST(value AS INTEGER) FROM store_state WHERE key = 'facts_version'");
  if (!version)
    return version.takeError();
  return *version == facts::kFactsVersion;
}

} // namespace

llvm::Error checkFileShape(llvm::StringRef path) {
  llvm::sys::fs::file_status status;
  if (std::error_code code = llvm::sys::fs::status(path, status)) {
    if (code == std::errc::no_such_file_or_directory)
      return say(path, "does not exist; run `lockvet index` first, or give its path with --db");
    return say(path, "cannot be opened: " + code.message());
  }
  if (llvm::sys::fs::is_directory(status))
    return say(path, "is a directory; give the path of a file with --db");
  llvm::Expected<llvm::sys::fs::file_t> file = llvm::sys::fs::openNativeFileForRead(path);
  if (!file)
    return say(path, "cannot be opened: " + llvm::toString(file.takeError()));
  auto close = llvm::scope_exit([&] { (void)llvm::sys::fs::closeFile(*file); });

  char bytes[kHeaderSize];
  llvm::Expected<size_t> got = llvm::sys::fs::readNativeFile(*file, bytes);
  if (!got)
    return say(path, "cannot be read: " + llvm::toString(got.takeError()));
  if (*got == 0) // an interrupted creation: SQLite takes it for an empty database
    return llvm::Error::success();
  if (!kMagic.starts_with(llvm::StringRef(bytes, std::min(*got, kMagic.size()))))
    return say(path, "is not a Lockvet store (it is not a SQLite file); give another path with "
                     "--db");
  if (*got < kHeaderSize)
    return sayTruncated(path, *got, kHeaderSize);
  // A journal means that an interrupted transaction is still to be rolled back: until then neither
  // the header nor the size need be right. checkSchema() looks again afterwards.
  const bool has_journal = llvm::sys::fs::exists(path + "-journal");
  const Header header = parseHeader(bytes);
  const uint64_t expected = header.page_count * header.page_size;
  if (!has_journal && status.getSize() < expected)
    return sayTruncated(path, status.getSize(), expected);
  return llvm::Error::success();
}

llvm::Error checkSchema(Connection& connection) {
  const std::string& path = connection.path();
  // The first read rolls back what an interrupted transaction left.
  llvm::Expected<int64_t> tables = connection.queryInteger("SELECT count(*) FROM sqlite_schema");
  if (!tables)
    return tables.takeError();
  llvm::Expected<int64_t> application = connection.queryInteger("PRAGMA application_id");
  if (!application)
    return application.takeError();
  if (*tables == 0)
    return say(path, "is empty: no index run has written to it; run `lockvet index` first");
  if (*application != kApplicationId)
    return say(path, "is not a Lockvet store but another program's SQLite file; give another path "
                     "with --db");
  llvm::Expected<int64_t> version = connection.queryInteger("PRAGMA user_version");
  if (!version)
    return version.takeError();
  if (*version != kSchemaVersion)
    return say(path, "was written by another version of Lockvet (schema " +
                         std::to_string(*version) + "; this one reads " +
                         std::to_string(kSchemaVersion) +
                         "); delete it and run `lockvet index` again");
  llvm::Expected<int64_t> pages = connection.queryInteger("PRAGMA page_count");
  if (!pages)
    return pages.takeError();
  llvm::Expected<int64_t> page_size = connection.queryInteger("PRAGMA page_size");
  if (!page_size)
    return page_size.takeError();
  uint64_t size = 0;
  const auto expected = static_cast<uint64_t>(*pages) * static_cast<uint64_t>(*page_size);
  if (!llvm::sys::fs::file_size(path, size) && size < expected)
    return sayTruncated(path, size, expected);
  return llvm::Error::success();
}

llvm::Error createSchema(Connection& connection) {
  llvm::Expected<int64_t> tables = connection.queryInteger("SELECT count(*) FROM sqlite_schema");
  if (!tables)
    return tables.takeError();
  if (*tables != 0)
    return llvm::Error::success();
  // Some fact rows are long blobs, and every table is read in bulk: larger pages suit both.
  if (llvm::Error error = connection.execute("PRAGMA page_size = 8192; BEGIN IMMEDIATE"))
    return error;
  const std::string stamp = "PRAGMA application_id = " + std::to_string(kApplicationId) +
                            "; PRAGMA user_version = " + std::to_string(kSchemaVersion);
  if (llvm::Error error = connection.execute(kSchemaSql))
    return error;
  if (llvm::Error error = connection.execute(stamp.c_str()))
    return error;
  return connection.execute("COMMIT");
}

llvm::Error checkFactsVersion(Connection& connection) {
  llvm::Expected<bool> ours = hasOurFacts(connection);
  if (!ours)
    return ours.takeError();
  if (!*ours)
    return say(connection.path(), "was written by another version of Lockvet, whose facts this one "
                                  "cannot read; run `lockvet index` again");
  return llvm::Error::success();
}

llvm::Error renewFacts(Connection& connection) {
  llvm::Expected<bool> ours = hasOurFacts(connection);
  if (!ours)
    return ours.takeError();
  if (*ours)
    return llvm::Error::success();
  if (llvm::Error error = connection.execute("BEGIN IMMEDIATE"))
    return error;
  for (const char* table :
       {"store_state", "text", "file", "translation_unit", "fragment", "symbol", "value_slot",
        "declaration", "marker", "macro_site", "method_override", "call_site", "flow", "diagnostic",
        "diagnostic_note", "skeleton", "slot_target", "virtual_target", "finding"})
    if (llvm::Error error = connection.execute((std::string("DELETE FROM ") + table).c_str()))
      return error;
  const std::string insert = "INSERT INTO store_state VALUES('facts_version', '" +
                             std::to_string(facts::kFactsVersion) + "')";
  if (llvm::Error error = connection.execute(insert.c_str()))
    return error;
  return connection.execute("COMMIT");
}

llvm::Error createIndexes(Connection& connection) {
  llvm::Expected<int64_t> present = connection.queryInteger(
      "SELECT count(*) FROM sqlite_schema WHERE name = 'virtual_target_by_target'");
  if (!present)
    return present.takeError();
  if (*present != 0) // the last of indexes.sql
    return llvm::Error::success();
  if (llvm::Error error = connection.execute("BEGIN IMMEDIATE"))
    return error;
  if (llvm::Error error = connection.execute(kIndexesSql))
    return error;
  // The planner needs to know that kinds are few and keys many; a sample is enough for that.
  if (llvm::Error error = connection.execute("PRAGMA analysis_limit = 400; ANALYZE"))
    return error;
  return connection.execute("COMMIT");
}

} // namespace lockvet::store
