// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "testsuite/benchmarks/synthetic_program.h"

#include "testsuite/benchmarks/synthetic_body.h"

#include <algorithm>
#include <cmath>
#include <random>

namespace lockvet::benchmarks {

using facts::MarkerOrigin;

namespace {

// The shape. `lock_benchmark --shape STORE` prints these figures of any program: of QEMU's, from
// which they are taken, and of this one.
constexpr uint32_t kFunctionsOfUnit = 33;
constexpr uint32_t kFunctionsOfSubsystem = 1000;
constexpr uint32_t kLayers = 10;
constexpr double kStatements = 3.2;  ///< a body, on average; most are a call
constexpr double kShareOfHubs = 0.2; ///< of calls: those of functions that everybody calls
constexpr double kShareOfLocking = 0.08;
constexpr double kShareOfPointers = 0.05; ///< of calls in the upper layers
constexpr uint32_t kHubs = 40;
constexpr uint32_t kTables = 40; ///< members of tables of operations, a subsystem
constexpr uint32_t kFunctionsOfBugs = 5000;

/// A number that depends on nothing but these: what a function is like must be known to whoever
/// calls it.
uint64_t mixed(uint64_t a, uint64_t b) {
  uint64_t value = a * 0x9e3779b97f4a7c15ULL + b * 0xd1b54a32d192ed03ULL + 20261127;
  value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9ULL;
  value = (value ^ (value >> 27)) * 0x94d049bb133111ebULL;
  return value ^ (value >> 31);
}

std::string table(uint32_t subsystem, uint32_t member) {
  return "Sub" + std::to_string(subsystem) + "Ops::op" + std::to_string(member);
}

const facts::Argument kSelf = SyntheticBody::object("$0", "");

} // namespace

// --- what functions there are --------------------------------------------------------------------

SyntheticProgram::Function SyntheticProgram::functionAt(uint32_t index) const {
  Function function;
  function.index = index;
  function.subsystem = index / kFunctionsOfSubsystem;
  function.layer = index % kFunctionsOfSubsystem * kLayers / kFunctionsOfSubsystem;
  const uint64_t dice = mixed(index, 1) % 1000;
  if (dice < 30)
    function.kind = Kind::Waiting;
  else if (function.subsystem % 8 == 0 && dice < 130)
    function.kind = Kind::Coroutine;
  else if (function.subsystem % 8 == 0 && dice < 230)
    function.kind = Kind::Reader;
  return function;
}

std::string SyntheticProgram::nameOf(const Function& function) const {
  return "sub" + std::to_string(function.subsystem) + "_function" + std::to_string(function.index);
}

/// The type of a function's first argument: one a layer of a subsystem.
std::string SyntheticProgram::recordOf(const Function& function) const {
  return "Sub" + std::to_string(function.subsystem) + "State" + std::to_string(function.layer);
}

// --- bodies --------------------------------------------------------------------------------------

/// Writes one body. Locks are ordered by subsystem and layer: under one only what is further down
/// is called.
class SyntheticProgram::Writer {
public:
  Writer(const SyntheticProgram& program, const Function& function, SyntheticBody& body)
      : program_(program), function_(function), body_(body), random_(mixed(function.index, 2)) {}

  void write();

private:
  double fraction() { return std::uniform_real_distribution<double>(0, 1)(random_); }
  uint32_t below(uint32_t limit) { return static_cast<uint32_t>(random_() % limit); }
  void statements(uint32_t count, bool is_locked);
  void callSomething(bool is_locked);
  void callPeer();
  void underLock();
  void underGraphLock();
  void waitOrSuspend();
  bool mayCall(const Function& callee, bool is_locked) const;
  std::vector<facts::Argument> handed(const std::string& path, const std::string& record);

