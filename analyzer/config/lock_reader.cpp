// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/config/lock_reader.h"

#include "analyzer/config/consistency.h"
#include "analyzer/config/yaml_values.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/FormatVariadic.h"

namespace lockvet::config {

using llvm::Error;
using llvm::SMLoc;
using llvm::StringRef;

namespace {

constexpr LockList kLists[] = {{"acquire", &LockType::acquire},
                               {"acquire_shared", &LockType::acquire_shared},
                               {"try_acquire", &LockType::try_acquire},
                               {"try_acquire_shared", &LockType::try_acquire_shared},
                               {"acquire_or_error", &LockType::acquire_or_error},
                               {"acquire_shared_or_error", &LockType::acquire_shared_or_error},
                               {"release", &LockType::release},
                               {"release_shared", &LockType::release_shared},
                               {"upgrade", &LockType::upgrade},
                               {"downgrade", &LockType::downgrade},
                               {"assert_held", &LockType::assert_held},
                               {"tells_held", &LockType::tells_held},
                               {"requires", &LockType::required},
                               {"requires_shared", &LockType::required_shared},
                               {"excludes", &LockType::excluded}};
constexpr StringRef kLockKeys[] = {"name",
                                   "kind",
                                   "reentrant",
                                   "allows",
                                   "conditional",
                                   "owner",
                                   "object",
                                   "global",
                                   "acquire",
                                   "acquire_shared",
                                   "try_acquire",
                                   "try_acquire_shared",
                                   "try_succeeds_with",
                                   "acquire_or_error",
                                   "acquire_shared_or_error",
                                   "release",
                                   "release_shared",
                                   "upgrade",
                                   "downgrade",
                                   "assert_held",
                                   "tells_held",
                                   "requires",
                                   "requires_shared",
                                   "excludes"};
constexpr StringRef kRegistrarKeys[] = {"function", "argument", "context", "label", "waits"};
// In the order of the enumerations.
constexpr StringRef kKinds[] = {"thread", "spin", "coroutine", "graph"};
constexpr StringRef kContexts[] = {"coroutine", "outside"};
constexpr StringRef kGrades[] = {"error", "warning"};
constexpr StringRef kOwners[] = {"taker", "none"};
constexpr StringRef kAllowances[] = {"poll", "suspend", "block"};

/// Whether one function may be in both lists of a lock: what gives back either mode is in both.
bool goTogether(StringRef one, StringRef other) {
  return one.starts_with("release") && other.starts_with("release");
}

/// Reads one lock; one method a group of keys.
class LockReader {
public:
  LockReader(YamlReader& reader, llvm::ArrayRef<LockType> before)
      : reader_(reader), before_(before) {}

  llvm::Expected<LockType> run(const YamlValue& item) {
    if (auto failed = reader_.mapping(
            item, kLockKeys, [&](StringRef key, SMLoc key_at, const YamlValue& value) {
              if (const auto* list =
                      llvm::find_if(kLists, [&](const LockList& each) { return each.key == key; });
                  list != std::end(kLists))
                return functions(*list, value);
              return setting(key, key_at, value);
            }))
      return failed;
    if (lock_.name.empty())
      return reader_.error(item.where, "this lock lacks the key 'name'");
    if (llvm::any_of(before_, [&](const LockType& other) { return other.name == lock_.name; }))
      return reader_.error(name_at_, llvm::formatv("there are two locks '{0}'", lock_.name));
    if (succeeds_at_ && lock_.try_acquire.empty() && lock_.try_acquire_shared.empty())
      return reader_.error(*succeeds_at_, "'try_succeeds_with' says how 'try_acquire' and "
                                          "'try_acquire_shared' answer, and there is neither");
    return std::move(lock_);
  }

private:
  Error setting(StringRef key, SMLoc key_at, const YamlValue& value) {
    if (key == "name") {
      name_at_ = value.where;
      return assign(reader_.string(value), lock_.name);
    }
    if (key == "kind") {
      llvm::Expected<size_t> kind = readChoice(reader_, value, "kind of lock", kKinds);
      if (!kind)
        return kind.takeError();
      lock_.kind = static_cast<LockType::Kind>(*kind);
      return Error::success();
    }
    if (key == "object" || key == "global") {
      if (!which_.empty())
        return reader_.error(key_at, "a lock is an argument of its functions ('object') or one "
                                     "lock of the program ('global'); this one has both");
      which_ = key.str();
      return key == "global" ? assign(reader_.string(value), lock_.global)
                             : assign(readObject(reader_, value), lock_.object);
    }
    if (key == "allows")
      return allowances(value);
    if (key == "conditional")
      return choice(value, "grade", kGrades, lock_.is_conditional_warning);
    if (key == "owner")
      return choice(value, "owner", kOwners, lock_.is_unowned);
    if (key == "reentrant")
      return assign(readBoolean(reader_, value), lock_.is_reentrant);
    succeeds_at_ = key_at;
    return assign(readBoolean(reader_, value), lock_.try_succeeds_with);
  }

