// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The product of a graph and a path's automaton, cut down to its live part: what some start can
// reach and what can reach some end. Every search runs on it. Refers to the view, which its owner
// keeps alive; read-only once made.

#pragma once

#include "vrc/query/automaton.h"

namespace lockvet::query {

/// A live pair of a node and a state, numbered from 0.
using Position = uint32_t;

class Product {
public:
  /// An error only if the view's stop flag is set meanwhile.
  static llvm::Expected<Product> make(View view, Automaton automaton);
  /// Of the automaton of an expression; also an error if that cannot be made.
  static llvm::Expected<Product> make(const PathExpression& path, const View& view,
                                      const Constraints& constraints = {});

  const View& view() const { return view_; }
  size_t positions() const { return nodes_.size(); }
  Node nodeOf(Position position) const { return nodes_[position]; }
  bool isStart(Position position) const { return automaton_.first >> states_[position] & 1; }
  bool isEnd(Position position) const { return automaton_.last >> states_[position] & 1; }

  /// Nodes that paths begin with, ascending.
  llvm::ArrayRef<Node> starts() const { return starts_; }
  /// The live states of a node, and those a path can begin with there.
  States liveStates(Node node) const { return live_[node]; }
  States startStates(Node node) const { return live_[node] & automaton_.first; }
  States endStates(Node node) const { return live_[node] & automaton_.last; }
  size_t states() const { return automaton_.follow.size(); }
  States follow(size_t state) const { return automaton_.follow[state]; }

  Position positionOf(Node node, size_t state) const {
    return first_[node] +
           static_cast<Position>(llvm::popcount(live_[node] & ((States(1) << state) - 1)));
  }

  /// visit(Position, const graph::Arc&)
  template <typename Visit> void forEachNext(Position position, Visit visit) const {
    const States follow = automaton_.follow[states_[position]];
    for (const graph::Arc& arc : view_.graph.out(nodes_[position]))
      if (States next = follow & live_[arc.node]; next != 0 && view_.follows(arc))
        forEachState(next, [&](size_t state) { visit(positionOf(arc.node, state), arc); });
  }

  /// visit(Position, const graph::Arc&) with each position that has this one next.
  template <typename Visit> void forEachPrevious(Position position, Visit visit) const {
    const States precede = automaton_.precede[states_[position]];
    for (const graph::Arc& arc : view_.graph.in(nodes_[position]))
      if (States before = precede & live_[arc.node]; before != 0 && view_.follows(arc))
        forEachState(before, [&](size_t state) { visit(positionOf(arc.node, state), arc); });
  }

  /// By node: the live states that a search from these arrives at, themselves included; forwards,
  /// or backwards against the edges.
  llvm::Expected<std::vector<States>> reach(llvm::ArrayRef<std::pair<Node, States>> from,
                                            bool forwards) const;

  /// The least number of edges from each position to an end.
  std::vector<uint32_t> distancesToEnd() const;

private:
  Product(View view, Automaton automaton) : view_(view), automaton_(std::move(automaton)) {}

  /// Cuts what is live down to what is reached from these states of all nodes.
  llvm::Error keepReached(States from, bool forwards);
  void number();

  View view_;
  Automaton automaton_;
  std::vector<States> live_;    ///< by node
  std::vector<Position> first_; ///< by node: its first position
  std::vector<Node> nodes_;     ///< by position
  std::vector<uint8_t> states_; ///< by position
  std::vector<Node> starts_;
};

} // namespace lockvet::query
