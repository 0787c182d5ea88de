// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "runtime/control/block/exports.h"

#include "runtime/graph/node_bitmaps.h"

#include <charconv>

namespace lockvet::runtime::control {

namespace {

std::string text_or(const Json& json, std::string_view name, const std::string& otherwise) {
  const Json* const found = find_member(json, name);
  return found == nullptr ? otherwise : found->get<std::string>();
}

// As many as virtio-blk can have with what the protocol can say.
constexpr uint64_t most_queues = 256;

std::expected<ListeningSocket, std::string> LV_NO_COROUTINE_FN listen(const Json& address) {
  if (address["type"] == "unix")
    return ListeningSocket::at_path(address["path"].get<std::string>());
  const auto port = address["port"].get<std::string>();
  uint16_t number = 0;
  const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), number);
  if (error != std::errc() || end != port.data() + port.size())
    return std::unexpected("'" + port + "' is no number of a port.");
  return ListeningSocket::at_port(address["host"].get<std::string>(), number);
}

} // namespace

// --- the server of NBD ---------------------------------------------------------------------------

GraphResult<> Exports::start_nbd(const NbdOptions& wanted) {
  if (nbd_ != nullptr)
    return graph_error(std::errc::address_in_use, "the NBD server is running already.");
  nbd::ServerOptions options;
  options.log = log_.nbd;
  if (const uint64_t most = wanted.most_connections.value_or(options.most_connections); most > 0)
    options.most_connections = static_cast<unsigned>(std::min<uint64_t>(most, UINT_MAX));
  else
    options.most_connections = UINT_MAX;
  if (wanted.tls_credentials) {
    auto credentials = objects_.tls_credentials(*wanted.tls_credentials);
    if (!credentials)
      return std::unexpected(std::move(credentials.error()));
    options.tls = std::move(*credentials);
  }
  auto socket = listen(wanted.address);
  if (!socket)
    return graph_error(std::errc::address_not_available, std::move(socket.error()));
  nbd_ = std::make_unique<NbdServer>(nbd_exports_, home_, options, std::move(*socket));
  nbd_ended_ = false;
  NbdServer& server = *nbd_;
  const bool started = Coroutine::spawn(home_, [this, &server]() LV_COROUTINE_FN {
    home_.assert_home();
    server.server.co_serve(home_, server.socket, server.stop);
    // Out of the coroutine, which uses the server until it has ended.
    (void)home_.schedule([this] {
      MainLoop::assert_here();
      nbd_has_stopped();
    });
  });
  if (!started)
    return graph_error(std::errc::operation_canceled, "the main loop has ended.");
  return {};
}

void Exports::stop_nbd(std::function<void(GraphResult<>)> stopped) {
  if (nbd_ == nullptr)
    return stopped(graph_error(std::errc::not_connected, "the NBD server is not running."));
  if (nbd_stopping_)
    return stopped(graph_error(std::errc::operation_in_progress, "the NBD server is stopping."));
  nbd_stopping_ = true;
  nbd_->stopped = std::move(stopped);
  for (const auto& entry : entries_) {
    if (entry->machine != nullptr)
      continue;
    entry->shutting_down = true;
    (void)nbd_exports_.remove(entry->name, Removal::with_its_clients);
  }
  nbd_->stop.request();
}

void Exports::nbd_has_stopped() {
  nbd_ended_ = true;
  tell_if_stopped();
}

void Exports::tell_if_stopped() {
  if (nbd_ == nullptr || !nbd_ended_ || has_nbd_exports())
    return;
  const std::function<void(GraphResult<>)> stopped = std::move(nbd_->stopped);
  nbd_.reset();
  nbd_stopping_ = false;
  if (stopped)
    stopped({});
}

bool Exports::has_nbd_exports() const {
  return std::any_of(entries_.begin(), entries_.end(),
                     [](const auto& entry) { return entry->type == "nbd"; });
}

// --- exports -------------------------------------------------------------------------------------

Exports::Entry* Exports::find(const std::string& id) const {
  for (const auto& entry : entries_)
    if (entry->id == id)
      return entry.get();
  return nullptr;
}

