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

TEST(ToJson, KeepsTheNamesOfTheFields) {
    twitch::v1::ChatMessage line;
    line.set_display_name("xQc");
    line.set_bits(100);
    EXPECT_EQ(to_json(line), R"({"display_name":"xQc","bits":"100"})");
}

TEST(ToJson, DecodesAnyPayloadOfThisBuild) {
    twitch::v1::ChatMessage line;
    line.set_text("hi");
    google::protobuf::Any payload;
    payload.PackFrom(line);
    EXPECT_EQ(to_json(payload), R"({"text":"hi"})");
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
