// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The searches against the reference: random graphs, filters and kinds of edges, with usual and
// with random queries. A failure names the seed, the query as typed, and the edges.

#include "random_queries.h"
#include "vrc/graph/graph_builder.h"
#include "vrc/query/parser.h"
#include "vrc/query/simple_paths.h"

#include <gtest/gtest.h>

namespace lockvet::reference {
namespace {

constexpr unsigned kSeeds = 300;

query::View viewOf(const Sample& sample) {
  return {.graph = sample.graph, .edges = sample.kinds, .visible = &sample.visible};
}

Nodes setOf(const graph::NodeSet& nodes) {
  return {nodes.set_bits_begin(), nodes.set_bits_end()};
}

std::string describe(const Query& query, const World& world) {
  std::string text = write(query.path);
  if (query.through)
    text += " --through " + write(*query.through);
  if (query.avoid)
    text += " --avoid " + write(*query.avoid);
  for (const auto& [from, to, kind] : world.edges)
    text += "\n" + nameOf(from) + " -" + graph::wordFor(kind).str() + "-> " + nameOf(to);
  return text;
}

graph::NodeSet evaluated(const Spec& spec, const query::View& view) {
  auto parsed = query::parseNodeSpec(write(spec));
  EXPECT_TRUE(bool(parsed)) << write(spec) << ": " << llvm::toString(parsed.takeError());
  auto nodes = query::evaluate(*parsed, view);
  EXPECT_TRUE(bool(nodes)) << write(spec) << ": " << llvm::toString(nodes.takeError());
  return *nodes;
}

query::Product productOf(const Query& query, const Sample& sample) {
  const query::View view = viewOf(sample);
  query::Constraints constraints;
  if (query.through)
    constraints.through = evaluated(*query.through, view);
  if (query.avoid)
    constraints.avoid = evaluated(*query.avoid, view);
  auto path = query::parsePath(write(query.path));
  EXPECT_TRUE(bool(path)) << llvm::toString(path.takeError());
  auto automaton = query::makeAutomaton(*path, view, constraints);
  EXPECT_TRUE(bool(automaton)) << llvm::toString(automaton.takeError());
  return llvm::cantFail(query::Product::make(view, std::move(*automaton)));
}

size_t positionsIn(const Path& path) {
  size_t total = path.kind == Path::Kind::Nodes ? 1 : 0;
  for (const Path& operand : path.operands)
    total += positionsIn(operand);
  return total;
}

/// Calls `check` with many samples, and queries for each.
void forEachCase(Node most_nodes, int depth,
                 const std::function<void(const Query&, const Sample&)>& check) {
  for (unsigned seed = 0; seed < kSeeds; ++seed) {
    Random random(seed);
    const Sample sample = randomSample(random, most_nodes);
    std::vector<Path> paths = usualPaths(sample.world);
    for (int index = 0; index < 6; ++index)
      paths.push_back(randomPath(random, sample.world, depth));
    for (Path& path : paths) {
      Query query{.path = std::move(path)};
      // Each position of the path counts three times then.
      if (3 * positionsIn(query.path) <= query::kMaxStates && random.chance(30))
        query.through = randomSpec(random, sample.world, 1);
      if (random.chance(30))
        query.avoid = randomSpec(random, sample.world, 1);
      SCOPED_TRACE("seed " + std::to_string(seed) + ": " + describe(query, sample.world));
      check(query, sample);
      if (testing::Test::HasFailure())
        return;
    }
  }
}

std::vector<Node> nodesOf(const query::Path& path) {
  std::vector<Node> nodes;
  for (const query::Hop& hop : path)
    nodes.push_back(hop.node);
  return nodes;
}

/// Every hop is an edge that the query may use, and stands where the graph says.
void expectRealPath(const query::Path& path, const Sample& sample) {
  for (size_t index = 1; index < path.size(); ++index) {
    const query::Hop& hop = path[index];
    EXPECT_TRUE(sample.world.hasEdge(path[index - 1].node, hop.node, hop.kind));
    bool is_there = false;
    for (const graph::Arc& arc : sample.graph.out(path[index - 1].node))
      is_there |=
          arc.node == hop.node && arc.kind == hop.kind && sample.graph.siteOf(arc) == hop.site;
    EXPECT_TRUE(is_there);
  }
}

Rank rankOf(const query::Path& path) {
  Rank rank{.edges = static_cast<unsigned>(path.size() - 1)};
  for (size_t index = 1; index < path.size(); ++index)
    rank.weak +=
        path[index].kind != EdgeKind::Direct && path[index].kind != EdgeKind::Implicit ? 1 : 0;
  return rank;
}

TEST(Property, specsMeanWhatTheReferenceSays) {
  for (unsigned seed = 0; seed < 4 * kSeeds; ++seed) {
    Random random(seed);
    const Sample sample = randomSample(random, 12);
    const Spec spec = randomSpec(random, sample.world, 4);
    ASSERT_EQ(setOf(evaluated(spec, viewOf(sample))), nodesOf(spec, sample.world))
        << "seed " << seed << ": " << write(spec);
  }
}

TEST(Property, pairsCountsAndRanks) {
  size_t total = 0;
  forEachCase(12, 3, [&](const Query& query, const Sample& sample) {
    const query::Product product = productOf(query, sample);
    const auto pairs = llvm::cantFail(query::rankedPairs(product, 0));
    EXPECT_TRUE(std::ranges::is_sorted(pairs));
    std::map<std::pair<Node, Node>, Rank> ranks;
    for (const query::Pair& pair : pairs)
      EXPECT_TRUE(ranks.insert({{pair.start, pair.end}, {pair.weak, pair.edges}}).second);
    EXPECT_EQ(ranks, pairsOf(query, sample.world));
    EXPECT_EQ(llvm::cantFail(query::countPairs(product)), pairs.size());
    total += pairs.size();
  });
  EXPECT_GT(total, 10000U); // or the queries are too dull to tell anything
}

TEST(Property, aLimitGivesTheFirstOfAll) {
  forEachCase(12, 3, [](const Query& query, const Sample& sample) {
    const query::Product product = productOf(query, sample);
    const auto all = llvm::cantFail(query::rankedPairs(product, 0));
    for (size_t limit : {1, 2, 5, 20}) {
      const auto some = llvm::cantFail(query::rankedPairs(product, limit));
      const size_t expected = std::min(limit, all.size());
      EXPECT_EQ(some, std::vector(all.begin(), all.begin() + static_cast<ptrdiff_t>(expected)));
    }
  });
}

TEST(Property, witnessesAreRealPathsOfTheirRank) {
  forEachCase(12, 3, [](const Query& query, const Sample& sample) {
    const query::Product product = productOf(query, sample);
    const auto pairs = llvm::cantFail(query::rankedPairs(product, 0));
    const auto paths = llvm::cantFail(query::witnesses(product, pairs));
    ASSERT_EQ(paths.size(), pairs.size());
    for (size_t index = 0; index < paths.size(); ++index) {
      const query::Path& path = paths[index];
      ASSERT_FALSE(path.empty());
      EXPECT_EQ(path.front().node, pairs[index].start);
      EXPECT_EQ(path.back().node, pairs[index].end);
      EXPECT_EQ(rankOf(path), (Rank{pairs[index].weak, pairs[index].edges}));
      expectRealPath(path, sample);
      EXPECT_TRUE(matches(query, nodesOf(path), sample.world));
    }
  });
}

TEST(Property, simplePathsAreAllThatThereAreShortestFirst) {
  size_t total = 0;
  forEachCase(7, 2, [&](const Query& query, const Sample& sample) {
    const query::Product product = productOf(query, sample);
    std::set<std::vector<Node>> found;
    size_t last = 0;
    llvm::cantFail(query::forEachSimplePath(product, [&](const query::Path& path) {
      EXPECT_TRUE(found.insert(nodesOf(path)).second) << "found twice";
      EXPECT_LE(last, path.size());
      last = path.size();
      expectRealPath(path, sample);
      return true;
    }));
    EXPECT_EQ(found, simplePaths(query, sample.world));
    total += found.size();
  });
  EXPECT_GT(total, 5000U);
}

/// More than the 64 starts and 512 ends that are searched for at once; the answer is known.
TEST(Property, manyStartsAndEnds) {
  constexpr Node kLayer = 700;
  Sample sample;
  graph::GraphBuilder builder;
  for (Node node = 0; node < 2 * kLayer + 1; ++node)
    builder.addNode(nameOf(node), nameOf(node), graph::NodeKind::Function, {});
  for (Node node = 0; node < kLayer; ++node) {
    builder.addEdge(node, kLayer, node % 3 == 0 ? EdgeKind::Flow : EdgeKind::Direct, {});
    builder.addEdge(kLayer, kLayer + 1 + node, EdgeKind::Direct, {});
    builder.addLabel("a", node);
    if (node != 5) // one end less than starts
      builder.addLabel("c", kLayer + 1 + node);
  }
  sample.graph = builder.finish();
  sample.kinds = graph::kUsualEdges;
  sample.visible.resize(2 * kLayer + 1, true);
  const Path path{.kind = Path::Kind::Sequence,
                  .operands = {{.spec = {.kind = Spec::Kind::Label, .text = "a"}},
                               {.kind = Path::Kind::Star, .operands = {Path{}}},
                               {.spec = {.kind = Spec::Kind::Label, .text = "c"}}}};
  const query::Product product = productOf({.path = path}, sample);
  const uint64_t expected = uint64_t(kLayer) * (kLayer - 1);
  EXPECT_EQ(llvm::cantFail(query::countPairs(product)), expected);
  const auto pairs = llvm::cantFail(query::rankedPairs(product, 0));
  ASSERT_EQ(pairs.size(), expected);
  EXPECT_EQ(pairs.front(), (query::Pair{0, 2, 1, kLayer + 1}));
  EXPECT_EQ(pairs.back(), (query::Pair{1, 2, 699, 2 * kLayer}));
  const auto some = llvm::cantFail(query::rankedPairs(product, 3000));
  EXPECT_TRUE(std::ranges::equal(some, llvm::ArrayRef(pairs).take_front(3000)));
}

TEST(Property, aStoppedSearchSaysSo) {
  Random random(1);
  const Sample sample = randomSample(random, 12);
  auto path = llvm::cantFail(query::parsePath("[]"));
  auto automaton = llvm::cantFail(query::makeAutomaton(path, viewOf(sample)));
  const std::atomic<bool> stop = true;
  query::View view = viewOf(sample);
  view.stop = &stop;
  EXPECT_FALSE(bool(llvm::expectedToOptional(query::evaluate(query::NodeSpec{}, view))));
  EXPECT_FALSE(bool(llvm::expectedToOptional(query::makeAutomaton(path, view))));
  EXPECT_FALSE(bool(llvm::expectedToOptional(query::Product::make(view, automaton))));
}

} // namespace
} // namespace lockvet::reference
