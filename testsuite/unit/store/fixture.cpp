// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "testsuite/unit/store/fixture.h"

#include "analyzer/facts/serialize.h"
#include "analyzer/store/connection.h"
#include "llvm/Support/FileSystem.h"

namespace lockvet::store::test {

StoreTest::StoreTest() {
  llvm::SmallString<128> directory;
  if (llvm::sys::fs::createUniqueDirectory("lockvet-store", directory))
    ADD_FAILURE() << "no temporary directory";
  directory_ = directory.str().str();
  path_ = directory_ + "/lockvet.db";
}

StoreTest::~StoreTest() {
  llvm::sys::fs::remove_directories(directory_);
}

std::vector<std::string> StoreTest::query(const std::string& sql) const {
  auto connection = llvm::cantFail(Connection::open(path_, Access::Read));
  Statement statement = llvm::cantFail(connection->prepare(sql));
  std::vector<std::string> rows;
  while (llvm::cantFail(statement.step())) {
    std::string row;
    for (int column = 0; column != statement.columns(); ++column) {
      row += column == 0 ? "" : "|";
      row += statement.isNull(column) ? "NULL" : statement.text(column).str();
    }
    rows.push_back(row);
  }
  return rows;
}

UnitIdentity identity(uint64_t number, const std::string& file) {
  return {.command = {number, ~number}, .directory = "/build", .file = file};
}

facts::UnitFacts unitOf(const std::string& file, const std::vector<facts::Fragment>& fragments) {
  facts::UnitFacts unit;
  unit.cpu_seconds = 0.5;
  unit.inputs.push_back({.path = file, .content = facts::hashOf(file), .size = 10, .mtime_ns = 20});
  for (const facts::Fragment& fragment : fragments) {
    std::string bytes = facts::serialize(fragment);
    const facts::Hash hash = facts::hashOf(bytes);
    unit.fragments.push_back({.hash = hash, .bytes = std::move(bytes)});
  }
  return unit;
}

facts::Fragment functionFragment(const std::string& file, const std::string& name, uint32_t line,
                                 const std::vector<std::string>& callees) {
  const auto function = [](const std::string& of) {
    return facts::Function{.usr = "c:@F@" + of,
                           .name = of,
                           .qualified_name = of,
                           .mangled_name = of,
                           .type = "void (void)"};
  };
  facts::Fragment fragment;
  fragment.files = {file};
  fragment.functions = {function(name)};
  fragment.declarations = {{.function = 0,
                            .location = {.file = 0, .line = line, .column = 6},
                            .end_line = line + 5,
                            .is_definition = true}};
  for (const std::string& callee : callees) {
    fragment.functions.push_back(function(callee));
    fragment.calls.push_back({.kind = facts::CallKind::Direct,
                              .caller = 0,
                              .callee = static_cast<uint32_t>(fragment.functions.size() - 1),
                              .type = {},
                              .location = {.file = 0, .line = ++line, .column = 3}});
  }
  return fragment;
}

void put(Store& store, const UnitIdentity& identity, const facts::UnitFacts& unit) {
  llvm::cantFail(store.begin());
  EXPECT_EQ(llvm::cantFail(store.putUnit(identity, unit)), PutOutcome::Stored);
  llvm::cantFail(store.commit());
}

} // namespace lockvet::store::test
