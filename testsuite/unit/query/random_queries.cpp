// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "random_queries.h"

#include "vrc/graph/graph_builder.h"

namespace lockvet::reference {

namespace {

EdgeKind randomKind(Random& random) {
  return random.chance(60) ? EdgeKind::Direct
                           : static_cast<EdgeKind>(random.below(graph::kEdgeKinds));
}

Spec label(const char* name) {
  return {.kind = Spec::Kind::Label, .text = name};
}

Spec negated(Spec spec) {
  return {.kind = Spec::Kind::Not, .operands = {std::move(spec)}};
}

Path one(Spec spec) {
  return {.kind = Path::Kind::Nodes, .spec = std::move(spec)};
}

Path wrapped(Path::Kind kind, Path operand) {
  return {.kind = kind, .operands = {std::move(operand)}};
}

Path row(std::vector<Path> operands) {
  return {.kind = Path::Kind::Sequence, .operands = std::move(operands)};
}

} // namespace

Sample randomSample(Random& random, Node most) {
  Sample sample;
  World& world = sample.world;
  graph::GraphBuilder builder;
  world.size = 1 + random.below(most);
  for (Node node = 0; node < world.size; ++node)
    builder.addNode(nameOf(node), nameOf(node), graph::NodeKind::Function, {});
  for (const char* name : {"a", "b", "c"}) {
    world.labels[name];
    for (Node node = 0; node < world.size; ++node)
      if (random.chance(35)) {
        world.labels[name].insert(node);
        builder.addLabel(name, node);
      }
  }
  // From trees to tangles.
  const unsigned edges = random.below(3 * world.size + 1);
  for (unsigned index = 0; index < edges; ++index) {
    const Node from = random.below(world.size);
    const Node to = random.below(world.size);
    const EdgeKind kind = randomKind(random);
    const graph::Site site{1, 1 + random.below(9), 1};
    builder.addEdge(from, to, kind, site);
    world.edges.insert({from, to, kind});
  }
  // A call hides a reference; a call that is only guessed does not.
  std::erase_if(world.edges, [&](const auto& edge) {
    const auto [from, to, kind] = edge;
    if (kind != EdgeKind::Reference)
      return false;
    for (EdgeKind call : {EdgeKind::Direct, EdgeKind::Implicit, EdgeKind::Virtual, EdgeKind::Flow})
      if (world.edges.contains({from, to, call}))
        return true;
    return false;
  });
  builder.addFile("x.c");
  for (size_t kind = 0; kind < graph::kEdgeKinds; ++kind)
    if (random.chance(80)) {
      world.kinds.insert(static_cast<EdgeKind>(kind));
      sample.kinds |= graph::bit(static_cast<EdgeKind>(kind));
    }
  sample.graph = builder.finish();
  sample.visible.resize(world.size, true);
  if (random.chance(40))
    for (Node node = 0; node < world.size; ++node)
      if (random.chance(20)) {
        world.hidden.insert(node);
        sample.visible.reset(node);
      }
  return sample;
}

Spec randomSpec(Random& random, const World& world, int depth) {
  if (depth == 0 || random.chance(40)) {
    std::vector<Spec> simple = {
        {}, {.kind = Spec::Kind::Name, .text = nameOf(random.below(world.size))}};
    for (const auto& [name, nodes] : world.labels)
      if (!nodes.empty()) // the product calls a label that nothing has a mistake
        simple.push_back(label(name.c_str()));
    return simple[random.below(static_cast<unsigned>(simple.size()))];
  }
  Spec spec{.kind =
                static_cast<Spec::Kind>(static_cast<unsigned>(Spec::Kind::Not) + random.below(7))};
  const bool has_two = spec.kind == Spec::Kind::And || spec.kind == Spec::Kind::Or;
  for (int operand = 0; operand < (has_two ? 2 : 1); ++operand)
    spec.operands.push_back(randomSpec(random, world, depth - 1));
  return spec;
}

Path randomPath(Random& random, const World& world, int depth) {
  if (depth == 0 || random.chance(20))
    return one(randomSpec(random, world, 1));
  Path path{.kind = static_cast<Path::Kind>(static_cast<unsigned>(Path::Kind::Sequence) +
                                            random.below(5))};
  const bool has_more = path.kind == Path::Kind::Sequence || path.kind == Path::Kind::Alternation;
  const unsigned operands = has_more ? 2 + random.below(2) : 1;
  for (unsigned operand = 0; operand < operands; ++operand)
    path.operands.push_back(randomPath(random, world, depth - 1));
  return path;
}

std::vector<Path> usualPaths(const World& world) {
  if (world.labels.at("a").empty() || world.labels.at("b").empty() || world.labels.at("c").empty())
    return {};
  const Spec a = label("a"), b = label("b"), c = label("c");
  const Path anything = wrapped(Path::Kind::Star, one({}));
  const Spec b_not_c{.kind = Spec::Kind::And, .operands = {b, negated(c)}};
  const Spec callers_of_c{.kind = Spec::Kind::Callers, .operands = {c}};
  const Path a_or_b{.kind = Path::Kind::Alternation, .operands = {one(a), one(b)}};
  return {
      row({one(a), wrapped(Path::Kind::Star, one(negated(b))), one(c)}),
      one(b_not_c),
      row({one(a), anything, one(c)}),
      row({one(a), one(negated(a)), one(a)}),
      row({wrapped(Path::Kind::Plus, a_or_b), one(c)}),
      row({one(a), wrapped(Path::Kind::Optional, one(b)), one(c)}),
      row({one(callers_of_c), anything, one(b_not_c)}),
      wrapped(Path::Kind::Star, row({one(a), wrapped(Path::Kind::Optional, one(b)), one(c)})),
      row({anything, one(b), anything}),
  };
}

} // namespace lockvet::reference
