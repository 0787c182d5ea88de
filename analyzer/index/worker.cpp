// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/index/worker.h"

#include "analyzer/facts/serialize.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/ErrorHandling.h"
#include "llvm/Support/Path.h"

#include <csignal>
#include <cstdlib>
#include <memory>
#include <new>
#include <poll.h>
#include <string>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>
#include <utility>
#include <vector>

namespace lockvet::index {
namespace {

[[noreturn]] void exitOutOfMemory() {
  _exit(kOutOfMemoryExit);
}

void limitMemory() {
  std::set_new_handler(exitOutOfMemory);
  llvm::install_bad_alloc_error_handler([](void*, const char*, bool) { exitOutOfMemory(); },
                                        nullptr);
  uint64_t bytes = 0;
  const char* setting = std::getenv(kMemoryVariable);
  if (!setting || llvm::StringRef(setting).getAsInteger(10, bytes) || bytes == 0)
    return;
#if !defined(__SANITIZE_ADDRESS__) && !__has_feature(address_sanitizer) &&                         \
    !__has_feature(thread_sanitizer)
  // Private writable memory only: the libraries' text and mapped files are shared between workers.
  const rlimit limit = {bytes, bytes};
  setrlimit(RLIMIT_DATA, &limit);
#endif
}

/// False if the indexer is gone already.
bool endWithIndexer(int fd) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  // It may have ended before that; a job that it sent may still be in the socket.
  pollfd polled = {.fd = fd, .events = POLLRDHUP, .revents = 0};
  return poll(&polled, 1, 0) == 0;
}

void settle() {
  // Ctrl-C reaches the whole process group; what becomes of the workers is the indexer's decision.
  std::signal(SIGINT, SIG_IGN);
  const rlimit no_core = {0, 0};
  setrlimit(RLIMIT_CORE, &no_core);
  limitMemory();
}

/// Fails on purpose, for the robustness suite.
void injectFault(llvm::StringRef file) {
  const char* setting = std::getenv(kFaultVariable);
  if (!setting)
    return;
  llvm::SmallVector<llvm::StringRef, 4> faults;
  llvm::StringRef(setting).split(faults, ',');
  for (llvm::StringRef fault : faults) {
    const auto [kind, name] = fault.split(':');
    if (name != llvm::sys::path::filename(file))
      continue;
    if (kind == "crash") {
      std::signal(SIGSEGV, SIG_DFL); // a sanitizer would make an exit of it
      std::raise(SIGSEGV);
    }
    volatile bool forever = true;
    while (kind == "hang" && forever)
      continue;
    if (kind == "sleep")
      while (forever)
        pause();
    std::vector<std::unique_ptr<char[]>> hoard;
    while (kind == "oom" && forever) {
      constexpr size_t size = size_t{64} << 20;
      hoard.push_back(std::make_unique<char[]>(size)); // zeroed, so that it is really there
    }
  }
}

/// Which fragments the indexer has: those of units whose answer was taken whole.
class SentFragments {
public:
  /// Leaves out the bodies that were sent. Gives the hashes of those that now go.
  std::vector<facts::Hash> strip(facts::UnitFacts& unit) {
    std::vector<facts::Hash> going;
    for (facts::UnitFacts::FragmentReference& fragment : unit.fragments) {
      if (sent_.contains(key(fragment.hash)))
        fragment.bytes.clear();
      else
        going.push_back(fragment.hash);
    }
    return going;
  }

  void add(const std::vector<facts::Hash>& hashes) {
    for (const facts::Hash& hash : hashes)
      sent_.insert(key(hash));
  }

  void forget() { sent_.clear(); }

private:
  using Key = std::pair<uint64_t, uint64_t>;
  static Key key(const facts::Hash& hash) { return {hash[0], hash[1]}; }

  llvm::DenseSet<Key> sent_;
};

} // namespace

int runWorker(int fd, const Extract& extract) {
  if (!endWithIndexer(fd))
    return EXIT_FAILURE;
  settle();
  SentFragments sent;
  while (std::optional<std::string> frame = readFrame(fd)) {
    llvm::Expected<Job> job = parseJob(*frame);
    if (!job) {
      llvm::consumeError(job.takeError());
      return EXIT_FAILURE;
    }
    injectFault(job->file);
    facts::UnitFacts unit = extract(*job);
    if (job->send_all)
      sent.forget();
    const std::vector<facts::Hash> going = sent.strip(unit);
    if (!writeFrame(fd, facts::serialize(unit)))
      return EXIT_FAILURE;
    sent.add(going);
  }
  return EXIT_SUCCESS;
}

} // namespace lockvet::index
