// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/store/store.h"

#include "analyzer/store/connection.h"
#include "analyzer/store/derived.h"
#include "analyzer/store/index_lock.h"
#include "analyzer/store/schema.h"
#include "analyzer/store/unit_writer.h"
#include "llvm/Support/FileSystem.h"

#include <utility>

namespace lockvet::store {
namespace {

// A writer's pages stay in memory until commit: spilling one would shut readers out until then.
// NORMAL keeps the file whole if the machine stops, and costs a few fsyncs a transaction.
constexpr const char* kWriterSettings = "PRAGMA synchronous = NORMAL; PRAGMA cache_size = -65536; "
                                        "PRAGMA cache_spill = OFF; PRAGMA temp_store = MEMORY";
constexpr const char* kReaderSettings = "PRAGMA cache_size = -32768; PRAGMA temp_store = MEMORY";

} // namespace

struct Store::State {
  // In the order of dependence: the lock is the last to go.
  IndexLock lock;
  std::unique_ptr<Connection> connection;
  std::unique_ptr<Reader> reader;
  std::unique_ptr<UnitWriter> writer; ///< only where the store is open for indexing
};

Store::Store(std::unique_ptr<State> state) : state_(std::move(state)) {}
Store::Store(Store&&) noexcept = default;
Store& Store::operator=(Store&&) noexcept = default;

// Closing the connection rolls an open transaction back.
Store::~Store() = default;

llvm::Expected<Store> Store::openForIndexing(llvm::StringRef path) {
  auto state = std::make_unique<State>();
  llvm::Expected<IndexLock> lock = IndexLock::acquire(path);
  if (!lock)
    return lock.takeError();
  state->lock = std::move(*lock);
  if (llvm::sys::fs::exists(path))
    if (llvm::Error error = checkFileShape(path))
      return error;
  llvm::Expected<std::unique_ptr<Connection>> connection = Connection::open(path, Access::Create);
  if (!connection)
    return connection.takeError();
  state->connection = std::move(*connection);
  if (llvm::Error error = createSchema(*state->connection))
    return error;
  if (llvm::Error error = checkSchema(*state->connection))
    return error;
  if (llvm::Error error = renewFacts(*state->connection))
    return error;
  if (llvm::Error error = state->connection->execute(kWriterSettings))
    return error;
  state->reader = std::make_unique<Reader>(*state->connection);
  llvm::Expected<std::unique_ptr<UnitWriter>> writer = UnitWriter::open(*state->connection);
  if (!writer)
    return writer.takeError();
  state->writer = std::move(*writer);
  return Store(std::move(state));
}

llvm::Expected<Store> Store::openExisting(llvm::StringRef path, bool writable) {
  auto state = std::make_unique<State>();
  if (llvm::Error error = checkFileShape(path))
    return error;
  llvm::Expected<std::unique_ptr<Connection>> connection =
      Connection::open(path, writable ? Access::Write : Access::Read);
  if (!connection)
    return connection.takeError();
  state->connection = std::move(*connection);
  if (llvm::Error error = checkSchema(*state->connection))
    return error;
  if (llvm::Error error = checkFactsVersion(*state->connection))
    return error;
  if (llvm::Error error = state->connection->execute(writable ? kWriterSettings : kReaderSettings))
    return error;
  state->reader = std::make_unique<Reader>(*state->connection);
  return Store(std::move(state));
}

llvm::Expected<Store> Store::openReadOnly(llvm::StringRef path) {
  return openExisting(path, /*writable=*/false);
}

llvm::Expected<Store> Store::openForFindings(llvm::StringRef path) {
  return openExisting(path, /*writable=*/true);
}

llvm::StringRef Store::path() const {
  return state_->connection->path();
}
Reader& Store::reader() {
  return *state_->reader;
}

llvm::Error Store::beginReading() {
  return state_->connection->execute("BEGIN");
}
llvm::Error Store::endReading() {
  return state_->connection->execute("COMMIT");
}

llvm::Error Store::begin() {
  return state_->connection->execute("BEGIN IMMEDIATE");
}

llvm::Expected<PutOutcome> Store::putUnit(const UnitIdentity& identity,
                                          const facts::UnitFacts& unit) {
  return state_->writer->put(identity, unit);
}

llvm::Error Store::removeUnit(const facts::Hash& command) {
  return state_->writer->remove(command);
}

llvm::Error Store::refreshFile(const FileRow& file) {
  return state_->writer->refreshFile(file);
}

llvm::Error Store::commit() {
  llvm::Error error = state_->writer->collectGarbage();
  if (!error)
    error = state_->connection->execute("COMMIT");
  const bool committed = !error;
  if (!committed && state_->connection->inTransaction())
    error = llvm::joinErrors(std::move(error), state_->connection->execute("ROLLBACK"));
  return llvm::joinErrors(std::move(error), state_->writer->ended(committed));
}

llvm::Expected<int64_t> Store::linkStamp() {
  return state_->connection->queryInteger(
      "SELECT CAST(value AS INTEGER) FROM store_state WHERE key = 'linked'");
}

llvm::Expected<bool> Store::isLinked() {
  llvm::Expected<int64_t> stamp = linkStamp();
  if (!stamp)
    return stamp.takeError();
  return *stamp != 0;
}

llvm::Error Store::setLinked() {
  return state_->connection->execute(
      "INSERT OR REPLACE INTO store_state VALUES('linked', abs(random() / 2) + 1)");
}

// Callers give whole sets away. NOLINTNEXTLINE(performance-unnecessary-value-param)
llvm::Expected<DerivedChange> Store::writeSlotTargets(std::vector<SlotTarget> targets) {
  std::vector<IdPair> pairs;
  pairs.reserve(targets.size());
  for (const auto& [slot, function] : targets)
    pairs.emplace_back(slot, function);
  return replacePairs(*state_->connection, kSlotTargets, std::move(pairs));
}

// Callers give whole sets away. NOLINTNEXTLINE(performance-unnecessary-value-param)
llvm::Expected<DerivedChange> Store::writeVirtualTargets(std::vector<VirtualTarget> targets) {
  std::vector<IdPair> pairs;
  pairs.reserve(targets.size());
  for (const auto& [method, target] : targets)
    pairs.emplace_back(method, target);
  return replacePairs(*state_->connection, kVirtualTargets, std::move(pairs));
}

llvm::Error Store::finish() {
  return createIndexes(*state_->connection);
}

llvm::Error Store::writeFindings(llvm::ArrayRef<Finding> findings) {
  if (llvm::Error error = begin())
    return error;
  llvm::Error error = replaceFindings(*state_->connection, findings);
  if (!error)
    error = state_->connection->execute("COMMIT");
  if (error && state_->connection->inTransaction())
    return llvm::joinErrors(std::move(error), state_->connection->execute("ROLLBACK"));
  return error;
}

} // namespace lockvet::store
