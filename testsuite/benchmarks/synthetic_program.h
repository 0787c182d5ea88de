// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A made-up program of any size in QEMU's shape and words, with a known number of bugs, one unit
// after the other. The same size gives the same program.

#pragma once

#include "analyzer/facts/fragment.h"
#include "llvm/ADT/STLFunctionalExtras.h"

#include <map>
#include <string>
#include <vector>

namespace lockvet::benchmarks {

class SyntheticBody;

class SyntheticProgram {
public:
  explicit SyntheticProgram(uint32_t functions) : functions_(functions) {}

  struct Unit {
    std::string file;
    std::vector<facts::Fragment> fragments;
  };
  void forEachUnit(llvm::function_ref<void(const Unit&)> visit) const;

  /// How many findings of each rule there are to be, and no others.
  std::map<std::string, uint32_t> bugs() const;

private:
  /// What a function may do, and whom it may call.
  enum class Kind : uint8_t {
    Plain,     ///< takes thread's locks, and calls its like
    Waiting,   ///< and runs an event loop; never called under a lock
    Coroutine, ///< and suspends, or takes a coroutine's lock
    Reader     ///< needs the graph lock
  };
  struct Function {
    uint32_t index = 0;
    uint32_t subsystem = 0;
    uint32_t layer = 0;
    Kind kind = Kind::Plain;
  };

  Function functionAt(uint32_t index) const;
  std::string nameOf(const Function& function) const;
  std::string recordOf(const Function& function) const;
  Unit unitOf(uint32_t first, uint32_t last) const;
  Unit commonUnit() const;
  Unit bugUnit(uint32_t number) const;
  facts::Fragment fragmentOf(const Function& function, const std::string& file,
                             uint32_t line) const;
  class Writer;

  uint32_t functions_;
};

} // namespace lockvet::benchmarks
