// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Random graphs and queries for tests, the same for the same seed: as the product's values and as
// the reference's.

#pragma once

#include "reference.h"

#include <random>

namespace lockvet::reference {

class Random {
public:
  explicit Random(unsigned seed) : engine_(seed) {}

  /// From 0 to below `end`. Not a distribution of the library: those differ between libraries.
  unsigned below(unsigned end) { return static_cast<unsigned>(engine_() % end); }
  bool chance(unsigned percent) { return below(100) < percent; }

private:
  std::mt19937 engine_;
};

struct Sample {
  graph::Graph graph;
  World world;
  graph::EdgeKinds kinds = 0;
  graph::NodeSet visible;
};

/// At most `most` nodes, with labels a, b and c; a few nodes may be hidden and edges switched off.
Sample randomSample(Random& random, Node most);

Spec randomSpec(Random& random, const World& world, int depth);
Path randomPath(Random& random, const World& world, int depth);

/// Paths like those that people ask for.
std::vector<Path> usualPaths(const World& world);

} // namespace lockvet::reference
