// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Measures vrc's graph and searches on a made-up program of any size:
//
//     graph_benchmark [FUNCTIONS [EDGES]]        2,000,000 and 20,000,000 without them
//
// Functions call mostly their neighbours, as those of one subsystem do, and otherwise some that
// many call: the fewer, the more (Zipf's law). Prints times, and the largest memory of the process.

#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/raw_ostream.h"
#include "vrc/graph/cache.h"
#include "vrc/graph/graph_builder.h"
#include "vrc/query/parser.h"
#include "vrc/query/witness.h"

#include <chrono>
#include <cmath>
#include <cstdlib>
#include <ctime>
#include <random>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace lockvet;

namespace {

/// Wall-clock time, and beside it the processor's, which other work on the machine disturbs less.
class Stopwatch {
public:
  std::string elapsed() const {
    const double wall =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
    return llvm::formatv("{0:f2} s (CPU {1:f2})", wall, cpu() - cpu_);
  }

private:
  static double cpu() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  double cpu_ = cpu();
};

void row(llvm::StringRef what, const std::string& value, llvm::StringRef budget = "") {
  llvm::outs() << llvm::formatv("{0,-64} {1,20}   {2}\n", what, value, budget);
  llvm::outs().flush();
}

double megabytes() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) / 1024;
}

graph::Graph makeGraph(uint32_t functions, uint64_t edges) {
  constexpr uint32_t kNeighbours = 3000;
  std::mt19937_64 random(20261122);
  std::uniform_real_distribution<double> fraction(0, 1);
  graph::GraphBuilder builder;
  const uint32_t file = builder.addFile("/tree/file.c");
  for (uint32_t function = 0; function < functions; ++function) {
    const std::string name =
        "subsystem" + std::to_string(function / 1000) + "_function" + std::to_string(function);
    builder.addNode(name, name, graph::NodeKind::Function, {file, function, 1});
  }
  auto anybody = [&] { return static_cast<graph::Node>(random() % functions); };
  for (uint64_t edge = 0; edge < edges; ++edge) {
    const graph::Node from = anybody();
    graph::Node to = 0;
    if (fraction(random) < 0.7)
      to = (from + static_cast<graph::Node>(random() % kNeighbours)) % functions;
    else // an index of which each power of ten is as likely as the next
      to = static_cast<graph::Node>(std::pow(static_cast<double>(functions), fraction(random))) %
           functions;
    const graph::EdgeKind kind =
        fraction(random) < 0.15 ? graph::EdgeKind::Flow : graph::EdgeKind::Direct;
    builder.addEdge(from, to, kind, {file, static_cast<uint32_t>(edge), 3});
  }
  for (const auto& [label, share] :
       {std::pair("coroutine_fn", 400), std::pair("no_coroutine_fn", 4000),
        std::pair("coroutine_mixed_fn", 4000)})
    for (uint32_t count = 0; count < functions / share; ++count)
      builder.addLabel(label, anybody());
  return builder.finish();
}

llvm::Expected<query::Product> productOf(const graph::Graph& graph, llvm::StringRef text) {
  const query::View view{graph};
  llvm::Expected<query::PathExpression> path = query::parsePath(text);
  if (!path)
    return path.takeError();
  return query::Product::make(*path, view);
}

llvm::Error ask(const graph::Graph& graph, llvm::StringRef text) {
  const Stopwatch best;
  llvm::Expected<query::Product> product = productOf(graph, text);
  if (!product)
    return product.takeError();
  llvm::Expected<std::vector<query::Pair>> pairs = query::rankedPairs(*product, 20);
  if (!pairs)
    return pairs.takeError();
  llvm::Expected<std::vector<query::Path>> paths = query::witnesses(*product, *pairs);
  if (!paths)
    return paths.takeError();
  row(("the best " + llvm::Twine(paths->size()) + " of " + text).str(), best.elapsed(),
      "under 3 s");
  const Stopwatch all;
  llvm::Expected<uint64_t> count = query::countPairs(*product);
  if (!count)
    return count.takeError();
  row(("counting its " + llvm::Twine(*count) + " pairs, " + llvm::Twine(product->starts().size()) +
       " starts")
          .str(),
      all.elapsed(), "under 3 s");
  return llvm::Error::success();
}

} // namespace

int main(int argc, char** argv) {
  const uint32_t functions = argc > 1 ? static_cast<uint32_t>(std::atoll(argv[1])) : 2'000'000;
  const uint64_t edges = argc > 2 ? static_cast<uint64_t>(std::atoll(argv[2])) : 20'000'000;
  if (functions < 4000) {
    llvm::errs() << "graph_benchmark: at least 4000 functions\n";
    return 2;
  }
  const std::string file = "/tmp/lockvet-graph-benchmark." + std::to_string(getpid());
  if (const pid_t child = fork(); child == 0) {
    // Made in another process, so that the memory printed is that of opening and asking.
    graph::writeCache(file, 1, makeGraph(functions, edges));
    _exit(0);
  } else {
    int status = 0;
    waitpid(child, &status, 0);
  }
  const Stopwatch opening;
  std::optional<graph::Graph> graph = graph::readCache(file, 1);
  const std::string opened = opening.elapsed();
  unlink(file.c_str());
  if (!graph) {
    llvm::errs() << "graph_benchmark: the graph could not be made in /tmp\n";
    return 2;
  }
  row("functions", std::to_string(graph->size()));
  row("edges, each once", std::to_string(graph->edges()));
  row("open", opened, "under 5 s");
  for (llvm::StringRef text :
       {"[no_coroutine_fn,!coroutine_mixed_fn]", "[coroutine_fn] [no_coroutine_fn]",
        "[coroutine_fn] [!coroutine_fn,!coroutine_mixed_fn,!no_coroutine_fn]* [no_coroutine_fn]",
        "[coroutine_fn] [!no_coroutine_fn]* [coroutine_mixed_fn]"})
    if (llvm::Error error = ask(*graph, text)) {
      llvm::errs() << "graph_benchmark: " << llvm::toString(std::move(error)) << '\n';
      return 1;
    }
  row("largest memory", llvm::formatv("{0:f0} MB", megabytes()), "under 4096 MB");
  return 0;
}
