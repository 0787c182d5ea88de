// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "vrc/query/parser.h"

#include "llvm/ADT/StringExtras.h"
#include "vrc/query/error.h"

#include <optional>

namespace lockvet::query {

namespace {

using Spec = NodeSpec;
using Path = PathExpression;

constexpr int kMaxDepth = 200;

constexpr std::pair<llvm::StringLiteral, Spec::Kind> kSteps[] = {
    {"callers", Spec::Kind::Callers},
    {"callees", Spec::Kind::Callees},
    {"all_callers", Spec::Kind::AllCallers},
    {"all_callees", Spec::Kind::AllCallees}};

Spec wrap(Spec::Kind kind, Spec operand, size_t offset) {
  Spec result{.kind = kind, .offset = offset};
  result.operands.push_back(std::move(operand));
  return result;
}

/// An operator behind an operator makes nothing new: `a+?` and the like are `a*`. So a row of them
/// is no deep tree.
Path repeat(Path::Kind kind, Path operand) {
  if (operand.kind == Path::Kind::Star || operand.kind == Path::Kind::Plus ||
      operand.kind == Path::Kind::Optional) {
    if (operand.kind != kind)
      operand.kind = Path::Kind::Star;
    return operand;
  }
  Path result{.kind = kind};
  result.operands.push_back(std::move(operand));
  return result;
}

class Parser {
public:
  explicit Parser(llvm::StringRef text) : text_(text) {}

  llvm::Expected<Spec> specs() {
    Spec all{.kind = Spec::Kind::Or, .offset = 0};
    for (skipBlanks(); !atEnd(); skipBlanks()) {
      llvm::Expected<Spec> term = this->term(/*in_brackets=*/false);
      if (!term)
        return term.takeError();
      all.operands.push_back(std::move(*term));
    }
    if (all.operands.empty())
      return errorAt(at_, "expected a function");
    return all.operands.size() == 1 ? std::move(all.operands[0]) : std::move(all);
  }

  llvm::Expected<Path> wholePath() {
    llvm::Expected<Path> path = alternation();
    if (!path)
      return path.takeError();
    if (!atEnd())
      return errorAt(at_, "')' without '('");
    return path;
  }

private:
  bool atEnd() const { return at_ == text_.size(); }
  char peek() const { return atEnd() ? '\0' : text_[at_]; }
  bool take(char wanted) {
    if (peek() != wanted || atEnd())
      return false;
    ++at_;
    return true;
  }
  void skipBlanks() {
    while (!atEnd() && llvm::isSpace(text_[at_]))
      ++at_;
  }

  /// Counts how deep a recursion is while it is in scope.
  struct Deeper {
    explicit Deeper(int& depth) : depth(depth) { ++depth; }
    ~Deeper() { --depth; }
    Deeper(const Deeper&) = delete;
    Deeper& operator=(const Deeper&) = delete;
    int& depth;
  };

  // Node specs ------------------------------------------------------------------------------------

  llvm::Expected<Spec> term(bool in_brackets) {
    const size_t start = at_;
    llvm::Expected<Spec> spec = negated(in_brackets);
    while (spec) {
      const size_t step_start = at_;
      const std::optional<Spec::Kind> step = takeStep();
      if (!step)
        break;
      // In the whole query, since steps nest as brackets do, and within them.
      if (++steps_ > kMaxDepth)
        return errorAt(step_start, "the query is nested too deep");
      spec = wrap(*step, std::move(*spec), start);
    }
    if (spec && peek() == ':')
      return errorAt(at_, "expected callers, callees, all_callers or all_callees after ':'");
    return spec;
  }

  llvm::Expected<Spec> negated(bool in_brackets) {
    const size_t start = at_;
    bool is_negated = false;
    while (take('!')) {
      is_negated = !is_negated;
      skipBlanks();
    }
    llvm::Expected<Spec> spec = atom(in_brackets);
    if (spec && is_negated)
      return wrap(Spec::Kind::Not, std::move(*spec), start);
    return spec;
  }

