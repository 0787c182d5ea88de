// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/config/wait_reader.h"

#include "analyzer/config/yaml_values.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/FormatVariadic.h"

namespace lockvet::config {

using llvm::Error;
using llvm::SMLoc;
using llvm::StringRef;
using Kind = WaitOperation::Kind;

namespace {

constexpr StringRef kWaitKeys[] = {"function", "does", "object", "releases", "entry"};
// In the order of the enumeration.
constexpr StringRef kDoes[] = {"wait", "signal", "start", "join"};

} // namespace

Error readWait(YamlReader& reader, const YamlValue& item, std::vector<WaitOperation>& waits) {
  WaitOperation wait;
  std::optional<size_t> does;
  std::optional<SMLoc> releases_at, entry_at;
  auto read = [&](StringRef key, SMLoc key_at, const YamlValue& value) -> Error {
    if (key == "function") {
      auto function = reader.string(value);
      if (!function)
        return function.takeError();
      wait.function = std::move(*function);
      return Error::success();
    }
    if (key == "does") {
      llvm::Expected<size_t> kind = readChoice(reader, value, "operation", kDoes);
      if (!kind)
        return kind.takeError();
      does = *kind;
      wait.kind = static_cast<Kind>(*kind);
      return Error::success();
    }
    llvm::Expected<uint32_t> index =
        key == "entry" ? readIndex(reader, value) : readObject(reader, value);
    if (!index)
      return index.takeError();
    if (key == "object") {
      wait.object = *index;
    } else if (key == "releases") {
      wait.releases = *index;
      releases_at = key_at;
    } else {
      wait.entry = *index;
      entry_at = key_at;
    }
    return Error::success();
  };
  if (Error failed = reader.mapping(item, kWaitKeys, read))
    return failed;
  if (wait.function.empty())
    return reader.error(item.where, "this entry of 'waits' lacks the key 'function'");
  if (!does)
    return reader.error(item.where,
                        llvm::formatv("what does '{0}' do? This entry lacks the key 'does': wait, "
                                      "signal, start or join",
                                      wait.function));
  if (releases_at && wait.kind != Kind::Wait)
    return reader.error(*releases_at, "'releases' is for what waits: the lock that it gives back "
                                      "meanwhile");
  if (entry_at && wait.kind != Kind::Start)
    return reader.error(*entry_at, "'entry' is for what starts a thread: the argument that is the "
                                   "function which the thread runs");
  if (!entry_at && wait.kind == Kind::Start)
    return reader.error(item.where,
                        llvm::formatv("which argument of '{0}' is the function that the thread "
                                      "runs? This entry lacks the key 'entry'",
                                      wait.function));
  if (llvm::any_of(waits,
                   [&](const WaitOperation& other) { return other.function == wait.function; }))
    return reader.error(item.where, llvm::formatv("'{0}' is described twice", wait.function));
  waits.push_back(std::move(wait));
  return Error::success();
}

} // namespace lockvet::config
