// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Programs of QEMU's that judge images in a folder of a test, which the fixture owns. Without them
// the tests are skipped.

#ifndef LOCKVET_TESTSUITE_UNIT_RUNTIME_QCOW2_PEERS_FIXTURE_H
#define LOCKVET_TESTSUITE_UNIT_RUNTIME_QCOW2_PEERS_FIXTURE_H

#include "testsuite/unit/runtime/other_program.h"
#include "testsuite/unit/runtime/qcow2/snapshot_use.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace lockvet::runtime::qcow2 {

inline void expect_success(const std::string& command) {
  const Outcome outcome = run(command);
  ASSERT_EQ(outcome.status, 0) << command << "\n" << outcome.output;
}

inline void write_file(const std::string& path, const Bytes& content) {
  std::ofstream(path, std::ios::binary | std::ios::trunc)
      .write(reinterpret_cast<const char*>(content.data()),
             static_cast<std::streamsize>(content.size()));
}

inline Bytes read_file(const std::string& path) {
  Bytes content(std::filesystem::file_size(path));
  std::ifstream(path, std::ios::binary)
      .read(reinterpret_cast<char*>(content.data()), static_cast<std::streamsize>(content.size()));
  return content;
}

inline unsigned rounds(unsigned by_default) {
  const char* const wanted = std::getenv("LOCKVET_PEER_ROUNDS");
  return wanted == nullptr ? by_default : static_cast<unsigned>(std::atoi(wanted));
}

class Qcow2PeersTest : public testing::Test {
protected:
  void SetUp() override {
    if (run("qemu-img --version").status != 0 || run("qemu-io --version").status != 0)
      GTEST_SKIP() << "there is no qemu-img and qemu-io to judge by; Debian has them in the "
                      "package qemu-utils (scripts/install-dependencies --test)";
    std::string name = (std::filesystem::temp_directory_path() / "lockvet-qcow2-XXXXXX").string();
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    folder_ = name;
  }
  void TearDown() override {
    if (!folder_.empty() && !HasFailure())
      std::filesystem::remove_all(folder_);
  }
  std::string path(const std::string& name) const { return folder_ + "/" + name; }

  std::string folder_;
};

} // namespace lockvet::runtime::qcow2

#endif // LOCKVET_TESTSUITE_UNIT_RUNTIME_QCOW2_PEERS_FIXTURE_H
