#include <cstdlib>
#include <fstream>
#include <iterator>
#include <set>
#include <string>
#include <vector>

#include <google/protobuf/util/message_differencer.h>
#include <gtest/gtest.h>

#include "coven/event.hpp"
#include "coven/topic.hpp"
#include "coven/v1/event.pb.h"
#include "twitch/v1/chat.pb.h"
#include "vector.hpp"

namespace {

using golden::tail_bytes;
using golden::Vectors;

std::string subscription(const std::string& name) {
    std::ifstream in(std::string(COVEN_GOLDEN) + "/" + name + ".bin", std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

coven::v1::Event event(const Vectors& vectors, const std::string& name) {
    coven::v1::Event event;
    EXPECT_TRUE(event.ParseFromString(vectors.named(name).body())) << name;
    return event;
}

/// Adds the message types that `type` is made of.
void add_types(const google::protobuf::Descriptor& type, std::set<std::string>& seen) {
    if (!seen.insert(type.full_name()).second) return;
    for (int i = 0; i < type.field_count(); ++i) {
        if (const auto* part = type.field(i)->message_type()) add_types(*part, seen);
    }
}

/// Adds the names of the fields that `message` and its parts have set.
void add_fields(const google::protobuf::Message& message, std::set<std::string>& used) {
    const auto& reflection = *message.GetReflection();
    std::vector<const google::protobuf::FieldDescriptor*> fields;
    reflection.ListFields(message, &fields);
    for (const auto* field : fields) {
        used.insert(field->full_name());
        if (field->message_type() == nullptr || field->is_repeated()) continue;
        add_fields(reflection.GetMessage(message, field), used);
    }
}

TEST(Golden, BytesAreWhatTheTextSays) {
    Vectors vectors;
    const bool update = std::getenv("UPDATE") != nullptr;
    for (const auto& vector : vectors.all()) {
        if (update) {
            golden::rewrite(vector.name, vector.expected());
            continue;
        }
        EXPECT_EQ(vector.bytes, vector.expected()) << vector.name << ": UPDATE=1 make test";
        const auto decoded = vectors.decode(vector, vector.body());
        ASSERT_TRUE(decoded) << vector.name;
        EXPECT_EQ(decoded->DebugString(), vector.message->DebugString()) << vector.name;
        EXPECT_TRUE(google::protobuf::util::MessageDifferencer::Equals(*decoded, *vector.message))
            << vector.name;
    }
}

TEST(Golden, EveryMessageOfTheBusHasAVector) {
    const Vectors vectors;
    std::set<std::string> seen;
    for (const auto& vector : vectors.all()) add_types(*vector.message->GetDescriptor(), seen);
    for (const char* file : {"event", "bus", "request"}) {
        const auto* protos =
            vectors.pool().FindFileByName("coven/v1/" + std::string(file) + ".proto");
        for (int i = 0; i < protos->message_type_count(); ++i) {
            EXPECT_TRUE(seen.contains(protos->message_type(i)->full_name()))
                << protos->message_type(i)->full_name();
        }
    }
}

/// Whether the vectors of `type` use all its fields between them, and those of its parts.
void expect_all_fields(const Vectors& vectors, const std::string& type) {
    std::set<std::string> used;
    for (const auto& vector : vectors.all()) {
        if (vector.message->GetTypeName() == type) add_fields(*vector.message, used);
    }
    const auto* descriptor = vectors.pool().FindMessageTypeByName(type);
    for (int i = 0; i < descriptor->field_count(); ++i) {
        EXPECT_TRUE(used.contains(descriptor->field(i)->full_name()))
            << descriptor->field(i)->full_name();
    }
    for (int i = 0; i < descriptor->nested_type_count(); ++i) {
        const auto* part = descriptor->nested_type(i);
        for (int k = 0; k < part->field_count() && !part->options().map_entry(); ++k) {
            EXPECT_TRUE(used.contains(part->field(k)->full_name())) << part->field(k)->full_name();
        }
    }
}

TEST(Golden, VectorsOfChatUseEveryField) {
    const Vectors vectors;
    for (const char* file : {"chat_notice", "chat_room", "chat_user"}) {
        const auto* proto =
            vectors.pool().FindFileByName("twitch/v1/" + std::string(file) + ".proto");
        for (int i = 0; i < proto->message_type_count(); ++i) {
            expect_all_fields(vectors, proto->message_type(i)->full_name());
        }
    }
    expect_all_fields(vectors, "twitch.v1.ChatMessage");
}

TEST(Golden, BrokerOverwritesNothingButTheLastFiveFieldsOfTheTail) {
    const Vectors vectors;
    const auto& before = vectors.named("event_published").bytes;
    const auto& after = vectors.named("event_numbered").bytes;
    ASSERT_EQ(before.size(), after.size());
    const auto kept = before.size() - std::size_t{5} * (2 + 8);
    EXPECT_EQ(before.substr(0, kept), after.substr(0, kept));
    EXPECT_NE(before.substr(kept), after.substr(kept));
}

TEST(Golden, TailIsTheLastEightyBytesInTheOrderOfItsNumbers) {
    const Vectors vectors;
    for (const char* name : {"event_published", "event_numbered", "event_tail_appended",
                             "event_tail_appended_over_another", "event_state"}) {
        const auto& bytes = vectors.named(name).bytes;
        const auto tail = bytes.substr(bytes.size() - tail_bytes);
        for (std::size_t field = 0; field < 8; ++field) {
            // Field 2040 + n with wire type 1 (fixed64), as a varint of two bytes.
            const auto tag = (2040 + field) << 3 | 1;
            const std::string varint{static_cast<char>((tag & 0x7f) | 0x80),
                                     static_cast<char>(tag >> 7)};
            EXPECT_EQ(tail.substr(field * 10, 2), varint) << name << " field " << 2040 + field;
        }
    }
}

TEST(Golden, AppendedTailLeavesWhatThePublisherSentInPlace) {
    const Vectors vectors;
    const auto& before = vectors.named("event_without_tail").bytes;
    const auto& after = vectors.named("event_tail_appended").bytes;
    EXPECT_EQ(after.size(), before.size() + tail_bytes);
    EXPECT_TRUE(after.starts_with(before));
    EXPECT_FALSE(event(vectors, "event_without_tail").has_offset());
}

TEST(Golden, LastValueWinsOverATailInTheWrongPlace) {
    const Vectors vectors;
    const auto numbered = event(vectors, "event_tail_appended_over_another");
    EXPECT_EQ(numbered.producer_id(), 0x0123456789abcdefU);
    EXPECT_EQ(numbered.offset(), 123456789012U);
    EXPECT_EQ(numbered.topic_seq(), 4711U);
    EXPECT_EQ(numbered.bus_epoch(), 1795330000U);
}

TEST(Golden, FrameIsSplitAtItsFirstNul) {
    const Vectors vectors;
    const auto event = coven::Event::parse(vectors.named("frame_chat_message").bytes);
    ASSERT_TRUE(event.has_value());
    EXPECT_EQ(event->topic(), "twitch.chat.xqc.message");
    const auto line = event->payload_as<twitch::v1::ChatMessage>();
    ASSERT_TRUE(line.has_value());
    EXPECT_EQ(line->text(), "hello 👋");
}

TEST(Golden, SubscriptionsAreTheBytesThatPatternsGive) {
    EXPECT_EQ(subscription("subscription_exact"),
              coven::Pattern::parse("twitch.chat.xqc.message")->prefix());
    EXPECT_EQ(subscription("subscription_channel"),
              coven::Pattern::parse("twitch.chat.xqc.>")->prefix());
}

TEST(Golden, ExactSubscriptionEndsWithTheNul) {
    const Vectors vectors;
    const auto exact = subscription("subscription_exact");
    EXPECT_EQ(exact, std::string("twitch.chat.xqc.message") + '\0');
    EXPECT_TRUE(vectors.named("frame_chat_message").bytes.starts_with(exact));
    EXPECT_FALSE((std::string("twitch.chat.xqc.message_deleted") + '\0').starts_with(exact));
}

}  // namespace
