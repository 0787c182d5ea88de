// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A chain of images under a guest, for tests of jobs on them. It belongs to the fixture.

#ifndef LOCKVET_TESTSUITE_UNIT_RUNTIME_JOBS_CHAIN_FIXTURE_H
#define LOCKVET_TESTSUITE_UNIT_RUNTIME_JOBS_CHAIN_FIXTURE_H

#include "testsuite/unit/runtime/jobs/job_fixture.h"

namespace lockvet::runtime {

class ChainFixture : public JobTest {
protected:
  ChainFixture() { start_threads(2); }

  // Four images one above the other, each with something of its own, and a guest that uses the
  // disk. Names of images are those of nodes.
  BlockBackend& make_chain() LV_MAIN_LOOP LV_GRAPH_UNLOCKED {
    base_ = &add_image("base");
    BlockBackend& guest = add_guest(*base_->node);
    start_load(guest);
    run_for(std::chrono::milliseconds(8));
    low_ = &take_snapshot("low", *base_->node);
    run_for(std::chrono::milliseconds(8));
    high_ = &take_snapshot("high", *low_->node);
    run_for(std::chrono::milliseconds(8));
    top_ = &take_snapshot("top", *high_->node);
    run_for(std::chrono::milliseconds(8));
    return guest;
  }
  const Image* base_ = nullptr;
  const Image* low_ = nullptr;
  const Image* high_ = nullptr;
  const Image* top_ = nullptr;
};

} // namespace lockvet::runtime

#endif // LOCKVET_TESTSUITE_UNIT_RUNTIME_JOBS_CHAIN_FIXTURE_H