  llvm::Expected<Spec> atom(bool in_brackets) {
    const size_t start = at_;
    if (take('['))
      return bracket(start);
    if (peek() == '"') {
      llvm::Expected<std::string> name = quoted();
      if (!name)
        return name.takeError();
      return Spec{.kind = Spec::Kind::Name, .text = *name, .offset = start};
    }
    if (peek() == '/') {
      llvm::Expected<std::string> regex = untilSlash();
      if (!regex)
        return regex.takeError();
      return Spec{.kind = Spec::Kind::Regex, .text = *regex, .offset = start};
    }
    const llvm::StringRef word = in_brackets ? takeLabel() : takeName();
    if (word.empty())
      return errorAt(start, atEnd() ? "the query ends where a function or '[' is expected"
                                    : std::string("'") + peek() + "' is not expected here");
    if (!in_brackets) {
      if (size_t dots = word.find("..."); dots != llvm::StringRef::npos)
        return errorAt(start + dots, "'...' stands between blanks");
      return Spec{.kind = Spec::Kind::Name, .text = word.str(), .offset = start};
    }
    if (word.starts_with("file:"))
      return Spec{.kind = Spec::Kind::File, .text = word.drop_front(5).str(), .offset = start};
    return Spec{.kind = Spec::Kind::Label, .text = word.str(), .offset = start};
  }

  llvm::Expected<Spec> bracket(size_t start) {
    const Deeper deeper(depth_);
    if (depth_ > kMaxDepth)
      return errorAt(start, "the query is nested too deep");
    skipBlanks();
    if (take(']'))
      return Spec{.kind = Spec::Kind::All, .offset = start};
    Spec any{.kind = Spec::Kind::Or, .offset = start};
    do {
      Spec both{.kind = Spec::Kind::And, .offset = at_};
      do {
        skipBlanks();
        llvm::Expected<Spec> term = this->term(/*in_brackets=*/true);
        if (!term)
          return term.takeError();
        both.operands.push_back(std::move(*term));
        skipBlanks();
      } while (take(','));
      any.operands.push_back(both.operands.size() == 1 ? std::move(both.operands[0])
                                                       : std::move(both));
    } while (take('|'));
    if (!take(']')) {
      if (atEnd())
        return errorAt(start, "this '[' has no ']'");
      return errorAt(at_, std::string("expected ',', '|' or ']' before '") + peek() + "'");
    }
    return any.operands.size() == 1 ? std::move(any.operands[0]) : std::move(any);
  }

  llvm::Expected<std::string> quoted() {
    const size_t start = at_++;
    std::string result;
    while (!atEnd() && peek() != '"') {
      if (peek() == '\\' && at_ + 1 < text_.size())
        ++at_;
      result += text_[at_++];
    }
    if (!take('"'))
      return errorAt(start, "this '\"' has no end");
    return result;
  }

  llvm::Expected<std::string> untilSlash() {
    const size_t start = at_++;
    std::string result;
    while (!atEnd() && peek() != '/') {
      // Only the slash loses its backslash: the rest is the regular expression's.
      if (peek() == '\\' && at_ + 1 < text_.size()) {
        if (text_[at_ + 1] != '/')
          result += '\\';
        ++at_;
      }
      result += text_[at_++];
    }
    if (!take('/'))
      return errorAt(start, "this '/' has no end");
    return result;
  }

  std::optional<Spec::Kind> stepAt(size_t at) const {
    if (at >= text_.size() || text_[at] != ':')
      return std::nullopt;
    const llvm::StringRef word =
        text_.substr(at + 1).take_while([](char c) { return llvm::isAlnum(c) || c == '_'; });
    for (const auto& [name, kind] : kSteps)
      if (word == name)
        return kind;
    return std::nullopt;
  }

  std::optional<Spec::Kind> takeStep() {
    const std::optional<Spec::Kind> step = stepAt(at_);
    if (step)
      for (++at_; !atEnd() && (llvm::isAlnum(peek()) || peek() == '_'); ++at_)
        ;
    return step;
  }

