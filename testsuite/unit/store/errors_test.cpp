// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What is said of files that are no store, or not a whole one.

#include "analyzer/store/connection.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/raw_ostream.h"
#include "testsuite/unit/store/fixture.h"

namespace lockvet::store {
namespace {

class StoreErrors : public test::StoreTest {
protected:
  void write(llvm::StringRef bytes) {
    std::error_code error;
    llvm::raw_fd_ostream(path_, error) << bytes;
  }

  std::string whyNotReadable() {
    llvm::Expected<Store> store = Store::openReadOnly(path_);
    return store ? "opened" : llvm::toString(store.takeError());
  }

  std::string whyNotWritable() {
    llvm::Expected<Store> store = Store::openForIndexing(path_);
    return store ? "opened" : llvm::toString(store.takeError());
  }

  void makeStore() {
    Store store = openForIndexing();
    for (uint32_t i = 0; i != 50; ++i)
      test::put(store, test::identity(i, "/a.c"),
                test::unitOf("/a.c", {test::functionFragment("/a.c", "f" + std::to_string(i), i)}));
  }
};

#define EXPECT_SAYS(message, part) EXPECT_NE(message.find(part), std::string::npos) << message

TEST_F(StoreErrors, AMissingFile) {
  EXPECT_SAYS(whyNotReadable(), "does not exist; run `lockvet index` first");
}

TEST_F(StoreErrors, AnotherKindOfFile) {
  write("int main(void) { return 0; }\n");
  EXPECT_SAYS(whyNotReadable(), "is not a Lockvet store");
  EXPECT_SAYS(whyNotWritable(), "is not a Lockvet store");
}

TEST_F(StoreErrors, AnotherProgramsDatabase) {
  {
    auto connection = llvm::cantFail(Connection::open(path_, Access::Create));
    llvm::cantFail(connection->execute("CREATE TABLE bookmarks(url TEXT)"));
  }
  EXPECT_SAYS(whyNotReadable(), "another program's SQLite file");
  EXPECT_SAYS(whyNotWritable(), "another program's SQLite file");
  EXPECT_EQ(query("SELECT name FROM sqlite_schema"), std::vector<std::string>{"bookmarks"});
}

TEST_F(StoreErrors, ATruncatedStore) {
  makeStore();
  uint64_t size = 0;
  ASSERT_FALSE(llvm::sys::fs::file_size(path_, size));
  for (const uint64_t kept : {size - 1, size / 2, uint64_t{8192}, uint64_t{50}}) {
    llvm::sys::fs::file_t file = llvm::cantFail(llvm::sys::fs::openNativeFileForReadWrite(
        path_, llvm::sys::fs::CD_OpenExisting, llvm::sys::fs::OF_None));
    ASSERT_FALSE(llvm::sys::fs::resize_file(file, kept));
    llvm::sys::fs::closeFile(file);
    EXPECT_SAYS(whyNotReadable(), "is cut short");
    EXPECT_SAYS(whyNotWritable(), "is cut short");
  }
}

TEST_F(StoreErrors, AnotherVersion) {
  makeStore();
  {
    auto connection = llvm::cantFail(Connection::open(path_, Access::Write));
    llvm::cantFail(connection->execute("PRAGMA user_version = 99"));
  }
  EXPECT_SAYS(whyNotReadable(), "another version of Lockvet (schema 99; this one reads 1)");
  EXPECT_SAYS(whyNotWritable(), "another version of Lockvet");
}

TEST_F(StoreErrors, FactsOfAnotherVersionAreNotReadButIndexedAgain) {
  makeStore();
  {
    auto connection = llvm::cantFail(Connection::open(path_, Access::Write));
    llvm::cantFail(
        connection->execute("UPDATE store_state SET value = 99999 WHERE key = 'facts_version'"));
  }
  EXPECT_SAYS(whyNotReadable(), "run `lockvet index` again");
  EXPECT_EQ(whyNotWritable(), "opened");
  EXPECT_EQ(whyNotReadable(), "opened");
  EXPECT_EQ(query("SELECT count(*) FROM unit"), std::vector<std::string>{"0"});
  EXPECT_EQ(query("SELECT count(*) FROM function"), std::vector<std::string>{"0"});
}

TEST_F(StoreErrors, ADirectory) {
  ASSERT_FALSE(llvm::sys::fs::create_directory(path_));
  EXPECT_SAYS(whyNotReadable(), "is a directory");
  EXPECT_SAYS(whyNotWritable(), "is a directory");
}

TEST_F(StoreErrors, AnEmptyFileCanBeIndexedInto) {
  write("");
  EXPECT_SAYS(whyNotReadable(), "is empty");
  EXPECT_EQ(whyNotWritable(), "opened");
}

TEST_F(StoreErrors, AMissingDirectory) {
  path_ = directory_ + "/nowhere/lockvet.db";
  EXPECT_SAYS(whyNotWritable(), "No such file or directory");
}

} // namespace
} // namespace lockvet::store
