// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Runs the programs of others that judge what is written here. For tests; without locks.

#ifndef LOCKVET_TESTSUITE_UNIT_RUNTIME_OTHER_PROGRAM_H
#define LOCKVET_TESTSUITE_UNIT_RUNTIME_OTHER_PROGRAM_H

#include <array>
#include <cstdio>
#include <string>
#include <sys/wait.h>

namespace lockvet::runtime {

struct Outcome {
  int status; // -1 if it did not exit by itself
  std::string output;
};

// A shell command, with what it says on both its outputs.
inline Outcome run(const std::string& command) {
  FILE* const pipe = popen((command + " 2>&1").c_str(), "r");
  if (pipe == nullptr)
    return {-1, "no process"};
  std::string output;
  std::array<char, 4096> buffer;
  while (const size_t got = fread(buffer.data(), 1, buffer.size(), pipe))
    output.append(buffer.data(), got);
  const int status = pclose(pipe);
  return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, output};
}

} // namespace lockvet::runtime

#endif // LOCKVET_TESTSUITE_UNIT_RUNTIME_OTHER_PROGRAM_H
