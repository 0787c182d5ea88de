// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/store/fragment_writer.h"

#include "analyzer/facts/bytes.h"
#include "analyzer/facts/serialize.h"

#include <utility>

namespace lockvet::store {
namespace {

int64_t standing(const facts::Declaration& declaration) {
  return (declaration.is_definition ? 0 : 2) + (declaration.in_system_header ? 1 : 0);
}

} // namespace

void Mentions::clear() {
  functions.clear();
  slots.clear();
  files.clear();
}

bool Mentions::add(llvm::StringRef bytes) {
  facts::Decoder in(bytes);
  bool whole = true;
  for (IdBits* bits : {&functions, &slots, &files})
    whole &= forEachRun(in.bytes(), [&](Id first, Id count) { bits->setRun(first, count); });
  return whole && !in.failed();
}

llvm::Expected<FragmentWriter> FragmentWriter::open(Connection& connection, Keys& keys) {
  FragmentWriter writer(connection, keys);
  if (llvm::Error error = writer.prepare())
    return error;
  return writer;
}

llvm::Error FragmentWriter::prepare() {
  const std::pair<Statement*, llvm::StringRef> statements[] = {
      {&declaration_, "INSERT INTO declaration VALUES(?, ?, ?, ?, ?, ?, ?, ?)"},
      {&marker_, "INSERT INTO marker VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?)"},
      {&macro_, "INSERT INTO macro_site VALUES(?, ?, ?, ?, ?, ?, ?, ?)"},
      {&override_, "INSERT INTO method_override VALUES(?, ?, ?, ?)"},
      {&call_, "INSERT INTO call_site VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"},
      {&flow_, "INSERT INTO flow VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"},
      {&diagnostic_, "INSERT INTO diagnostic VALUES(?, ?, ?, ?, ?, ?, ?, ?)"},
      {&note_, "INSERT INTO diagnostic_note VALUES(?, ?, ?, ?, ?, ?, ?)"},
      {&skeleton_, "INSERT INTO skeleton VALUES(?, ?, ?)"},
  };
  for (const auto& [statement, sql] : statements) {
    llvm::Expected<Statement> prepared = connection_.prepare(sql);
    if (!prepared)
      return prepared.takeError();
    *statement = std::move(*prepared);
  }
  return llvm::Error::success();
}

llvm::Expected<Id> FragmentWriter::write(const facts::Hash& hash, const facts::Fragment& fragment,
                                         Mentions& mentions) {
  if (llvm::Error error = resolve(fragment))
    return error;
  llvm::Expected<Id> id = keys_.addFragment(hash, takeMentions(mentions));
  if (!id)
    return id;
  if (llvm::Error error = writeDeclarations(*id, fragment))
    return error;
  if (llvm::Error error = writeMarkers(*id, fragment))
    return error;
  if (llvm::Error error = writeCalls(*id, fragment))
    return error;
  if (llvm::Error error = writeFlows(*id, fragment))
    return error;
  if (llvm::Error error = writeDiagnostics(*id, fragment))
    return error;
  if (fragment.skeleton)
    if (llvm::Error error = writeSkeleton(*id, *fragment.skeleton))
      return error;
  return id;
}

llvm::Error FragmentWriter::resolve(const facts::Fragment& fragment) {
  files_.clear();
  functions_.clear();
  slots_.assign(fragment.slots.size(), kNoId);
  for (const std::string& path : fragment.files) {
    llvm::Expected<Id> id = keys_.file(path);
    if (!id)
      return id.takeError();
    files_.push_back(*id);
  }
  for (const facts::Function& function : fragment.functions) {
    llvm::Expected<Id> id = keys_.function(function);
    if (!id)
      return id.takeError();
    functions_.push_back(*id);
  }
  for (uint32_t index = 0; index != fragment.slots.size(); ++index)
    if (llvm::Error error = resolveSlot(fragment, index))
      return error;
  return llvm::Error::success();
}

llvm::Error FragmentWriter::resolveSlot(const facts::Fragment& fragment, uint32_t index) {
  // Parents first. parseFragment() sees to it that this ends.
  std::vector<uint32_t> chain;
  while (index != facts::kNone && slots_[index] == kNoId) {
    chain.push_back(index);
    index = fragment.slots[index].slot;
  }
  for (; !chain.empty(); chain.pop_back()) {
    const facts::Slot& slot = fragment.slots[chain.back()];
    llvm::Expected<Id> id = keys_.slot(slot, {.file = file(slot.location),
                                              .function = at(functions_, slot.function),
                                              .slot = at(slots_, slot.slot)});
    if (!id)
      return id.takeError();
    slots_[chain.back()] = *id;
  }
  return llvm::Error::success();
}

std::string FragmentWriter::takeMentions(Mentions& mentions) {
  std::string bytes;
  for (const auto& [ids, bits] :
       {std::pair(&functions_, &mentions.functions), std::pair(&slots_, &mentions.slots),
        std::pair(&files_, &mentions.files)}) {
    for (const Id id : *ids)
      bits->set(id);
    const std::string encoded = encodeIds(*ids);
    facts::appendVarint(bytes, encoded.size());
    bytes += encoded;
  }
  return bytes;
}

llvm::Error FragmentWriter::writeDeclarations(Id id, const facts::Fragment& fragment) {
  uint32_t sequence = 0;
  for (const facts::Declaration& row : fragment.declarations)
    if (llvm::Error error = declaration_.run(id, sequence++, functions_[row.function],
                                             standing(row), fileKey(row.location),
                                             row.location.line, row.location.column, row.end_line))
      return error;
  sequence = 0;
  for (const facts::Override& row : fragment.overrides)
    if (llvm::Error error =
            override_.run(id, sequence++, functions_[row.method], functions_[row.base]))
      return error;
  return llvm::Error::success();
}

llvm::Error FragmentWriter::writeMarkers(Id id, const facts::Fragment& fragment) {
  uint32_t sequence = 0;
  for (const facts::Marker& row : fragment.markers) {
    llvm::Expected<Id> label = keys_.text(row.label);
    if (!label)
      return label.takeError();
    const bool of_function = row.subject_kind == facts::SubjectKind::Function;
    const Key function{of_function ? functions_[row.subject] : kNoId};
    const Key slot{of_function ? kNoId : slots_[row.subject]};
    const auto& [file, line, column] = row.location;
    const Key file_key = fileKey(row.location);
    const uint32_t seq = sequence++;
    if (llvm::Error error =
            row.origin == facts::MarkerOrigin::Macro
                ? macro_.run(id, seq, function, slot, *label, file_key, line, column)
                : marker_.run(id, seq, function, slot, *label, static_cast<int>(row.origin),
                              file_key, line, column))
      return error;
  }
  return llvm::Error::success();
}

llvm::Error FragmentWriter::writeCalls(Id id, const facts::Fragment& fragment) {
  uint32_t sequence = 0;
  for (const facts::CallSite& row : fragment.calls) {
    const bool has_type_of_slot =
        row.slot != facts::kNone && fragment.slots[row.slot].type == row.type;
    llvm::Expected<Id> type = keys_.optionalText(has_type_of_slot ? "" : row.type);
    if (!type)
      return type.takeError();
    if (llvm::Error error =
            call_.run(id, sequence++, static_cast<int>(row.kind), Key{at(functions_, row.caller)},
                      Key{at(functions_, row.callee)}, Key{at(slots_, row.slot)}, Key{*type},
                      fileKey(row.location), row.location.line, row.location.column))
      return error;
  }
  return llvm::Error::success();
}

llvm::Error FragmentWriter::writeFlows(Id id, const facts::Fragment& fragment) {
  uint32_t sequence = 0;
  for (const facts::Flow& row : fragment.flows)
    if (llvm::Error error =
            flow_.run(id, sequence++, static_cast<int>(row.form), Key{at(functions_, row.holder)},
                      Key{at(functions_, row.from_function)}, Key{at(slots_, row.from_slot)},
                      Key{at(slots_, row.to_slot)}, fileKey(row.location), row.location.line,
                      row.location.column))
      return error;
  return llvm::Error::success();
}

llvm::Error FragmentWriter::writeDiagnostics(Id id, const facts::Fragment& fragment) {
  uint32_t sequence = 0;
  for (const facts::Diagnostic& row : fragment.diagnostics) {
    llvm::Expected<Id> group = keys_.text(row.group);
    if (!group)
      return group.takeError();
    if (llvm::Error error = diagnostic_.run(
            id, sequence, *group, llvm::StringRef(row.message), Key{at(functions_, row.function)},
            fileKey(row.location), row.location.line, row.location.column))
      return error;
    uint32_t note = 0;
    for (const facts::Diagnostic::Note& said : row.notes)
      if (llvm::Error error =
              note_.run(id, sequence, note++, llvm::StringRef(said.message), fileKey(said.location),
                        said.location.line, said.location.column))
        return error;
    ++sequence;
  }
  return llvm::Error::success();
}

llvm::Error FragmentWriter::writeSkeleton(Id id, facts::Skeleton skeleton) {
  const Id function = functions_[skeleton.function];
  skeleton.function = function;
  for (facts::Block& block : skeleton.blocks)
    for (facts::Event& event : block.events)
      for (facts::Argument& argument : event.arguments)
        if (argument.function != facts::kNone)
          argument.function = functions_[argument.function];
  return skeleton_.run(id, function, Blob{facts::serialize(skeleton)});
}

} // namespace lockvet::store
