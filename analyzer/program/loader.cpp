// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/program/labels.h"
#include "analyzer/program/program.h"
#include "llvm/ADT/STLExtras.h"

#include <tuple>

namespace lockvet::program {

namespace {

/// Offsets of each key's rows in a table that is sorted by that key.
template <typename Row, typename Key>
std::vector<uint32_t> offsets(const std::vector<Row>& rows, size_t keys, Key key) {
  std::vector<uint32_t> first(keys + 1, 0);
  for (const Row& row : rows)
    ++first[key(row) + 1];
  for (size_t index = 1; index < first.size(); ++index)
    first[index] += first[index - 1];
  return first;
}

/// Sorts rows by a key, and among those of one key leaves them in the order in which they are.
template <typename Row, typename Key>
std::vector<uint32_t> sortByKey(std::vector<Row>& rows, size_t keys, Key key) {
  std::vector<uint32_t> first = offsets(rows, keys, key);
  std::vector<uint32_t> next(first.begin(), first.end() - 1);
  std::vector<Row> sorted(rows.size());
  for (const Row& row : rows)
    sorted[next[key(row)]++] = row;
  rows = std::move(sorted);
  return first;
}

} // namespace

class ProgramLoader {
public:
  ProgramLoader(store::Reader& reader, const config::Config& config)
      : reader_(reader), config_(config), program_(new Program()) {}

  llvm::Expected<std::unique_ptr<Program>> load() {
    for (auto step :
         {&ProgramLoader::loadTables, &ProgramLoader::loadDeclarations, &ProgramLoader::loadCalls,
          &ProgramLoader::loadTargets, &ProgramLoader::loadFlows, &ProgramLoader::loadMarkers})
      if (llvm::Error error = (this->*step)())
        return std::move(error);
    return std::move(program_);
  }

private:
  llvm::Error loadTables();
  llvm::Error loadDeclarations();
  llvm::Error loadCalls();
  llvm::Error loadTargets();
  llvm::Error loadMarkers();
  llvm::Error loadFlows();
  void sortCalls();
  void labelImplicitFunctions();