  const SyntheticProgram& program_;
  const Function function_;
  SyntheticBody& body_;
  std::mt19937_64 random_;
};

bool SyntheticProgram::Writer::mayCall(const Function& callee, bool is_locked) const {
  return callee.kind == Kind::Plain || (callee.kind == function_.kind && !is_locked);
}

std::vector<facts::Argument> SyntheticProgram::Writer::handed(const std::string& path,
                                                              const std::string& record) {
  std::vector<facts::Argument> arguments = {SyntheticBody::object(path, record)};
  if (fraction() < 0.3)
    arguments.push_back(SyntheticBody::constant(below(2), 1));
  return arguments;
}

/// A call of something further down: in the same subsystem, or in one that it stands on.
void SyntheticProgram::Writer::callSomething(bool is_locked) {
  const std::string record = program_.recordOf(function_);
  if (fraction() < kShareOfHubs) {
    // The fewer, the more they are called (Zipf's law).
    const auto hub = static_cast<uint32_t>(std::pow(kHubs, fraction())) % kHubs;
    body_.call("util_hub" + std::to_string(hub), handed("$0->name", record + "::name"));
    return;
  }
  if (function_.layer >= 6 && fraction() < kShareOfPointers) {
    body_.callThrough(table(function_.subsystem, below(kTables)),
                      handed("$0->child", record + "::child"));
    return;
  }
  for (int attempt = 0; attempt < 8; ++attempt) {
    uint32_t subsystem = function_.subsystem;
    uint32_t position = 0;
    if (fraction() < 0.7 && function_.layer > 0) {
      position = below(function_.layer * kFunctionsOfSubsystem / kLayers);
    } else if (subsystem > 0) {
      do
        subsystem = (subsystem - 1) / 2;
      while (subsystem > 0 && fraction() < 0.5);
      position = below(kFunctionsOfSubsystem);
    } else {
      continue;
    }
    const Function callee = program_.functionAt((subsystem * kFunctionsOfSubsystem) + position);
    if (callee.index >= program_.functions_ || !mayCall(callee, is_locked))
      continue;
    const std::string member = subsystem == function_.subsystem ? "child" : "parent";
    body_.call(program_.nameOf(callee), handed("$0->" + member, record + "::" + member));
    return;
  }
}

/// A call of a function of the same layer nearby, which may call back. Recursion.
void SyntheticProgram::Writer::callPeer() {
  const uint32_t first = function_.index / 8 * 8;
  const Function peer = program_.functionAt(first + below(8));
  if (peer.index < program_.functions_ && peer.kind == function_.kind &&
      peer.layer == function_.layer)
    body_.call(program_.nameOf(peer), {kSelf});
}

/// A lock of the function's layer around some calls, in one of the ways people write that.
void SyntheticProgram::Writer::underLock() {
  const std::string record = program_.recordOf(function_);
  const facts::Argument lock = SyntheticBody::object("$0->lock", record + "::lock");
  const std::string helper = "sub" + std::to_string(function_.subsystem) + "_layer" +
                             std::to_string(function_.layer) + "_";
  auto inside = [&] { statements(1 + below(3), /*is_locked=*/true); };
  switch (below(6)) {
  case 0: // by helpers
    body_.call(helper + "lock", {kSelf});
    inside();
    body_.call(helper + "unlock", {kSelf});
    break;
  case 1: { // if it is free
    const uint32_t got = body_.call(helper + "trylock", {kSelf});
    body_.ifCall(got, true, [&] {
      inside();
      body_.call(helper + "unlock", {kSelf});
    });
    break;
  }
  case 2: // if a parameter says so
    body_.ifParameter([&] { body_.call("qemu_mutex_lock", {lock}); });
    inside();
    body_.ifParameter([&] { body_.call("qemu_mutex_unlock", {lock}); });
    break;
  default:
    body_.call("qemu_mutex_lock", {lock});
    inside();
    body_.call("qemu_mutex_unlock", {lock});
  }
}

/// A reader, called under a guard by who may wait for the lock.
void SyntheticProgram::Writer::underGraphLock() {
  body_.call("bdrv_graph_rdlock_main_loop");
  const uint32_t first = function_.subsystem * kFunctionsOfSubsystem;
  for (uint32_t position = 0; position < function_.layer * 100; position += 1 + below(60)) {
    const Function callee = program_.functionAt(first + position);
    if (callee.kind != Kind::Reader)
      continue;
    body_.call(program_.nameOf(callee), {SyntheticBody::object("$0->child", "")});
    break;
  }
  body_.call("bdrv_graph_rdunlock_main_loop");
}

void SyntheticProgram::Writer::waitOrSuspend() {
  if (function_.kind == Kind::Coroutine) {
    const facts::Argument lock =
        SyntheticBody::object("$0->co_lock", program_.recordOf(function_) + "::co_lock");
    if (fraction() < 0.5) {
      body_.call("qemu_coroutine_yield");
    } else {
      body_.call("qemu_co_mutex_lock", {lock});
      statements(2, /*is_locked=*/true);
      body_.call("qemu_co_mutex_unlock", {lock});
    }
  } else if (function_.kind == Kind::Waiting) {
    if (function_.layer > 2 && function_.subsystem % 8 == 0)
      underGraphLock();
    const uint32_t asks = body_.call("qemu_in_coroutine");
    body_.ifCall(asks, false, [&] { body_.call("aio_poll", {kSelf}); });
  }
}

void SyntheticProgram::Writer::statements(uint32_t count, bool is_locked) {
  for (uint32_t number = 0; number < count; ++number) {
    const double dice = fraction();
    if (dice < 0.24) {
      body_.conditionally([&] { callSomething(is_locked); });
    } else if (dice < 0.29) {
      body_.loop([&] { callSomething(is_locked); });
    } else if (dice < 0.38) {
      body_.ifParameter([&] { callSomething(is_locked); });
    } else if (dice < 0.49) {
      const uint32_t asked = body_.call("util_hub0", {kSelf});
      body_.ifCall(asked, below(2) == 1, [&] { callSomething(is_locked); });
    } else if (dice < 0.55 && !is_locked) {
      body_.returnEarly(below(2) == 1);
    } else if (dice < 0.57 && !is_locked) {
      callPeer();
    } else {
      callSomething(is_locked);
    }
  }
}

void SyntheticProgram::Writer::write() {
  // Many bodies are short, and few are long.
  std::geometric_distribution<uint32_t> length(1 / (1 + kStatements));
  statements(length(random_), /*is_locked=*/false);
  if (function_.kind == Kind::Coroutine)
    body_.mark("coroutine_fn", MarkerOrigin::Annotation);
  else if (function_.kind == Kind::Reader)
    body_.mark("requires_shared:graph_lock", MarkerOrigin::Capability);
  waitOrSuspend();
  if (fraction() < kShareOfLocking)
    underLock();
  if (function_.kind == Kind::Plain && function_.layer >= 5 && fraction() < 0.02) {
    const uint32_t first = function_.subsystem * kFunctionsOfSubsystem;
    const Function callback = program_.functionAt(first + below(kFunctionsOfSubsystem / 2));
    if (callback.kind == Kind::Plain)
      body_.handOver("aio_bh_schedule_oneshot", 1, program_.nameOf(callback));
  }
}

facts::Fragment SyntheticProgram::fragmentOf(const Function& function, const std::string& file,
                                             uint32_t line) const {
  SyntheticBody body(file, nameOf(function), line);
  Writer(*this, function, body).write();
  // Tables are filled with functions of the lower half: few members have many.
  if (function.layer < 5 && function.kind == Kind::Plain) {
    const double dice = static_cast<double>(mixed(function.index, 4) % 1000) / 1000;
    body.store(table(function.subsystem, static_cast<uint32_t>(std::pow(kTables, dice)) - 1),
               nameOf(function));
  }
  return body.finish();
}

// --- units ---------------------------------------------------------------------------------------

namespace {

/// The functions of one unit, below each other.
class UnitWriter {
public:
  explicit UnitWriter(std::string file) : file_(std::move(file)) {}

