// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// As much of HTTP/1.1 (RFC 9110, 9112) as a server needs that gives out a few pages: the head of a
// GET request, and an answer after which the connection is closed. Functions; they need no lock.

#ifndef LOCKVET_RUNTIME_CONTROL_NET_HTTP_REQUEST_H
#define LOCKVET_RUNTIME_CONTROL_NET_HTTP_REQUEST_H

#include <expected>
#include <string>
#include <string_view>

namespace lockvet::runtime::control {

struct HttpResponse {
  // As 200 and 404.
  int status = 200;
  std::string content_type = "text/plain; charset=utf-8";
  std::string body;
};

// The path of a request, from its head with the empty line at its end; or what to answer instead. A
// request that names a host other than by its number or as localhost is refused: that is how a page
// from elsewhere would make a browser read what is here.
std::expected<std::string, HttpResponse> parse_http_request(std::string_view head);

std::string http_text(const HttpResponse& response);

} // namespace lockvet::runtime::control

#endif // LOCKVET_RUNTIME_CONTROL_NET_HTTP_REQUEST_H
