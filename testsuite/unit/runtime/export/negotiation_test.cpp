// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The negotiation from bytes to bytes: what the protocol's text has a server answer, and that a
// hostile peer gets one clear error and costs nothing.

#include "nbd_bytes.h"
#include "runtime/export/nbd/negotiation.h"
#include "runtime/export/null_device.h"

#include <gtest/gtest.h>

namespace lockvet::runtime::nbd {
namespace {

using State = Negotiation::State;

constexpr uint64_t disk_bytes = 1 << 20;

// A device of which clients have to know that it wants whole sectors.
class SectorDevice final : public NullDevice {
public:
  SectorDevice() : NullDevice(disk_bytes) {}

  BlockSizes block_sizes() const noexcept override { return {512, 65536}; }
  bool read_only() const noexcept override { return true; }
};

class NegotiationTest : public testing::Test {
protected:
  void SetUp() override {
    ASSERT_EQ(exports_.add({"disk", "the first", &disk_}), "");
    ASSERT_EQ(exports_.add({"sectors", "", &sectors_}), "");
    negotiation_.emplace(exports_, limits_);
  }

  // Feeds all of it, as a connection would, and returns what was answered. Also that it is all
  // taken, unless the negotiation is over.
  Text feed(const Text& in) {
    Text sent;
    std::span<const std::byte> rest = std::as_bytes(std::span(in));
    while (!rest.empty() && negotiation_->state() == State::negotiating) {
      Bytes out;
      const size_t taken = negotiation_->feed(rest, out);
      if (state() == State::sizing) {
        EXPECT_TRUE(out.empty());
        sized_.push_back(negotiation_->asked_for()->options().name);
        negotiation_->sized(out);
      }
      EXPECT_TRUE(taken > 0 || negotiation_->state() != State::negotiating);
      rest = rest.subspan(taken);
      sent.append(reinterpret_cast<const char*>(out.data()), out.size());
    }
    left_ = rest.size();
    return sent;
  }

  // Answers to one option after the flags, each of which has to be to it.
  std::vector<OptionAnswer> answers(Option number, const Text& data) {
    Text sent = feed(option(number, data));
    std::vector<OptionAnswer> all;
    while (auto answer = take_answer(sent)) {
      EXPECT_EQ(answer->option, static_cast<uint32_t>(number));
      all.push_back(std::move(*answer));
    }
    EXPECT_EQ(sent, "");
    return all;
  }
  OptionReply only_answer(Option number, const Text& data = {}) {
    const auto all = answers(number, data);
    EXPECT_EQ(all.size(), 1U);
    return all.empty() ? OptionReply{} : all.back().type;
  }

  State state() const { return negotiation_->state(); }

