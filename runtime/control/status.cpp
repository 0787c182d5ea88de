// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "runtime/control/status.h"

#include "runtime/control/page_text.h"

#include <array>
#include <cstdio>

namespace lockvet::runtime::control {

namespace {

template <typename Counts> Json requests_of(const Counts& counts) {
  Json all = Json::object();
  for (size_t number = 0; number < request_kinds; ++number)
    all[std::string(name_of(static_cast<RequestKind>(number)))] = {
        {"requests", counts[number].requests},
        {"bytes", counts[number].bytes},
        {"errors", counts[number].errors}};
  return all;
}

// As a label's value has it.
std::string escaped(std::string_view text) {
  std::string result;
  for (const char byte : text) {
    if (byte == '\\' || byte == '"')
      result += '\\';
    if (byte == '\n')
      result += "\\n";
    else
      result += byte;
  }
  return result;
}

// Lines of one metric after its header.
class Metrics {
public:
  void begin(std::string_view name, std::string_view type, std::string_view help) {
    name_ = name;
    append({"# HELP ", name, " ", help, "\n# TYPE ", name, " ", type, "\n"});
  }
  void add(std::string_view labels, std::string_view value, std::string_view suffix = {}) {
    append({name_, suffix, "{", labels, "} ", value, "\n"});
  }
  std::string take() { return std::move(text_); }

private:
  void append(std::initializer_list<std::string_view> parts) {
    for (const std::string_view part : parts)
      text_ += part;
  }

