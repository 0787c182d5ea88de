// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "vrc/python/conversation.h"

#include "vrc/query/error.h"

#include <chrono>
#include <future>

namespace lockvet::python {

namespace py = pybind11;

namespace {

/// How long Ctrl-C may go unnoticed.
constexpr std::chrono::milliseconds kPatience(50);

/// Python counts characters where the query's parser counts bytes.
size_t charactersBefore(llvm::StringRef text, size_t offset) {
  const size_t characters = py::len(toStr(text.take_front(offset)));
  return characters + (offset > text.size() ? offset - text.size() : 0);
}

[[noreturn]] void throwNew(const char* name, const py::args& arguments) {
  const py::object type = py::module_::import("vrc.errors").attr(name);
  const py::object error = type(*arguments);
  PyErr_SetObject(type.ptr(), error.ptr());
  throw py::error_already_set();
}

} // namespace

py::str toStr(llvm::StringRef text) {
  PyObject* decoded =
      PyUnicode_DecodeUTF8(text.data(), static_cast<Py_ssize_t>(text.size()), "surrogateescape");
  if (!decoded)
    throw py::error_already_set();
  return py::reinterpret_steal<py::str>(decoded);
}

void raise(llvm::Error error, llvm::StringRef query) {
  std::optional<std::pair<size_t, std::string>> mistake;
  llvm::Error other = llvm::handleErrors(std::move(error), [&](const query::QueryError& found) {
    mistake.emplace(found.offset(), found.text());
  });
  if (mistake)
    throwNew("QueryError", py::make_tuple(toStr(mistake->second),
                                          charactersBefore(query, mistake->first), toStr(query)));
  throwNew("Error", py::make_tuple(toStr(llvm::toString(std::move(other)))));
}

Conversation::Conversation(config::Config config) : session_(std::move(config)) {
  takeSnapshot();
}

std::shared_ptr<const Snapshot> Conversation::glance() const {
  const std::lock_guard lock(looking_);
  return snapshot_;
}

std::shared_ptr<const Snapshot> Conversation::snapshot() {
  std::shared_ptr<const Snapshot> now = glance();
  if (now->is_complete)
    return now;
  if (!runInThread([&] { session_.graph(); }))
    throw py::error_already_set();
  return glance();
}

void Conversation::takeSnapshot() {
  // Many commands that add something in a row make one graph and not as many.
  auto next = std::make_shared<const Snapshot>(session_.settledGraph(), session_.visible,
                                               session_.generation(), session_.database(),
                                               session_.wantsToQuit(), !session_.hasPendingEdits());
  const std::lock_guard lock(looking_);
  snapshot_ = std::move(next);
}

bool Conversation::runInThread(const std::function<void()>& work) {
  // The lock is taken in the thread: waiting for another thread's search is interruptible as well.
  std::atomic<bool> is_cancelled = false;
  std::future<void> done = std::async(std::launch::async, [&] {
    const std::lock_guard lock(running_);
    session_.clearInterruption();
    if (is_cancelled)
      session_.interrupt();
    work();
    takeSnapshot();
  });
  bool is_interrupted = false;
  while (true) {
    {
      py::gil_scoped_release without_interpreter;
      if (done.wait_for(kPatience) == std::future_status::ready)
        break;
    }
    if (!is_interrupted)
      is_interrupted = PyErr_CheckSignals() != 0;
    // Again and again, since a search that only now begins forgets it. A search of another thread
    // that has the session may be hit: it is in the way.
    is_cancelled = is_interrupted;
    if (is_interrupted)
      session_.interrupt();
  }
  done.get();
  return !is_interrupted;
}

} // namespace lockvet::python
