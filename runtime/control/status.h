// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// How everything is now, for people and programs that watch: as JSON for the live page, and as text
// for Prometheus. In the main loop.

#ifndef LOCKVET_RUNTIME_CONTROL_STATUS_H
#define LOCKVET_RUNTIME_CONTROL_STATUS_H

#include "runtime/control/control.h"
#include "runtime/control/net/http_request.h"

namespace lockvet::runtime::control {

// The graph, its contexts and exports, and what has come to each, in numbers that only grow.
Json status_of(Control& control) LV_MAIN_LOOP LV_GRAPH_UNLOCKED;

// In Prometheus' text format, version 0.0.4.
std::string metrics_of(Control& control) LV_MAIN_LOOP LV_GRAPH_UNLOCKED;

// The page at /, what it needs, its data at /status.json, and /metrics.
HttpResponse web_page(Control& control, const std::string& path) LV_MAIN_LOOP LV_GRAPH_UNLOCKED;

// As "read" and "write-zeroes".
std::string_view name_of(RequestKind kind) noexcept;

} // namespace lockvet::runtime::control

#endif // LOCKVET_RUNTIME_CONTROL_STATUS_H