  store::Reader& reader_;
  const config::Config& config_;
  std::unique_ptr<Program> program_;
};

llvm::Error ProgramLoader::loadTables() {
  llvm::Expected<store::Extent> extent = reader_.extent();
  if (!extent)
    return extent.takeError();
  program_->files_.resize(extent->files + 1);
  program_->functions_.resize(extent->functions + 1);
  program_->slots_.resize(extent->slots + 1);
  if (llvm::Error error = reader_.forEachFile([&](const store::FileRow& row) {
        program_->files_[row.id] = program_->saver_.save(row.path);
      }))
    return error;
  if (llvm::Error error = reader_.forEachFunction([&](const store::FunctionRow& row) {
        Function& function = program_->functions_[row.id];
        function.usr = program_->saver_.save(row.usr);
        function.name = program_->saver_.save(row.name);
        function.qualified_name = row.name == row.qualified_name
                                      ? function.name
                                      : program_->saver_.save(row.qualified_name);
        function.type = row.type;
        function.linkage = row.linkage;
        function.is_noreturn = row.is_noreturn;
        function.is_implicit = row.is_implicit;
        function.is_live = true;
        program_->by_name_[function.name].push_back(row.id);
        if (function.qualified_name != function.name)
          program_->by_name_[function.qualified_name].push_back(row.id);
      }))
    return error;
  return reader_.forEachSlot([&](const store::SlotRow& row) {
    Slot& slot = program_->slots_[row.id];
    slot.key = program_->saver_.save(row.key);
    slot.name = program_->saver_.save(row.name);
    slot.kind = row.kind;
    slot.type = row.type;
    slot.place = row.place;
    slot.function = row.function;
    slot.index = row.index;
  });
}

llvm::Error ProgramLoader::loadDeclarations() {
  llvm::Error error = reader_.forEachDeclaration([&](const store::DeclarationRow& row) {
    program_->declarations_.push_back({row.function, row.fragment, row.place, row.is_definition});
    Function& function = program_->functions_[row.function];
    if (row.is_definition)
      function.is_of_system =
          row.in_system_header && (function.is_of_system || !function.is_defined);
    if (function.place.line == 0 || (row.is_definition && !function.is_defined))
      function.place = row.place;
    function.is_defined |= row.is_definition;
  });
  if (error)
    return error;
  llvm::sort(program_->declarations_, [](const Declaration& a, const Declaration& b) {
    return std::tie(a.function, a.fragment) < std::tie(b.function, b.fragment);
  });
  program_->first_declaration_ =
      offsets(program_->declarations_, program_->functions_.size(),
              [](const Declaration& declaration) { return declaration.function; });
  return llvm::Error::success();
}

llvm::Error ProgramLoader::loadCalls() {
  if (llvm::Error error = reader_.forEachCallSite([&](const store::CallSiteRow& row) {
        program_->calls_.push_back({row.caller, row.callee, row.slot, row.type, row.fragment,
                                    row.sequence, row.kind, row.place});
      }))
    return error;
  sortCalls();
  return llvm::Error::success();
}

void ProgramLoader::sortCalls() {
  std::vector<Call>& calls = program_->calls_;
  auto is_before = [](const Call& a, const Call& b) {
    return std::tie(a.fragment, a.sequence) < std::tie(b.fragment, b.sequence);
  };
  if (!llvm::is_sorted(calls, is_before)) // that is how the table lies
    llvm::sort(calls, is_before);
  const size_t functions = program_->functions_.size();
  program_->first_call_ = sortByKey(calls, functions, [](const Call& call) { return call.caller; });

  auto is_exact = [](const Call& call) {
    return call.callee != kNoId &&
           (call.kind == facts::CallKind::Direct || call.kind == facts::CallKind::Implicit);
  };
  std::vector<uint32_t>& callers = program_->exact_callers_;
  for (uint32_t index = 0; index < calls.size(); ++index)
    if (is_exact(calls[index]))
      callers.push_back(index);
  program_->first_exact_caller_ =
      sortByKey(callers, functions, [&](uint32_t index) { return calls[index].callee; });
}

llvm::Error ProgramLoader::loadTargets() {
  if (llvm::Error error = reader_.forEachSlotTarget(
          [&](const store::SlotTarget& row) { program_->slot_targets_.push_back(row); }))
    return error;
  if (llvm::Error error = reader_.forEachVirtualTarget(
          [&](const store::VirtualTarget& row) { program_->virtual_targets_.push_back(row); }))
    return error;
  program_->first_slot_target_ = offsets(program_->slot_targets_, program_->slots_.size(),
                                         [](const store::SlotTarget& row) { return row.slot; });
  program_->first_virtual_target_ =
      offsets(program_->virtual_targets_, program_->functions_.size(),
              [](const store::VirtualTarget& row) { return row.method; });
  return llvm::Error::success();
}

llvm::Error ProgramLoader::loadMarkers() {
  // The program outlives the store, whose reader lends the texts.
  llvm::UniqueStringSaver labels(program_->allocator_);
  program_->registrations_ =
      Registrations(*program_, config_, [&](llvm::StringRef label) { return labels.save(label); });
  auto add = [&](const store::MarkerRow& row) {
    program_->markers_.push_back(
        {row.function, row.slot, labels.save(row.label), row.origin, row.fragment, row.place});
  };
  if (llvm::Error error = reader_.forEachMarker(add))
    return error;
  LabelRules rules(config_);
  if (std::vector<std::string> macros = rules.macros(); !macros.empty())
    if (llvm::Error error = reader_.forEachMacroUse(macros, [&](const store::MarkerRow& row) {
          program_->markers_.push_back({row.function, row.slot,
                                        labels.save(rules.labelOfMacro(row.label)), row.origin,
                                        row.fragment, row.place});
        }))
      return error;
  rules.apply(*program_, program_->functions_, program_->saver_, program_->markers_);
  llvm::sort(program_->markers_, [](const Marker& a, const Marker& b) {
    return std::tie(a.function, a.slot, a.fragment, a.place.line, a.place.column, a.label) <
           std::tie(b.function, b.slot, b.fragment, b.place.line, b.place.column, b.label);
  });
  program_->first_marker_ = offsets(program_->markers_, program_->functions_.size(),
                                    [](const Marker& marker) { return marker.function; });
  for (const Marker& marker : program_->markers_) {
    const Labels label = labelNamed(marker.label);
    if (marker.function != kNoId)
      program_->functions_[marker.function].labels |= label;
    else
      program_->slots_[marker.slot].labels |= label;
  }
  labelImplicitFunctions();
  return llvm::Error::success();
}

/// A constructor or destructor that the compiler writes runs those of members and bases, and is
/// what they are: nobody can mark it, so that its callers are who can be wrong.
void ProgramLoader::labelImplicitFunctions() {
  std::vector<Function>& functions = program_->functions_;
  llvm::SmallVector<Id> work;
  for (Id id = 1; id < functions.size(); ++id)
    if (program_->isMarked(id))
      work.push_back(id);
  while (!work.empty()) {
    const Id callee = work.pop_back_val();
    const Labels labels = functions[callee].labels & (kCoroutineFn | kMixedFn | kNoCoroutineFn);
    if (labels & kMixedFn)
      continue; // is so by itself, and whoever calls it may be anything
    for (uint32_t position : program_->exactCallsTo(callee)) {
      // What the initializer of a member calls by name, a condition in it may guard.
      const Call& call = program_->calls()[position];
      const Id caller = call.caller;
      if (call.kind != facts::CallKind::Implicit || caller == kNoId ||
          !functions[caller].is_implicit || program_->isMarked(caller))
        continue;
      functions[caller].labels |= labels;
      work.push_back(caller);
    }
  }
}

llvm::Error ProgramLoader::loadFlows() {
  if (llvm::Error error = reader_.forEachFlow([&](const store::FlowRow& row) {
        program_->flows_.push_back(
            {row.form, row.holder, row.from_function, row.from_slot, row.to_slot, row.place});
      }))
    return error;
  if (llvm::Error error = reader_.forEachOverride(
          [&](const store::OverrideRow& row) { program_->overrides_.push_back(row); }))
    return error;
  return reader_.forEachDiagnostic([&](const store::DiagnosticRow& row) {
    Diagnostic diagnostic{
        program_->saver_.save(row.group), row.message.str(), row.function, row.place, {}};
    for (const store::NoteRow& note : row.notes)
      diagnostic.notes.push_back({note.message, note.place});
    program_->diagnostics_.push_back(std::move(diagnostic));
  });
}

llvm::Expected<std::unique_ptr<Program>> Program::load(store::Store& store,
                                                       const config::Config& config) {
  if (llvm::Error error = store.beginReading())
    return std::move(error);
  llvm::Expected<std::unique_ptr<Program>> program = ProgramLoader(store.reader(), config).load();
  if (llvm::Error error = store.endReading()) {
    if (!program)
      llvm::consumeError(program.takeError());
    return std::move(error);
  }
  return program;
}

} // namespace lockvet::program
