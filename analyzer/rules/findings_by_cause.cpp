// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/rules/findings_by_cause.h"

#include "llvm/ADT/STLExtras.h"

namespace lockvet::rules {

using namespace program;

bool FindingsByCause::isUnaware(const Call& call, Id target) const {
  if (call.kind != facts::CallKind::Direct || target == kNoId ||
      input_.guards.dimension().isAsserting(input_.program.function(target).labels))
    return false;
  std::optional<size_t> deciding = input_.guards.decidingCall(target);
  return deciding && !input_.guards.isPredicate(input_.program.calls()[*deciding].callee);
}

void FindingsByCause::add(const Call& call, Id target, Finding finding) {
  if (isUnaware(call, target) && finding.confidence != Confidence::Type)
    parts_of_[target].push_back({call.caller, std::move(finding)});
  else
    single_.push_back(std::move(finding));
}

/// The findings of several callers of one function as one in that function, with the witness of the
/// worst of them.
Finding FindingsByCause::fold(Id callee, std::vector<Part> parts) const {
  // The least is the worst: a more severe one, then a surer one.
  auto& [caller, worst] = *llvm::min_element(parts, [](const Part& a, const Part& b) {
    return std::pair(b.second.severity, a.second.confidence) <
           std::pair(a.second.severity, b.second.confidence);
  });
  const Call& call = input_.program.calls()[*input_.guards.decidingCall(callee)];
  Finding finding =
      findingAt(input_, rule_, worst.severity, call,
                describe_(callee, call) + otherCallers(input_.program, caller, parts.size() - 1));
  finding.witness = std::move(worst.witness);
  finding.confidence = worst.confidence;
  return finding;
}

void FindingsByCause::moveTo(Findings& findings) {
  llvm::move(single_, std::back_inserter(findings));
  for (auto& [callee, parts] : parts_of_)
    findings.push_back(parts.size() == 1 ? std::move(parts.front().second)
                                         : fold(callee, std::move(parts)));
}

} // namespace lockvet::rules
