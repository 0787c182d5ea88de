// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What an event loop calls: a function and its argument. It owns nothing and allocates nothing. It
// is called in the home thread of the context that it was given to, outside of coroutines, and
// begins with assert_home() so that the analysis knows.

#ifndef LOCKVET_RUNTIME_AIO_CALLBACK_H
#define LOCKVET_RUNTIME_AIO_CALLBACK_H

namespace lockvet::runtime {

struct Callback {
  void (*function)(void* argument);
  void* argument;
};

// The same for a file descriptor, with the events of poll(2) that happened.
struct EventCallback {
  void (*function)(void* argument, unsigned events);
  void* argument;
};

} // namespace lockvet::runtime

#endif // LOCKVET_RUNTIME_AIO_CALLBACK_H
