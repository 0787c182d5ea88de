// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/config/config.h"
#include "analyzer/config/consistency.h"
#include "analyzer/config/lock_reader.h"
#include "analyzer/config/marker_reader.h"
#include "analyzer/config/path_glob.h"
#include "analyzer/config/profiles.h"
#include "analyzer/config/wait_reader.h"
#include "analyzer/config/yaml_values.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/Path.h"

namespace lockvet::config {

namespace {

using llvm::Error;
using llvm::SMLoc;
using llvm::StringRef;

constexpr StringRef kDocumentKeys[] = {"profile",
                               "coroutine_predicates",
                               "main_loop_predicates",
                               "labels",
                               "blocking",
                               "not_blocking",
                               "roots",
                               "locks",
                               "registrars",
                               "waits",
                               "markers",
                               "rules",
                               "paths",
                               "suppress"};
constexpr StringRef kPathRuleKeys[] = {"rule", "path", "message", "severity"};
constexpr StringRef kLabelKeys[] = {"label", "name", "regex", "macro"};
constexpr StringRef kSuppressionKeys[] = {"path", "rules", "reason"};
constexpr StringRef kLevels[] = {"off", "note", "warning", "error"};

/// Fills a Config from the reader; one method a key of the file.
class Parser {
public:
  Parser(StringRef text, StringRef path) : reader_(text, path) {}

  llvm::Expected<Config> run() {
    auto read = [&](StringRef key, SMLoc, const YamlValue& value) { return readKey(key, value); };
    if (auto failed = reader_.document(kDocumentKeys, read))
      return failed;
    return std::move(config_);
  }

private:
  Error readKey(StringRef key, const YamlValue& value) {
    if (key == "profile")
      return profile(value);
    if (key == "coroutine_predicates")
      return readNames(reader_, value, key, config_.coroutine_predicates);
    if (key == "main_loop_predicates")
      return readNames(reader_, value, key, config_.main_loop_predicates);
    if (key == "labels")
      return reader_.list(value, key, [&](const YamlValue& item) { return label(item); });
    if (key == "blocking")
      return blocking(key, value, config_.blocking, config_.not_blocking);
    if (key == "not_blocking")
      return blocking(key, value, config_.not_blocking, config_.blocking);
    if (key == "roots")
      return readNames(reader_, value, key, config_.roots);
    if (key == "locks")
      return reader_.list(value, key, [&](const YamlValue& item) {
        return readLock(reader_, item, config_.locks);
      });
    if (key == "registrars")
      return reader_.list(value, key, [&](const YamlValue& item) {
        return readRegistrar(reader_, item, config_.registrars);
      });
    if (key == "waits")
      return reader_.list(value, key, [&](const YamlValue& item) {
        return readWait(reader_, item, config_.waits);
      });
    if (key == "markers")
      return reader_.list(value, key, [&](const YamlValue& item) {
        return readMarker(reader_, item, config_.markers);
      });
    if (key == "paths")
      return reader_.list(value, key, [&](const YamlValue& item) { return pathRule(item); });
    if (key == "suppress")
      return reader_.list(value, key, [&](const YamlValue& item) { return suppression(item); });
    if (llvm::isa<llvm::yaml::NullNode>(value.node))
      return Error::success();
    return reader_.mapping(value, {}, [&](StringRef rule, SMLoc rule_at, const YamlValue& setting) {
      return level(rule, rule_at, setting);
    });
  }

  Error profile(const YamlValue& value) {
    auto name = reader_.string(value);
    if (!name)
      return name.takeError();
    if (!findProfile(*name))
      return reader_.error(value.where, noSuchProfile(*name));
    config_.profile = std::move(*name);
    return Error::success();
  }

  /// One of the lists on blocking, which must not have what the `other` one has.
  Error blocking(StringRef key, const YamlValue& value, std::vector<std::string>& into,
                 const std::vector<std::string>& other) {
    return readNames(reader_, value, key, into, [&](StringRef name) -> std::string {
      return llvm::is_contained(other, name)
                 ? llvm::formatv("'{0}' is in both blocking and not_blocking", name).str()
                 : "";
    });
  }

  Error label(const YamlValue& item) {
    LabelRule rule;
    SMLoc label_at = item.where;
    StringRef target;
    auto failed = reader_.mapping(
        item, kLabelKeys, [&](StringRef key, SMLoc key_at, const YamlValue& value) -> Error {
          auto text = reader_.string(value);
          if (!text)
            return text.takeError();
          std::string wrong;
          if (key == "label") {
            label_at = value.where;
            wrong = wrongWithLabel(*text);
          } else if (!target.empty()) {
            return reader_.error(
                key_at, llvm::formatv("a label rule has one of name, regex and macro; this one has "
                                      "'{0}' and '{1}'",
                                      target, key));
          } else {
            // The key is one of them, or the reader would have refused it.
            target = *llvm::find(kLabelKeys, key); // NOLINT(clang-analyzer-security.ArrayBound)
            wrong = key == "regex"   ? wrongWithRegex(*text)
                    : key == "macro" ? wrongWithMacro(*text)
                                     : "";
          }
          if (!wrong.empty())
            return reader_.error(
                value.where,
                llvm::formatv("the {0} '{1}' {2}", key, StringRef(*text).take_front(60), wrong));
          (key == "label"   ? rule.label
           : key == "name"  ? rule.name
           : key == "regex" ? rule.regex
                            : rule.macro) = std::move(*text);
          return Error::success();
        });
    if (failed)
      return failed;
    if (rule.label.empty())
      return reader_.error(item.where, "this label rule lacks the key 'label'");
    if (target.empty())
      return reader_.error(item.where, "this label rule says of no function: give it one of name, "
                                       "regex and macro");
    if (const std::string wrong = contradiction(rule, config_.labels); !wrong.empty())
      return reader_.error(label_at, wrong);
    config_.labels.push_back(std::move(rule));
    return Error::success();
  }

