// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// TLS with keys that are shared: what goes through it, and who is kept out. Certificates are tried
// by other people's clients, in testsuite/peers.

#include "nbd_client.h"
#include "running_server.h"
#include "runtime/export/memory_device.h"

#include <filesystem>
#include <fstream>

namespace lockvet::runtime::nbd {
namespace {

using namespace std::chrono_literals;

constexpr const char* right_key = "00112233445566778899aabbccddeeff";
constexpr const char* wrong_key = "ffeeddccbbaa99887766554433221100";

// A client that can go on in TLS.
class TlsClient final : public Client {
public:
  using Client::Client;
  ~TlsClient() override {
    if (session_ != nullptr)
      gnutls_deinit(session_);
    if (key_ != nullptr)
      gnutls_psk_free_client_credentials(key_);
  }

  // Asks for it; whether the server agrees.
  bool ask_for_tls() {
    send(option(Option::starttls));
    const auto answer = option_answer();
    return answer && answer->type == OptionReply::ack;
  }
  // GnuTLS' error, or zero.
  int shake_hands(const char* key) {
    const gnutls_datum_t datum{reinterpret_cast<unsigned char*>(const_cast<char*>(key)),
                               static_cast<unsigned>(std::strlen(key))};
    gnutls_init(&session_, GNUTLS_CLIENT | GNUTLS_NO_SIGNAL);
    gnutls_psk_allocate_client_credentials(&key_);
    gnutls_psk_set_client_credentials(key_, "guest", &datum, GNUTLS_PSK_KEY_HEX);
    gnutls_priority_set_direct(session_, "NORMAL:-KX-ALL:+ECDHE-PSK:+DHE-PSK", nullptr);
    gnutls_credentials_set(session_, GNUTLS_CRD_PSK, key_);
    gnutls_transport_set_int(session_, fd());
    int error = 0;
    do
      error = gnutls_handshake(session_);
    while (error < 0 && gnutls_error_is_fatal(error) == 0);
    secure_ = error == 0;
    return error;
  }
  void update_keys() { EXPECT_EQ(gnutls_session_key_update(session_, GNUTLS_KU_PEER), 0); }
  void say_goodbye() { gnutls_bye(session_, GNUTLS_SHUT_WR); }

protected:
  ssize_t put(std::string_view text) override {
    return secure_ ? gnutls_record_send(session_, text.data(), text.size()) : Client::put(text);
  }
  ssize_t get(std::span<char> to) override {
    return secure_ ? gnutls_record_recv(session_, to.data(), to.size()) : Client::get(to);
  }

private:
  gnutls_session_t session_ = nullptr;
  gnutls_psk_client_credentials_t key_ = nullptr;
  bool secure_ = false;
};

class TlsTest : public testing::TestWithParam<AioContext::Backend> {
protected:
  void SetUp() override {
    directory_ = testing::TempDir() + "/tls_test." + std::to_string(getpid());
    std::filesystem::create_directories(directory_);
    std::ofstream(directory_ + "/keys.psk") << "guest:" << right_key << "\n";
    disk_ = std::move(*MemoryDevice::create(16 << 20));
    ASSERT_EQ(exports_.add({"disk", "", disk_.get()}), "");
    auto credentials = TlsCredentials::psk({.directory = directory_});
    ASSERT_TRUE(credentials.has_value()) << credentials.error();
    options_.tls = std::move(*credentials);
  }
  void TearDown() override { std::filesystem::remove_all(directory_); }

