// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/store/garbage.h"

#include <array>
#include <string>
#include <vector>

namespace lockvet::store {
namespace {

class Collector {
public:
  explicit Collector(Connection& connection) : connection_(connection) {}

  llvm::Expected<bool> run(const Left& left, const Mentions& alive) {
    if (llvm::Error error = readUnits(left.fragments))
      return error;
    if (llvm::Error error = deleteFragments())
      return error;
    left.inputs.forEach([&](Id id) { mentioned_.files.set(id); });
    if (llvm::Error error = findUnmentioned(alive))
      return error;
    if (llvm::Error error = deleteUnmentioned())
      return error;
    return !(dead_fragments_.empty() && functions_.empty() && slots_.empty() && files_.empty());
  }

private:
  llvm::Error damaged() const {
    return llvm::createStringError("the store '" + connection_.path() +
                                   "' is damaged (an id set cannot be read); delete it and run "
                                   "`lockvet index` again");
  }

  llvm::Error readUnits(const IdBits& candidates) {
    llvm::Expected<Statement> units =
        connection_.prepare("SELECT file_id, inputs, fragments FROM translation_unit");
    if (!units)
      return units.takeError();
    IdBits listed;
    bool whole = true;
    llvm::Error error = units->forEach([&](Statement& row) {
      read_files_.set(row.id(0));
      whole &=
          forEachRun(row.blob(1), [&](Id first, Id count) { read_files_.setRun(first, count); });
      whole &= forEachRun(row.blob(2), [&](Id first, Id count) { listed.setRun(first, count); });
    });
    if (error)
      return error;
    if (!whole)
      return damaged();
    candidates.forEach([&](Id id) {
      if (!listed.test(id))
        dead_fragments_.push_back(id);
    });
    return llvm::Error::success();
  }

  llvm::Error deleteFragments() {
    llvm::Expected<Statement> mentions =
        connection_.prepare("SELECT mentions FROM fragment WHERE id = ?");
    if (!mentions)
      return mentions.takeError();
    for (const Id id : dead_fragments_) {
      llvm::Expected<bool> found = mentions->bind(id).step();
      if (!found)
        return found.takeError();
      if (*found && !mentioned_.add(mentions->blob(0)))
        return damaged();
      mentions->reset();
    }
    for (const char* table :
         {"declaration WHERE fragment_id", "marker WHERE fragment_id",
          "macro_site WHERE fragment_id", "method_override WHERE fragment_id",
          "call_site WHERE fragment_id", "flow WHERE fragment_id", "diagnostic WHERE fragment_id",
          "diagnostic_note WHERE fragment_id", "skeleton WHERE fragment_id", "fragment WHERE id"})
      if (llvm::Error error = deleteAll(table, dead_fragments_))
        return error;
    return llvm::Error::success();
  }

  /// Of what dead fragments mentioned, keeps what no living one does. Those written in this
  /// transaction are known; only if they leave something open are all others asked.
  llvm::Error findUnmentioned(const Mentions& alive) {
    const auto collect = [](const IdBits& from, const IdBits& living) {
      std::vector<Id> ids;
      from.forEach([&](Id id) {
        if (!living.test(id))
          ids.push_back(id);
      });
      return ids;
    };
    functions_ = collect(mentioned_.functions, alive.functions);
    slots_ = collect(mentioned_.slots, alive.slots);
    files_ = collect(mentioned_.files, alive.files);
    std::erase_if(files_, [&](Id id) { return read_files_.test(id); });
    if (functions_.empty() && slots_.empty() && files_.empty())
      return llvm::Error::success();

    llvm::Expected<Statement> fragments = connection_.prepare("SELECT mentions FROM fragment");
    if (!fragments)
      return fragments.takeError();
    Mentions living;
    bool whole = true;
    if (llvm::Error error =
            fragments->forEach([&](Statement& row) { whole &= living.add(row.blob(0)); }))
      return error;
    if (!whole)
      return damaged();
    std::erase_if(functions_, [&](Id id) { return living.functions.test(id); });
    std::erase_if(slots_, [&](Id id) { return living.slots.test(id); });
    std::erase_if(files_, [&](Id id) { return living.files.test(id); });
    return llvm::Error::success();
  }

  llvm::Error deleteUnmentioned() {
    for (const char* table : {"symbol WHERE id", "slot_target WHERE function_id",
                              "virtual_target WHERE method_id", "virtual_target WHERE target_id"})
      if (llvm::Error error = deleteAll(table, functions_))
        return error;
    for (const char* table : {"value_slot WHERE id", "slot_target WHERE slot_id"})
      if (llvm::Error error = deleteAll(table, slots_))
        return error;
    return deleteAll("file WHERE id", files_);
  }

  /// `place` is a table and the column to compare, as SQL.
  llvm::Error deleteAll(const std::string& place, const std::vector<Id>& ids) {
    if (ids.empty())
      return llvm::Error::success();
    llvm::Expected<Statement> statement = connection_.prepare("DELETE FROM " + place + " = ?");
    if (!statement)
      return statement.takeError();
    for (const Id id : ids)
      if (llvm::Error error = statement->run(id))
        return error;
    return llvm::Error::success();
  }

  Connection& connection_;
  IdBits read_files_;
  Mentions mentioned_; ///< by what was let go of
  std::vector<Id> dead_fragments_;
  std::vector<Id> functions_, slots_, files_; ///< to delete
};

} // namespace

llvm::Expected<bool> collectGarbage(Connection& connection, const Left& left,
                                    const Mentions& alive) {
  return Collector(connection).run(left, alive);
}

} // namespace lockvet::store
