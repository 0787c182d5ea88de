// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/store/reader.h"

#include "analyzer/store/connection.h"

namespace lockvet::store {
namespace {

template <class Fill>
llvm::Error forEachRow(Connection& connection, llvm::StringRef sql, Fill fill) {
  llvm::Expected<Statement> statement = connection.prepare(sql);
  if (!statement)
    return statement.takeError();
  return statement->forEach(fill);
}

} // namespace

Reader::Reader(Connection& connection) : connection_(connection) {}

llvm::Expected<Extent> Reader::extent() {
  Extent extent;
  llvm::Error error =
      forEachRow(connection_,
                 "SELECT (SELECT max(id) FROM file), (SELECT max(id) FROM symbol), "
                 "(SELECT max(id) FROM value_slot), (SELECT max(id) FROM fragment)",
                 [&](Statement& row) { extent = {row.id(0), row.id(1), row.id(2), row.id(3)}; });
  if (error)
    return error;
  return extent;
}

llvm::Error Reader::loadTexts() {
  if (texts_loaded_)
    return llvm::Error::success();
  texts_.assign(1, std::string());
  llvm::Error error =
      forEachRow(connection_, "SELECT id, value FROM text ORDER BY id", [&](Statement& row) {
        if (texts_.size() <= row.id(0))
          texts_.resize(row.id(0) + 1);
        texts_[row.id(0)] = row.text(1).str();
      });
  texts_loaded_ = !error;
  return error;
}

llvm::Expected<llvm::StringRef> Reader::text(Id id) {
  if (llvm::Error error = loadTexts())
    return error;
  return id < texts_.size() ? llvm::StringRef(texts_[id]) : llvm::StringRef();
}

llvm::Error Reader::forEachFile(RowCallback<FileRow> callback) {
  return forEachRow(connection_, "SELECT id, path, content, size, mtime_ns, inode FROM file",
                    [&](Statement& row) {
                      callback({.id = row.id(0),
                                .path = row.text(1),
                                .content = toHash(row.blob(2)),
                                .size = static_cast<uint64_t>(row.integer(3)),
                                .mtime_ns = row.integer(4),
                                .inode = static_cast<uint64_t>(row.integer(5))});
                    });
}

llvm::Error Reader::forEachUnit(RowCallback<UnitRow> callback) {
  return forEachRow(connection_,
                    "SELECT u.id, u.command, f.path, d.value, coalesce(u.reason, ''), u.fragments, "
                    "u.inputs, u.status, u.seconds, u.digest, u.limits FROM translation_unit u "
                    "LEFT JOIN file f ON f.id = u.file_id LEFT JOIN text d ON d.id = "
                    "u.directory_id",
                    [&](Statement& row) {
                      callback({.id = row.id(0),
                                .command = toHash(row.blob(1)),
                                .file = row.text(2),
                                .directory = row.text(3),
                                .reason = row.text(4),
                                .fragments = row.blob(5),
                                .inputs = row.blob(6),
                                .status = static_cast<facts::UnitStatus>(row.integer(7)),
                                .seconds = row.real(8),
                                .digest = toHash(row.blob(9)),
                                .limits = static_cast<uint64_t>(row.integer(10))});
                    });
}

llvm::Error Reader::forEachFunction(RowCallback<FunctionRow> callback) {
  return forEachRow(connection_,
                    "SELECT id, usr, coalesce(name, qualified_name), qualified_name, "
                    "coalesce(mangled, name, qualified_name), type_id, linkage, flags FROM symbol",
                    [&](Statement& row) {
                      const int64_t flags = row.integer(7);
                      callback({.id = row.id(0),
                                .usr = row.text(1),
                                .name = row.text(2),
                                .qualified_name = row.text(3),
                                .mangled_name = row.text(4),
                                .type = row.id(5),
                                .linkage = static_cast<facts::Linkage>(row.integer(6)),
                                .is_noreturn = (flags & 1) != 0,
                                .is_builtin = (flags & 2) != 0,
                                .is_pure = (flags & 4) != 0,
                                .is_implicit = (flags & 8) != 0});
                    });
}

llvm::Error Reader::forEachSlot(RowCallback<SlotRow> callback) {
  return forEachRow(connection_,
                    "SELECT id, kind, key, name, type_id, file_id, line, \"column\", function_id, "
                    "slot_id, position FROM value_slot",
                    [&](Statement& row) {
                      callback({.id = row.id(0),
                                .kind = static_cast<facts::SlotKind>(row.integer(1)),
                                .key = row.text(2),
                                .name = row.text(3),
                                .type = row.id(4),
                                .place = row.place(5),
                                .function = row.id(8),
                                .slot = row.id(9),
                                .index = row.number(10)});
                    });
}

llvm::Error Reader::forEachOverride(RowCallback<OverrideRow> callback) {
  return forEachRow(connection_, "SELECT fragment_id, method_id, base_id FROM method_override",
                    [&](Statement& row) {
                      callback({.fragment = row.id(0), .method = row.id(1), .base = row.id(2)});
                    });
}

llvm::Error Reader::forEachDeclaration(RowCallback<DeclarationRow> callback) {
  return forEachRow(connection_,
                    "SELECT fragment_id, function_id, file_id, line, \"column\", end_line, "
                    "standing FROM declaration",
                    [&](Statement& row) {
                      const int64_t standing = row.integer(6);
                      callback({.fragment = row.id(0),
                                .function = row.id(1),
                                .place = row.place(2),
                                .end_line = row.number(5),
                                .is_definition = standing < 2,
                                .in_system_header = standing % 2 == 1});
                    });
}

llvm::Error Reader::forEachMarker(RowCallback<MarkerRow> callback) {
  if (llvm::Error error = loadTexts())
    return error;
  return forEachRow(connection_,
                    "SELECT fragment_id, function_id, slot_id, label_id, origin, file_id, line, "
                    "\"column\" FROM marker",
                    [&](Statement& row) {
                      callback({.fragment = row.id(0),
                                .function = row.id(1),
                                .slot = row.id(2),
                                .label = texts_[row.id(3)],
                                .origin = static_cast<facts::MarkerOrigin>(row.integer(4)),
                                .place = row.place(5)});
                    });
}

llvm::Error Reader::forEachMacroUse(llvm::ArrayRef<std::string> macros,
                                    RowCallback<MarkerRow> callback) {
  llvm::Expected<Statement> statement = connection_.prepare(
      "SELECT m.fragment_id, m.function_id, m.slot_id, m.file_id, m.line, m.\"column\" FROM "
      "macro_site m WHERE m.macro_id IN (SELECT t.id FROM text t WHERE t.value = ?)");
  if (!statement)
    return statement.takeError();
  for (const std::string& macro : macros) {
    statement->bind(llvm::StringRef(macro));
    if (llvm::Error error = statement->forEach([&](Statement& row) {
          callback({.fragment = row.id(0),
                    .function = row.id(1),
                    .slot = row.id(2),
                    .label = macro,
                    .origin = facts::MarkerOrigin::Macro,
                    .place = row.place(3)});
        }))
      return error;
  }
  return llvm::Error::success();
}

llvm::Error Reader::forEachCallSite(RowCallback<CallSiteRow> callback) {
  return forEachRow(
      connection_,
      "SELECT c.fragment_id, c.seq, c.kind, c.caller_id, c.callee_id, c.slot_id, "
      "CASE c.kind WHEN 3 THEN coalesce(c.type_id, (SELECT type_id FROM value_slot s "
      "WHERE s.id = c.slot_id)) END, c.file_id, c.line, c.\"column\" FROM call_site c "
      "ORDER BY c.fragment_id, c.seq",
      [&](Statement& row) {
        callback({.fragment = row.id(0),
                  .sequence = row.number(1),
                  .kind = static_cast<facts::CallKind>(row.integer(2)),
                  .caller = row.id(3),
                  .callee = row.id(4),
                  .slot = row.id(5),
                  .type = row.id(6),
                  .place = row.place(7)});
      });
}

llvm::Error Reader::forEachFlow(RowCallback<FlowRow> callback) {
  return forEachRow(connection_,
                    "SELECT fragment_id, form, holder_id, from_function_id, from_slot_id, "
                    "to_slot_id, file_id, line, \"column\" FROM flow ORDER BY fragment_id, seq",
                    [&](Statement& row) {
                      callback({.fragment = row.id(0),
                                .form = static_cast<facts::FlowForm>(row.integer(1)),
                                .holder = row.id(2),
                                .from_function = row.id(3),
                                .from_slot = row.id(4),
                                .to_slot = row.id(5),
                                .place = row.place(6)});
                    });
}

llvm::Error Reader::forEachDiagnostic(RowCallback<DiagnosticRow> callback) {
  if (llvm::Error error = loadTexts())
    return error;
  llvm::Expected<Statement> notes =
      connection_.prepare("SELECT message, file_id, line, \"column\" FROM diagnostic_note "
                          "WHERE fragment_id = ? AND seq = ? ORDER BY note");
  if (!notes)
    return notes.takeError();
  llvm::Error note_error = llvm::Error::success();
  llvm::Error error = forEachRow(
      connection_,
      "SELECT fragment_id, seq, group_id, message, function_id, file_id, line, \"column\" "
      "FROM diagnostic ORDER BY fragment_id, seq",
      [&](Statement& row) {
        std::vector<NoteRow> said;
        notes->bind(row.id(0), row.number(1));
        note_error = llvm::joinErrors(std::move(note_error), notes->forEach([&](Statement& note) {
          said.push_back({note.text(0).str(), note.place(1)});
        }));
        callback({.fragment = row.id(0),
                  .group = texts_[row.id(2)],
                  .message = row.text(3),
                  .function = row.id(4),
                  .place = row.place(5),
                  .notes = said});
      });
  return llvm::joinErrors(std::move(error), std::move(note_error));
}

llvm::Error Reader::forEachSkeleton(RowCallback<SkeletonRow> callback) {
  return forEachRow(
      connection_, "SELECT fragment_id, function_id, bytes FROM skeleton ORDER BY fragment_id",
      [&](Statement& row) {
        callback({.fragment = row.id(0), .function = row.id(1), .bytes = row.blob(2)});
      });
}

llvm::Error Reader::forEachSlotTarget(RowCallback<SlotTarget> callback) {
  return forEachRow(connection_,
                    "SELECT slot_id, function_id FROM slot_target ORDER BY slot_id, function_id",
                    [&](Statement& row) { callback({row.id(0), row.id(1)}); });
}

llvm::Error Reader::forEachVirtualTarget(RowCallback<VirtualTarget> callback) {
  return forEachRow(connection_,
                    "SELECT method_id, target_id FROM virtual_target ORDER BY method_id, target_id",
                    [&](Statement& row) { callback({row.id(0), row.id(1)}); });
}

} // namespace lockvet::store
