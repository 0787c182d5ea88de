// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "testsuite/unit/index/temporary_tree.h"

#include "analyzer/store/connection.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"

#include <ctime>
#include <fcntl.h>
#include <sys/stat.h>

namespace lockvet::index::test {

TemporaryTree::TemporaryTree() {
  llvm::SmallString<128> directory;
  if (llvm::sys::fs::createUniqueDirectory("lockvet-index", directory))
    ADD_FAILURE() << "no temporary directory";
  directory_ = directory.str().str();
}

TemporaryTree::~TemporaryTree() {
  llvm::sys::fs::remove_directories(directory_);
}

void TemporaryTree::write(const std::string& name, const std::string& content, int age) const {
  std::error_code error =
      llvm::sys::fs::create_directories(llvm::sys::path::parent_path(path(name)));
  llvm::raw_fd_ostream(path(name), error) << content;
  touch(name, age);
}

void TemporaryTree::touch(const std::string& name, int age) const {
  timespec now{};
  clock_gettime(CLOCK_REALTIME, &now);
  now.tv_sec -= age;
  const timespec times[2] = {now, now};
  utimensat(AT_FDCWD, path(name).c_str(), times, 0);
}

void TemporaryTree::remove(const std::string& name) const {
  llvm::sys::fs::remove(path(name));
}

void TemporaryTree::writeDatabase(const std::vector<Entry>& entries) const {
  llvm::json::Array array;
  for (const auto& [file, flags] : entries)
    array.push_back(llvm::json::Object{
        {"directory", directory_}, {"file", file}, {"command", "cc " + flags + " -c " + file}});
  std::error_code error;
  llvm::raw_fd_ostream(path("compile_commands.json"), error) << llvm::json::Value(std::move(array));
}

std::vector<std::string> TemporaryTree::query(const std::string& sql) const {
  auto connection =
      llvm::cantFail(store::Connection::open(path("lockvet.db"), store::Access::Read));
  store::Statement statement = llvm::cantFail(connection->prepare(sql));
  std::vector<std::string> rows;
  while (llvm::cantFail(statement.step())) {
    std::string row;
    for (int column = 0; column != statement.columns(); ++column)
      row += (column == 0 ? "" : "|") + statement.text(column).str();
    rows.push_back(row);
  }
  return rows;
}

} // namespace lockvet::index::test
