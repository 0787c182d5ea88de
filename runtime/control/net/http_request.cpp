// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "runtime/control/net/http_request.h"

#include <algorithm>

namespace lockvet::runtime::control {

namespace {

std::string_view take_line(std::string_view& text) {
  const size_t end = text.find("\r\n");
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(std::min(text.size(), line.size() + 2));
  return line;
}

bool is_header(std::string_view line, std::string_view name) {
  return line.size() > name.size() && line[name.size()] == ':' &&
         std::equal(name.begin(), name.end(), line.begin(), [](char left, char right) {
           return left == (right >= 'A' && right <= 'Z' ? right - 'A' + 'a' : right);
         });
}

bool is_local_name(std::string_view host) {
  // Without the port.
  if (!host.starts_with('['))
    host = host.substr(0, host.find(':'));
  return host == "localhost" ||
         host.find_first_not_of("0123456789.:[]abcdefABCDEF") == std::string_view::npos;
}

std::string_view trimmed(std::string_view text) {
  const size_t first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos)
    return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

const char* reason_of(int status) {
  switch (status) {
  case 200:
    return "OK";
  case 400:
    return "Bad Request";
  case 403:
    return "Forbidden";
  case 404:
    return "Not Found";
  case 405:
    return "Method Not Allowed";
  default:
    return "Service Unavailable";
  }
}

} // namespace

std::expected<std::string, HttpResponse> parse_http_request(std::string_view head) {
  const std::string_view request = take_line(head);
  const size_t first = request.find(' ');
  const size_t second = request.rfind(' ');
  if (first == std::string_view::npos || second <= first ||
      !request.substr(second + 1).starts_with("HTTP/1."))
    return std::unexpected(
        HttpResponse{.status = 400, .body = "This is no request of HTTP/1.1.\n"});
  if (request.substr(0, first) != "GET")
    return std::unexpected(HttpResponse{.status = 405, .body = "There is only GET here.\n"});
  while (!head.empty()) {
    const std::string_view line = take_line(head);
    if (is_header(line, "host") && !is_local_name(trimmed(line.substr(5))))
      return std::unexpected(
          HttpResponse{.status = 403, .body = "Name this host by its number, or as localhost.\n"});
  }
  const std::string_view target = request.substr(first + 1, second - first - 1);
  return std::string(target.substr(0, target.find('?')));
}

std::string http_text(const HttpResponse& response) {
  std::string text = "HTTP/1.1 " + std::to_string(response.status) + ' ';
  text += reason_of(response.status);
  text += "\r\nContent-Type: " + response.content_type;
  text += "\r\nContent-Length: " + std::to_string(response.body.size());
  text += "\r\nCache-Control: no-store"
          "\r\nContent-Security-Policy: default-src 'self'; img-src data:"
          "\r\nX-Content-Type-Options: nosniff"
          "\r\nConnection: close\r\n\r\n";
  return text + response.body;
}

} // namespace lockvet::runtime::control
