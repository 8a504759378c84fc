#include "feed.hpp"

#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include "chat_server.hpp"
#include "coven/v1/bus.pb.h"
#include "coven_testing/moved_clock.hpp"
#include "coven_testing/test_jobs.hpp"
#include "coven_testing/turn_until.hpp"
#include "presence_text.hpp"

namespace {

using namespace std::chrono_literals;
using chat::Feed;

/// A feed of #ann and #bob and the simulator's chat server, in one thread, on a clock that the test
/// moves.
class FeedOfTwo : public testing::Test {
  protected:
    explicit FeedOfTwo(coven::sim::ChatRules rules = {}) {
        coven::sim::ChatServer::Options options;
        options.rules = std::move(rules);
        server_ = coven::sim::ChatServer::listen(io_, clock_, std::move(options)).value();
        settings_.url = server_->url();
        feed_ = std::make_unique<Feed>(settings_, reader_, shared_, io_.get_executor());
        for (const auto& channel : channels_) {
            outlet_.add(channel);
            feed_->want(channel);
        }
        jobs_.start(server_->run());
        jobs_.start(outlet_.announce_gaps());
        jobs_.start(feed_->run());
    }
    ~FeedOfTwo() override { jobs_.finish(); }

    /// Lets the sockets work until `holds`; the clock stands still.
    template <class Holds>
    testing::AssertionResult until(Holds holds) {
        return coven::testing::turn_until(io_, holds);
    }
    /// Moves the clock in small steps; the sockets work in between. It stands still while a
    /// connection is being made: that takes a thread of Asio's (name look-up) and real time.
    void pass(coven::Duration time) {
        for (coven::Duration passed{0}; passed < time; passed += 500ms) {
            clock_.advance(io_, 500ms);
            EXPECT_TRUE(until([&] { return !feed_->status().dialing; }));
            io_.restart();
            io_.poll();
        }
    }
    bool settles() {
        return bool(until([&] { return coverage_.heard() == channels_.size(); }));
    }
    testing::AssertionResult hears(const std::string& channel, const std::string& text) {
        server_->say(channel, "eve", text);
        return until([&] { return !texts_.empty() && texts_.back() == text; });
    }
    std::string presence() {
        const auto text = chat::presence_text({feed_->status()}, coverage_, clock_.instant());
        return coven::v1::Presence::State_Name(text.state) + ": " + text.reason;
    }
    coven::Published take(const coven::Topic& topic, const coven::v1::Event& event) {
        twitch::v1::ChatMessage message;
        coven::v1::SourceGap gap;
        if (event.proto_data().UnpackTo(&gap)) gaps_.emplace_back(topic.text(), gap);
        if (event.type() == "tv.twitch.chat.room") rooms_.push_back(topic.text());
        if (!event.proto_data().UnpackTo(&message)) return coven::Published::queued;
        texts_.push_back(message.text());
        flags_.push_back(event.flags());
        return coven::Published::queued;
    }
    boost::asio::awaitable<void> room() { co_return; }

