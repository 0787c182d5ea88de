// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What is exported, and the NBD server that exports are offered by: they come and go while clients
// read and write. The control owns it and uses it in the main loop; connections are served in the
// threads that each export names.

#ifndef LOCKVET_RUNTIME_CONTROL_BLOCK_EXPORTS_H
#define LOCKVET_RUNTIME_CONTROL_BLOCK_EXPORTS_H

#include "runtime/control/block/block_nodes.h"
#include "runtime/control/block/export_threads.h"
#include "runtime/control/qmp/event_hub.h"
#include "runtime/export/backend_device.h"
#include "runtime/export/dirty_bitmap_context.h"
#include "runtime/export/measured_device.h"
#include "runtime/export/nbd/server.h"
#include "runtime/export/vhost_user/server.h"

namespace lockvet::runtime::control {

class Exports {
public:
  using Removal = nbd::ExportList::Removal;

  // Of one kind of exports. It outlives them.
  struct Log {
    ExportLog nbd;
    ExportLog vhost_user;
  };

  // Serves one export to virtual machines.
  struct MachineServer {
    MachineServer(ListeningSocket socket, ExportedDevice& device, const ContextMapping& mapping,
                  vhost_user::ServerOptions options)
        : socket(std::move(socket)), server(device, mapping, std::move(options)) {}
    ListeningSocket socket;
    vhost_user::Server server;
    Cancellation stop;
  };

  struct Entry {
    std::string id;
    std::string type;
    // Under which NBD clients ask for it.
    std::string name;
    bool writable = false;
    bool shutting_down = false;
    ExportThreads threads;
    std::unique_ptr<BlockBackend> backend;
    std::unique_ptr<BackendDevice> disk;
    // What clients get.
    std::unique_ptr<MeasuredDevice> device;
    // What NBD clients can ask for.
    std::vector<std::unique_ptr<DirtyBitmapContext>> bitmaps;
    // Of a vhost-user-blk export.
    std::unique_ptr<MachineServer> machine;
  };

  // All outlive it. It is in the home's thread.
  Exports(AioContext& home, BlockNodes& nodes, const Objects& objects, EventHub& events, Log log)
      : home_(home), nodes_(nodes), objects_(objects), events_(events), log_(log) {}
  Exports(const Exports&) = delete;
  Exports& operator=(const Exports&) = delete;
  // When nothing is exported and nothing listens any more.
  ~Exports() = default;

  struct NbdOptions {
    // Conforms to SocketAddress.
    Json address;
    // Without a limit if it is 0; the usual one, if it is not said.
    std::optional<uint64_t> most_connections = {};
    // Of an object; clients have to use TLS then.
    std::optional<std::string> tls_credentials = {};
  };
  GraphResult<> LV_NO_COROUTINE_FN start_nbd(const NbdOptions& wanted) LV_MAIN_LOOP;
  // Calls back, in the main loop, when its exports are gone and its last client is.
  void stop_nbd(std::function<void(GraphResult<>)> stopped) LV_MAIN_LOOP;
  bool nbd_runs() const LV_MAIN_LOOP { return nbd_ != nullptr; }
  // Now.
  unsigned nbd_connections() const LV_MAIN_LOOP {
    return nbd_ == nullptr ? 0 : nbd_->server.connections();
  }

  // Of what conforms to BlockExportOptions.
  GraphResult<> LV_NO_COROUTINE_FN add(const Json& conforming) LV_MAIN_LOOP LV_GRAPH_UNLOCKED;
  // It is gone when the event BLOCK_EXPORT_DELETED says so.
  GraphResult<> remove(const std::string& id, Removal removal) LV_MAIN_LOOP;

  const std::vector<std::unique_ptr<Entry>>& all() const LV_MAIN_LOOP { return entries_; }
  // Which it leads to now, such as an overlay of the one that it was made for.
  static std::string LV_GRAPH_RDLOCK node_name(const Entry& entry);
  // How many use it now.
  unsigned clients(const Entry& entry) const LV_MAIN_LOOP;
  // After the size of a node has changed: clients that come learn of it, and machines now.
  void LV_NO_COROUTINE_FN sizes_changed() LV_MAIN_LOOP LV_GRAPH_UNLOCKED;

  // Serves nobody any more: what is in flight is answered, exports are removed, sockets closed.
  void LV_NO_COROUTINE_FN close() LV_MAIN_LOOP LV_GRAPH_UNLOCKED;

private:
  struct NbdServer {
    NbdServer(const nbd::ExportList& exports, AioContext& home, nbd::ServerOptions options,
              ListeningSocket socket)
        : server(exports, {&home}, std::move(options)), socket(std::move(socket)) {}
    nbd::Server server;
    ListeningSocket socket;
    Cancellation stop;
    std::function<void(GraphResult<>)> stopped;
  };

  GraphResult<std::unique_ptr<Entry>>
      LV_NO_COROUTINE_FN make_entry(const Json& conforming) const LV_MAIN_LOOP;
  GraphResult<> LV_NO_COROUTINE_FN offer(Entry& entry,
                                         const Json& conforming) LV_MAIN_LOOP LV_GRAPH_UNLOCKED;
  GraphResult<> offer_to_nbd(Entry& entry, const Json& conforming) LV_MAIN_LOOP LV_GRAPH_UNLOCKED;
  // Those of the node that it names.
  GraphResult<> add_bitmaps(Entry& entry,
                            const Json& conforming) const LV_MAIN_LOOP LV_GRAPH_UNLOCKED;
  GraphResult<> LV_NO_COROUTINE_FN offer_to_machines(Entry& entry,
                                                     const Json& conforming) LV_MAIN_LOOP;
  // Calls released() there, from any thread.
  void schedule_released(const std::string& id);
  bool nbd_is_ready() const LV_MAIN_LOOP { return nbd_ != nullptr && !nbd_stopping_; }
  void LV_NO_COROUTINE_FN released(const std::string& id) LV_MAIN_LOOP LV_GRAPH_UNLOCKED;
  void nbd_has_stopped() LV_MAIN_LOOP;
  bool has_nbd_exports() const LV_MAIN_LOOP;
  void tell_if_stopped() LV_MAIN_LOOP;
  Entry* find(const std::string& id) const LV_MAIN_LOOP;

  AioContext& home_;
  BlockNodes& nodes_;
  const Objects& objects_;
  EventHub& events_;
  const Log log_;
  nbd::ExportList nbd_exports_;
  std::vector<std::unique_ptr<Entry>> entries_ LV_OWNED_BY_CONTEXT(lockvet_main_loop);
  std::unique_ptr<NbdServer> nbd_ LV_OWNED_BY_CONTEXT(lockvet_main_loop);
  bool nbd_stopping_ LV_OWNED_BY_CONTEXT(lockvet_main_loop) = false;
  bool nbd_ended_ LV_OWNED_BY_CONTEXT(lockvet_main_loop) = false;
};

} // namespace lockvet::runtime::control

#endif // LOCKVET_RUNTIME_CONTROL_BLOCK_EXPORTS_H
