// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Hands what happens in the daemon to all who want to hear of it, which are QMP's clients. It
// belongs to the control, and everything of it is used in the main loop's thread.

#ifndef LOCKVET_RUNTIME_CONTROL_QMP_EVENT_HUB_H
#define LOCKVET_RUNTIME_CONTROL_QMP_EVENT_HUB_H

#include "runtime/aio/aio_context.h"
#include "runtime/control/json/json.h"

#include <algorithm>
#include <vector>

namespace lockvet::runtime::control {

class EventHub {
public:
  class Listener {
  public:
    // In the main loop's thread. The line is that of QMP, with its end.
    virtual void hear(const std::string& line) = 0;

  protected:
    ~Listener() = default;
  };

  explicit EventHub(AioContext& home) : home_(home) {}
  EventHub(const EventHub&) = delete;
  EventHub& operator=(const EventHub&) = delete;

  void add(Listener& listener) {
    home_.assert_home();
    listeners_.push_back(&listener);
  }
  void remove(Listener& listener) {
    home_.assert_home();
    std::erase(listeners_, &listener);
  }

  // With the time of now, as QMP has it.
  void emit(std::string_view name, Json data) {
    home_.assert_home();
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(now);
    const auto rest = std::chrono::duration_cast<std::chrono::microseconds>(now - seconds);
    Json event = {{"event", name},
                  {"timestamp", {{"seconds", seconds.count()}, {"microseconds", rest.count()}}}};
    if (!data.empty())
      event["data"] = std::move(data);
    const std::string line = to_text(event) + "\r\n";
    for (Listener* const listener : listeners_)
      listener->hear(line);
  }

private:
  AioContext& home_;
  std::vector<Listener*> listeners_ LV_OWNED_BY_CONTEXT(home_);
};

} // namespace lockvet::runtime::control

#endif // LOCKVET_RUNTIME_CONTROL_QMP_EVENT_HUB_H
