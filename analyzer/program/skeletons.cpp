// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/program/skeletons.h"

#include "analyzer/facts/serialize.h"
#include "llvm/ADT/STLExtras.h"

namespace lockvet::program {

llvm::Expected<Skeletons> Skeletons::load(store::Store& store, const Program& program) {
  Skeletons skeletons;
  // Of a store whose bytes were changed, one complaint says as much as a thousand.
  std::string damage;
  const size_t functions = program.functions().size();
  llvm::Error failed = store.reader().forEachSkeleton([&](const store::SkeletonRow& row) {
    if (!damage.empty())
      return;
    llvm::Expected<facts::Skeleton> skeleton = facts::parseSkeleton(row.bytes);
    if (!skeleton) {
      damage = llvm::toString(skeleton.takeError());
      return;
    }
    // Another run of the indexer may have added functions since the program was read.
    if (row.function >= functions)
      return;
    skeletons.bodies_.push_back(
        {row.function, row.fragment, skeletons.bytes_.size(), row.bytes.size()});
    skeletons.bytes_ += row.bytes;
  });
  if (failed)
    return std::move(failed);
  if (!damage.empty())
    return llvm::createStringError("the store '" + store.path() + "' is damaged (" + damage +
                                   "); delete it and run `lockvet index` again");
  llvm::sort(skeletons.bodies_, [](const Body& a, const Body& b) {
    return std::pair(a.function, a.fragment) < std::pair(b.function, b.fragment);
  });
  skeletons.first_.assign(functions + 1, 0);
  for (const Body& body : skeletons.bodies_)
    ++skeletons.first_[body.function + 1];
  for (size_t index = 1; index < skeletons.first_.size(); ++index)
    skeletons.first_[index] += skeletons.first_[index - 1];
  return skeletons;
}

facts::Skeleton Skeletons::parse(const Body& body) const {
  return llvm::cantFail(
      facts::parseSkeleton(llvm::StringRef(bytes_).substr(body.offset, body.size)));
}

} // namespace lockvet::program
