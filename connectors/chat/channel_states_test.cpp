#include "channel_states.hpp"

#include <gtest/gtest.h>

#include "coven_testing/moved_clock.hpp"

namespace {

using namespace std::chrono_literals;
using chat::Coverage;
using chat::JoinQueue;
using chat::Roster;
using coven::v1::ChannelState;

class StatesOfFour : public testing::Test {
  protected:
    /// "ann JOINED, bob WANTED ahead=1 in 12 s (banned)"
    std::string shown(const std::string& trouble, const Roster* roster) {
        std::string text;
        const auto now = coven::microseconds_since_epoch(clock_.now());
        chat::ChannelStates states(coverage_, clock_);
        states.look_at(queue_);
        chat::Feed::Status feed;
        feed.trouble = trouble;
        feed.roster = roster;
        for (const auto& channel : channels_) {
            const auto state = states.of(channel, feed);
            text += (text.empty() ? "" : ", ") + state.channel() + " " +
                    ChannelState::State_Name(state.state()).substr(6);
            if (state.ahead() > 0) text += " ahead=" + std::to_string(state.ahead());
            if (state.expected_us() > now) {
                text += " in " + std::to_string((state.expected_us() - now) / 1'000'000) + " s";
            }
            if (!state.reason().empty()) text += " (" + state.reason() + ")";
        }
        return text;
    }

    coven::testing::MovedClock clock_;
    std::vector<std::string> channels_{"ann", "bob", "eve", "zoe"};
    JoinQueue queue_{{.joins = 2, .window = 12s}};
    Roster roster_ = [this] {
        Roster roster({}, queue_);
        for (const auto& channel : channels_) roster.want(channel, JoinQueue::Turn::last);
        return roster;
    }();
    Coverage coverage_{channels_};
};

TEST_F(StatesOfFour, AreWantedUntilThereIsAConnection) {
    EXPECT_EQ(shown("", nullptr),
              "ann WANTED (connecting), bob WANTED (connecting), "
              "eve WANTED (connecting), zoe WANTED (connecting)");
    EXPECT_EQ(shown("no route", nullptr),
              "ann WANTED (no route), bob WANTED (no route), "
              "eve WANTED (no route), zoe WANTED (no route)");
}

TEST_F(StatesOfFour, SayWhoseTurnIsWhen) {
    roster_.advance(clock_.instant());
    EXPECT_EQ(shown("", &roster_),
              "ann JOINING, bob JOINING, eve WANTED in 12 s, zoe WANTED ahead=1 in 12 s");
    roster_.join("ann");
    coverage_.join("ann", clock_.now());
    roster_.refuse("bob", "banned", clock_.instant());
    EXPECT_EQ(shown("", &roster_),
              "ann JOINED, bob REFUSED in 300 s (banned), "
              "eve WANTED in 12 s, zoe WANTED ahead=1 in 12 s");
}

TEST_F(StatesOfFour, AreJoinedWhileAnyConnectionHearsThem) {
    for (const auto& channel : channels_) coverage_.join(channel, clock_.now());
    EXPECT_EQ(shown("", &roster_), "ann JOINED, bob JOINED, eve JOINED, zoe JOINED");
    EXPECT_EQ(shown("lost", nullptr), "ann JOINED, bob JOINED, eve JOINED, zoe JOINED");
}

}  // namespace
