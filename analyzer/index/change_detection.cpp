// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/index/change_detection.h"

#include "analyzer/facts/serialize.h"
#include "analyzer/index/missing_header.h"
#include "analyzer/store/file_stamp.h"
#include "analyzer/store/id_set.h"
#include "analyzer/store/input_digest.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/Support/MemoryBuffer.h"

#include <optional>
#include <utility>

namespace lockvet::index {
namespace {

using HashKey = std::pair<uint64_t, uint64_t>;
HashKey keyOf(const facts::Hash& hash) {
  return {hash[0], hash[1]};
}

/// A file as the store knows it and as it is now.
struct KnownFile {
  facts::InputFile now;
  facts::Hash mix{}; ///< of its content now
};

struct KnownUnit {
  std::string file;
  std::string reason;
  std::string inputs;
  facts::UnitStatus status = facts::UnitStatus::Parsed;
  uint64_t limits = 0;
  bool has_same_inputs = false;
  bool is_wanted = false;
};

/// What a later run may find, although no file that was read has changed.
bool misses_a_file(llvm::StringRef reason) {
  return reason.contains("file not found") || reason.contains("No such file") ||
         reason.contains("does not exist");
}

class Planner {
public:
  Planner(store::Store& store, const PlanOptions& options) : store_(store), options_(options) {}

  llvm::Expected<Plan> run(llvm::ArrayRef<CompileCommand> commands) {
    if (llvm::Error error = lookAtFiles())
      return error;
    if (llvm::Error error = readUnits())
      return error;
    for (size_t index = 0; index != commands.size(); ++index)
      decide(commands[index], index);
    for (const auto& [key, unit] : units_)
      if (!unit.is_wanted)
        plan_.remove.push_back({key.first, key.second});
    return std::move(plan_);
  }

private:
  llvm::Error lookAtFiles() {
    return store_.reader().forEachFile([&](const store::FileRow& row) {
      if (files_.size() <= row.id)
        files_.resize(row.id + 1);
      KnownFile& file = files_[row.id];
      file.now.path = row.path.str();
      const std::optional<store::FileStamp> stamp = store::stampOf(file.now.path.c_str());
      if (stamp) {
        file.now.size = stamp->size;
        file.now.mtime_ns = stamp->mtime_ns;
        const store::FileStamp stored{row.size, row.mtime_ns, row.inode};
        file.now.content = *stamp == stored ? row.content : readAgain(row, *stamp);
      }
      file.mix = store::inputMix(row.id, file.now.content);
    });
  }

  facts::Hash readAgain(const store::FileRow& row, const store::FileStamp& stamp) {
    auto buffer = llvm::MemoryBuffer::getFile(row.path, /*IsText=*/false,
                                              /*RequiresNullTerminator=*/false);
    if (!buffer)
      return {};
    const facts::Hash content = facts::hashOf((*buffer)->getBuffer());
    if (content == row.content && !store::isRacy(stamp.mtime_ns))
      plan_.touched.push_back({row.id, stamp.size, stamp.mtime_ns, stamp.inode});
    return content;
  }

  llvm::Error readUnits() {
    return store_.reader().forEachUnit([&](const store::UnitRow& row) {
      KnownUnit unit{.file = row.file.str(),
                     .reason = row.reason.str(),
                     .inputs = row.inputs.str(),
                     .status = row.status,
                     .limits = row.limits};
      store::InputDigest digest;
      const bool is_whole = store::forEachRun(row.inputs, [&](store::Id first, store::Id count) {
        for (store::Id id = first; id != first + count && id < files_.size(); ++id)
          digest.add(files_[id].mix);
      });
      unit.has_same_inputs = is_whole && digest.value() == row.digest;
      units_.try_emplace(keyOf(row.command), std::move(unit));
    });
  }

  void decide(const CompileCommand& command, size_t index) {
    const auto known = units_.find(keyOf(command.identity));
    KnownUnit* unit = known == units_.end() ? nullptr : &known->second;
    if (unit)
      unit->is_wanted = true;
    if (options_.filter && !options_.filter->match(command.file)) {
      ++plan_.filtered_out;
    } else if (unit && isUpToDate(*unit, command)) {
      ++plan_.up_to_date;
      if (unit->status != facts::UnitStatus::Parsed)
        plan_.failures.push_back({unit->file, unit->status, unit->reason});
    } else {
      plan_.parse.push_back({index, unit ? inputsOf(*unit) : std::vector<facts::InputFile>()});
    }
  }

  bool isUpToDate(const KnownUnit& unit, const CompileCommand& command) const {
    if (!unit.has_same_inputs)
      return false;
    switch (unit.status) {
    case facts::UnitStatus::Parsed:
      return true;
    case facts::UnitStatus::ParseErrors:
    case facts::UnitStatus::BadCommand:
      return !options_.retry_failed &&
             !(misses_a_file(unit.reason) && mayFindHeaderNow(command, unit.reason));
    case facts::UnitStatus::Crashed:
    case facts::UnitStatus::TimedOut:
    case facts::UnitStatus::OutOfMemory:
      return !options_.retry_failed && unit.limits == options_.limits;
    }
    return false;
  }

  std::vector<facts::InputFile> inputsOf(const KnownUnit& unit) const {
    std::vector<facts::InputFile> inputs;
    store::forEachRun(unit.inputs, [&](store::Id first, store::Id count) {
      for (store::Id id = first; id != first + count && id < files_.size(); ++id)
        inputs.push_back(files_[id].now);
    });
    return inputs;
  }

  store::Store& store_;
  const PlanOptions& options_;
  std::vector<KnownFile> files_; ///< by id
  llvm::DenseMap<HashKey, KnownUnit> units_;
  Plan plan_;
};

} // namespace

llvm::Expected<Plan> makePlan(store::Store& store, llvm::ArrayRef<CompileCommand> commands,
                              const PlanOptions& options) {
  return Planner(store, options).run(commands);
}

} // namespace lockvet::index