    boost::asio::io_context io_;
    coven::testing::MovedClock clock_;
    std::vector<std::string> channels_{"ann", "bob"};
    std::vector<std::string> texts_;
    std::vector<std::uint64_t> flags_;
    std::vector<std::string> rooms_;
    std::vector<std::pair<std::string, coven::v1::SourceGap>> gaps_;
    std::unique_ptr<coven::sim::ChatServer> server_;
    Feed::Settings settings_;
    chat::Reader reader_{"justinfan1", {}};
    chat::DialPace pace_{2s};
    chat::Coverage coverage_{channels_};
    chat::Outlet outlet_{{[this](const auto& topic, auto& event) { return take(topic, event); },
                          [this] { return room(); }},
                         coverage_,
                         clock_,
                         chat::LineEvents::Options{},
                         io_.get_executor()};
    chat::ChatNumbers numbers_;
    Feed::Shared shared_{clock_, pace_, coverage_, outlet_, [] {}, numbers_};
    std::unique_ptr<Feed> feed_;
    coven::testing::TestJobs jobs_{io_};
};

TEST_F(FeedOfTwo, JoinsAndHears) {
    EXPECT_EQ(presence(), "STATE_STARTING: connecting");
    ASSERT_TRUE(settles());
    EXPECT_EQ(presence(), "STATE_READY: ");
    EXPECT_TRUE(hears("ann", "hello"));
    EXPECT_TRUE(hears("bob", "there 😂"));
    EXPECT_EQ(flags_, (std::vector<std::uint64_t>{0, 0}));
    EXPECT_EQ(rooms_, (std::vector<std::string>{"twitch.chat.ann.room", "twitch.chat.bob.room"}));
    EXPECT_TRUE(gaps_.empty());
}

TEST_F(FeedOfTwo, StaysForHoursOnAQuietConnection) {
    ASSERT_TRUE(settles());
    pass(20min);
    EXPECT_EQ(server_->tally().connections, 1u);
    EXPECT_TRUE(hears("ann", "still here"));
}

TEST_F(FeedOfTwo, ReadsLinesThatAreSplitAndJoined) {
    ASSERT_TRUE(settles());
    server_->send_frame(":a!a@a PRIVMSG #ann :one\r\n:a!a@a PRIVMSG #bob :two\r\n:a!a@a PRIV");
    server_->send_frame("MSG #ann :three\r\n");
    ASSERT_TRUE(until([&] { return texts_.size() == 3; }));
    EXPECT_EQ(texts_, (std::vector<std::string>{"one", "two", "three"}));
}

TEST_F(FeedOfTwo, ComesBackAfterACutAndAnnouncesTheGaps) {
    ASSERT_TRUE(settles());
    pass(5s);
    // What was lost on its way was said before the last sign of life.
    const auto before = coven::microseconds_since_epoch(clock_.now() - 2s);
    ASSERT_TRUE(hears("ann", "before"));
    pass(3s);
    server_->cut_all();
    ASSERT_TRUE(until([&] { return coverage_.heard() == 0; }));
    EXPECT_NE(presence().find("STATE_DEGRADED"), std::string::npos);
    for (int i = 0; i < 10 && coverage_.heard() < 2; ++i) pass(1s);
    ASSERT_TRUE(settles());
    ASSERT_TRUE(until([&] { return gaps_.size() == 2; }));
    EXPECT_EQ(gaps_[0].first, "twitch.chat.ann.gap");
    EXPECT_EQ(gaps_[1].first, "twitch.chat.bob.gap");
    EXPECT_EQ(gaps_[0].second.from_us(), before);
    EXPECT_GT(gaps_[0].second.to_us(), before + 3000000);
    EXPECT_EQ(gaps_[0].second.reason(), "the other side is gone: End of file");
    EXPECT_TRUE(hears("bob", "after"));
    EXPECT_EQ(presence(), "STATE_READY: ");
}

TEST_F(FeedOfTwo, GivesUpASilentConnectionAfterThirtyPlusTenSeconds) {
    ASSERT_TRUE(settles());
    server_->fall_silent();
    pass(39s);
    EXPECT_EQ(coverage_.heard(), 2u);
    pass(2s);
    EXPECT_EQ(coverage_.heard(), 0u);
    EXPECT_EQ(presence(), "STATE_DEGRADED: no PONG in time");
}

TEST_F(FeedOfTwo, KnocksAtAServerThatIsDownLessAndLessOften) {
    ASSERT_TRUE(settles());
    server_->fall_silent();
    pass(1h);
    // No welcome within 15 s, a pause of at most 60 s: more than 40 times, never a hot loop.
    EXPECT_GT(server_->tally().connections, 40u);
    EXPECT_LT(server_->tally().connections, 250u);
    server_->speak_again();
    pass(80s);
    EXPECT_TRUE(settles());
}

TEST_F(FeedOfTwo, MissesNothingWhenAskedToReconnect) {
    ASSERT_TRUE(settles());
    ASSERT_TRUE(hears("ann", "one"));
    server_->reconnect();
    for (int i = 0; i < 20 && server_->connection_numbers().size() < 2; ++i) pass(500ms);
    ASSERT_TRUE(until([&] { return server_->connection_numbers().front() != 1; }));
    ASSERT_TRUE(hears("ann", "two"));
    EXPECT_EQ(flags_.back(), coven::v1::EVENT_FLAG_MAYBE_DUPLICATE);
    pass(30s);
    ASSERT_TRUE(hears("bob", "three"));
    EXPECT_EQ(flags_.back(), 0u);
    EXPECT_EQ(server_->tally().connections, 2u);
    EXPECT_EQ(presence(), "STATE_READY: ");
    EXPECT_TRUE(gaps_.empty());
}

TEST_F(FeedOfTwo, FollowsAServerThatAlwaysWantsItToReconnectAtADecentPace) {
    for (int i = 0; i < 60; ++i) {
        settles();
        server_->send_raw(":tmi.twitch.tv RECONNECT");
        pass(1s);
    }
    EXPECT_GT(server_->tally().connections, 2u);
    EXPECT_LT(server_->tally().connections, 10u);
    EXPECT_TRUE(gaps_.empty());
}

TEST_F(FeedOfTwo, RejoinsAChannelItWasThrownOutOf) {
    ASSERT_TRUE(settles());
    server_->suspend("bob");
    ASSERT_TRUE(until([&] { return coverage_.heard() == 1; }));
    EXPECT_EQ(presence().find("STATE_READY: joined 1 of 2 channels; refused: bob ("), 0u);
    EXPECT_TRUE(hears("ann", "still here"));
    server_->restore("bob");
    pass(5min + 1s);
    ASSERT_TRUE(settles());
    ASSERT_TRUE(until([&] { return gaps_.size() == 1; }));
    EXPECT_EQ(gaps_[0].first, "twitch.chat.bob.gap");
    EXPECT_EQ(presence(), "STATE_READY: ");
}

coven::sim::ChatRules strict_rules() {
    coven::sim::ChatRules rules;
    rules.suspended = {"ann"};
    rules.unknown = {"bob"};
    return rules;
}

class FeedOfTheRefused : public FeedOfTwo {
  protected:
    FeedOfTheRefused() : FeedOfTwo(strict_rules()) {}
};

TEST_F(FeedOfTheRefused, SaysWhyEachChannelWasRefused) {
    ASSERT_TRUE(until([&] { return presence().find("; 1 refused") != std::string::npos; }));
    pass(16s);
    EXPECT_EQ(presence(),
              "STATE_DEGRADED: joined 0 of 2 channels; refused: ann (suspended), bob (no answer: "
              "no such channel, or Twitch's limit)");
    EXPECT_EQ(server_->tally().connections, 1u);
}

}  // namespace
