#include "presence_lines.hpp"

#include <gtest/gtest.h>

namespace coven::cli {
namespace {

using namespace std::chrono_literals;
using v1::Presence;

Presence presence(Presence::State state, const std::string& reason,
                  const std::string& instance = "chat-1") {
    Presence made;
    made.set_instance(instance);
    made.set_state(state);
    made.set_reason(reason);
    return made;
}

class News : public ::testing::Test {
  protected:
    /// What is said `later` than at the start.
    std::string due(Duration later) {
        std::string text;
        for (const auto& line : lines_.due(Instant{} + later)) {
            text += line.instance + " " + line.text + "\n";
        }
        return text;
    }

    PresenceLines lines_;
};

TEST_F(News, TellsAnotherStateAtOnce) {
    lines_.hear(presence(Presence::STATE_STARTING, "connecting"));
    EXPECT_EQ(due(0s), "chat-1 starting: connecting\n");
    lines_.hear(presence(Presence::STATE_READY, ""));
    EXPECT_EQ(due(1ms), "chat-1 ready\n");
    EXPECT_EQ(due(1h), "");
}

TEST_F(News, TellsAnotherReasonEveryFiveSeconds) {
    lines_.hear(presence(Presence::STATE_STARTING, "1 of 9"));
    EXPECT_EQ(due(0s), "chat-1 starting: 1 of 9\n");
    lines_.hear(presence(Presence::STATE_STARTING, "2 of 9"));
    lines_.hear(presence(Presence::STATE_STARTING, "3 of 9"));
    EXPECT_EQ(due(4999ms), "");
    EXPECT_EQ(due(5s), "chat-1 starting: 3 of 9\n");
}

TEST_F(News, IsNotWhatWasSaidAlready) {
    lines_.hear(presence(Presence::STATE_READY, ""));
    EXPECT_EQ(due(0s), "chat-1 ready\n");
    lines_.hear(presence(Presence::STATE_READY, ""));
    EXPECT_EQ(due(10s), "");
}

TEST_F(News, PassesOverWhatOthersTell) {
    lines_.hear(presence(Presence::STATE_STARTING, ""));
    lines_.hear(presence(Presence::STATE_DRAINING, "told to stop", "chat-2"));
    lines_.hear(presence(Presence::STATE_GONE, "told to stop", "chat-3"));
    EXPECT_EQ(due(0s), "");
}

TEST_F(News, TellsOfWhoCameBack) {
    lines_.hear(presence(Presence::STATE_READY, ""));
    EXPECT_EQ(due(0s), "chat-1 ready\n");
    lines_.hear(presence(Presence::STATE_GONE, "three heartbeats were missed"));
    EXPECT_EQ(due(1s), "");
    lines_.hear(presence(Presence::STATE_READY, ""));
    EXPECT_EQ(due(2s), "chat-1 ready\n");
}

TEST(StateName, IsOneWordForPeople) {
    EXPECT_EQ(state_name(presence(Presence::STATE_DEGRADED, "")), "degraded");
    EXPECT_EQ(state_name(presence(static_cast<Presence::State>(77), "")), "state 77");
}

}  // namespace
}  // namespace coven::cli