  Error suppression(const YamlValue& item) {
    Suppression suppression;
    auto failed = reader_.mapping(
        item, kSuppressionKeys, [&](StringRef key, SMLoc, const YamlValue& value) -> Error {
          if (key == "rules")
            return suppressedRules(value, suppression.rules);
          auto text = reader_.string(value);
          if (!text)
            return text.takeError();
          if (key == "reason") {
            suppression.reason = std::move(*text);
            return Error::success();
          }
          if (auto glob = PathGlob::create(*text); !glob)
            return reader_.error(value.where, llvm::toString(glob.takeError()));
          if (llvm::sys::path::is_absolute(*text))
            return reader_.error(value.where,
                                 "a path is relative to the folder of this file, so that it means "
                                 "the same in every checkout");
          suppression.path = std::move(*text);
          return Error::success();
        });
    if (failed)
      return failed;
    if (suppression.path.empty())
      return reader_.error(item.where, "this suppression lacks the key 'path'");
    if (suppression.reason.empty())
      return reader_.error(item.where,
                           "this suppression lacks the key 'reason': say why the findings in '" +
                               suppression.path + "' may stay");
    config_.suppressions.push_back(std::move(suppression));
    return Error::success();
  }

  Error suppressedRules(const YamlValue& value, std::vector<std::string>& rules) {
    if (auto failed = reader_.list(value, "rules", [&](const YamlValue& item) -> Error {
          auto rule = reader_.string(item);
          if (!rule)
            return rule.takeError();
          if (const std::string wrong = wrongWithRule(*rule); !wrong.empty())
            return reader_.error(item.where, llvm::formatv("'{0}' {1}", *rule, wrong));
          if (llvm::is_contained(rules, *rule))
            return reader_.error(item.where, llvm::formatv("'{0}' is listed twice", *rule));
          rules.push_back(std::move(*rule));
          return Error::success();
        }))
      return failed;
    // An empty list would read as "none" and mean "all".
    if (rules.empty())
      return reader_.error(value.where, "'rules' is empty: name some, or leave it out to mean all");
    return Error::success();
  }

  Error level(StringRef rule, SMLoc rule_at, const YamlValue& setting) {
    if (const std::string wrong = wrongWithRule(rule); !wrong.empty())
      return reader_.error(rule_at, llvm::formatv("'{0}' {1}", rule.take_front(60), wrong));
    llvm::Expected<Level> level = levelNamed(setting);
    if (!level)
      return level.takeError();
    config_.levels.push_back({rule.str(), *level});
    return Error::success();
  }

  llvm::Expected<Level> levelNamed(const YamlValue& setting) {
    llvm::Expected<size_t> level = readChoice(reader_, setting, "level", kLevels);
    if (!level)
      return level.takeError();
    return static_cast<Level>(*level);
  }

  Error pathRule(const YamlValue& item) {
    PathRule rule;
    auto failed = reader_.mapping(
        item, kPathRuleKeys, [&](StringRef key, SMLoc, const YamlValue& value) -> Error {
          if (key == "severity") {
            llvm::Expected<Level> level = levelNamed(value);
            if (!level)
              return level.takeError();
            if (*level == Level::Off)
              return reader_.error(value.where,
                                   "a rule of your own that is off is better left out");
            rule.level = *level;
            return Error::success();
          }
          auto text = reader_.string(value);
          if (!text)
            return text.takeError();
          if (key == "rule")
            if (const std::string wrong = wrongWithRule(*text); !wrong.empty())
              return reader_.error(
                  value.where, llvm::formatv("'{0}' {1}", StringRef(*text).take_front(60), wrong));
          if (key == "path")
            rule.where = reader_.placeOf(value.where);
          (key == "rule" ? rule.rule : key == "path" ? rule.path : rule.message) = std::move(*text);
          return Error::success();
        });
    if (failed)
      return failed;
    for (const auto& [key, text] : {std::pair("rule", &rule.rule), std::pair("path", &rule.path),
                                    std::pair("message", &rule.message)})
      if (text->empty())
        return reader_.error(item.where, llvm::formatv("this rule lacks the key '{0}'", key));
    if (llvm::any_of(config_.path_rules,
                     [&](const PathRule& other) { return other.rule == rule.rule; }))
      return reader_.error(item.where, llvm::formatv("there are two rules '{0}'", rule.rule));
    config_.path_rules.push_back(std::move(rule));
    return Error::success();
  }

  YamlReader reader_;
  Config config_;
};

} // namespace

llvm::Expected<Config> parse(llvm::StringRef text, llvm::StringRef path) {
  auto config = Parser(text, path).run();
  if (!config)
    return config.takeError();
  llvm::SmallString<128> directory(path);
  // The current directory may have been removed; a relative directory then is the best there is.
  (void)llvm::sys::fs::make_absolute(directory);
  llvm::sys::path::remove_dots(directory, /*remove_dot_dot=*/true);
  config->directory = llvm::sys::path::parent_path(directory).str();
  return config;
}

} // namespace lockvet::config