std::string Exports::node_name(const Entry& entry) {
  const Edge* const root = entry.backend->root();
  return root == nullptr ? std::string() : root->child().name();
}

unsigned Exports::clients(const Entry& entry) const {
  if (entry.machine != nullptr)
    return entry.machine->server.connected() ? 1 : 0;
  const auto found = nbd_exports_.find(entry.name);
  return found == nullptr ? 0 : found->clients();
}

GraphResult<std::unique_ptr<Exports::Entry>> Exports::make_entry(const Json& conforming) const {
  auto entry = std::make_unique<Entry>();
  entry->id = conforming["id"].get<std::string>();
  entry->type = conforming["type"].get<std::string>();
  entry->name = text_or(conforming, "name", conforming["node-name"].get<std::string>());
  if (const Json* const writable = find_member(conforming, "writable"))
    entry->writable = writable->get<bool>();
  auto threads = ExportThreads::find(objects_, conforming);
  if (!threads)
    return std::unexpected(std::move(threads.error()));
  entry->threads = std::move(*threads);
  if (find(entry->id) != nullptr)
    return graph_error(std::errc::file_exists, "there is an export '" + entry->id + "' already.");
  return entry;
}

GraphResult<> Exports::add(const Json& conforming) {
  auto made = make_entry(conforming);
  if (!made)
    return std::unexpected(std::move(made.error()));
  const bool to_nbd = (*made)->type == "nbd";
  if (to_nbd && !nbd_is_ready())
    return graph_error(std::errc::not_connected, "the NBD server is not running.");
  const auto node = nodes_.find(conforming["node-name"].get<std::string>());
  if (!node)
    return std::unexpected(node.error());
  Entry& entry = **made;
  const Permission used = entry.writable ? Permission::consistent_read | Permission::write
                                         : Permission::consistent_read;
  entry.backend = std::make_unique<BlockBackend>(
      entry.id, BlockBackend::Options{.permissions = {used, Permission::all}});
  entry.disk = std::make_unique<BackendDevice>(*entry.backend, !entry.writable);
  entry.device = std::make_unique<MeasuredDevice>(*entry.disk);
  // From here on nobody else takes the name: inserting runs the main loop.
  entries_.push_back(std::move(*made));
  GraphResult<> added = entry.backend->insert(**node);
  if (added && to_nbd && !nbd_is_ready())
    added = graph_error(std::errc::not_connected, "the NBD server is not running.");
  if (added)
    added = offer(entry, conforming);
  if (!added) {
    // Nothing is in flight that could keep it.
    (void)entry.backend->remove();
    std::erase_if(entries_, [&](const auto& one) { return one.get() == &entry; });
    tell_if_stopped();
  }
  return added;
}

GraphResult<> Exports::offer(Entry& entry, const Json& conforming) {
  return entry.type == "nbd" ? offer_to_nbd(entry, conforming)
                             : offer_to_machines(entry, conforming);
}

GraphResult<> Exports::offer_to_machines(Entry& entry, const Json& conforming) {
  const Json* const queues = find_member(conforming, "num-queues");
  const uint64_t number = queues == nullptr ? 1 : queues->get<uint64_t>();
  if (number < 1 || number > most_queues)
    return graph_error(std::errc::invalid_argument,
                       "'num-queues' is from 1 to " + std::to_string(most_queues) + ".");
  if (conforming["addr"]["type"] != "unix")
    return graph_error(std::errc::not_supported, "virtual machines connect to a unix socket.");
  auto mapping = entry.threads.mapping(home_, static_cast<unsigned>(number));
  if (!mapping)
    return std::unexpected(std::move(mapping.error()));
  auto socket = listen(conforming["addr"]);
  if (!socket)
    return graph_error(std::errc::address_not_available, std::move(socket.error()));
  entry.machine = std::make_unique<MachineServer>(
      std::move(*socket), *entry.device, *mapping,
      vhost_user::ServerOptions{.queues = static_cast<uint16_t>(number),
                                .read_only = !entry.writable,
                                .serial = entry.id,
                                .log = log_.vhost_user});
  MachineServer& machine = *entry.machine;
  const bool started = Coroutine::spawn(home_, [this, &machine, id = entry.id]() LV_COROUTINE_FN {
    home_.assert_home();
    machine.server.co_serve(home_, machine.socket, machine.stop);
    // Out of the coroutine, which uses the server until it has ended.
    schedule_released(id);
  });
  if (!started)
    return graph_error(std::errc::operation_canceled, "the main loop has ended.");
  return {};
}

