// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// How jemalloc, where the program is linked with it, keeps memory: in huge pages, and for as long
// as the process lives. An analysis fills some hundred megabytes once; asking the kernel for them
// in small pages took a fifth of its time (docs/measurements.md). There is one thread, so one
// arena.

extern "C" {
// Read by jemalloc before main(); https://jemalloc.net/jemalloc.3.html#tuning.
extern const char* malloc_conf;
const char* malloc_conf = "thp:always,narenas:1,dirty_decay_ms:-1,muzzy_decay_ms:-1";
}
