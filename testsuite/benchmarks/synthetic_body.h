// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Writes the fragment of one made-up function, statement by statement, as the extractor would have
// found it. Made for one function, used once.

#pragma once

#include "analyzer/facts/fragment.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringRef.h"

#include <string>
#include <vector>

namespace lockvet::benchmarks {

class SyntheticBody {
public:
  /// In `file`, from `line` on; its first parameter is a pointer to an object.
  SyntheticBody(const std::string& file, const std::string& function, uint32_t line);

  /// Arguments of calls.
  static facts::Argument object(const std::string& path, const std::string& path_class,
                                uint32_t index = 0);
  static facts::Argument constant(int64_t value, uint32_t index);

  /// Calls a function by its name; the index of the call, for conditions.
  uint32_t call(const std::string& function, std::vector<facts::Argument> arguments = {},
                bool is_noreturn = false);
  /// Calls through a member of a table of operations.
  void callThrough(const std::string& field, std::vector<facts::Argument> arguments);
  /// Hands a function to parameter `index` of another.
  void handOver(const std::string& registrar, uint32_t index, const std::string& function);
  /// Puts a function into a member of a table.
  void store(const std::string& field, const std::string& function);
  /// What comes in by a parameter goes into a member.
  void storeParameter(uint32_t index, const std::string& field);

  using Statements = llvm::function_ref<void()>;
  /// Under a condition that says nothing; the other way goes on behind it.
  void conditionally(Statements then);
  /// If the call answers so.
  void ifCall(uint32_t call, bool answer, Statements then);
  /// If the function's second parameter is true.
  void ifParameter(Statements then);
  void loop(Statements body);
  /// Leaves, with this truth value; what follows is on the other way of a condition that says
  /// nothing.
  void returnEarly(bool value);
  /// Returns what a call answered, or the opposite.
  void answer(uint32_t call, bool negated);

  void mark(const std::string& label, facts::MarkerOrigin origin);

  facts::Fragment finish();

private:
  uint32_t fileId(const std::string& file);
  uint32_t functionId(const std::string& name);
  uint32_t fieldId(const std::string& name);
  uint32_t parameterId(const std::string& function, uint32_t index);
  uint32_t slotId(facts::Slot slot);
  facts::Location here();
  facts::Block& block() { return skeleton_.blocks[current_]; }
  uint32_t newBlock();
  /// Ends the block by a branch to a new one, in which `then` stands, and goes on behind it.
  void branch(facts::ConditionKind condition, uint32_t operand, bool value, Statements then);
  void addCall(facts::CallSite site, std::vector<facts::Argument> arguments);

  facts::Fragment fragment_;
  facts::Skeleton skeleton_;
  llvm::StringMap<uint32_t> functions_;
  llvm::StringMap<uint32_t> slots_;
  uint32_t first_line_;
  uint32_t line_;
  uint32_t current_ = 0;
  std::vector<uint32_t> returning_; ///< blocks that go to the exit
};

} // namespace lockvet::benchmarks
