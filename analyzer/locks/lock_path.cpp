// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/locks/lock_path.h"

namespace lockvet::locks {

namespace {

constexpr llvm::StringRef kThis = "this";

/// A path that grows at every step of a recursion has to end somewhere.
constexpr size_t kLongest = 200;

/// What stands behind the root: "->lock" of "$0->lock".
llvm::StringRef behindRoot(llvm::StringRef text) {
  const size_t end = text.find_first_of("-[", text.starts_with("$") ? 1 : 0);
  return end == llvm::StringRef::npos ? llvm::StringRef() : text.drop_front(end);
}

/// Is `whole` the object `part`, or something in it? Then what stands behind it.
bool consumePart(llvm::StringRef whole, llvm::StringRef part, llvm::StringRef& rest) {
  if (!whole.starts_with(part))
    return false;
  rest = whole.drop_front(part.size());
  return rest.empty() || rest.starts_with("->") || rest.starts_with("[]");
}

} // namespace

PathTable::PathTable() : allocator_(std::make_unique<llvm::BumpPtrAllocator>()) {
  intern("");          // kNoPath
  intern("elsewhere"); // kElsewhere
  roots_[kNoPath] = roots_[kElsewhere] = Root::Local;
}

PathTable::Root PathTable::rootOf(llvm::StringRef text) {
  if (text.starts_with("$"))
    return Root::Parameter;
  if (text == kThis || text.starts_with("this->") || text.starts_with("this["))
    return Root::This;
  if (text.starts_with("%") || text.starts_with("?") || text.starts_with("!"))
    return Root::Local;
  return Root::Global;
}

PathId PathTable::intern(llvm::StringRef text) {
  auto found = ids_.find(text);
  if (found != ids_.end())
    return found->second;
  const llvm::StringRef kept = llvm::StringSaver(*allocator_).save(text);
  const auto id = static_cast<PathId>(texts_.size());
  texts_.push_back(kept);
  roots_.push_back(rootOf(kept));
  ids_[kept] = id;
  return id;
}

const PathArgument* PathTable::argumentOf(PathId path,
                                          llvm::ArrayRef<PathArgument> arguments) const {
  uint32_t index = facts::Argument::kObject;
  if (roots_[path] == Root::Parameter) {
    llvm::StringRef digits = texts_[path].drop_front();
    if (digits.consumeInteger(10, index))
      return nullptr;
  } else if (roots_[path] != Root::This) {
    return nullptr;
  }
  const PathArgument* best = nullptr;
  for (const PathArgument& argument : arguments) {
    llvm::StringRef rest;
    if (argument.index == index && argument.path != kNoPath &&
        consumePart(behindRoot(texts_[path]), texts_[argument.part], rest) &&
        (!best || texts_[best->part].size() < texts_[argument.part].size()))
      best = &argument;
  }
  return best;
}

PathId PathTable::toCaller(PathId path, llvm::ArrayRef<PathArgument> arguments) {
  if (roots_[path] == Root::Global)
    return path;
  const PathArgument* argument = argumentOf(path, arguments);
  if (!argument)
    return kNoPath;
  const llvm::StringRef rest = behindRoot(texts_[path]).drop_front(texts_[argument->part].size());
  // The object in a wrapper that was made around it is the one that the wrapper stands for.
  const bool is_wrapped = argument->function != program::kNoId && rest.starts_with("->") &&
                          rest.find("->", 2) == llvm::StringRef::npos;
  if (rest.empty() || is_wrapped)
    return argument->path;
  const std::string joined = (texts_[argument->path] + rest).str();
  return joined.size() > kLongest ? kNoPath : intern(joined);
}

PathId PathTable::toCallee(PathId path, llvm::ArrayRef<PathArgument> arguments) {
  if (roots_[path] == Root::Global || path == kElsewhere)
    return path;
  return byArgument(path, arguments, kElsewhere);
}

PathId PathTable::globalByArgument(PathId path, llvm::ArrayRef<PathArgument> arguments) {
  return roots_[path] == Root::Global ? byArgument(path, arguments, kNoPath) : kNoPath;
}

PathId PathTable::byArgument(PathId path, llvm::ArrayRef<PathArgument> arguments,
                             PathId otherwise) {
  const PathArgument* best = nullptr;
  llvm::StringRef best_rest;
  for (const PathArgument& argument : arguments) {
    llvm::StringRef rest;
    // The longest object that it is in says most; a constructor knows what it keeps by the member.
    if (argument.path != kNoPath && consumePart(texts_[path], texts_[argument.path], rest) &&
        (!best || rest.size() < best_rest.size() ||
         (rest.size() == best_rest.size() && argument.part != kNoPath))) {
      best = &argument;
      best_rest = rest;
    }
  }
  if (!best)
    return otherwise;
  const std::string root =
      (best->index == facts::Argument::kObject ? kThis.str() : "$" + std::to_string(best->index)) +
      texts_[best->part].str();
  if (best->function == program::kNoId)
    return intern(root + best_rest.str());
  if (best->object == kNoPath)
    return kNoPath;
  return intern(root + texts_[best->object].str() + best_rest.str());
}

std::string PathTable::described(PathId path) const {
  llvm::StringRef text = texts_[path];
  const size_t arrow = text.rfind("->");
  text = arrow != llvm::StringRef::npos ? text.drop_front(arrow + 2) : text.split('@').first;
  while (text.consume_back("[]"))
    ;
  text.consume_front("%");
  return text.starts_with("$") || text == kThis ? std::string() : text.str();
}

} // namespace lockvet::locks
