// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "runtime/control/net/http_request.h"

#include <gtest/gtest.h>

namespace lockvet::runtime::control {
namespace {

// The path, or the status of the answer.
std::string parsed(std::string_view head) {
  const auto path = parse_http_request(head);
  return path ? *path : std::to_string(path.error().status);
}

TEST(HttpRequestTest, APathWithoutItsQuery) {
  EXPECT_EQ(parsed("GET /metrics HTTP/1.1\r\nHost: localhost:9600\r\n\r\n"), "/metrics");
  EXPECT_EQ(parsed("GET /?a=b HTTP/1.0\r\n\r\n"), "/");
}

TEST(HttpRequestTest, NothingButGet) {
  EXPECT_EQ(parsed("POST / HTTP/1.1\r\n\r\n"), "405");
  EXPECT_EQ(parsed("get / HTTP/1.1\r\n\r\n"), "405");
}

TEST(HttpRequestTest, WhatIsNoRequest) {
  for (const char* const head :
       {"", "\r\n\r\n", "GET\r\n\r\n", "GET /\r\n\r\n", "GET / HTTP/2\r\n\r\n", "GET  \r\n\r\n"})
    EXPECT_EQ(parsed(head), "400") << head;
}

TEST(HttpRequestTest, HostsByTheirNumbers) {
  const auto with_host = [](const std::string& host) {
    return parsed("GET / HTTP/1.1\r\nX: y\r\nhOsT: " + host + "\r\n\r\n");
  };
  for (const char* const host :
       {"127.0.0.1", "127.0.0.1:80", "[::1]:80", " localhost ", "[fe80::1]"})
    EXPECT_EQ(with_host(host), "/") << host;
  for (const char* const host : {"evil.example", "localhost.evil.example:80", "xyz"})
    EXPECT_EQ(with_host(host), "403") << host;
}

TEST(HttpRequestTest, AnAnswerHasItsLength) {
  const std::string text = http_text({.status = 404, .body = "no\n"});
  EXPECT_TRUE(text.starts_with("HTTP/1.1 404 Not Found\r\n")) << text;
  EXPECT_NE(text.find("\r\nContent-Length: 3\r\n"), std::string::npos) << text;
  EXPECT_TRUE(text.ends_with("\r\n\r\nno\n")) << text;
}

} // namespace
} // namespace lockvet::runtime::control
