// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_cpp %s --verify --config %S/../Inputs/locks.yaml
//
// Methods whose objects' locks are needed, through virtual calls and without.

#include "../Inputs/locks.h"

struct Node {
  virtual ~Node() = default;
  virtual int length() { return 0; }
  virtual int name() { return 0; }
};

struct FileNode : Node {
  int length() override GRAPH_RDLOCK { return count_children(); }
  int name() override { return plain_read(); }
};

int GRAPH_UNLOCKED unlocked(Node &node) {
  return node.length(); // lockvet-error{{lock-required: unlocked() does not hold graph_lock and c}}
}

int GRAPH_UNLOCKED needs_none(Node &node) { // silent
  return node.name();
}

int locked(Node &node) { // silent
  graph_rdlock();
  const int length = node.length();
  graph_rdunlock();
  return length;
}

int too_late(Node &node) {
  graph_rdlock();
  count_children();
  graph_rdunlock();
  return node.length(); // lockvet-error{{lock-required: too_late() does not hold graph_lock and c}}
}

int main() {
  FileNode node;
  return unlocked(node) + needs_none(node) + locked(node) + too_late(node);
}
