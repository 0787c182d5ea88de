// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What is made by object-add and used by name: threads with an event loop, groups of throttled
// nodes, secrets, and credentials for TLS. The control owns them, in the main loop; who uses one
// keeps it from being removed.

#ifndef LOCKVET_RUNTIME_CONTROL_BLOCK_OBJECTS_H
#define LOCKVET_RUNTIME_CONTROL_BLOCK_OBJECTS_H

#include "runtime/aio/io_thread.h"
#include "runtime/control/json/json.h"
#include "runtime/drivers/throttle_group.h"
#include "runtime/export/tls/credentials.h"
#include "runtime/graph/graph_error.h"
#include "runtime/graph/main_loop.h"

#include <map>
#include <variant>

namespace lockvet::runtime::control {

class Objects {
public:
  struct Secret {
    std::string data;
  };
  using Thread = std::shared_ptr<IOThread>;
  using Group = std::shared_ptr<ThrottleGroup>;
  using Credentials = std::shared_ptr<const TlsCredentials>;

  // Of what conforms to ObjectOptions.
  GraphResult<> LV_NO_COROUTINE_FN add(const Json& conforming) LV_MAIN_LOOP;
  // An error if somebody uses it.
  GraphResult<> LV_NO_COROUTINE_FN remove(const std::string& id) LV_MAIN_LOOP;

  // Errors if there is none of the name and kind.
  GraphResult<Thread> thread(const std::string& id) const LV_MAIN_LOOP;
  GraphResult<Group> throttle_group(const std::string& id) const LV_MAIN_LOOP;
  GraphResult<std::string> secret(const std::string& id) const LV_MAIN_LOOP;
  GraphResult<Credentials> tls_credentials(const std::string& id) const LV_MAIN_LOOP;

  // By name.
  std::vector<std::pair<std::string, Thread>> threads() const LV_MAIN_LOOP;
  // Which thread has the context, or nothing if it is another one's.
  std::string name_of(const AioContext& context) const LV_MAIN_LOOP;

private:
  using Object = std::variant<Thread, Group, Secret, Credentials>;

  template <typename Kind>
  GraphResult<Kind> find(const std::string& id, const char* kind) const LV_MAIN_LOOP;

  std::map<std::string, Object> objects_ LV_OWNED_BY_CONTEXT(lockvet_main_loop);
};

} // namespace lockvet::runtime::control

#endif // LOCKVET_RUNTIME_CONTROL_BLOCK_OBJECTS_H
