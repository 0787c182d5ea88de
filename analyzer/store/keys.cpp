// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/store/keys.h"

#include "analyzer/facts/bytes.h"
#include "analyzer/facts/serialize.h"
#include "analyzer/store/file_stamp.h"

#include <array>
#include <optional>
#include <string>

namespace lockvet::store {
namespace {

std::pair<uint64_t, uint64_t> mapKey(llvm::StringRef identity) {
  const facts::Hash hash = facts::hashOf(identity);
  return {hash[0], hash[1]};
}

/// The 64 bits of a map key that the store's indexes have.
int64_t column(uint64_t hash) {
  return static_cast<int64_t>(hash);
}

uint64_t hashOfAll(std::initializer_list<llvm::StringRef> texts,
                   std::initializer_list<uint64_t> numbers) {
  std::string all;
  for (llvm::StringRef text : texts) {
    all.append(text.data(), text.size());
    all.push_back('\0');
  }
  for (uint64_t number : numbers)
    facts::appendVarint(all, number);
  return facts::hashOf(all)[0];
}

uint64_t functionFlags(const facts::Function& function) {
  return (function.is_noreturn ? 1 : 0) | (function.is_builtin ? 2 : 0) |
         (function.is_pure ? 4 : 0) | (function.is_implicit ? 8 : 0);
}

/// NULL where the column before says the same.
std::optional<llvm::StringRef> unless(llvm::StringRef value, llvm::StringRef same) {
  return value == same ? std::nullopt : std::optional(value);
}

} // namespace

llvm::Expected<Keys> Keys::open(Connection& connection) {
  Keys keys(connection);
  if (llvm::Error error = keys.prepare())
    return error;
  if (llvm::Error error = keys.readLastIds())
    return error;
  return keys;
}

llvm::Error Keys::prepare() {
  const std::pair<Statement*, llvm::StringRef> statements[] = {
      {&find_text_, "SELECT id FROM text WHERE hash = ? AND value = ?"},
      {&add_text_, "INSERT INTO text VALUES(?, ?, ?)"},
      {&find_file_, "SELECT id, content, size, mtime_ns FROM file WHERE path = ?"},
      {&add_file_, "INSERT INTO file VALUES(?, ?, ?, ?, ?, ?)"},
      {&update_file_, "UPDATE file SET content = ?2, size = ?3, mtime_ns = ?4, inode = ?5 "
                      "WHERE id = ?1"},
      {&find_function_,
       "SELECT id, qualified_name, coalesce(name, qualified_name), "
       "coalesce(mangled, name, qualified_name), coalesce(type_id, 0), linkage, flags "
       "FROM symbol WHERE usr_hash = ? AND usr = ?"},
      {&add_function_, "INSERT INTO symbol VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?)"},
      {&update_function_, "UPDATE symbol SET qualified_name = ?2, name = ?3, mangled = ?4, "
                          "type_id = ?5, linkage = ?6, flags = ?7 WHERE id = ?1"},
      {&find_slot_, "SELECT id, name, kind, coalesce(type_id, 0), coalesce(file_id, 0), line, "
                    "\"column\", coalesce(function_id, 0), coalesce(slot_id, 0), position "
                    "FROM value_slot WHERE key_hash = ? AND key = ?"},
      {&add_slot_, "INSERT INTO value_slot VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"},
      {&update_slot_,
       "UPDATE value_slot SET name = ?2, kind = ?3, type_id = ?4, file_id = ?5, line = ?6, "
       "\"column\" = ?7, function_id = ?8, slot_id = ?9, position = ?10 WHERE id = ?1"},
      {&find_fragment_, "SELECT id FROM fragment WHERE hash_low = ? AND hash_high = ?"},
      {&add_fragment_, "INSERT INTO fragment VALUES(?, ?, ?, ?)"},
  };
  for (const auto& [statement, sql] : statements) {
    llvm::Expected<Statement> prepared = connection_.prepare(sql);
    if (!prepared)
      return prepared.takeError();
    *statement = std::move(*prepared);
  }
  return llvm::Error::success();
}

llvm::Error Keys::readLastIds() {
  const std::pair<Id*, const char*> tables[] = {{&last_text_, "text"},
                                                {&last_file_, "file"},
                                                {&last_function_, "symbol"},
                                                {&last_slot_, "value_slot"},
                                                {&last_fragment_, "fragment"}};
  for (const auto& [last, table] : tables) {
    llvm::Expected<int64_t> value =
        connection_.queryInteger(std::string("SELECT max(id) FROM ") + table);
    if (!value)
      return value.takeError();
    *last = static_cast<Id>(*value);
  }
  return llvm::Error::success();
}

llvm::Error Keys::forget() {
  texts_.clear();
  files_.clear();
  functions_.clear();
  slots_.clear();
  fragments_.clear();
  return readLastIds();
}

llvm::Expected<Id> Keys::text(llvm::StringRef value) {
  const MapKey key = mapKey(value);
  const auto [known, is_new] = texts_.try_emplace(key, kNoId);
  if (!is_new && known->second != kNoId)
    return known->second;
  llvm::Expected<bool> found = find_text_.bind(column(key.first), value).step();
  if (!found)
    return found.takeError();
  Id id = *found ? find_text_.id(0) : kNoId;
  find_text_.reset();
  if (id == kNoId) {
    id = ++last_text_;
    if (llvm::Error error = add_text_.run(id, column(key.first), value))
      return error;
  }
  texts_[key] = id;
  return id;
}

llvm::Expected<Id> Keys::optionalText(llvm::StringRef value) {
  return value.empty() ? llvm::Expected<Id>(kNoId) : text(value);
}

llvm::Expected<Keys::Known> Keys::findFile(llvm::StringRef path) {
  const MapKey key = mapKey(path);
  if (const auto known = files_.find(key); known != files_.end())
    return known->second;
  llvm::Expected<bool> found = find_file_.bind(path).step();
  if (!found)
    return found.takeError();
  Known known;
  if (*found) {
    known.id = find_file_.id(0);
    known.attributes =
        hashOfAll({find_file_.blob(1)}, {static_cast<uint64_t>(find_file_.integer(2)),
                                         static_cast<uint64_t>(find_file_.integer(3))});
    files_[key] = known;
  }
  find_file_.reset();
  return known;
}

llvm::Expected<Id> Keys::file(llvm::StringRef path) {
  llvm::Expected<Known> known = findFile(path);
  if (!known || known->id != kNoId)
    return known ? llvm::Expected<Id>(known->id) : known.takeError();
  const Id id = ++last_file_;
  if (llvm::Error error = add_file_.run(id, path, Key{}, 0, 0, 0))
    return error;
  files_[mapKey(path)] = {id, 0};
  return id;
}

llvm::Expected<Id> Keys::inputFile(const facts::InputFile& input) {
  llvm::Expected<Known> known = findFile(input.path);
  if (!known)
    return known.takeError();
  const std::string content = toBytes(input.content);
  const uint64_t attributes =
      hashOfAll({content}, {input.size, static_cast<uint64_t>(input.mtime_ns)});
  if (known->id != kNoId && known->attributes == attributes)
    return known->id;
  const uint64_t inode = trustedInode(input);
  const bool is_new = known->id == kNoId;
  const Id id = is_new ? ++last_file_ : known->id;
  if (llvm::Error error =
          is_new ? add_file_.run(id, llvm::StringRef(input.path), Blob{content}, input.size,
                                 input.mtime_ns, inode)
                 : update_file_.run(id, Blob{content}, input.size, input.mtime_ns, inode))
    return error;
  files_[mapKey(input.path)] = {id, attributes};
  return id;
}

llvm::Expected<Id> Keys::function(const facts::Function& function) {
  const MapKey key = mapKey(function.usr);
  llvm::Expected<Id> type = optionalText(function.type);
  if (!type)
    return type.takeError();
  const auto linkage = static_cast<uint64_t>(function.linkage);
  const uint64_t flags = functionFlags(function);
  const uint64_t attributes = hashOfAll(
      {function.qualified_name, function.name, function.mangled_name}, {*type, linkage, flags});
  const auto known = functions_.find(key);
  Id id = kNoId;
  if (known != functions_.end()) {
    if (known->second.attributes == attributes)
      return known->second.id;
    id = known->second.id;
  } else {
    llvm::Expected<bool> found =
        find_function_.bind(column(key.first), llvm::StringRef(function.usr)).step();
    if (!found)
      return found.takeError();
    if (*found) {
      id = find_function_.id(0);
      const uint64_t stored =
          hashOfAll({find_function_.text(1), find_function_.text(2), find_function_.text(3)},
                    {find_function_.id(4), find_function_.number(5), find_function_.number(6)});
      if (stored == attributes) {
        find_function_.reset();
        functions_[key] = {id, attributes};
        return id;
      }
    }
    find_function_.reset();
  }
  const llvm::StringRef qualified_name = function.qualified_name;
  const auto name = unless(function.name, qualified_name);
  const auto mangled = unless(function.mangled_name, function.name);
  const bool is_new = id == kNoId;
  if (is_new)
    id = ++last_function_;
  if (llvm::Error error =
          is_new
              ? add_function_.run(id, column(key.first), llvm::StringRef(function.usr),
                                  qualified_name, name, mangled, Key{*type}, linkage, flags)
              : update_function_.run(id, qualified_name, name, mangled, Key{*type}, linkage, flags))
    return error;
  functions_[key] = {id, attributes};
  return id;
}

llvm::Expected<Id> Keys::slot(const facts::Slot& slot, const SlotReferences& references) {
  const MapKey key = mapKey(slot.key);
  llvm::Expected<Id> type = optionalText(slot.type);
  if (!type)
    return type.takeError();
  const auto kind = static_cast<uint64_t>(slot.kind);
  const auto& [file, function, parent] = references;
  const uint64_t attributes =
      hashOfAll({slot.name}, {kind, *type, file, slot.location.line, slot.location.column, function,
                              parent, slot.index});
  const auto known = slots_.find(key);
  Id id = kNoId;
  if (known != slots_.end()) {
    if (known->second.attributes == attributes)
      return known->second.id;
    id = known->second.id;
  } else {
    llvm::Expected<bool> found =
        find_slot_.bind(column(key.first), llvm::StringRef(slot.key)).step();
    if (!found)
      return found.takeError();
    if (*found) {
      id = find_slot_.id(0);
      const uint64_t stored = hashOfAll({find_slot_.text(1)},
                                        {find_slot_.number(2), find_slot_.id(3), find_slot_.id(4),
                                         find_slot_.number(5), find_slot_.number(6),
                                         find_slot_.id(7), find_slot_.id(8), find_slot_.number(9)});
      if (stored == attributes) {
        find_slot_.reset();
        slots_[key] = {id, attributes};
        return id;
      }
    }
    find_slot_.reset();
  }
  const llvm::StringRef name = slot.name;
  const auto& at = slot.location;
  const bool is_new = id == kNoId;
  if (is_new)
    id = ++last_slot_;
  if (llvm::Error error = is_new
                              ? add_slot_.run(id, column(key.first), llvm::StringRef(slot.key),
                                              name, kind, Key{*type}, Key{file}, at.line, at.column,
                                              Key{function}, Key{parent}, slot.index)
                              : update_slot_.run(id, name, kind, Key{*type}, Key{file}, at.line,
                                                 at.column, Key{function}, Key{parent}, slot.index))
    return error;
  slots_[key] = {id, attributes};
  return id;
}

llvm::Expected<Id> Keys::findFragment(const facts::Hash& hash) {
  const MapKey key{hash[0], hash[1]};
  if (const auto known = fragments_.find(key); known != fragments_.end())
    return known->second;
  llvm::Expected<bool> found = find_fragment_.bind(column(hash[0]), column(hash[1])).step();
  if (!found)
    return found.takeError();
  const Id id = *found ? find_fragment_.id(0) : kNoId;
  find_fragment_.reset();
  if (id != kNoId)
    fragments_[key] = id;
  return id;
}

llvm::Expected<Id> Keys::addFragment(const facts::Hash& hash, llvm::StringRef mentions) {
  const Id id = ++last_fragment_;
  if (llvm::Error error = add_fragment_.run(id, column(hash[0]), column(hash[1]), Blob{mentions}))
    return error;
  fragments_[{hash[0], hash[1]}] = id;
  return id;
}

} // namespace lockvet::store