  template <typename Write> void add(const std::string& name, Write write) {
    SyntheticBody body(file_, name, line_);
    write(body);
    fragments.push_back(body.finish());
    line_ += 100;
  }

  std::vector<facts::Fragment> fragments;

private:
  std::string file_;
  uint32_t line_ = 1;
};

} // namespace

SyntheticProgram::Unit SyntheticProgram::commonUnit() const {
  UnitWriter unit("/synthetic/util/common.c");
  for (uint32_t hub = 0; hub < kHubs; ++hub)
    unit.add("util_hub" + std::to_string(hub), [&](SyntheticBody& body) {
      if (hub % 4 == 3)
        body.call("util_hub" + std::to_string(hub - 1));
    });
  unit.add("aio_bh_schedule_oneshot",
           [](SyntheticBody& body) { body.storeParameter(1, "QEMUBH::cb"); });
  unit.add("aio_bh_poll", [](SyntheticBody& body) {
    body.loop([&] { body.callThrough("QEMUBH::cb", {kSelf}); });
  });
  unit.add("aio_poll", [](SyntheticBody& body) { body.call("aio_bh_poll", {kSelf}); });
  // How these work is nobody's business: the profile says what they do.
  for (const char* name : {"qemu_mutex_lock", "qemu_mutex_trylock", "qemu_mutex_unlock",
                           "qemu_co_mutex_lock", "qemu_co_mutex_unlock", "qemu_in_coroutine",
                           "bdrv_graph_rdlock_main_loop", "bdrv_graph_rdunlock_main_loop"})
    unit.add(name, [](SyntheticBody&) {});
  unit.add("qemu_coroutine_yield",
           [](SyntheticBody& body) { body.mark("coroutine_fn", MarkerOrigin::Annotation); });
  unit.add("main", [&](SyntheticBody& body) {
    for (uint32_t subsystem = 0; subsystem * kFunctionsOfSubsystem < functions_; ++subsystem) {
      const Function top =
          functionAt(std::min((subsystem + 1) * kFunctionsOfSubsystem, functions_) - 1);
      if (top.kind == Kind::Plain || top.kind == Kind::Waiting)
        body.call(nameOf(top), {kSelf});
    }
  });
  return {"/synthetic/util/common.c", std::move(unit.fragments)};
}

SyntheticProgram::Unit SyntheticProgram::unitOf(uint32_t first, uint32_t last) const {
  const uint32_t subsystem = first / kFunctionsOfSubsystem;
  Unit unit;
  unit.file = "/synthetic/sub" + std::to_string(subsystem) + "/file" + std::to_string(first) + ".c";
  for (uint32_t index = first; index < last; ++index)
    unit.fragments.push_back(fragmentOf(functionAt(index), unit.file, 1 + (index - first) * 100));
  if (first % kFunctionsOfSubsystem != 0)
    return unit;
  UnitWriter helpers(unit.file);
  for (uint32_t layer = 0; layer < kLayers; ++layer) {
    const std::string name =
        "sub" + std::to_string(subsystem) + "_layer" + std::to_string(layer) + "_";
    const std::string record =
        "Sub" + std::to_string(subsystem) + "State" + std::to_string(layer) + "::lock";
    const facts::Argument lock = SyntheticBody::object("$0->lock", record);
    helpers.add(name + "lock", [&](SyntheticBody& body) { body.call("qemu_mutex_lock", {lock}); });
    helpers.add(name + "unlock",
                [&](SyntheticBody& body) { body.call("qemu_mutex_unlock", {lock}); });
    helpers.add(name + "trylock", [&](SyntheticBody& body) {
      const uint32_t busy = body.call("qemu_mutex_trylock", {lock});
      body.answer(busy, /*negated=*/true);
    });
  }
  std::move(helpers.fragments.begin(), helpers.fragments.end(), std::back_inserter(unit.fragments));
  return unit;
}

SyntheticProgram::Unit SyntheticProgram::bugUnit(uint32_t number) const {
  const std::string file = "/synthetic/bugs/bug" + std::to_string(number) + ".c";
  UnitWriter unit(file);
  const std::string bug = "bug" + std::to_string(number) + "_";
  const std::string record = "Bug" + std::to_string(number) + "::";
  auto lock = [&](const std::string& name) {
    return SyntheticBody::object("$0->" + name, record + name);
  };
  auto calls = [&](const std::string& name, const std::string& callee) {
    unit.add(bug + name, [&](SyntheticBody& body) { body.call(callee, {kSelf}); });
  };
  auto locks = [&](const std::string& name, const std::string& which, const std::string& callee) {
    unit.add(bug + name, [&](SyntheticBody& body) {
      body.call("qemu_mutex_lock", {lock(which)});
      body.call(callee, {kSelf});
      body.call("qemu_mutex_unlock", {lock(which)});
    });
  };
  // lock-excluded: taken again, two calls down.
  locks("again", "outer", bug + "again1");
  calls("again1", bug + "again2");
  locks("again2", "outer", "util_hub1");
  // lock-order: AB, and BA.
  locks("ab", "first", bug + "ab1");
  locks("ab1", "second", "util_hub2");
  locks("ba", "second", bug + "ba1");
  locks("ba1", "first", "util_hub2");
  // poll-under-lock: an event loop runs, two calls down.
  unit.add(bug + "polls", [&](SyntheticBody& body) {
    body.call("bdrv_graph_rdlock_main_loop");
    body.call(bug + "polls1", {kSelf});
    body.call("bdrv_graph_rdunlock_main_loop");
  });
  calls("polls1", bug + "polls2");
  calls("polls2", "aio_poll");
  // phantom-unlock: a writer gives back a reader's lock, in a helper.
  unit.add(bug + "phantom", [&](SyntheticBody& body) {
    body.mark("requires:graph_lock", MarkerOrigin::Capability);
    body.call(bug + "phantom1", {kSelf});
  });
  calls("phantom1", "bdrv_graph_rdunlock_main_loop");
  // suspend-under-lock: a coroutine suspends under a thread's lock, two calls down.
  unit.add(bug + "suspends", [&](SyntheticBody& body) {
    body.mark("coroutine_fn", MarkerOrigin::Annotation);
    body.call("qemu_mutex_lock", {lock("thread")});
    body.call(bug + "suspends1", {kSelf});
    body.call("qemu_mutex_unlock", {lock("thread")});
  });
  unit.add(bug + "suspends1", [&](SyntheticBody& body) {
    body.mark("coroutine_fn", MarkerOrigin::Annotation);
    body.call("qemu_coroutine_yield");
  });
  // lock-required: entered without the lock, and a callee's callee needs it.
  unit.add(bug + "lacks", [&](SyntheticBody& body) {
    body.mark("excludes:graph_lock", MarkerOrigin::Capability);
    body.call(bug + "lacks1", {kSelf});
  });
  calls("lacks1", bug + "lacks2");
  unit.add(bug + "lacks2", [&](SyntheticBody& body) {
    body.mark("requires_shared:graph_lock", MarkerOrigin::Capability);
    body.call("util_hub3", {kSelf});
  });
  // coroutine-call: not marked, and calls what suspends.
  calls("unmarked", bug + "suspends1");
  return {file, std::move(unit.fragments)};
}

void SyntheticProgram::forEachUnit(llvm::function_ref<void(const Unit&)> visit) const {
  visit(commonUnit());
  for (uint32_t first = 0; first < functions_;) {
    const uint32_t end = (first / kFunctionsOfSubsystem + 1) * kFunctionsOfSubsystem;
    const uint32_t last = std::min({first + kFunctionsOfUnit, end, functions_});
    visit(unitOf(first, last));
    first = last;
  }
  for (uint32_t number = 0; number < functions_ / kFunctionsOfBugs; ++number)
    visit(bugUnit(number));
}

std::map<std::string, uint32_t> SyntheticProgram::bugs() const {
  std::map<std::string, uint32_t> bugs;
  for (const char* rule : {"coroutine-call", "lock-excluded", "lock-order", "lock-required",
                           "phantom-unlock", "poll-under-lock", "suspend-under-lock"})
    bugs[rule] = functions_ / kFunctionsOfBugs;
  return bugs;
}

} // namespace lockvet::benchmarks
