// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Internal snapshots of an image that is a node, while it is in use.

#include "runtime/drivers/qcow2/image_driver.h"
#include "runtime/graph/drained_section.h"
#include "runtime/graph/node.h"

#include <chrono>

namespace lockvet::runtime::qcow2 {

namespace {

Snapshot named_now(const std::string& name) {
  using std::chrono::duration_cast;
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  const auto seconds = duration_cast<std::chrono::seconds>(now);
  return {.name = name,
          .seconds = static_cast<uint32_t>(seconds.count()),
          .nanoseconds = static_cast<uint32_t>(
              duration_cast<std::chrono::nanoseconds>(now - seconds).count())};
}

} // namespace

GraphResult<Snapshot> ImageDriver::take_snapshot(const std::string& name) {
  const DrainedSection drained(node());
  Result<Snapshot> taken = fail(std::errc::no_such_device, "the image is not open");
  // Nobody passes the gate of the node meanwhile, and this does not either.
  MainLoop::run_coroutine([&]() LV_COROUTINE_FN {
    const CoGraphReadLock lock;
    if (Image* const image = image_.get(); image != nullptr) {
      const CoGraphReadPause pause;
      taken = image->co_take_snapshot(named_now(name));
    }
  });
  if (!taken)
    return error_of(taken.error());
  return std::move(*taken);
}

GraphResult<> ImageDriver::untake_snapshot(const Snapshot& taken) {
  const DrainedSection drained(node());
  Error failed;
  MainLoop::run_coroutine([&]() LV_COROUTINE_FN {
    const CoGraphReadLock lock;
    Image* const image = image_.get();
    if (image == nullptr)
      return;
    const CoGraphReadPause pause;
    const auto begun = image->co_begin_deletion(taken.id, taken.name);
    if (!begun) {
      failed = begun.error();
      return;
    }
    for (bool done = false; !done;) {
      const auto finished = image->co_continue_deletion();
      if (!finished)
        failed = {finished.error(),
                  "clusters of a snapshot that is gone stay in use: " + finished.error().message()};
      done = !finished || *finished;
    }
  });
  if (failed.code)
    return error_of(failed);
  return {};
}

GraphResult<Snapshot> ImageDriver::co_delete_snapshot(const std::optional<std::string>& id,
                                                      const std::optional<std::string>& name) {
  Result<Snapshot> gone = fail(std::errc::no_such_device, "the image is not open");
  for (bool begun = false, done = false; !done; begun = true) {
    // Anew each time, so that a drained section waits for one step only.
    node().activity().co_enter();
    std::error_code failed;
    {
      const CoGraphReadLock lock;
      if (Image* const image = image_.get(); image != nullptr) {
        const CoGraphReadPause pause;
        if (!begun) {
          gone = image->co_begin_deletion(id, name);
          done = !gone;
        } else {
          const auto finished = image->co_continue_deletion();
          failed = finished ? std::error_code() : finished.error();
          done = !finished || *finished;
        }
      } else {
        done = true;
      }
    }
    node().activity().leave();
    if (failed)
      return error_of(
          {failed, "the snapshot is gone, and clusters of it stay in use: " + failed.message()});
  }
  if (!gone)
    return error_of(gone.error());
  return std::move(*gone);
}

std::vector<Snapshot> ImageDriver::snapshots() const {
  return image_ == nullptr ? std::vector<Snapshot>() : image_->snapshots();
}

} // namespace lockvet::runtime::qcow2
