#include "coven/schema.hpp"

#include <google/protobuf/descriptor.pb.h>
#include <gtest/gtest.h>

#include "coven/v1/request.pb.h"
#include "twitch/v1/chat.pb.h"

namespace coven {
namespace {

TEST(Schema, HoldsTheFilesOfThisBuild) {
    google::protobuf::FileDescriptorSet files;
    const auto bytes = schema_bytes();
    ASSERT_TRUE(files.ParseFromArray(bytes.data(), static_cast<int>(bytes.size())));
    int known = 0;
    for (const auto& file : files.file()) {
        known += file.name() == "coven/v1/event.proto" || file.name() == "twitch/v1/chat.proto";
    }
    EXPECT_EQ(known, 2);
}

TEST(ToJson, KeepsTheNamesOfTheFieldsAndShowsThoseThatAreNothing) {
    v1::EpochStart start;
    start.set_bus_epoch(7);
    EXPECT_EQ(to_json(start), R"({"bus_epoch":"7","first_offset":"0"})");
    EXPECT_EQ(to_json(v1::ConnectorsList()), R"({"connectors":[]})");
}

TEST(ToJson, DecodesAnyPayloadOfThisBuild) {
    twitch::v1::ChatMessage line;
    line.set_text("hi");
    google::protobuf::Any payload;
    payload.PackFrom(line);
    EXPECT_NE(to_json(payload)->find(R"("text":"hi")"), std::string::npos);
}

TEST(ToJson, GivesNothingForWhatItDoesNotKnow) {
    google::protobuf::Any payload;
    payload.set_type_url("type.googleapis.com/somebody.Else");
    EXPECT_EQ(to_json(payload), std::nullopt);
    payload.set_type_url("type.googleapis.com/twitch.v1.ChatMessage");
    payload.set_value("\xff\xff\xff\xff");
    EXPECT_EQ(to_json(payload), std::nullopt);
    EXPECT_EQ(to_json(google::protobuf::Any()), std::nullopt);
}

TEST(PayloadType, IsTheMessageThatNamesTheVerbElseAStruct) {
    EXPECT_EQ(payload_type_of("topics.list")->full_name(), "coven.v1.TopicsListRequest");
    EXPECT_EQ(payload_type_of("history.read")->full_name(), "coven.v1.HistoryReadRequest");
    EXPECT_EQ(payload_type_of("dice.roll")->full_name(), "google.protobuf.Struct");
    // An empty verb is not that of all messages without one.
    EXPECT_EQ(payload_type_of("")->full_name(), "google.protobuf.Struct");
}

TEST(FromJson, GivesWhatToJsonShows) {
    const auto payload = from_json(*payload_type_of("topics.list"), R"({"prefix":"a","limit":3})");
    EXPECT_EQ(to_json(*payload), R"({"prefix":"a","after":"","limit":3})");
    const auto open = from_json(*payload_type_of("dice.roll"), R"({"sides":6})");
    EXPECT_EQ(to_json(*open), R"({"sides":6})");
}

TEST(FromJson, SaysWhatItCannotRead) {
    const auto& type = *payload_type_of("topics.list");
    EXPECT_TRUE(from_json(type, R"({"prefx":"a"})").has_error());
    EXPECT_TRUE(from_json(type, R"({"limit":"many"})").has_error());
    EXPECT_TRUE(from_json(type, "{").has_error());
}

}  // namespace
}  // namespace coven
