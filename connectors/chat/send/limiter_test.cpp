#include "send/limiter.hpp"

#include <algorithm>
#include <random>
#include <vector>

#include <gtest/gtest.h>

namespace chat {
namespace {

using namespace std::chrono_literals;
using Outcome = SendLimiter::Outcome;

constexpr auto ordinary = Standing::ordinary;
constexpr auto privileged = Standing::privileged;

class LimiterTest : public testing::Test {
  protected:
    bool can(const std::string& channel, Standing standing) {
        return limiter_.turn(channel, standing, now_) <= now_;
    }
    /// Takes and is confirmed at once.
    void send(const std::string& channel, const std::string& text) {
        limiter_.settle(limiter_.take(channel, text, privileged, now_), Outcome::sent, now_);
    }

    coven::Instant now_{1h};
    SendLimiter limiter_{SendLimiter::Limits{}};
};

TEST_F(LimiterTest, LetsTwentyGoAndOneMoreWhenTheFirstHasLeftTheWindow) {
    for (int i = 0; i < 20; ++i) send("c" + std::to_string(i), "text");
    EXPECT_FALSE(can("other", ordinary));
    EXPECT_EQ(limiter_.turn("other", ordinary, now_), now_ + 31s);
    now_ += 31s;
    EXPECT_TRUE(can("other", ordinary));
}

TEST_F(LimiterTest, LetsAHundredGoWhereItIsPrivilegedAndCountsThemElsewhere) {
    for (int i = 0; i < 100; ++i) {
        ASSERT_TRUE(can("own", privileged)) << i;
        send("own", "text");
    }
    EXPECT_FALSE(can("own", privileged));
    EXPECT_FALSE(can("other", ordinary));
}

TEST_F(LimiterTest, DoesNotLetOthersArriveBeforeALineThatTheyWouldLeaveNoRoomFor) {
    for (int i = 0; i < 19; ++i) send("own", "text");
    const auto slow = limiter_.take("other", "text", ordinary, now_);
    EXPECT_FALSE(can("own", privileged));
    limiter_.settle(slow, Outcome::sent, now_);
    EXPECT_TRUE(can("own", privileged));
}

TEST_F(LimiterTest, PausesInAChannelWhereItIsOrdinary) {
    send("a", "one");
    EXPECT_TRUE(can("b", ordinary));
    EXPECT_TRUE(can("a", privileged));
    EXPECT_EQ(limiter_.turn("a", ordinary, now_), now_ + 1100ms);
}

TEST_F(LimiterTest, HasOneLineUnderWayInAChannel) {
    const auto number = limiter_.take("a", "one", ordinary, now_);
    EXPECT_EQ(limiter_.turn("a", privileged, now_), coven::Instant::max());
    limiter_.settle(number, Outcome::not_written, now_);
    EXPECT_TRUE(can("a", ordinary));
    EXPECT_EQ(limiter_.used(now_), 0u);
}

TEST_F(LimiterTest, KnowsRepeats) {
    const auto repeat = [this](const std::string& channel, const std::string& text) {
        return limiter_.repeat_turn(channel, text, now_) - now_;
    };
    const auto number = limiter_.take("a", "one", ordinary, now_);
    EXPECT_EQ(repeat("a", "one"), 31s);
    limiter_.settle(number, Outcome::sent, now_);
    now_ += 10s;
    EXPECT_EQ(repeat("a", "one"), 21s);
    EXPECT_EQ(repeat("a", "two"), 0s);
    EXPECT_EQ(repeat("b", "one"), 0s);
    limiter_.settle(limiter_.take("b", "one", ordinary, now_), Outcome::refused, now_);
    EXPECT_EQ(repeat("b", "one"), 0s);
}

TEST_F(LimiterTest, AssumesAndCountsWhatOthersSent) {
    limiter_.assume_full(now_);
    EXPECT_FALSE(can("a", privileged));
    limiter_.forget();
    limiter_.count_earlier(19, now_ - 10s);
    EXPECT_TRUE(can("a", ordinary));
    send("a", "text");
    EXPECT_FALSE(can("b", ordinary));
    now_ += 21s;
    EXPECT_TRUE(can("b", ordinary));
    EXPECT_EQ(limiter_.used(now_), 1u);
}

/// What Twitch sees.
struct Arrival {
    coven::Instant at;
    std::string channel;
    Standing standing;
};

/// Twitch's rules, looked at from each arrival on: how often they are broken.
int breaches(std::vector<Arrival> arrivals) {
    std::sort(arrivals.begin(), arrivals.end(),
              [](const auto& a, const auto& b) { return a.at < b.at; });
    int found = 0;
    for (auto last = arrivals.begin(); last != arrivals.end(); ++last) {
        int in_window = 0;
        for (auto one = arrivals.begin(); one <= last; ++one) {
            if (one->at > last->at - 30s) ++in_window;
            const bool same = one != last && one->channel == last->channel;
            if (same && last->standing == ordinary && one->at > last->at - 1s) ++found;
        }
        if (in_window > (last->standing == ordinary ? 20 : 100)) ++found;
    }
    return found;
}

/// Ten minutes of greedy senders, whose lines arrive and are confirmed after random times. With the
/// care "none" a line gives its place back `window` after it was written.
std::vector<Arrival> storm(unsigned seed, const std::string& care) {
    std::mt19937 random(seed);
    std::uniform_int_distribution<int> channel_of(0, 7);
    std::uniform_int_distribution<int> way(0, 4000);
    SendLimiter limiter{SendLimiter::Limits{}};
    struct Flight {
        SendLimiter::Number number;
        coven::Instant confirmed;
    };
    std::vector<Flight> flights;
    std::vector<Arrival> arrivals;
    coven::Instant now{1h};
    const auto end = now + 10min;
    for (; now < end; now += 50ms) {
        std::erase_if(flights, [&](const Flight& flight) {
            if (flight.confirmed > now) return false;
            limiter.settle(flight.number, Outcome::sent, now);
            return true;
        });
        const int number = channel_of(random);
        const auto channel = "c" + std::to_string(number);
        const auto standing = number < 2 ? privileged : ordinary;
        if (limiter.turn(channel, standing, now) > now) continue;
        const std::chrono::milliseconds there(way(random));
        const std::chrono::milliseconds back(way(random));
        const auto taken = limiter.take(channel, std::to_string(arrivals.size()), standing, now);
        if (care == "none") limiter.settle(taken, Outcome::sent, now - 1s);
        if (care == "full") flights.push_back({taken, now + there + back});
        arrivals.push_back({now + there, channel, standing});
    }
    return arrivals;
}

TEST(SendLimiterModel, NeverBreaksTwitchsRulesHoweverLongTheWayIs) {
    for (unsigned seed = 1; seed <= 20; ++seed) {
        const auto arrivals = storm(seed, "full");
        EXPECT_EQ(breaches(arrivals), 0) << "seed " << seed;
        // It does not err by sending next to nothing.
        EXPECT_GT(arrivals.size(), 250u) << "seed " << seed;
    }
}

TEST(SendLimiterModel, WouldBreakThemWithoutRegardForTheWay) {
    EXPECT_GT(breaches(storm(1, "none")), 0);
}

}  // namespace
}  // namespace chat
