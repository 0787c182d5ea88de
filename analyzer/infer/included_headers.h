// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Which files are read together with the headers that the configuration's markers come from: where
// one is not, its words would not compile. Read from a store's units; then only read.

#pragma once

#include "analyzer/config/config.h"
#include "analyzer/store/id_set.h"
#include "analyzer/store/store.h"
#include "llvm/ADT/StringMap.h"

namespace lockvet::infer {

class IncludedHeaders {
public:
  static llvm::Expected<IncludedHeaders> load(store::Store& store, const config::Config& config);

  /// Does every unit that reads the file read the header, too? True of the empty name, and of the
  /// header itself.
  bool isReadWith(store::Id file, llvm::StringRef header) const;

private:
  struct Header {
    store::IdBits files;   ///< of that name
    store::IdBits lacking; ///< read by some unit that does not read it
  };
  llvm::StringMap<Header> headers_;
};

} // namespace lockvet::infer
