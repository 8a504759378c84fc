#include "room.hpp"

#include <gtest/gtest.h>

namespace coven::sim {
namespace {

class Listener final : public Member {
  public:
    const std::string& login() const override { return login_; }
    const Capabilities& capabilities() const override { return capabilities_; }
    void leave(std::string_view) override {}
    void hear(const ServerLine& line) override { heard.emplace_back(line.whole()); }

    std::vector<std::string> heard;

  private:
    std::string login_ = "listener";
    Capabilities capabilities_;
};

TEST(Rooms, TellOnlyThoseInside) {
    Rooms rooms;
    Listener inside;
    Listener outside;
    EXPECT_TRUE(rooms.enter("xqc", inside));
    rooms.enter("forsen", outside);
    EXPECT_EQ(rooms.tell("xqc", ServerLine("hello"), nullptr), 1u);
    EXPECT_EQ(inside.heard, std::vector<std::string>{"hello"});
    EXPECT_TRUE(outside.heard.empty());
}

TEST(Rooms, LeaveOneMemberOutWhenAsked) {
    Rooms rooms;
    Listener speaker;
    Listener other;
    rooms.enter("xqc", speaker);
    rooms.enter("xqc", other);
    EXPECT_EQ(rooms.tell("xqc", ServerLine("hello"), &speaker), 1u);
    EXPECT_TRUE(speaker.heard.empty());
}

TEST(Rooms, AreEnteredAndLeftOnce) {
    Rooms rooms;
    Listener member;
    EXPECT_TRUE(rooms.enter("xqc", member));
    EXPECT_FALSE(rooms.enter("xqc", member));
    EXPECT_TRUE(rooms.leave("xqc", member));
    EXPECT_FALSE(rooms.leave("xqc", member));
    EXPECT_EQ(rooms.size(), 0u);
    EXPECT_EQ(rooms.changes(), 2u);
}

TEST(Rooms, TakeUpperCaseForAnotherRoom) {
    Rooms rooms;
    Listener member;
    rooms.enter("XQC", member);
    EXPECT_EQ(rooms.tell("xqc", ServerLine("hello"), nullptr), 0u);
}

}  // namespace
}  // namespace coven::sim