  /// A name: `main`, `io::File::~File`, `Locked<int>::set`.
  llvm::StringRef takeName() {
    const size_t start = at_;
    while (!atEnd()) {
      const char c = peek();
      if (c == ':') {
        if (!text_.substr(at_).starts_with("::"))
          break;
        ++at_;
      } else if (!llvm::isAlnum(c) && !llvm::StringRef("_.~$<>,&@-").contains(c) &&
                 static_cast<unsigned char>(c) < 0x80) {
        break;
      }
      ++at_;
    }
    return text_.slice(start, at_);
  }

  /// A label, which can have colons: `requires:this->lock`, `excludes:!mu`, `file:block/*.c`.
  llvm::StringRef takeLabel() {
    const size_t start = at_;
    while (!atEnd() && !llvm::isSpace(peek()) && !llvm::StringRef(",|[]\"").contains(peek()) &&
           !stepAt(at_))
      ++at_;
    return text_.slice(start, at_);
  }

  // Paths -----------------------------------------------------------------------------------------

  llvm::Expected<Path> alternation() {
    Path any{.kind = Path::Kind::Alternation};
    do {
      llvm::Expected<Path> run = sequence();
      if (!run)
        return run.takeError();
      any.operands.push_back(std::move(*run));
    } while (take('|'));
    return any.operands.size() == 1 ? std::move(any.operands[0]) : std::move(any);
  }

  llvm::Expected<Path> sequence() {
    Path all{.kind = Path::Kind::Sequence};
    for (skipBlanks(); !atEnd() && peek() != '|' && peek() != ')'; skipBlanks()) {
      llvm::Expected<Path> part = this->part();
      if (!part)
        return part.takeError();
      all.operands.push_back(std::move(*part));
    }
    if (all.operands.empty())
      return errorAt(at_, atEnd() ? "the path ends where a function is expected"
                                  : std::string("expected a function before '") + peek() + "'");
    return all.operands.size() == 1 ? std::move(all.operands[0]) : std::move(all);
  }

  llvm::Expected<Path> part() {
    llvm::Expected<Path> path = pathAtom();
    while (path) {
      if (take('*'))
        path = repeat(Path::Kind::Star, std::move(*path));
      else if (take('+'))
        path = repeat(Path::Kind::Plus, std::move(*path));
      else if (take('?'))
        path = repeat(Path::Kind::Optional, std::move(*path));
      else
        break;
    }
    return path;
  }

  llvm::Expected<Path> pathAtom() {
    const size_t start = at_;
    if (take('(')) {
      const Deeper deeper(depth_);
      if (depth_ > kMaxDepth)
        return errorAt(start, "the path is nested too deep");
      llvm::Expected<Path> path = alternation();
      if (path && !take(')'))
        return errorAt(start, "this '(' has no ')'");
      return path;
    }
    if (takeDots())
      return repeat(Path::Kind::Star, Path{.kind = Path::Kind::Nodes, .spec = {.offset = start}});
    llvm::Expected<Spec> spec = term(/*in_brackets=*/false);
    if (!spec)
      return spec.takeError();
    return Path{.kind = Path::Kind::Nodes, .spec = std::move(*spec)};
  }

  bool takeDots() {
    const llvm::StringRef rest = text_.substr(at_);
    if (!rest.starts_with("...") ||
        (rest.size() > 3 && !llvm::isSpace(rest[3]) && rest[3] != ')' && rest[3] != '|'))
      return false;
    at_ += 3;
    return true;
  }

  llvm::StringRef text_;
  size_t at_ = 0;
  int depth_ = 0;
  int steps_ = 0;
};

} // namespace

llvm::Expected<NodeSpec> parseNodeSpec(llvm::StringRef text) {
  return Parser(text).specs();
}

llvm::Expected<PathExpression> parsePath(llvm::StringRef text) {
  return Parser(text).wholePath();
}

} // namespace lockvet::query
