// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "runtime/jobs/chain_job.h"

namespace lockvet::runtime {

GraphResult<> ChainJob::begin() {
  const auto top = find_node(jobs_.graph(), top_name_);
  if (!top)
    return std::unexpected(top.error());
  top_ = *top;
  auto chain = find_chain(jobs_.graph(), *top_, base_name_);
  if (!chain)
    return std::unexpected(std::move(chain.error()));
  chain_ = std::move(*chain);
  std::vector<Node*> named = chain_.between;
  named.push_back(top_);
  if (chain_.base != nullptr)
    named.push_back(chain_.base);
  if (auto held = holds_->hold(named); !held)
    return held;
  const auto length = length_of(*top_);
  if (!length)
    return std::unexpected(length.error());
  top_length_ = *length;
  return set_up();
}

GraphResult<> ChainJob::hold_between() {
  for (Node* const node : chain_.between)
    if (auto held = holds_->add(*node, nobody_writes); !held)
      return std::unexpected(std::move(held.error()));
  return {};
}

GraphResult<BackingFileName> ChainJob::base_name(const std::optional<BackingFileName>& said,
                                                 Node& above) {
  return said ? GraphResult<BackingFileName>(*said) : name_of_base(above, *chain_.base);
}

GraphResult<> ChainJob::rename_backing_file(Node& image, const BackingFileName& name) {
  auto writable = std::make_unique<NodeHolds>(jobs_, id_);
  auto result = writable->make_writable(image);
  if (result)
    result = change_backing_file_name(image, name);
  give_back(jobs_, std::move(writable));
  return result;
}

} // namespace lockvet::runtime
