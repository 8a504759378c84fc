#include "frame.hpp"

#include <random>

#include <gtest/gtest.h>

#include "frame_samples.hpp"

namespace coven::broker {
namespace {

constexpr std::size_t limit = 65536;

/// `topic NUL` and raw fields.
std::string with_body(std::string_view body) { return std::string("a.b\0", 4) + std::string(body); }

std::optional<Drop> fault_of(std::string_view body) {
    return read_frame(with_body(body), limit).fault;
}

TEST(Frame, SplitsAtTheFirstNul) {
    const auto bytes = sample_frame("twitch.chat.xqc.message", {1, 2, 3});
    const auto frame = read_frame(bytes, limit);
    EXPECT_FALSE(frame.fault);
    EXPECT_EQ(frame.topic, "twitch.chat.xqc.message");
}

TEST(Frame, WithoutNulIsRefused) {
    EXPECT_EQ(read_frame("twitch.chat.xqc.message", limit).fault, Drop::no_nul);
    EXPECT_EQ(read_frame("", limit).fault, Drop::no_nul);
}

TEST(Frame, OfATopicAloneIsAnEmptyEvent) {
    const auto frame = read_frame(with_body(""), limit);
    EXPECT_FALSE(frame.fault);
    EXPECT_FALSE(frame.tail_at);
}

TEST(Frame, FindsTheTailAndWhatThePublisherSaidInIt) {
    const auto bytes = sample_frame("a.b", {0x1122334455667788, 42, 3});
    const auto frame = read_frame(bytes, limit);
    ASSERT_TRUE(frame.tail_at);
    EXPECT_EQ(*frame.tail_at, bytes.size() - tail_bytes);
    EXPECT_EQ(frame.producer_id, 0x1122334455667788u);
    EXPECT_EQ(frame.producer_seq, 42u);
    EXPECT_EQ(frame.flags, 3u);
}

TEST(Frame, IsStampedInPlaceAndKeepsTheRest) {
    auto bytes = sample_frame("a.b", {7, 42, 3});
    const auto frame = read_frame(bytes, limit);
    stamp(bytes.data() + *frame.tail_at, {11, 12, 13, 14, 15});
    auto expected = sample_event();
    expected.set_producer_id(7);
    expected.set_producer_seq(42);
    expected.set_flags(3);
    expected.set_bus_epoch(11);
    expected.set_offset(12);
    expected.set_topic_seq(13);
    expected.set_prev_offset(14);
    expected.set_ingest_us(15);
    EXPECT_EQ(event_in(bytes).SerializeAsString(), expected.SerializeAsString());
}

TEST(Frame, BytesThatLookLikeATailInsideOfAFieldAreNone) {
    const auto tail = make_tail({}, {1, 2, 3, 4, 5});
    v1::Event event;
    event.set_raw(std::string(tail.begin(), tail.end()));
    const auto frame = read_frame(with_body(event.SerializeAsString()), limit);
    EXPECT_FALSE(frame.fault);
    EXPECT_FALSE(frame.tail_at);
}

TEST(Frame, WithoutTailGetsOneThatWins) {
    auto event = sample_event();
    // Elsewhere, in another order, and twice: the last value counts.
    event.set_offset(99);
    event.set_producer_id(5);
    std::string bytes = with_body(event.SerializeAsString());
    v1::Event again;
    again.set_producer_id(6);
    again.set_producer_seq(1);
    again.set_flags(8);
    again.AppendToString(&bytes);
    const auto frame = read_frame(bytes, limit);
    EXPECT_FALSE(frame.tail_at);
    EXPECT_EQ(frame.producer_id, 6u);
    const auto tail = make_tail(frame, {11, 12, 13, 14, 15});
    const auto out = event_in(bytes + std::string(tail.begin(), tail.end()));
    EXPECT_EQ(out.producer_id(), 6u);
    EXPECT_EQ(out.producer_seq(), 1u);
    EXPECT_EQ(out.flags(), 8u);
    EXPECT_EQ(out.bus_epoch(), 11u);
    EXPECT_EQ(out.offset(), 12u);
    EXPECT_EQ(out.topic_seq(), 13u);
    EXPECT_EQ(out.prev_offset(), 14u);
    EXPECT_EQ(out.ingest_us(), 15u);
    EXPECT_EQ(out.channel_login(), "pajlada");
}

TEST(Frame, MalformedFieldsAreRefused) {
    using namespace std::string_view_literals;
    const std::pair<const char*, std::string_view> rows[] = {
        {"start of a group", "\x0b"sv},
        {"end of a group", "\x0c"sv},
        {"wire type 6", "\x0e\x00"sv},
        {"wire type 7", "\x0f\x00"sv},
        {"field 0", "\x00\x00"sv},
        {"tag of six bytes", "\x88\x80\x80\x80\x80\x00\x00"sv},
        {"tag of more than 32 bits", "\x88\x80\x80\x80\x10\x00"sv},
        {"unfinished tag", "\x80"sv},
        {"no value", "\x08"sv},
        {"unfinished varint", "\x08\xff"sv},
        {"varint of 65 bits", "\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02"sv},
        {"varint of eleven bytes", "\x08\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x00"sv},
        {"cut fixed64", "\x81\x01\x01\x02\x03"sv},
        {"cut fixed32", "\x85\x01\x01\x02\x03"sv},
        {"length beyond the end",
         "\x0a\x05"
         "abc"sv},
        {"enormous length", "\x0a\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"sv},
        {"length of six bytes", "\x0a\x80\x80\x80\x80\x80\x00"sv},
        {"malformed Any", "\x42\x01\x0b"sv},
    };
    for (const auto& [what, body] : rows) EXPECT_EQ(fault_of(body), Drop::frame_malformed) << what;
}

TEST(Frame, UnknownFieldsPass) {
    using namespace std::string_view_literals;
    // Number 5000 as varint, and fixed32; number 1 with a wire type that `id` does not have.
    EXPECT_FALSE(fault_of("\xc0\xb8\x02\x01\xc5\xb8\x02\x01\x02\x03\x04"sv));
    EXPECT_FALSE(fault_of("\x08\x01"sv));
    EXPECT_FALSE(fault_of("\x0a\x80\x80\x80\x80\x00"sv)) << "a length of five bytes";
}

TEST(Frame, TextMustBeUtf8) {
    for (const int number : {1, 2, 3, 4, 7}) {
        const char tag = static_cast<char>(number << 3 | 2);
        EXPECT_EQ(fault_of(std::string{tag, 1, '\xff'}), Drop::text_malformed) << number;
        EXPECT_FALSE(fault_of(std::string{tag, 2, '\xc3', '\xa4'})) << number;
    }
    EXPECT_EQ(fault_of("\x92\x01\x01\xff"), Drop::text_malformed) << "channel_id";
    EXPECT_EQ(fault_of("\x9a\x01\x01\xff"), Drop::text_malformed) << "channel_login";
    EXPECT_EQ(fault_of("\x42\x03\x0a\x01\xff"), Drop::text_malformed) << "Any.type_url";
    EXPECT_EQ(fault_of(std::string("\x0a\x09") + "12345678\xff"), Drop::text_malformed);
    EXPECT_FALSE(fault_of("\xa2\x01\x01\xff")) << "raw";
    EXPECT_FALSE(fault_of("\x32\x01\xff")) << "binary_data";
}

TEST(Frame, SizeCountsWithTheTail) {
    const auto with_tail = sample_frame("a.b", {1, 1, 0});
    EXPECT_FALSE(read_frame(with_tail, with_tail.size()).fault);
    EXPECT_EQ(read_frame(with_tail, with_tail.size() - 1).fault, Drop::too_large);
    const auto bare = frame_without_tail("a.b");
    EXPECT_FALSE(read_frame(bare, bare.size() + tail_bytes).fault);
    EXPECT_EQ(read_frame(bare, bare.size() + tail_bytes - 1).fault, Drop::too_large);
}

TEST(Frame, ThatIsRefusedStillNamesItsProducer) {
    const auto good = sample_frame("a.b", {7, 9, 0});
    const auto tail = good.substr(good.size() - tail_bytes);
    for (const auto& bytes : {with_body("\x0b" + tail), with_body("\x0a\x01\xff" + tail)}) {
        const auto frame = read_frame(bytes, limit);
        EXPECT_TRUE(frame.fault);
        EXPECT_EQ(frame.producer_id, 7u);
        EXPECT_EQ(frame.producer_seq, 9u);
    }
    const auto large = read_frame(good, 100);
    EXPECT_EQ(large.fault, Drop::too_large);
    EXPECT_EQ(large.producer_seq, 9u);
}

TEST(Frame, WhatIsAcceptedIsParsedByProtobuf) {
    std::minstd_rand random(20261122);
    const auto good = sample_frame("a.b", {7, 9, 0});
    std::size_t accepted = 0;
    for (int i = 0; i < 50'000; ++i) {
        auto bytes = i % 3 == 0 ? good.substr(0, random() % good.size()) : good;
        for (auto flips = random() % 4; flips > 0 && bytes.size() > 4; --flips) {
            bytes[4 + random() % (bytes.size() - 4)] = static_cast<char>(random());
        }
        const auto frame = read_frame(bytes, limit);
        if (frame.fault) continue;
        ++accepted;
        const auto body = bytes.substr(frame.topic.size() + 1);
        ASSERT_TRUE(v1::Event().ParseFromString(body)) << testing::PrintToString(bytes);
        const auto tail = make_tail(frame, {});
        ASSERT_TRUE(v1::Event().ParseFromString(body + std::string(tail.begin(), tail.end())));
    }
    EXPECT_GT(accepted, 1000u);
}

TEST(Topic, OfTheBrokersOwnMachineryIsReserved) {
    for (const char* topic : {"~a.0000000000000001", "~s.x", "~h.twitch.chat.xqc.message", "~",
                              "bus.broker", "bus.broker.main.tick", "bus.broker."}) {
        EXPECT_EQ(topic_refusal(topic), Drop::topic_reserved) << topic;
    }
    for (const char* topic : {"", "A", "a..b", "a b", "twitch.chat.*.message", "a.>"}) {
        EXPECT_EQ(topic_refusal(topic), Drop::topic_malformed) << topic;
    }
    for (const char* topic : {"bus.chat.chat-1.state", "bus.brokers.x", "twitch.chat.-.whisper"}) {
        EXPECT_FALSE(topic_refusal(topic)) << topic;
    }
}

}  // namespace
}  // namespace coven::broker
