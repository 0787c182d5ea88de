// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_cpp %s --verify
//
// The first shape in C++: a helper method releases a shared lock that its caller holds exclusively.

#include <shared_mutex>

class Graph {
public:
  void replace() {
    lock_.lock();
    settle();
    lock_.unlock();
  }

  int count() { // silent
    lock_.lock_shared();
    settle_reader();
    const int result = count_;
    lock_.unlock_shared();
    return result;
  }

  void replace_well() { // silent
    lock_.lock();
    settle_writer();
    lock_.unlock();
  }

private:
  void settle() {
    lock_.unlock_shared(); // lockvet-error{{phantom-unlock: Graph::settle() gives back Graph::loc}}
    ++count_;
    lock_.lock_shared();
  }

  void settle_reader() { // silent
    lock_.unlock_shared();
    ++count_;
    lock_.lock_shared();
  }

  void settle_writer() { // silent
    lock_.unlock();
    ++count_;
    lock_.lock();
  }

  std::shared_mutex lock_;
  int count_ = 0;
};

void replace(Graph &graph) { // silent
  graph.replace();
}

int use(Graph &graph) { // silent
  graph.replace_well();
  return graph.count();
}
