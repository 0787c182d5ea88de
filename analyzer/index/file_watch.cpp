// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/index/file_watch.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/Path.h"

#include <array>
#include <cerrno>
#include <poll.h>
#include <sys/inotify.h>
#include <unistd.h>
#include <utility>

namespace lockvet::index {

namespace {

/// An editor that saves several files does so within this time.
constexpr int kQuietMilliseconds = 50;

llvm::Error failure(const char* what) {
  return llvm::createStringError(std::error_code(errno, std::generic_category()), what);
}

} // namespace

llvm::Expected<FileWatch> FileWatch::start() {
  const int descriptor = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
  if (descriptor < 0)
    return failure("files cannot be watched");
  return FileWatch(descriptor);
}

FileWatch::FileWatch(FileWatch&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)), files_(std::move(other.files_)),
      watch_of_folder_(std::move(other.watch_of_folder_)),
      folder_of_watch_(std::move(other.folder_of_watch_)) {}

FileWatch::~FileWatch() {
  if (descriptor_ >= 0)
    close(descriptor_);
}

llvm::Error FileWatch::add(llvm::StringRef file) {
  if (!files_.insert(file).second)
    return llvm::Error::success();
  const std::string folder = llvm::sys::path::parent_path(file).str();
  if (watch_of_folder_.contains(folder))
    return llvm::Error::success();
  const int watch = inotify_add_watch(descriptor_, folder.c_str(),
                                      IN_CLOSE_WRITE | IN_MOVED_TO | IN_DELETE | IN_ONLYDIR);
  if (watch < 0 && errno == ENOSPC)
    return llvm::createStringError("there are more folders to watch than this system allows; raise "
                                   "fs.inotify.max_user_watches (sysctl) above " +
                                   std::to_string(watch_of_folder_.size()));
  if (watch < 0 && errno != ENOENT && errno != ENOTDIR && errno != EACCES)
    return failure(("the folder '" + folder + "' cannot be watched").c_str());
  watch_of_folder_[folder] = watch;
  if (watch >= 0)
    folder_of_watch_[watch] = folder;
  return llvm::Error::success();
}

/// Takes all events that there are.
llvm::Error FileWatch::read(llvm::StringSet<>& changed) {
  alignas(inotify_event) std::array<char, 16384> buffer;
  for (;;) {
    const ssize_t size = ::read(descriptor_, buffer.data(), buffer.size());
    if (size < 0 && errno == EAGAIN)
      return llvm::Error::success();
    if (size < 0 && errno != EINTR)
      return failure("files cannot be watched any more");
    for (ssize_t at = 0; at < size;) {
      const auto* event = reinterpret_cast<const inotify_event*>(buffer.data() + at);
      at += static_cast<ssize_t>(sizeof(inotify_event) + event->len);
      // Whatever was lost may have been any of them.
      if (event->mask & IN_Q_OVERFLOW)
        for (const auto& file : files_)
          changed.insert(file.getKey());
      auto folder = folder_of_watch_.find(event->wd);
      if (folder == folder_of_watch_.end() || event->len == 0)
        continue;
      const std::string file = folder->second + "/" + event->name;
      if (files_.contains(file))
        changed.insert(file);
    }
  }
}

llvm::Expected<std::vector<std::string>> FileWatch::wait() {
  llvm::StringSet<> changed;
  for (;;) {
    pollfd waiting{.fd = descriptor_, .events = POLLIN, .revents = 0};
    const int ready = poll(&waiting, 1, changed.empty() ? -1 : kQuietMilliseconds);
    if (ready < 0 && errno != EINTR)
      return failure("files cannot be watched any more");
    if (ready == 0)
      break;
    if (ready > 0)
      if (llvm::Error error = read(changed))
        return std::move(error);
  }
  std::vector<std::string> files;
  for (const auto& file : changed)
    files.push_back(file.getKey().str());
  llvm::sort(files);
  return files;
}

} // namespace lockvet::index