  template <typename Value> static Error assign(llvm::Expected<Value> read, Value& into) {
    if (!read)
      return read.takeError();
    into = std::move(*read);
    return Error::success();
  }

  /// One of two words, of which the second sets the flag.
  Error choice(const YamlValue& value, StringRef what, llvm::ArrayRef<StringRef> words,
               bool& flag) {
    llvm::Expected<size_t> which = readChoice(reader_, value, what, words);
    if (!which)
      return which.takeError();
    flag = *which == 1;
    return Error::success();
  }

  Error allowances(const YamlValue& value) {
    return reader_.list(value, "allows", [&](const YamlValue& item) -> Error {
      llvm::Expected<size_t> which = readChoice(reader_, item, "allowance", kAllowances);
      if (!which)
        return which.takeError();
      bool* const flags[] = {&lock_.allows_poll, &lock_.allows_suspend, &lock_.allows_block};
      if (*flags[*which])
        return reader_.error(item.where,
                             llvm::formatv("'{0}' is listed twice", kAllowances[*which]));
      *flags[*which] = true;
      return Error::success();
    });
  }

  Error functions(const LockList& list, const YamlValue& value) {
    return readNames(reader_, value, list.key, lock_.*list.functions,
                     [&](StringRef function) { return claimed(list, function); });
  }

  /// What else the function is said to do already; what two entries say of one cannot both hold.
  std::string claimed(const LockList& list, StringRef function) const {
    for (const LockList& other : kLists)
      if (other.key != list.key && !goTogether(other.key, list.key) &&
          llvm::is_contained(lock_.*other.functions, function))
        return llvm::formatv("'{0}' is in both {1} and {2}", function, other.key, list.key);
    for (const LockType& lock : before_)
      for (const LockList& other : kLists)
        if (llvm::is_contained(lock.*other.functions, function))
          return llvm::formatv("'{0}' is a function of the lock '{1}' already", function,
                               lock.name);
    return {};
  }

  YamlReader& reader_;
  llvm::ArrayRef<LockType> before_;
  LockType lock_;
  SMLoc name_at_;
  std::string which_; ///< "object" or "global", once either was read
  std::optional<SMLoc> succeeds_at_;
};

} // namespace

llvm::ArrayRef<LockList> lockLists() {
  return kLists;
}

Error readLock(YamlReader& reader, const YamlValue& item, std::vector<LockType>& locks) {
  llvm::Expected<LockType> lock = LockReader(reader, locks).run(item);
  if (!lock)
    return lock.takeError();
  locks.push_back(std::move(*lock));
  return Error::success();
}

Error readRegistrar(YamlReader& reader, const YamlValue& item, std::vector<Registrar>& registrars) {
  Registrar registrar;
  bool has_argument = false;
  auto read = [&](StringRef key, SMLoc, const YamlValue& value) -> Error {
    if (key == "argument") {
      llvm::Expected<uint32_t> index = readIndex(reader, value);
      if (!index)
        return index.takeError();
      registrar.argument = *index;
      has_argument = true;
      return Error::success();
    }
    if (key == "context") {
      llvm::Expected<size_t> context = readChoice(reader, value, "context", kContexts);
      if (!context)
        return context.takeError();
      registrar.context =
          *context == 0 ? Registrar::Context::Coroutine : Registrar::Context::Outside;
      return Error::success();
    }
    if (key == "waits") {
      llvm::Expected<bool> waits = readBoolean(reader, value);
      if (!waits)
        return waits.takeError();
      registrar.waits = *waits;
      return Error::success();
    }
    auto text = reader.string(value);
    if (!text)
      return text.takeError();
    if (key == "label")
      if (const std::string wrong = wrongWithLabel(*text); !wrong.empty())
        return reader.error(value.where, llvm::formatv("the label '{0}' {1}",
                                                       StringRef(*text).take_front(60), wrong));
    (key == "label" ? registrar.label : registrar.function) = std::move(*text);
    return Error::success();
  };
  if (Error failed = reader.mapping(item, kRegistrarKeys, read))
    return failed;
  if (registrar.function.empty())
    return reader.error(item.where, "this registrar lacks the key 'function'");
  if (!has_argument)
    return reader.error(item.where,
                        llvm::formatv("this registrar lacks the key 'argument': which argument of "
                                      "'{0}' is the function that it has run",
                                      registrar.function));
  if (llvm::any_of(registrars, [&](const Registrar& other) {
        return other.function == registrar.function && other.argument == registrar.argument;
      }))
    return reader.error(item.where, llvm::formatv("argument {0} of '{1}' is described twice",
                                                  registrar.argument, registrar.function));
  registrars.push_back(std::move(registrar));
  return Error::success();
}

} // namespace lockvet::config
