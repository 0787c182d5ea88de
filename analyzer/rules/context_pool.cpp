// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/rules/context_pool.h"

#include "analyzer/rules/lock_witness.h"

namespace lockvet::rules {

using namespace program;

namespace {

class PoolFindings {
public:
  PoolFindings(const RuleInput& input, const llvm::DenseSet<Id>& workers)
      : input_(input), program_(input.program), workers_(workers) {
    std::vector<Id> ends;
    for (Id id = 1; id < program_.functions().size(); ++id)
      if (program_.function(id).labels & kPolls)
        ends.push_back(id);
    reaches_loop_ = input.locks.callers().reaching(
        ends, [&](uint32_t call, Id) { return canHappen(program_.calls()[call]); });
  }

  /// The calls from what a pool runs to an event loop; as few as there are.
  std::vector<uint32_t> wayFrom(Id root) const;
  Finding report(const Registration& registration, llvm::ArrayRef<uint32_t> way) const;

private:
  /// Can a call by name happen in a thread of a pool: neither in a coroutine nor in the main loop?
  /// What a worker calls that is one itself has a finding of its own.
  bool canHappen(const Call& call) const {
    const size_t position = program_.indexOf(call);
    return (call.kind == facts::CallKind::Direct || call.kind == facts::CallKind::Implicit) &&
           !workers_.contains(call.callee) && (input_.guards.at(position) & kOutside) &&
           (input_.thread_guards.at(position) & kOutside);
  }

  const RuleInput& input_;
  const Program& program_;
  const llvm::DenseSet<Id>& workers_;
  std::vector<bool> reaches_loop_;
};

std::vector<uint32_t> PoolFindings::wayFrom(Id root) const {
  llvm::DenseMap<Id, uint32_t> called_by;
  std::vector<Id> queue = {root};
  for (size_t next = 0; next < queue.size(); ++next) {
    for (const Call& call : program_.callsOf(queue[next])) {
      if (!canHappen(call) || !reaches_loop_[call.callee] ||
          !called_by.insert({call.callee, static_cast<uint32_t>(program_.indexOf(call))}).second)
        continue;
      queue.push_back(call.callee);
      if (!(program_.function(call.callee).labels & kPolls))
        continue;
      std::vector<uint32_t> way;
      for (Id at = call.callee; at != root; at = program_.calls()[way.back()].caller)
        way.push_back(called_by.lookup(at));
      std::reverse(way.begin(), way.end());
      return way;
    }
  }
  return {};
}

Finding PoolFindings::report(const Registration& registration, llvm::ArrayRef<uint32_t> way) const {
  const Id worker = registration.function;
  const Call& first = program_.calls()[way.front()];
  Finding finding = findingAt(input_, kContext.id, Severity::Warning, first,
                              quoted(program_, worker) + " runs in a thread pool and calls " +
                                  quoted(program_, first.callee) + ", which runs an event loop");
  const std::string registrar = quoted(program_, program_.slot(registration.slot).function);
  finding.witness.push_back(stepAt(program_, worker, program_.function(worker).place,
                                   quoted(program_, worker) + " is handed to " + registrar +
                                       ", which has it run " +
                                       input_.thread_guards.dimension().outside_words.str()));
  for (uint32_t position : way) {
    const Call& call = program_.calls()[position];
    const EdgeKind edge =
        call.kind == facts::CallKind::Implicit ? EdgeKind::Implicit : EdgeKind::Direct;
    finding.witness.push_back(callStep(program_, call, call.callee, edge));
  }
  finding.witness.back().reason += ", which runs an event loop";
  return finding;
}

} // namespace

void addPoolFindings(const RuleInput& input, Findings& findings) {
  const ContextDimension& threads = input.thread_guards.dimension();
  llvm::DenseSet<Id> workers;
  std::vector<Registration> registrations;
  for (const Registration& registration : input.program.registrations().all())
    if (threads.contextOf(registration) == kOutside && workers.insert(registration.function).second)
      registrations.push_back(registration);
  if (registrations.empty())
    return;
  const PoolFindings pool(input, workers);
  for (const Registration& registration : registrations)
    if (std::vector<uint32_t> way = pool.wayFrom(registration.function); !way.empty())
      findings.push_back(pool.report(registration, way));
}

} // namespace lockvet::rules
