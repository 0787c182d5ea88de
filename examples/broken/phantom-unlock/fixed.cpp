// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The corrected twin of bug.cpp: nothing is given back behind a caller's back. Each waits before it
// takes the lock, whichever way.

#include <atomic>
#include <shared_mutex>

class Graph {
public:
  int count() {
    settle();
    lock_.lock_shared();
    const int result = nodes_;
    lock_.unlock_shared();
    return result;
  }

  void add() {
    settle();
    lock_.lock();
    ++nodes_;
    lock_.unlock();
  }

private:
  void settle() {
    while (requests_ != 0)
      wait();
  }

  void wait() {
    --requests_;
  }

  std::shared_mutex lock_;
  int nodes_ = 0;
  std::atomic<int> requests_ = 0;
};

int main() {
  Graph graph;
  graph.add();
  return graph.count();
}
