// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/program/labels.h"

#include "llvm/ADT/StringSwitch.h"
#include "llvm/Support/Regex.h"

#include <algorithm>

namespace lockvet::program {

Labels labelNamed(llvm::StringRef label) {
  return llvm::StringSwitch<Labels>(label)
      .Case("coroutine_fn", kCoroutineFn)
      .Case("coroutine_mixed_fn", kMixedFn)
      .Case("no_coroutine_fn", kNoCoroutineFn)
      .Case("blocking", kBlocking)
      .Case("polls", kPolls)
      .Case("drains", kDrains)
      .Case("suspends", kSuspends)
      // The role that <lockvet/context.h> has for the main loop.
      .Cases({"main_loop", "requires:lockvet_main_loop", "asserts:lockvet_main_loop"}, kMainLoop)
      .Case("io", kAnyThread)
      .Case("io_or_gs", kEitherThread)
      .Case("opaque", kOpaque)
      .Default(0);
}

llvm::ArrayRef<llvm::StringRef> blockingFunctions() {
  // Waits that only another thread, another machine or a clock can end. Reads and writes are not
  // here: on a non-blocking descriptor they are what coroutines are made of, and nothing in a call
  // tells. Nor are mutexes: a short critical section is accepted practice.
  static const llvm::StringRef names[] = {
      // sleeping
      "sleep", "usleep", "nanosleep", "clock_nanosleep", "pause", "sigsuspend", "g_usleep",
      // waiting for threads and processes
      "pthread_join", "pthread_cond_wait", "pthread_cond_timedwait", "pthread_barrier_wait",
      "sem_wait", "sem_timedwait", "thrd_join", "thrd_sleep", "cnd_wait", "cnd_timedwait", "wait",
      "waitpid", "wait3", "wait4", "waitid", "system", "pclose", "g_thread_join", "g_cond_wait",
      "g_cond_wait_until", "g_spawn_sync", "g_spawn_command_line_sync",
      "std::this_thread::sleep_for", "std::this_thread::sleep_until", "std::thread::join",
      // waiting for descriptors, or in an event loop inside the one that the coroutine runs in
      "g_main_loop_run", "g_main_context_iteration", "poll", "ppoll", "select", "pselect",
      "epoll_wait", "epoll_pwait", "g_poll",
      // the disk
      "fsync", "fdatasync", "sync", "syncfs", "sync_file_range", "msync", "flock", "lockf",
      // name look-up
      "getaddrinfo", "gethostbyname", "gethostbyname_r", "getnameinfo", "gethostbyaddr"};
  return names;
}

namespace {

/// Markers that mean what they are called even where a tree makes them expand to nothing.
constexpr llvm::StringLiteral kMarkerMacros[] = {"coroutine_fn", "coroutine_mixed_fn",
                                                 "no_coroutine_fn"};

/// The functions that the statements of <lockvet/context.h> call, and what a body that does so is.
struct Statement {
  llvm::StringLiteral function;
  llvm::StringLiteral label;
};
constexpr Statement kStatements[] = {{"lockvet_global_state_code", "main_loop"},
                                     {"lockvet_io_code", "io"},
                                     {"lockvet_io_or_gs_code", "io_or_gs"}};

} // namespace

std::vector<std::string> LabelRules::macros() const {
  std::vector<std::string> macros(std::begin(kMarkerMacros), std::end(kMarkerMacros));
  for (const config::LabelRule& rule : config_.labels)
    if (!rule.macro.empty())
      macros.push_back(rule.macro);
  return macros;
}

llvm::StringRef LabelRules::labelOfMacro(llvm::StringRef macro) const {
  for (const config::LabelRule& rule : config_.labels)
    if (rule.macro == macro)
      return rule.label;
  for (llvm::StringRef marker : kMarkerMacros)
    if (marker == macro)
      return marker;
  return {};
}

void LabelRules::apply(const Program& program, llvm::ArrayRef<Function> functions,
                       llvm::StringSaver& saver, std::vector<Marker>& markers) const {
  auto add = [&](Id function, llvm::StringRef label) {
    markers.push_back(
        {function, kNoId, label, facts::MarkerOrigin::Macro, kNoId, functions[function].place});
  };
  for (const config::LabelRule& rule : config_.labels) {
    if (!rule.name.empty())
      for (Id function : program.named(rule.name))
        add(function, saver.save(rule.label));
    if (rule.regex.empty())
      continue;
    const llvm::Regex regex(rule.regex);
    for (Id function = 1; function < functions.size(); ++function)
      if (functions[function].is_live && regex.match(functions[function].qualified_name))
        add(function, saver.save(rule.label));
  }
  for (const Statement& statement : kStatements)
    for (Id function : program.named(statement.function))
      for (uint32_t position : program.exactCallsTo(function))
        if (const Call& call = program.calls()[position]; call.caller != kNoId)
          markers.push_back({call.caller, kNoId, statement.label, facts::MarkerOrigin::Macro,
                             call.fragment, call.place});
  // Where a registered function runs is no word on where else it may run.
  for (const Registration& registration : program.registrations().all())
    if (!registration.label.empty() &&
        !(labelNamed(registration.label) & (kMainLoop | kAnyThread | kEitherThread)))
      add(registration.function, registration.label);
  auto is_exempt = [&](llvm::StringRef name) {
    return std::find(config_.not_blocking.begin(), config_.not_blocking.end(), name) !=
           config_.not_blocking.end();
  };
  for (llvm::StringRef name : blockingFunctions())
    if (!is_exempt(name))
      for (Id function : program.named(name))
        // A project's own function of that name is not libc's. Inline ones, such as the checked
        // poll() of _FORTIFY_SOURCE, are the library's where it says so and have the whole name.
        if (!functions[function].is_defined ||
            (functions[function].is_of_system && functions[function].qualified_name == name))
          add(function, "blocking");
  for (const std::string& name : config_.blocking)
    for (Id function : program.named(name))
      add(function, "blocking");
}

} // namespace lockvet::program