void Exports::schedule_released(const std::string& id) {
  (void)home_.schedule([this, id] {
    MainLoop::assert_here();
    released(id);
  });
}

GraphResult<> Exports::add_bitmaps(Entry& entry, const Json& conforming) const {
  const Json* const names = find_member(conforming, "bitmaps");
  if (names == nullptr)
    return {};
  const auto node = nodes_.find(conforming["node-name"].get<std::string>());
  if (!node)
    return std::unexpected(node.error());
  for (const Json& name : *names) {
    auto bitmap = find_free_dirty_bitmap(**node, name.get<std::string>(), BitmapUse::read);
    if (!bitmap)
      return std::unexpected(std::move(bitmap.error()));
    entry.bitmaps.push_back(std::make_unique<DirtyBitmapContext>(std::move(*bitmap)));
  }
  return {};
}

GraphResult<> Exports::offer_to_nbd(Entry& entry, const Json& conforming) {
  nbd::ExportOptions options{.name = entry.name,
                             .description = text_or(conforming, "description", ""),
                             .device = entry.device.get(),
                             .read_only = !entry.writable};
  options.contexts = entry.threads.contexts();
  if (auto added = add_bitmaps(entry, conforming); !added)
    return added;
  for (const auto& bitmap : entry.bitmaps)
    options.metadata.push_back(bitmap.get());
  options.released = [this, id = entry.id] { schedule_released(id); };
  const std::string problem = nbd_exports_.add(std::move(options));
  if (!problem.empty())
    return graph_error(std::errc::invalid_argument, problem + ".");
  return {};
}

GraphResult<> Exports::remove(const std::string& id, Removal removal) {
  Entry* const entry = find(id);
  if (entry == nullptr)
    return graph_error(std::errc::no_such_file_or_directory, "there is no export '" + id + "'.");
  if (entry->shutting_down)
    return graph_error(std::errc::operation_in_progress,
                       "the export '" + id + "' is being removed already.");
  const bool in_use =
      entry->machine != nullptr
          ? removal == Removal::only_if_unused && entry->machine->server.connected()
          : nbd_exports_.remove(entry->name, removal) == nbd::ExportList::Removed::in_use;
  if (in_use)
    return graph_error(std::errc::device_or_resource_busy,
                       "the export '" + id + "' is in use by a client.");
  entry->shutting_down = true;
  if (entry->machine != nullptr)
    entry->machine->stop.request();
  return {};
}

void Exports::released(const std::string& id) {
  Entry* const entry = find(id);
  if (entry == nullptr)
    return;
  // Who served it is done with it, so that nothing but the change itself can fail.
  (void)entry->backend->remove();
  std::erase_if(entries_, [&](const auto& one) { return one.get() == entry; });
  events_.emit("BLOCK_EXPORT_DELETED", {{"id", id}});
  tell_if_stopped();
}

void Exports::close() {
  if (nbd_is_ready())
    stop_nbd({});
  for (const auto& entry : entries_)
    if (entry->machine != nullptr)
      entry->machine->stop.request();
  MainLoop::wait_while([this] {
    MainLoop::assert_here();
    return nbd_ != nullptr || !entries_.empty();
  });
}

void Exports::sizes_changed() {
  MainLoop::run_coroutine([this]() LV_COROUTINE_FN { nbd_exports_.co_update_sizes(); });
  for (const auto& entry : entries_)
    if (entry->machine != nullptr)
      entry->machine->server.size_changed();
}

} // namespace lockvet::runtime::control
