// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/store/unit_writer.h"

#include "analyzer/facts/serialize.h"
#include "analyzer/store/garbage.h"
#include "analyzer/store/input_digest.h"

#include <optional>
#include <utility>

namespace lockvet::store {

char BadFragmentError::ID = 0;

llvm::Expected<std::unique_ptr<UnitWriter>> UnitWriter::open(Connection& connection) {
  llvm::Expected<Keys> keys = Keys::open(connection);
  if (!keys)
    return keys.takeError();
  std::unique_ptr<UnitWriter> writer(new UnitWriter(connection, std::move(*keys)));
  llvm::Expected<FragmentWriter> fragments = FragmentWriter::open(connection, writer->keys_);
  if (!fragments)
    return fragments.takeError();
  writer->fragments_ = std::make_unique<FragmentWriter>(std::move(*fragments));
  if (llvm::Error error = writer->prepare())
    return error;
  return writer;
}

llvm::Error UnitWriter::prepare() {
  const std::pair<Statement*, llvm::StringRef> statements[] = {
      {&find_, "SELECT id, fragments, inputs FROM translation_unit WHERE command = ?"},
      {&add_, "INSERT INTO translation_unit(command, file_id, directory_id, limits, status, "
              "reason, seconds, digest, inputs, fragments) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"},
      {&update_, "UPDATE translation_unit SET file_id = ?2, directory_id = ?3, limits = ?4, "
                 "status = ?5, reason = ?6, seconds = ?7, digest = ?8, inputs = ?9, "
                 "fragments = ?10 WHERE command = ?1"},
      {&remove_, "DELETE FROM translation_unit WHERE command = ?"},
      {&refresh_, "UPDATE file SET size = ?2, mtime_ns = ?3, inode = ?4 WHERE id = ?1"},
      {&unlink_, "INSERT OR REPLACE INTO store_state VALUES('linked', '0')"},
  };
  for (const auto& [statement, sql] : statements) {
    llvm::Expected<Statement> prepared = connection_.prepare(sql);
    if (!prepared)
      return prepared.takeError();
    *statement = std::move(*prepared);
  }
  return llvm::Error::success();
}

llvm::Expected<bool> UnitWriter::lookUpFragments(const facts::UnitFacts& unit,
                                                 std::vector<Id>& known,
                                                 std::vector<Pending>& pending) {
  for (const auto& [hash, bytes] : unit.fragments) {
    llvm::Expected<Id> id = keys_.findFragment(hash);
    if (!id)
      return id.takeError();
    if (*id != kNoId) {
      known.push_back(*id);
      continue;
    }
    if (bytes.empty())
      return false;
    if (facts::hashOf(bytes) != hash)
      return llvm::make_error<BadFragmentError>("a fragment's bytes do not have its hash");
    llvm::Expected<facts::Fragment> fragment = facts::parseFragment(bytes);
    if (!fragment)
      return llvm::make_error<BadFragmentError>(llvm::toString(fragment.takeError()));
    pending.push_back({hash, std::move(*fragment)});
  }
  return true;
}

llvm::Expected<UnitWriter::OldUnit> UnitWriter::findOld(const facts::Hash& command) {
  const std::string key = toBytes(command);
  llvm::Expected<bool> found = find_.bind(Blob{key}).step();
  if (!found)
    return found.takeError();
  OldUnit old;
  if (*found)
    old = {find_.id(0), find_.blob(1).str(), find_.blob(2).str()};
  find_.reset();
  return old;
}

void UnitWriter::letGo(const OldUnit& old) {
  forEachRun(old.fragments, [&](Id first, Id count) { left_.fragments.setRun(first, count); });
  forEachRun(old.inputs, [&](Id first, Id count) { left_.inputs.setRun(first, count); });
  left_.any = true;
}

llvm::Error UnitWriter::setUnlinked() {
  if (unlinked_)
    return llvm::Error::success();
  unlinked_ = true;
  return unlink_.run();
}

llvm::Expected<PutOutcome> UnitWriter::put(const UnitIdentity& identity,
                                           const facts::UnitFacts& unit) {
  std::vector<Id> fragments;
  std::vector<Pending> pending;
  llvm::Expected<bool> complete = lookUpFragments(unit, fragments, pending);
  if (!complete)
    return complete.takeError();
  if (!*complete)
    return PutOutcome::MissingFragments;

  for (const Pending& each : pending) {
    // A unit may say the same twice.
    llvm::Expected<Id> id = keys_.findFragment(each.hash);
    if (id && *id == kNoId)
      id = fragments_->write(each.hash, each.fragment, written_);
    if (!id)
      return id.takeError();
    fragments.push_back(*id);
  }

  InputDigest digest;
  std::vector<Id> inputs;
  for (const facts::InputFile& input : unit.inputs) {
    llvm::Expected<Id> id = keys_.inputFile(input);
    if (!id)
      return id.takeError();
    inputs.push_back(*id);
    digest.add(inputMix(*id, input.content));
  }
  llvm::Expected<Id> file = keys_.file(identity.file);
  if (!file)
    return file.takeError();
  llvm::Expected<Id> directory = keys_.text(identity.directory);
  if (!directory)
    return directory.takeError();

  llvm::Expected<OldUnit> old = findOld(identity.command);
  if (!old)
    return old.takeError();
  const std::string fragment_set = encodeIds(std::move(fragments));
  const std::string input_set = encodeIds(std::move(inputs));
  if (old->id == kNoId || old->fragments != fragment_set)
    if (llvm::Error error = setUnlinked())
      return error;
  if (old->id != kNoId && (old->fragments != fragment_set || old->inputs != input_set))
    letGo(*old);
  const std::string command = toBytes(identity.command);
  const std::string digest_bytes = toBytes(digest.value());
  const auto reason =
      unit.reason.empty() ? std::nullopt : std::optional<llvm::StringRef>(unit.reason);
  Statement& statement = old->id == kNoId ? add_ : update_;
  if (llvm::Error error = statement.run(Blob{command}, *file, *directory, identity.limits,
                                        static_cast<int>(unit.status), reason, unit.cpu_seconds,
                                        Blob{digest_bytes}, Blob{input_set}, Blob{fragment_set}))
    return error;
  return PutOutcome::Stored;
}

llvm::Error UnitWriter::remove(const facts::Hash& command) {
  llvm::Expected<OldUnit> old = findOld(command);
  if (!old)
    return old.takeError();
  if (old->id == kNoId)
    return llvm::Error::success();
  letGo(*old);
  if (llvm::Error error = setUnlinked())
    return error;
  const std::string key = toBytes(command);
  return remove_.run(Blob{key});
}

llvm::Error UnitWriter::refreshFile(const FileRow& file) {
  return refresh_.run(file.id, file.size, file.mtime_ns, file.inode);
}

llvm::Error UnitWriter::collectGarbage() {
  if (!left_.any)
    return llvm::Error::success();
  llvm::Expected<bool> deleted = store::collectGarbage(connection_, left_, written_);
  if (!deleted)
    return deleted.takeError();
  return *deleted ? keys_.forget() : llvm::Error::success();
}

llvm::Error UnitWriter::ended(bool committed) {
  written_.clear();
  left_ = {};
  unlinked_ = false;
  return committed ? llvm::Error::success() : keys_.forget();
}

} // namespace lockvet::store
