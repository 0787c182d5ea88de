// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Carries needs up the call graph. A function that calls what needs a coroutine, or a lock, needs
// it too, unless it has it; so do its callers, up to those that have it or that surely cannot. What
// having it means is a discipline's business. Computed once; then only read.

#pragma once

#include "analyzer/infer/marker.h"
#include "analyzer/locks/lock_path.h"
#include "analyzer/program/callers.h"

#include <map>
#include <set>
#include <vector>

namespace lockvet::infer {

/// What a function or pointer needs of whoever calls it.
struct Need {
  enum class Source : uint8_t {
    Marked,  ///< says so itself
    Called,  ///< `call` is of what has the need `from`
    Holds,   ///< a pointer that holds the function which has the need `from`
    Observed ///< the discipline saw it in the body, at `place`
  };

  Subject subject;
  MarkerKind kind = MarkerKind::CoroutineFn; ///< what it is about, where that is no lock
  locks::PathId path = locks::kNoPath; ///< the lock, in the function's words; kNoPath: no lock
  bool is_exclusive = false;
  Source source = Source::Marked;
  uint32_t call = 0;
  uint32_t from = 0;
  program::Place place;
  std::string observation; ///< "reads 'file'"
};

/// What a call is to the need of what it calls.
struct Answer {
  enum class Kind : uint8_t {
    Unknown, ///< nothing follows from it
    Given,   ///< the caller has it there
    Open,    ///< the caller has it if its own callers give it
    Broken   ///< the caller surely does not have it
  };

  Kind kind = Kind::Unknown;
  locks::PathId path = locks::kNoPath; ///< Open: what the caller needs, in its words
  bool is_exclusive = false;
};

/// One way to have a need met: a call of its subject, a pointer that holds it, or (`call` and
/// `carrier` unset) that it is entered from nowhere that could give it.
struct Supply {
  static constexpr uint32_t kNothing = UINT32_MAX;

  uint32_t need = 0;
  Answer::Kind kind = Answer::Kind::Unknown;
  uint32_t call = kNothing;
  uint32_t carrier = kNothing; ///< Open: the caller's or pointer's own need
  Id slot = kNoId;             ///< the pointer
};

/// Can a pointer say what it is for: a member, a variable of the whole program, or a parameter of a
/// function with a body, whose type is known?
bool canBeMarked(const program::Program& program, const program::Slot& slot);

/// What needs are about.
class Discipline {
public:
  virtual ~Discipline() = default;

  /// A call of the subject, by its name or through a pointer that is marked or can be.
  virtual Answer answer(const Need& need, uint32_t call) = 0;
  /// A call that can run the subject through a pointer which says nothing and cannot.
  virtual Answer::Kind answerThroughPointer(const Need& need, uint32_t call) = 0;
  /// May a pointer that a function with the need goes into have the need itself? Given: it says so.
  virtual Answer::Kind mayCarry(const Need& need, Id slot) = 0;
  /// Is the function entered from where nothing can meet the need: `main`, a new thread?
  virtual bool isEnteredWithout(const Need& need) = 0;
};

class Needs {
public:
  /// `refused` are pointers, with the lock, that are not to be marked.
  using Pointers = std::set<std::pair<Id, locks::PathId>>;
  Needs(const program::Program& program, const program::Callers& callers, Discipline& discipline,
        const Pointers& refused);

  /// Adds what is known beforehand; before run().
  void add(Need need) { (void)insert(std::move(need)); }
  void run();

  llvm::ArrayRef<Need> all() const { return needs_; }
  llvm::ArrayRef<Supply> supplies() const { return supplies_; }

  /// Is there nobody who could meet it? Then marking the function would only move the mistake.
  bool isHopeless(uint32_t need) const { return is_hopeless_[need]; }

  /// The pointers that would get the need although somebody calls through them, however many calls
  /// further up, without it. What goes into a pointer is not proof enough to call that a mistake.
  Pointers doubtfulPointers() const;

  /// The refused pointers that only functions call through which have the need anyway, or meet it.
  Pointers harmlessPointers() const;

private:
  uint32_t insert(Need need);
  void visitCallers(uint32_t need);
  void visitPointers(uint32_t need);
  void visitCall(uint32_t need, uint32_t call);
  void findHopeless();

  const program::Program& program_;
  const program::Callers& callers_;
  Discipline& discipline_;
  const Pointers& refused_;
  std::vector<Need> needs_;
  std::map<std::pair<Subject, locks::PathId>, uint32_t> known_;
  std::vector<uint32_t> waiting_;
  std::vector<Supply> supplies_;
  std::vector<bool> is_hopeless_;
  llvm::DenseMap<Id, std::vector<uint32_t>> virtual_calls_; ///< by the method named
  llvm::DenseMap<Id, std::vector<uint32_t>> slot_calls_;
  llvm::DenseMap<Id, std::vector<Id>> slots_of_; ///< that a function goes into
};

} // namespace lockvet::infer
