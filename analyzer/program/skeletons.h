// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The skeletons of all bodies, in the bytes in which the store keeps them: read in one scan and
// checked once, so that whoever needs one parses it, as often as it likes, without an error to
// handle. Owned by an analysis, and only read after loading; a tenth of the size of what is parsed.

#pragma once

#include "analyzer/facts/skeleton.h"
#include "analyzer/program/program.h"
#include "llvm/Support/Error.h"

#include <string>
#include <vector>

namespace lockvet::program {

class Skeletons {
public:
  /// A body, of which a function has several where headers say different things to different units.
  struct Body {
    Id function = kNoId;
    Id fragment = kNoId;
    size_t offset = 0; ///< of its bytes among all
    size_t size = 0;
  };

  /// Fails where the store cannot be read, or holds bytes that are no skeleton.
  static llvm::Expected<Skeletons> load(store::Store& store, const Program& program);

  /// By function, and within a function by fragment.
  llvm::ArrayRef<Body> all() const { return bodies_; }
  llvm::ArrayRef<Body> of(Id function) const {
    return all().slice(first_[function], first_[function + 1] - first_[function]);
  }

  facts::Skeleton parse(const Body& body) const;

private:
  std::string bytes_;
  std::vector<Body> bodies_;
  std::vector<uint32_t> first_; ///< by function; one past the last, too
};

} // namespace lockvet::program