  NullDevice disk_{disk_bytes};
  SectorDevice sectors_;
  ExportList exports_;
  Negotiation::Limits limits_;
  std::optional<Negotiation> negotiation_;
  size_t left_ = 0;
  // Whose sizes were looked at.
  std::vector<Text> sized_;
};

TEST_F(NegotiationTest, GreetsAsFixedNewstyle) {
  Bytes out;
  Negotiation::greet(out);
  EXPECT_EQ(Text(reinterpret_cast<const char*>(out.data()), out.size()),
            "NBDMAGICIHAVEOPT" + big(3, 2));
}

TEST_F(NegotiationTest, AnExportByItsNameAlone) {
  const Text sent = feed(client_flags() + option(Option::export_name, "disk") + "next");
  EXPECT_EQ(sent, big(disk_bytes, 8) + big(exports_.find("disk")->transmission_flags(false), 2));
  EXPECT_EQ(state(), State::transmission);
  EXPECT_EQ(left_, 4U);
  EXPECT_EQ(negotiation_->session().served, exports_.find("disk"));
  EXPECT_EQ(negotiation_->session().size, disk_bytes);
  EXPECT_FALSE(negotiation_->session().structured);
}

TEST_F(NegotiationTest, OnlySizesThatAreToldAreLookedAt) {
  feed(client_flags() + option(Option::list) + option(Option::structured_reply));
  feed(option(Option::info, info_data("none", {})) + option(Option::go, "nonsense"));
  feed(option(Option::info, Text(100'000, 'x')) + option(Option::starttls));
  EXPECT_EQ(sized_, std::vector<Text>());
  feed(option(Option::info, info_data("sectors", {})));
  feed(option(Option::go, info_data("disk", {})));
  EXPECT_EQ(sized_, (std::vector<Text>{"sectors", "disk"}));
  EXPECT_EQ(state(), State::transmission);
}

TEST_F(NegotiationTest, NoSizeIsLookedAtForWhoHasNoTls) {
  negotiation_.emplace(exports_, limits_, Negotiation::Tls::required);
  feed(client_flags() + option(Option::go, info_data("disk", {})));
  EXPECT_EQ(sized_, std::vector<Text>());
  EXPECT_EQ(state(), State::negotiating);
}

TEST_F(NegotiationTest, OlderClientsGetTheirZeroes) {
  const Text sent = feed(client_flags(0) + option(Option::export_name, "disk"));
  ASSERT_EQ(sent.size(), 8U + 2U + 124U);
  EXPECT_EQ(sent.substr(10), Text(124, '\0'));
}

TEST_F(NegotiationTest, AnExportThatThereIsNotEndsTheOldWay) {
  EXPECT_EQ(feed(client_flags() + option(Option::export_name, "none")), "");
  EXPECT_EQ(state(), State::failed);
  EXPECT_EQ(negotiation_->problem(), "the client wants an export that there is not");
}

TEST_F(NegotiationTest, OneByteAtATimeIsAsGood) {
  const Text in = client_flags() + option(Option::structured_reply) +
                  option(Option::go, info_data("disk", {3}));
  Text sent;
  for (const char byte : in)
    sent += feed(Text(1, byte));
  EXPECT_EQ(state(), State::transmission);
  EXPECT_TRUE(negotiation_->session().structured);
  EXPECT_EQ(take_answer(sent)->type, OptionReply::ack);
  EXPECT_EQ(take_answer(sent)->type, OptionReply::info);
  EXPECT_EQ(take_answer(sent)->type, OptionReply::info);
  EXPECT_EQ(take_answer(sent)->type, OptionReply::ack);
  EXPECT_EQ(sent, "");
}

TEST_F(NegotiationTest, StopsAfterEachAnswer) {
  const Text in = client_flags() + option(Option::list) + option(Option::list);
  Bytes out;
  EXPECT_EQ(negotiation_->feed(std::as_bytes(std::span(in)), out), 4U + 16U);
}

TEST_F(NegotiationTest, GoTellsTheExport) {
  feed(client_flags());
  const auto all = answers(Option::go, info_data("disk", {0, 1, 2, 3, 77}));
  ASSERT_EQ(all.size(), 5U);
  const uint16_t flags = exports_.find("disk")->transmission_flags(false);
  EXPECT_EQ(all[0].data, big(0, 2) + big(disk_bytes, 8) + big(flags, 2));
  EXPECT_EQ(all[1].data, big(1, 2) + "disk");
  EXPECT_EQ(all[2].data, big(2, 2) + "the first");
  EXPECT_EQ(all[3].data, big(3, 2) + big(1, 4) + big(4096, 4) + big(1 << 25, 4));
  EXPECT_EQ(all[4].type, OptionReply::ack);
  EXPECT_EQ(state(), State::transmission);
}

TEST_F(NegotiationTest, InfoGoesNoFurther) {
  feed(client_flags());
  EXPECT_EQ(answers(Option::info, info_data("disk")).size(), 2U);
  EXPECT_EQ(state(), State::negotiating);
  EXPECT_EQ(only_answer(Option::info, info_data("none")), OptionReply::error_unknown);
  EXPECT_EQ(only_answer(Option::go, info_data("none")), OptionReply::error_unknown);
  EXPECT_EQ(state(), State::negotiating);
}

TEST_F(NegotiationTest, BlockSizesThatAreNotUsualHaveToBeAskedFor) {
  feed(client_flags());
  const auto refused = answers(Option::go, info_data("sectors", {1}));
  ASSERT_EQ(refused.size(), 3U);
  EXPECT_EQ(refused[1].data, big(3, 2) + big(512, 4) + big(65536, 4) + big(1 << 25, 4));
  EXPECT_EQ(refused[2].type, OptionReply::error_block_size_required);
  EXPECT_EQ(state(), State::negotiating);
  EXPECT_EQ(answers(Option::go, info_data("sectors", {3})).back().type, OptionReply::ack);
  EXPECT_EQ(negotiation_->session().minimum_block, 512U);
  EXPECT_TRUE(negotiation_->session().read_only);
}

TEST_F(NegotiationTest, ListsWhatThereIs) {
  feed(client_flags());
  const auto all = answers(Option::list, "");
  ASSERT_EQ(all.size(), 3U);
  EXPECT_EQ(all[0].type, OptionReply::server);
  EXPECT_EQ(all[0].data, counted("disk") + "the first");
  EXPECT_EQ(all[1].data, counted("sectors"));
  EXPECT_EQ(all[2].type, OptionReply::ack);
  EXPECT_EQ(only_answer(Option::list, "x"), OptionReply::error_invalid);
}

TEST_F(NegotiationTest, AFarewellIsAnswered) {
  feed(client_flags());
  EXPECT_EQ(only_answer(Option::abort, "with data"), OptionReply::ack);
  EXPECT_EQ(state(), State::ended);
}

TEST_F(NegotiationTest, StructuredRepliesOfferWhatNeedsThem) {
  feed(client_flags());
  EXPECT_EQ(only_answer(Option::structured_reply, "x"), OptionReply::error_invalid);
  EXPECT_EQ(only_answer(Option::structured_reply), OptionReply::ack);
  const auto all = answers(Option::go, info_data("disk"));
  EXPECT_EQ(number_at(all[0].data, 10, 2), exports_.find("disk")->transmission_flags(true));
}

TEST_F(NegotiationTest, TheContextNeedsStructuredReplies) {
  feed(client_flags());
  const Text data = context_data("disk", {"base:allocation"});
  EXPECT_EQ(only_answer(Option::set_meta_context, data), OptionReply::error_invalid);
  EXPECT_EQ(only_answer(Option::list_meta_context, data), OptionReply::error_invalid);
}

TEST_F(NegotiationTest, ListsTheContext) {
  feed(client_flags() + option(Option::structured_reply));
  for (const std::vector<Text>& queries :
       std::vector<std::vector<Text>>{{}, {"base:"}, {"x-own:", "base:allocation"}}) {
    const auto all = answers(Option::list_meta_context, context_data("disk", queries));
    ASSERT_EQ(all.size(), 2U);
    EXPECT_EQ(all[0].type, OptionReply::meta_context);
    EXPECT_EQ(all[0].data, big(0, 4) + "base:allocation");
  }
  EXPECT_EQ(only_answer(Option::list_meta_context, context_data("disk", {"base:x", "qemu:"})),
            OptionReply::ack);
  EXPECT_EQ(only_answer(Option::list_meta_context, context_data("none", {})),
            OptionReply::error_unknown);
}

TEST_F(NegotiationTest, SelectsTheContext) {
  feed(client_flags() + option(Option::structured_reply));
  const auto all = answers(Option::set_meta_context,
                           context_data("disk", {"base:allocation", "base:allocation"}));
  ASSERT_EQ(all.size(), 2U);
  EXPECT_NE(number_at(all[0].data, 0, 4), 0U);
  answers(Option::go, info_data("disk"));
  EXPECT_EQ(negotiation_->session().metadata, std::vector{allocation_context_id});
}

// Says nothing of any part; only its name matters.
class NamedMetadata final : public MetadataContext {
public:
  explicit NamedMetadata(std::string name) : name_(std::move(name)) {}
  const std::string& name() const noexcept override { return name_; }
  std::expected<Extent, std::error_code> LV_COROUTINE_FN co_status(uint64_t,
                                                                   uint64_t length) override {
    return Extent{.length = length};
  }

private:
  const std::string name_;
};

TEST_F(NegotiationTest, ListsAndSelectsWhatAnExportHasBesides) {
  NamedMetadata monday("qemu:dirty-bitmap:monday");
  NamedMetadata depth("qemu:allocation-depth");
  ASSERT_EQ(exports_.add({.name = "more", .device = &disk_, .metadata = {&monday, &depth}}), "");
  feed(client_flags() + option(Option::structured_reply));
  const auto listed = [this](const std::vector<Text>& queries) {
    std::vector<Text> names;
    for (const auto& one : answers(Option::list_meta_context, context_data("more", queries))) {
      if (one.type == OptionReply::meta_context)
        names.push_back(one.data.substr(4));
    }
    return names;
  };
  const std::vector<Text> all{"base:allocation", monday.name(), depth.name()};
  EXPECT_EQ(listed({}), all);
  EXPECT_EQ(listed({"base:", "qemu:"}), all);
  EXPECT_EQ(listed({"qemu:dirty-bitmap:"}), std::vector<Text>{monday.name()});
  EXPECT_EQ(listed({"qemu:dirty-bitmap:tuesday", "qemu", ""}), std::vector<Text>{});
  const auto selected = answers(Option::set_meta_context,
                                context_data("more", {depth.name(), "base:", monday.name()}));
  ASSERT_EQ(selected.size(), 3U);
  EXPECT_EQ(selected[0].data, big(2, 4) + monday.name());
  EXPECT_EQ(selected[1].data, big(3, 4) + depth.name());
  answers(Option::go, info_data("more"));
  EXPECT_EQ(negotiation_->session().metadata, (std::vector<uint32_t>{2, 3}));
}

TEST_F(NegotiationTest, ASelectionIsForItsExportAndUntilTheNext) {
  const Text right = context_data("disk", {"base:allocation"});
  const auto selected_after = [&](const std::vector<Text>& selections) {
    negotiation_.emplace(exports_, limits_);
    feed(client_flags() + option(Option::structured_reply));
    for (const Text& data : selections)
      feed(option(Option::set_meta_context, data));
    feed(option(Option::go, info_data("disk")));
    EXPECT_EQ(state(), State::transmission);
    return !negotiation_->session().metadata.empty();
  };
  EXPECT_TRUE(selected_after({right}));
  EXPECT_FALSE(selected_after({}));
  EXPECT_FALSE(selected_after({context_data("sectors", {"base:allocation"})}));
  EXPECT_FALSE(selected_after({right, context_data("disk", {})}));
  EXPECT_FALSE(selected_after({right, context_data("disk", {"base:"})}));
  EXPECT_FALSE(selected_after({right, context_data("none", {"base:allocation"})}));
  EXPECT_FALSE(selected_after({right, "?"}));
}

// --- what is refused and skipped -----------------------------------------------------------------

TEST_F(NegotiationTest, WhatItDoesNotKnowIsSkipped) {
  feed(client_flags());
  EXPECT_EQ(only_answer(static_cast<Option>(4711), Text(100'000, 'x')),
            OptionReply::error_unsupported);
  EXPECT_EQ(only_answer(static_cast<Option>(11)), OptionReply::error_unsupported);
  EXPECT_EQ(only_answer(Option::starttls), OptionReply::error_unsupported);
  EXPECT_EQ(only_answer(Option::structured_reply), OptionReply::ack);
}

TEST_F(NegotiationTest, TooMuchDataIsSkipped) {
  feed(client_flags() + option(Option::structured_reply));
  EXPECT_EQ(only_answer(Option::set_meta_context, Text(limits_.most_option_bytes + 1, 'x')),
            OptionReply::error_too_big);
  EXPECT_EQ(only_answer(Option::go, Text(limits_.most_skipped_bytes, 'x')),
            OptionReply::error_too_big);
}

TEST_F(NegotiationTest, DataWithoutAnEndIsNot) {
  feed(client_flags() + "IHAVEOPT" + big(99, 4) + big(0xffffffff, 4));
  EXPECT_EQ(state(), State::failed);
  EXPECT_EQ(negotiation_->problem(),
            "option 99 announces 4294967295 bytes of data; 1048576 is the limit");
}

TEST_F(NegotiationTest, LengthsHaveToAddUp) {
  feed(client_flags() + option(Option::structured_reply));
  for (const Text& data :
       std::vector<Text>{"", big(0, 4), big(4, 4) + "disk", big(4, 4) + "disk" + big(1, 2),
                         info_data("disk") + "x", big(0xffffffff, 4) + "disk" + big(0, 2),
                         info_data(Text(4097, 'x'))}) {
    EXPECT_EQ(only_answer(Option::go, data), OptionReply::error_invalid);
  }
  for (const Text& data : std::vector<Text>{
           "", counted("disk"), counted("disk") + big(1, 4),
           counted("disk") + big(0xffffffff, 4) + counted("base:allocation"),
           counted("disk") + big(1, 4) + big(0xffffffff, 4) + "base:",
           context_data("disk", {"base:"}) + "x", context_data("disk", {Text(4097, 'x')})}) {
    EXPECT_EQ(only_answer(Option::set_meta_context, data), OptionReply::error_invalid);
  }
  EXPECT_EQ(state(), State::negotiating);
}

TEST_F(NegotiationTest, FlagsThatWereNotOfferedEndIt) {
  EXPECT_EQ(feed(client_flags(1 << 7)), "");
  EXPECT_EQ(state(), State::failed);
  EXPECT_EQ(negotiation_->problem(),
            "the client sets handshake flags that were not offered: 0x0000000000000080");
}

TEST_F(NegotiationTest, AnotherProtocolEndsIt) {
  EXPECT_EQ(feed(Text(4, '\0') + "GET / HTTP/1.1\r\n\r\n"), "");
  EXPECT_EQ(state(), State::failed);
}

TEST_F(NegotiationTest, NamesHaveALimit) {
  feed(client_flags() + option(Option::export_name, Text(4097, 'x')));
  EXPECT_EQ(state(), State::failed);
}

TEST_F(NegotiationTest, AShutdownRefusesAllButAFarewell) {
  feed(client_flags());
  negotiation_->shut_down();
  EXPECT_EQ(only_answer(Option::list), OptionReply::error_shutdown);
  EXPECT_EQ(only_answer(Option::go, info_data("disk")), OptionReply::error_shutdown);
  EXPECT_EQ(only_answer(static_cast<Option>(99)), OptionReply::error_shutdown);
  EXPECT_EQ(only_answer(Option::abort), OptionReply::ack);
}

} // namespace
} // namespace lockvet::runtime::nbd