  std::string_view name_;
  std::string text_;
};

std::string label(std::string_view name, std::string_view value) {
  std::string text(name);
  text += "=\"";
  text += escaped(value);
  text += '"';
  return text;
}

std::string seconds(std::chrono::nanoseconds time) {
  std::array<char, 32> text;
  const int size =
      std::snprintf(text.data(), text.size(), "%.9f", static_cast<double>(time.count()) / 1e9);
  return {text.data(), static_cast<size_t>(size)};
}

struct NodeCounts {
  std::string name;
  RequestCounts::Sum counts;
};

std::vector<NodeCounts> node_counts(Control& control) LV_MAIN_LOOP {
  std::vector<NodeCounts> found;
  for (const auto& node : control.nodes().graph().nodes())
    found.push_back({node->name(), node->counts().sum()});
  return found;
}

void add_node_metrics(Metrics& metrics, const std::vector<NodeCounts>& nodes) {
  const auto add = [&](const char* name, const char* help, auto number) {
    metrics.begin(name, "counter", help);
    for (const NodeCounts& node : nodes)
      for (size_t kind = 0; kind < request_kinds; ++kind)
        metrics.add(label("node", node.name) + "," +
                        label("kind", name_of(static_cast<RequestKind>(kind))),
                    std::to_string(node.counts[kind].*number));
  };
  using Count = RequestCounts::Count;
  add("lockvet_node_requests_total", "Requests that have come to a node.", &Count::requests);
  add("lockvet_node_bytes_total", "Bytes of a node's requests that succeeded.", &Count::bytes);
  add("lockvet_node_errors_total", "Requests to a node that have failed.", &Count::errors);
}

void add_histogram(Metrics& metrics, const std::string& labels,
                   const RequestStatistics::Kind& kind) {
  uint64_t below = 0;
  for (size_t bucket = 0; bucket < RequestStatistics::buckets; ++bucket) {
    below += kind.latencies[bucket];
    // The last has all that is left.
    if (bucket + 1 < RequestStatistics::buckets)
      metrics.add(labels + "," + label("le", seconds(RequestStatistics::limit_of(bucket))),
                  std::to_string(below), "_bucket");
  }
  metrics.add(labels + "," + label("le", "+Inf"), std::to_string(below), "_bucket");
  metrics.add(labels, seconds(kind.time), "_sum");
  metrics.add(labels, std::to_string(below), "_count");
}

void add_export_metrics(Metrics& metrics, Control& control) LV_MAIN_LOOP {
  const auto& entries = control.exports().all();
  std::vector<RequestStatistics::Sum> sums;
  sums.reserve(entries.size());
  for (const auto& entry : entries)
    sums.push_back(entry->device->statistics().sum());
  const auto for_each = [&](auto&& body) {
    for (size_t number = 0; number < entries.size(); ++number)
      for (size_t kind = 0; kind < request_kinds; ++kind)
        body(label("export", entries[number]->id) + "," +
                 label("kind", name_of(static_cast<RequestKind>(kind))),
             sums[number][kind]);
  };
  metrics.begin("lockvet_export_request_seconds", "histogram",
                "How long an export's requests have taken.");
  for_each([&](const std::string& labels, const RequestStatistics::Kind& kind) {
    add_histogram(metrics, labels, kind);
  });
  metrics.begin("lockvet_export_bytes_total", "counter",
                "Bytes of an export's requests that succeeded.");
  for_each([&](const std::string& labels, const RequestStatistics::Kind& kind) {
    metrics.add(labels, std::to_string(kind.bytes));
  });
  metrics.begin("lockvet_export_errors_total", "counter", "An export's requests that have failed.");
  for_each([&](const std::string& labels, const RequestStatistics::Kind& kind) {
    metrics.add(labels, std::to_string(kind.errors));
  });
  metrics.begin("lockvet_export_context_requests_total", "counter",
                "An export's requests that an iothread has served.");
  for (const auto& entry : entries)
    for (const ExportThreads::One& one : entry->threads.all())
      metrics.add(label("export", entry->id) + "," + label("context", one.id),
                  std::to_string(entry->device->statistics().requests_of(one.index)));
  metrics.begin("lockvet_export_clients", "gauge", "Clients that use an export.");
  for (const auto& entry : entries)
    metrics.add(label("export", entry->id), std::to_string(control.exports().clients(*entry)));
}

void add_job_metrics(Metrics& metrics, Control& control) LV_MAIN_LOOP {
  const std::vector<JobInfo> jobs = control.jobs().query();
  const auto labels = [](const JobInfo& job) {
    return label("job", job.id) + "," + label("type", job.type);
  };
  const auto add = [&](const char* name, const char* help, auto number) {
    metrics.begin(name, "gauge", help);
    for (const JobInfo& job : jobs)
      metrics.add(labels(job), std::to_string(job.*number));
  };
  add("lockvet_job_offset_bytes", "How much of a job is done.", &JobInfo::current);
  add("lockvet_job_length_bytes", "How much a job has to do, which may grow.", &JobInfo::total);
  add("lockvet_job_speed_limit_bytes", "Bytes a second that a job may do; 0 is without a limit.",
      &JobInfo::speed);
  metrics.begin("lockvet_job_status", "gauge", "1 for the state that a job is in.");
  for (const JobInfo& job : jobs)
    metrics.add(labels(job) + "," + label("status", to_string(job.status)), "1");
}

void add_context_metrics(Metrics& metrics, Control& control) LV_MAIN_LOOP {
  std::vector<std::pair<std::string, const LoopCounts*>> loops = {
      {"main loop", &control.home().counts()}};
  for (const auto& [id, thread] : control.objects().threads())
    loops.emplace_back(id, &thread->context().counts());
  const auto add = [&](const char* name, const char* help, auto number) {
    metrics.begin(name, "counter", help);
    for (const auto& [id, counts] : loops)
      metrics.add(label("context", id), std::to_string((counts->*number).get()));
  };
  add("lockvet_context_turns_total", "Turns of an event loop.", &LoopCounts::turns);
  add("lockvet_context_polls_total", "Times in which an event loop found something by looking.",
      &LoopCounts::polls);
  add("lockvet_context_sleeps_total", "Times in which an event loop slept.", &LoopCounts::sleeps);
}

} // namespace

std::string_view name_of(RequestKind kind) noexcept {
  switch (kind) {
  case RequestKind::read:
    return "read";
  case RequestKind::write:
    return "write";
  case RequestKind::flush:
    return "flush";
  case RequestKind::write_zeroes:
    return "write-zeroes";
  case RequestKind::discard:
    break;
  }
  return "discard";
}

Json status_of(Control& control) {
  Json status = {{"program", control.options().program},
                 {"contexts", Json::array()},
                 {"nodes", Json::array()},
                 {"exports", Json::array()},
                 {"jobs", Json::array()}};
  for (const JobInfo& job : control.jobs().query())
    status["jobs"].push_back({{"id", job.id},
                              {"type", job.type},
                              {"node", job.device},
                              {"status", to_string(job.status)},
                              {"current", job.current},
                              {"total", job.total}});
  for (const auto& [id, thread] : control.objects().threads())
    status["contexts"].push_back(id);
  const MainGraphReadLock lock;
  for (const auto& node : control.nodes().graph().nodes()) {
    Json children = Json::array();
    for (const auto& edge : node->children())
      children.push_back({{"name", edge->name()}, {"node", edge->child().name()}});
    const bool is_known = control.nodes().knows(*node);
    status["nodes"].push_back({{"name", node->name()},
                               {"driver", is_known ? control.nodes().options_of(*node).driver
                                                   : std::string(node->driver().format_name())},
                               {"read_only", is_known && control.nodes().is_read_only(*node)},
                               {"context", control.objects().name_of(node->context())},
                               {"drained", node->quiesced()},
                               {"children", std::move(children)},
                               {"requests", requests_of(node->counts().sum())}});
  }
  for (const auto& entry : control.exports().all()) {
    Json contexts = Json::array();
    for (const ExportThreads::One& one : entry->threads.all())
      contexts.push_back(one.id);
    status["exports"].push_back({{"id", entry->id},
                                 {"type", entry->type},
                                 {"name", entry->name},
                                 {"node", Exports::node_name(*entry)},
                                 {"writable", entry->writable},
                                 {"clients", control.exports().clients(*entry)},
                                 {"contexts", std::move(contexts)},
                                 {"requests", requests_of(entry->device->statistics().sum())}});
  }
  return status;
}

std::string metrics_of(Control& control) {
  Metrics metrics;
  add_node_metrics(metrics, node_counts(control));
  add_export_metrics(metrics, control);
  add_job_metrics(metrics, control);
  add_context_metrics(metrics, control);
  metrics.begin("lockvet_nbd_connections", "gauge", "Connections of the NBD server.");
  metrics.add("", std::to_string(control.exports().nbd_connections()));
  return metrics.take();
}

HttpResponse web_page(Control& control, const std::string& path) {
  if (path == "/")
    return {.content_type = "text/html; charset=utf-8", .body = page_html};
  if (path == "/page.css")
    return {.content_type = "text/css; charset=utf-8", .body = page_css};
  if (path == "/page.js")
    return {.content_type = "text/javascript; charset=utf-8", .body = page_script};
  if (path == "/status.json")
    return {.content_type = "application/json", .body = to_text(status_of(control))};
  if (path == "/metrics")
    return {.content_type = "text/plain; version=0.0.4; charset=utf-8",
            .body = metrics_of(control)};
  return {.status = 404, .body = "There is no such page.\n"};
}

} // namespace lockvet::runtime::control
