// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Every way to describe a lock, a registrar or a wait wrongly, and the answer;
// parse_errors_test.cpp has the other keys.

#include "analyzer/config/config.h"

#include <gtest/gtest.h>

namespace lockvet::config {
namespace {

struct Case {
  const char* name;
  std::string text;
  std::string error; ///< what follows ".lockvet.yaml:", or its start
};

void PrintTo(const Case& error, std::ostream* out) {
  *out << error.text;
}

class LockError : public testing::TestWithParam<Case> {};

TEST_P(LockError, SaysWhereAndWhat) {
  auto config = parse(GetParam().text, ".lockvet.yaml");
  ASSERT_FALSE(bool(config)) << "no error";
  const std::string found = llvm::toString(config.takeError());
  const std::string start = ".lockvet.yaml:" + GetParam().error;
  EXPECT_EQ(found.substr(0, start.size()), start) << "in full: " << found;
  EXPECT_EQ(found.find('\n'), std::string::npos) << found;
}

const Case kLocks[] = {
    {"NoList", "locks: {name: a}\n", "1:8: error: the value of 'locks' must be a list"},
    {"NoMapping", "locks: [a]\n", "1:9: error: an item of 'locks' must be a mapping with the keys"},
    {"UnknownKey", "locks:\n- {name: a, aquire: [b]}\n",
     "2:13: error: unknown key 'aquire' (did you mean 'acquire'?); allowed here: name, kind, "},
    {"NoName", "locks:\n- {kind: spin}\n", "2:3: error: this lock lacks the key 'name'"},
    {"EmptyName", "locks:\n- {name: ''}\n", "2:10: error: the value of 'name' must not be empty"},
    {"TwoOfAName", "locks:\n- {name: a}\n- {kind: spin, name: a}\n",
     "3:22: error: there are two locks 'a'"},
    {"UnknownKind", "locks:\n- {name: a, kind: spinn}\n",
     "2:19: error: 'spinn' is no kind of lock (did you mean 'spin'?); allowed: thread, spin, "
     "coroutine, graph"},
    {"UnknownGrade", "locks:\n- {name: a, conditional: warn}\n",
     "2:26: error: 'warn' is no grade; allowed: error, warning"},
    {"UnknownOwner", "locks:\n- {name: a, owner: nobody}\n",
     "2:20: error: 'nobody' is no owner; allowed: taker, none"},
    {"NoBoolean", "locks:\n- {name: a, reentrant: yes}\n",
     "2:24: error: the value of 'reentrant' must be true or false, not 'yes'"},
    {"NoIndex", "locks:\n- {name: a, object: that}\n",
     "2:21: error: the value of 'object' must be the index of an argument, counted from 0, not "
     "'that'"},
    {"NegativeIndex", "locks:\n- {name: a, object: -1}\n",
     "2:21: error: the value of 'object' must be the index"},
    {"HugeIndex", "locks:\n- {name: a, object: 4294967295}\n",
     "2:21: error: the value of 'object' must be the index"},
    {"ObjectAndGlobal", "locks:\n- {name: a, object: 1, global: g}\n",
     "2:24: error: a lock is an argument of its functions ('object') or one lock of the program "
     "('global'); this one has both"},
    {"GlobalAndObject", "locks:\n- {name: a, global: g, object: 1}\n",
     "2:24: error: a lock is an argument"},
    {"UnknownAllowance", "locks:\n- {name: a, allows: [pol]}\n",
     "2:22: error: 'pol' is no allowance (did you mean 'poll'?); allowed: poll, suspend, block"},
    {"AllowanceTwice", "locks:\n- {name: a, allows: [poll, poll]}\n",
     "2:28: error: 'poll' is listed twice"},
    {"FunctionTwice", "locks:\n- {name: a, acquire: [b, b]}\n", "2:26: error: 'b' is listed twice"},
    {"FunctionInTwoLists", "locks:\n- {name: a, acquire: [b], release: [c, b]}\n",
     "2:40: error: 'b' is in both acquire and release"},
    {"FunctionOfTwoLocks", "locks:\n- {name: a, acquire: [b]}\n- {name: c, try_acquire: [b]}\n",
     "3:27: error: 'b' is a function of the lock 'a' already"},
    {"NoFunctionList", "locks:\n- {name: a, acquire: b}\n",
     "2:22: error: the value of 'acquire' must be a list, not a string"},
    {"SuccessWithoutTries", "locks:\n- {name: a, try_succeeds_with: false}\n",
     "2:13: error: 'try_succeeds_with' says how 'try_acquire' and 'try_acquire_shared' answer, "
     "and there is neither"},
};
INSTANTIATE_TEST_SUITE_P(Locks, LockError, testing::ValuesIn(kLocks),
                         [](const auto& test) { return std::string(test.param.name); });

const Case kRegistrars[] = {
    {"UnknownKey", "registrars:\n- {funktion: a}\n",
     "2:4: error: unknown key 'funktion' (did you mean 'function'?); allowed here: function, "
     "argument, context, label, waits"},
    {"NoFunction", "registrars:\n- {argument: 1}\n",
     "2:3: error: this registrar lacks the key 'function'"},
    {"NoArgument", "registrars:\n- {function: a}\n",
     "2:3: error: this registrar lacks the key 'argument': which argument of 'a' is the function "
     "that it has run"},
    {"BadArgument", "registrars:\n- {function: a, argument: first}\n",
     "2:27: error: the value of 'argument' must be the index of an argument, counted from 0"},
    {"UnknownContext", "registrars:\n- {function: a, argument: 0, context: outsid}\n",
     "2:39: error: 'outsid' is no context (did you mean 'outside'?); allowed: coroutine, outside"},
    {"BadLabel", "registrars:\n- {function: a, argument: 0, label: main loop}\n",
     "2:37: error: the label 'main loop' must be a word"},
    {"BadWaits", "registrars:\n- {function: a, argument: 0, waits: 1}\n",
     "2:37: error: the value of 'waits' must be true or false, not '1'"},
    {"Twice", "registrars:\n- {function: a, argument: 0}\n- {function: a, argument: 0}\n",
     "3:3: error: argument 0 of 'a' is described twice"},
};
INSTANTIATE_TEST_SUITE_P(Registrars, LockError, testing::ValuesIn(kRegistrars),
                         [](const auto& test) { return std::string(test.param.name); });

const Case kWaits[] = {
    {"UnknownKey", "waits:\n- {function: a, doe: wait}\n",
     "2:17: error: unknown key 'doe' (did you mean 'does'?); allowed here: function, does, object, "
     "releases, entry"},
    {"NoFunction", "waits:\n- {does: wait}\n",
     "2:3: error: this entry of 'waits' lacks the key 'function'"},
    {"NoOperation", "waits:\n- {function: a}\n",
     "2:3: error: what does 'a' do? This entry lacks the key 'does': wait, signal, start or join"},
    {"UnknownOperation", "waits:\n- {function: a, does: waits}\n",
     "2:23: error: 'waits' is no operation (did you mean 'wait'?); allowed: wait, signal, start, "
     "join"},
    {"BadObject", "waits:\n- {function: a, does: wait, object: that}\n",
     "2:37: error: the value of 'object' must be the index of an argument, counted from 0"},
    {"ReleasesNothing", "waits:\n- {function: a, does: signal, releases: 0}\n",
     "2:31: error: 'releases' is for what waits"},
    {"EntryOfNoThread", "waits:\n- {function: a, does: join, entry: 0}\n",
     "2:29: error: 'entry' is for what starts a thread"},
    {"NoEntry", "waits:\n- {function: a, does: start}\n",
     "2:3: error: which argument of 'a' is the function that the thread runs?"},
    {"Twice", "waits:\n- {function: a, does: wait}\n- {function: a, does: signal}\n",
     "3:3: error: 'a' is described twice"},
};
INSTANTIATE_TEST_SUITE_P(Waits, LockError, testing::ValuesIn(kWaits),
                         [](const auto& test) { return std::string(test.param.name); });

const Case kProfiles[] = {
    {"Unknown", "roots: [a]\nprofile: linux\n",
     "2:10: error: there is no profile 'linux'; the profiles are pthread, qemu, linux-kernel, "
     "lockvet-runtime"},
    {"List", "profile: [qemu]\n", "1:10: error: the value of 'profile' must be a string"},
};
INSTANTIATE_TEST_SUITE_P(Profiles, LockError, testing::ValuesIn(kProfiles),
                         [](const auto& test) { return std::string(test.param.name); });

} // namespace
} // namespace lockvet::config
