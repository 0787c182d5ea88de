// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "vrc/graph/cache.h"

#include "llvm/Support/Error.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/raw_ostream.h"
#include "llvm/Support/xxhash.h"

#include <cstring>

namespace lockvet::graph {

namespace {

/// Raise it when Graph's arrays change, or what they are made of.
constexpr uint64_t kVersion = 3;
constexpr char kMagic[8] = {'l', 'v', 'g', 'r', 'a', 'p', 'h', '\n'};

struct Header {
  char magic[8];
  uint64_t version = 0;
  uint64_t key = 0;
  uint64_t size = 0; ///< of what follows
  uint64_t hash = 0; ///< XXH3 of what follows
};

uint64_t hashOf(llvm::StringRef bytes) {
  return llvm::xxh3_64bits(bytes);
}

} // namespace

/// Walks a graph's arrays in one order, to write them or to read them back.
class GraphArchive {
public:
  static std::string bytesOf(const Graph& graph) {
    std::string bytes;
    auto put = [&](const auto& vector) {
      const uint64_t size = vector.size();
      bytes.append(reinterpret_cast<const char*>(&size), sizeof size);
      bytes.append(reinterpret_cast<const char*>(vector.data()),
                   vector.size() * sizeof(*vector.data()));
    };
    forEachArray(graph, put);
    put(std::vector<uint64_t>{graph.files_.size(), graph.labels_.size()});
    for (const std::string& file : graph.files_)
      put(file);
    for (const auto& entry : graph.labels_) {
      put(std::string(entry.first()));
      put(std::vector<uint32_t>(entry.second.set_bits_begin(), entry.second.set_bits_end()));
    }
    return bytes;
  }

  static std::optional<Graph> fromBytes(llvm::StringRef bytes) {
    bool is_whole = true;
    auto get = [&](auto& vector) {
      using Value = std::decay_t<decltype(vector)>::value_type;
      uint64_t size = 0;
      if (is_whole && bytes.size() >= sizeof size) {
        std::memcpy(&size, bytes.data(), sizeof size);
        bytes = bytes.drop_front(sizeof size);
        if (size <= bytes.size() / sizeof(Value)) {
          vector.resize(size);
          std::memcpy(vector.data(), bytes.data(), size * sizeof(Value));
          bytes = bytes.drop_front(size * sizeof(Value));
          return;
        }
      }
      is_whole = false;
    };
    Graph graph;
    forEachArray(graph, get);
    std::vector<uint64_t> counts;
    get(counts);
    if (!is_whole || counts.size() != 2)
      return std::nullopt;
    for (uint64_t file = 0; is_whole && file < counts[0]; ++file)
      get(graph.files_.emplace_back());
    for (uint64_t label = 0; is_whole && label < counts[1]; ++label) {
      std::string name;
      std::vector<uint32_t> nodes;
      get(name);
      get(nodes);
      NodeSet& set = graph.labels_[name];
      set.resize(static_cast<unsigned>(graph.nodes_.size()));
      for (uint32_t node : nodes)
        if (node < graph.nodes_.size())
          set.set(node);
    }
    return is_whole ? std::optional(std::move(graph)) : std::nullopt;
  }

private:
  template <typename AnyGraph, typename Visit>
  static void forEachArray(AnyGraph& graph, Visit visit) {
    visit(graph.texts_);
    visit(graph.nodes_);
    visit(graph.first_out_);
    visit(graph.first_in_);
    visit(graph.out_);
    visit(graph.in_);
    visit(graph.sites_);
    visit(graph.names_);
    visit(graph.first_named_);
    visit(graph.named_);
  }
};

uint64_t cacheKey(int64_t link_stamp, const config::Config& config) {
  std::string text = std::to_string(link_stamp);
  auto add = [&](const std::string& word) { text += '\0' + word; };
  for (const config::LabelRule& rule : config.labels)
    for (const std::string* word : {&rule.label, &rule.name, &rule.regex, &rule.macro})
      add(*word);
  for (const auto* names : {&config.blocking, &config.not_blocking}) {
    add("");
    for (const std::string& name : *names)
      add(name);
  }
  return hashOf(text);
}

std::optional<Graph> readCache(const std::string& path, uint64_t key) {
  auto buffer = llvm::MemoryBuffer::getFile(path, /*IsText=*/false,
                                            /*RequiresNullTerminator=*/false);
  if (!buffer || (*buffer)->getBufferSize() < sizeof(Header))
    return std::nullopt;
  llvm::StringRef bytes = (*buffer)->getBuffer();
  Header header;
  std::memcpy(&header, bytes.data(), sizeof header);
  bytes = bytes.drop_front(sizeof header);
  if (std::memcmp(header.magic, kMagic, sizeof kMagic) != 0 || header.version != kVersion ||
      header.key != key || header.size != bytes.size() || header.hash != hashOf(bytes))
    return std::nullopt;
  return GraphArchive::fromBytes(bytes);
}

void writeCache(const std::string& path, uint64_t key, const Graph& graph) {
  const std::string bytes = GraphArchive::bytesOf(graph);
  Header header{{}, kVersion, key, bytes.size(), hashOf(bytes)};
  std::memcpy(header.magic, kMagic, sizeof kMagic);
  llvm::consumeError(llvm::writeToOutput(path, [&](llvm::raw_ostream& out) {
    out.write(reinterpret_cast<const char*>(&header), sizeof header);
    out << bytes;
    return llvm::Error::success();
  }));
}

} // namespace lockvet::graph
