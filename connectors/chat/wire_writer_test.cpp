#include "wire_writer.hpp"

#include <gtest/gtest.h>

#include "coven/v1/event.pb.h"
#include "twitch/v1/chat.pb.h"

namespace {

using twitch::v1::ChatMessage;

TEST(WireWriter, WritesNumbersOfAnySizeAsProtobufDoes) {
    chat::WireWriter writer;
    for (const std::uint64_t number : {0ull, 1ull, 127ull, 128ull, 300ull, ~0ull}) {
        ChatMessage message;
        message.set_bits(number);
        message.set_sent_us(number);
        writer.clear();
        writer.varint(ChatMessage::kBitsFieldNumber, number);
        writer.fixed64(ChatMessage::kSentUsFieldNumber, number);
        EXPECT_EQ(writer.written(), message.SerializeAsString()) << number;
    }
}

TEST(WireWriter, WritesTextsOfAnySizeAsProtobufDoes) {
    chat::WireWriter writer;
    for (const std::size_t size : std::initializer_list<std::size_t>{0, 1, 127, 128, 20000}) {
        ChatMessage message;
        message.set_id(std::string(size, 'i'));
        message.set_client_nonce(std::string(size, 'n'));
        writer.clear();
        writer.text(ChatMessage::kIdFieldNumber, message.id());
        writer.text(ChatMessage::kClientNonceFieldNumber, message.client_nonce());
        EXPECT_EQ(writer.written(), message.SerializeAsString()) << size;
    }
}

TEST(WireWriter, WritesAFieldNumberOfTwoBytes) {
    coven::v1::Event event;
    event.set_raw("raw");
    chat::WireWriter writer;
    writer.bytes(coven::v1::Event::kRawFieldNumber, "raw");
    EXPECT_EQ(writer.written(), event.SerializeAsString());
}

TEST(WireWriter, WritesAnEmptyMessageWithinTheMessage) {
    ChatMessage message;
    message.mutable_reply();
    chat::WireWriter writer;
    writer.bytes(ChatMessage::kReplyFieldNumber, {});
    EXPECT_EQ(writer.written(), message.SerializeAsString());
}

TEST(WireWriter, WritesAllFieldsOfAMessage) {
    ChatMessage message;
    message.add_emotes()->set_id("25");
    message.set_text(std::string(5000, 'x'));
    chat::WireWriter writer;
    writer.fields(message);
    EXPECT_EQ(writer.written(), message.SerializeAsString());
    writer.clear();
    writer.fields(ChatMessage());
    EXPECT_EQ(writer.written(), "");
}

}  // namespace
