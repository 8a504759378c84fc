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

}  // namespace
}  // namespace coven