  std::string directory_;
  std::unique_ptr<MemoryDevice> disk_;
  ExportList exports_;
  ServerOptions options_;
};

INSTANTIATE_TEST_SUITE_P(Backends, TlsTest,
                         testing::Values(AioContext::Backend::io_uring, AioContext::Backend::epoll),
                         [](const auto& info) {
                           return info.param == AioContext::Backend::epoll ? "epoll" : "io_uring";
                         });

TEST_P(TlsTest, DataOfAnyLengthGoThroughIt) {
  RunningServer server(exports_, GetParam(), options_, 2);
  TlsClient client(server.path());
  client.greet();
  ASSERT_TRUE(client.ask_for_tls());
  ASSERT_EQ(client.shake_hands(right_key), 0);
  client.agree("disk", true, {allocation_context});
  for (const size_t bytes : {1UL, 4096UL, 16'384UL, 16'385UL, 300'000UL, 5'000'000UL}) {
    Text data(bytes, '\0');
    for (size_t index = 0; index < bytes; ++index)
      data[index] = static_cast<char>(index * 31 + bytes);
    EXPECT_EQ(client.write(bytes, data), 0U);
    EXPECT_TRUE(client.read(bytes, static_cast<uint32_t>(bytes)) == data);
  }
  // GnuTLS allows eight in a second.
  for (int round = 0; round < 6; ++round) {
    client.update_keys();
    EXPECT_EQ(client.read(0, 1000).size(), 1000U);
  }
  client.say_goodbye();
  EXPECT_TRUE(client.at_end());
  server.wait_for_no_connections();
  EXPECT_TRUE(server.log().empty());
}

TEST_P(TlsTest, ManyRequestsAreInFlightBothWays) {
  RunningServer server(exports_, GetParam(), options_);
  TlsClient client(server.path());
  client.greet();
  ASSERT_TRUE(client.ask_for_tls());
  ASSERT_EQ(client.shake_hands(right_key), 0);
  client.agree("disk", true, {allocation_context});
  constexpr unsigned count = 200;
  for (unsigned index = 0; index < count; ++index)
    client.send(request(Command::read, index, 0, 512) +
                request(Command::write, count + index, 4096, 3000) + Text(3000, 'w'));
  std::set<uint64_t> answered;
  for (unsigned index = 0; index < 2 * count; ++index) {
    const Answer answer = client.reply();
    EXPECT_EQ(answer.error, 0U);
    answered.insert(answer.cookie);
  }
  EXPECT_EQ(answered.size(), 2 * count);
}

TEST_P(TlsTest, NothingIsSaidWithoutIt) {
  RunningServer server(exports_, GetParam(), options_);
  TlsClient client(server.path());
  client.greet();
  for (const Text& asked : {option(Option::list), option(Option::go, info_data("disk")),
                            option(Option::structured_reply)}) {
    client.send(asked);
    const auto answer = client.option_answer();
    ASSERT_TRUE(answer.has_value());
    EXPECT_EQ(answer->type, OptionReply::error_tls_required);
  }
  client.send(option(Option::export_name, "disk"));
  EXPECT_TRUE(client.at_end());
}

TEST_P(TlsTest, ItBeginsOnce) {
  RunningServer server(exports_, GetParam(), options_);
  TlsClient client(server.path());
  client.greet();
  client.send(option(Option::starttls, "x"));
  EXPECT_EQ(client.option_answer()->type, OptionReply::error_invalid);
  ASSERT_TRUE(client.ask_for_tls());
  ASSERT_EQ(client.shake_hands(right_key), 0);
  EXPECT_FALSE(client.ask_for_tls());
  client.agree("disk", true, {allocation_context});
}

// What somebody has put between the client's request and its handshake is no part of either.
TEST_P(TlsTest, WhatCameBeforeTheHandshakeDoesNotCountAfterIt) {
  RunningServer server(exports_, GetParam(), options_);
  TlsClient client(server.path());
  client.greet();
  client.send(option(Option::starttls) + option(Option::structured_reply));
  EXPECT_EQ(client.option_answer()->type, OptionReply::ack);
  EXPECT_NE(client.shake_hands(right_key), 0);
  server.wait_for_no_connections();
  EXPECT_EQ(server.log().size(), 1U);
}

TEST_P(TlsTest, AWrongKeyIsNotLetIn) {
  RunningServer server(exports_, GetParam(), options_);
  TlsClient client(server.path());
  client.greet();
  ASSERT_TRUE(client.ask_for_tls());
  EXPECT_NE(client.shake_hands(wrong_key), 0);
  EXPECT_TRUE(client.at_end());
  server.wait_for_no_connections();
  ASSERT_EQ(server.log().size(), 1U);
  EXPECT_TRUE(server.log()[0].starts_with("connection closed: the handshake of TLS has "))
      << server.log()[0];
}

TEST_P(TlsTest, AHandshakeHasItsTime) {
  options_.negotiation_time = 50ms;
  RunningServer server(exports_, GetParam(), options_);
  TlsClient client(server.path());
  client.greet();
  ASSERT_TRUE(client.ask_for_tls());
  EXPECT_TRUE(client.at_end());
  server.wait_for_no_connections();
  EXPECT_EQ(server.log(),
            std::vector<std::string>{"connection closed: the negotiation has taken too long"});
}

TEST_P(TlsTest, ServersWithoutItSaySo) {
  RunningServer server(exports_, GetParam());
  TlsClient client(server.path());
  client.greet();
  EXPECT_FALSE(client.ask_for_tls());
  client.agree("disk", true, {allocation_context});
}

TEST(TlsCredentialsTest, AMistakeIsToldWithItsFile) {
  const std::string directory = testing::TempDir() + "/tls_files." + std::to_string(getpid());
  const auto missing = TlsCredentials::psk({.directory = directory});
  ASSERT_FALSE(missing.has_value());
  EXPECT_EQ(missing.error(),
            "'" + directory + "/keys.psk' can't be read: No such file or directory.");
  std::filesystem::create_directories(directory);
  for (const char* name : {"ca-cert.pem", "server-cert.pem", "server-key.pem", "keys.psk"})
    std::ofstream(directory + "/" + name) << "nothing of the kind\n";
  const auto bad = TlsCredentials::x509({.directory = directory});
  ASSERT_FALSE(bad.has_value());
  EXPECT_EQ(bad.error(), "'" + directory + "/ca-cert.pem' has no certificate in it.");
  const auto priority = TlsCredentials::psk({.directory = directory, .priority = "NORMAL:+X"});
  ASSERT_FALSE(priority.has_value());
  EXPECT_TRUE(priority.error().starts_with("the TLS priority 'NORMAL:+X' is wrong at "))
      << priority.error();
  std::filesystem::remove_all(directory);
}

} // namespace
} // namespace lockvet::runtime::nbd
