// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A graph waits for its requests with its lock given back, as readers have it. One caller is a
// writer: unlock_shared() gives back nothing of a writer's lock, and the requests wait for that.

#include <atomic>
#include <shared_mutex>

class Graph {
public:
  int count() {
    lock_.lock_shared();
    settle();
    const int result = nodes_;
    lock_.unlock_shared();
    return result;
  }

  void add() {
    lock_.lock();
    settle();
    ++nodes_;
    lock_.unlock();
  }

private:
  void settle() {
    lock_.unlock_shared();
    while (requests_ != 0)
      wait();
    lock_.lock_shared();
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
