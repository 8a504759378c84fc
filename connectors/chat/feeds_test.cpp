#include "feeds.hpp"

#include <algorithm>
#include <random>
#include <set>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include "chat_server.hpp"
#include "coven/v1/bus.pb.h"
#include "coven_testing/moved_clock.hpp"
#include "coven_testing/played_tokens.hpp"
#include "coven_testing/test_jobs.hpp"
#include "coven_testing/turn_until.hpp"
#include "twitch/v1/chat.pb.h"

namespace {

using namespace std::chrono_literals;
using chat::Feeds;
using chat::Reader;

/// Feeds of two rooms each and the simulator's chat server, in one thread, on a clock that the test
/// moves.
class FeedsOfTwoRooms : public testing::Test {
  protected:
    FeedsOfTwoRooms() {
        server_ = coven::sim::ChatServer::listen(io_, clock_, {}).value();
        settings_.url = server_->url();
        jobs_.start(server_->run());
        jobs_.start(outlet_.announce_gaps());
    }
    ~FeedsOfTwoRooms() override { jobs_.finish(); }

    /// Three rooms an account.
    void open(const std::vector<std::string>& accounts, std::size_t rooms_per_connection = 2) {
        std::vector<std::unique_ptr<Reader>> readers;
        readers.reserve(accounts.size() + 1);
        for (const auto& login : accounts) {
            auto tokens = std::make_unique<coven::testing::PlayedTokens>();
            tokens_.push_back(tokens.get());
            readers.push_back(std::make_unique<Reader>(login, std::move(tokens), limits_));
        }
        readers.push_back(std::make_unique<Reader>("justinfan1", limits_));
        const Feeds::Limits rooms{rooms_per_connection, 3};
        feeds_ = std::make_unique<Feeds>(settings_, rooms, std::move(readers), shared_,
                                         io_.get_executor());
        jobs_.start(feeds_->run());
    }
    void want(const std::vector<std::string>& channels) {
        for (const auto& channel : channels) {
            coverage_.add(channel);
            outlet_.add(channel);
            feeds_->want(channel);
        }
    }
    void drop(const std::string& channel) {
        feeds_->drop(channel);
        coverage_.remove(channel, clock_.now());
        outlet_.remove(channel);
    }
    /// Lets the sockets work, and the clock go on, until `holds`.
    template <class Holds>
    testing::AssertionResult until(Holds holds) {
        const auto go_on = [this] { clock_.advance(io_, 10ms); };
        return coven::testing::turn_until(io_, holds, go_on);
    }
    testing::AssertionResult hears(std::size_t count) {
        return until([&] { return coverage_.heard() == count; });
    }
    std::size_t connections() { return server_->connection_numbers().size(); }
    const std::string& reader_of(const std::string& channel) {
        return feeds_->feed_of(channel)->reader().login();
    }
    coven::Published take(const coven::Topic& topic, const coven::v1::Event& event) {
        if (topic.text().ends_with(".gap")) gaps_.push_back(event);
        twitch::v1::ChatMessage message;
        if (event.proto_data().UnpackTo(&message)) texts_.insert(message.text());
        return coven::Published::queued;
    }
    boost::asio::awaitable<void> room() { co_return; }

    boost::asio::io_context io_;
    coven::testing::MovedClock clock_;
    std::vector<coven::v1::Event> gaps_;
    std::set<std::string> texts_;
    std::unique_ptr<coven::sim::ChatServer> server_;
    chat::JoinLimiter::Limits limits_{};
    chat::Feed::Settings settings_;
    chat::DialPace pace_{100ms};
    chat::Coverage coverage_;
    chat::Outlet outlet_{{[this](const auto& topic, auto& event) { return take(topic, event); },
                          [this] { return room(); }},
                         coverage_,
                         clock_,
                         chat::LineEvents::Options{},
                         io_.get_executor()};
    chat::ChatNumbers numbers_;
    chat::Feed::Shared shared_{clock_, pace_, coverage_, outlet_, [] {}, numbers_};
    /// Of the accounts, in their order.
    std::vector<coven::testing::PlayedTokens*> tokens_;
    std::unique_ptr<Feeds> feeds_;
    coven::testing::TestJobs jobs_{io_};
};

TEST_F(FeedsOfTwoRooms, OpenAsManyConnectionsAsTheyNeed) {
    open({});
    want({"ann", "bob", "eve", "zoe", "kim"});
    ASSERT_TRUE(hears(5));
    EXPECT_EQ(connections(), 3u);
    EXPECT_EQ(feeds_->status().size(), 3u);
    EXPECT_NE(feeds_->feed_of("ann"), feeds_->feed_of("eve"));
    EXPECT_EQ(feeds_->feed_of("nobody"), nullptr);
}

TEST_F(FeedsOfTwoRooms, FillThePlaceOfAChannelThatIsDropped) {
    open({});
    want({"ann", "bob", "eve"});
    ASSERT_TRUE(hears(3));
    const auto* first = feeds_->feed_of("ann");
    drop("ann");
    want({"zoe"});
    EXPECT_EQ(feeds_->feed_of("zoe"), first);
    ASSERT_TRUE(hears(3));
    EXPECT_EQ(connections(), 2u);
    EXPECT_TRUE(gaps_.empty());
}

TEST_F(FeedsOfTwoRooms, CloseAConnectionWithoutRoomsAndOpenItAgain) {
    open({});
    want({"ann"});
    ASSERT_TRUE(hears(1));
    drop("ann");
    ASSERT_TRUE(until([&] { return connections() == 0; }));
    EXPECT_FALSE(feeds_->status().front().is_wanted);
    want({"bob"});
    ASSERT_TRUE(hears(1));
    EXPECT_EQ(feeds_->status().size(), 1u);
}

TEST_F(FeedsOfTwoRooms, LeaveTheOthersAloneWhenOneIsCut) {
    open({});
    want({"ann", "bob", "eve", "zoe"});
    ASSERT_TRUE(hears(4));
    server_->cut(server_->connection_numbers().front());
    ASSERT_TRUE(until([&] { return coverage_.heard() == 2; }));
    ASSERT_TRUE(hears(4));
    ASSERT_TRUE(until([&] { return gaps_.size() == 2; }));
    EXPECT_EQ(server_->tally().connections, 3u);
}

TEST_F(FeedsOfTwoRooms, FillAccountsFirstAndRespectTheirLimit) {
    open({"ada", "max"});
    want({"a", "b", "c", "d", "e", "f", "g"});
    EXPECT_EQ(reader_of("a"), "ada");
    EXPECT_EQ(reader_of("c"), "ada");
    EXPECT_EQ(reader_of("d"), "max");
    EXPECT_EQ(reader_of("f"), "max");
    EXPECT_EQ(reader_of("g"), "");
    drop("b");
    want({"h"});
    EXPECT_EQ(reader_of("h"), "ada");
}

TEST_F(FeedsOfTwoRooms, GiveUpAnAccountThatAnotherReplicaUses) {
    open({"ada"});
    want({"a", "b"});
    EXPECT_EQ(reader_of("a"), "ada");
    auto& ada = *feeds_->readers().front();
    feeds_->release(ada);
    EXPECT_EQ(reader_of("a"), "");
    EXPECT_EQ(reader_of("b"), "");
    ASSERT_TRUE(hears(2));
    feeds_->take_back(ada);
    want({"c"});
    EXPECT_EQ(reader_of("c"), "ada");
}

TEST_F(FeedsOfTwoRooms, ReadWithoutAnAccountWhoseTokensTwitchDoesNotTake) {
    server_->refuse_logins(4, "Login authentication failed");
    open({"ada"});
    want({"a", "b", "c"});
    EXPECT_EQ(reader_of("a"), "ada");
    ASSERT_TRUE(hears(3));
    EXPECT_EQ(reader_of("a"), "");
    EXPECT_EQ(reader_of("c"), "");
    EXPECT_NE(feeds_->readers().front()->shut_out(), "");
    // Two connections were refused with it, and one token was got in its place.
    EXPECT_EQ(tokens_.front()->replaced, std::vector<std::string>{"token-1"});
    EXPECT_TRUE(gaps_.empty());
}

TEST_F(FeedsOfTwoRooms, ReadWithAnAccountOnceItIsLoggedIn) {
    settings_.rooms.retry = 10s;
    open({"ada"});
    tokens_.front()->missing = "'ada' is not logged in";
    want({"a"});
    ASSERT_TRUE(hears(1));
    EXPECT_EQ(reader_of("a"), "");
    EXPECT_EQ(feeds_->readers().front()->shut_out(), "'ada' is not logged in");
    want({"b"});
    EXPECT_EQ(reader_of("b"), "");
    tokens_.front()->missing = "";
    ASSERT_TRUE(until([&] { return feeds_->readers().front()->shut_out().empty(); }));
    want({"d"});
    EXPECT_EQ(reader_of("d"), "ada");
    EXPECT_EQ(reader_of("a"), "");
}

/// 500 channels over an hour of cuts, and the account of it.
class FeedsOfFiveHundredRooms : public FeedsOfTwoRooms {
  protected:
    struct Said {
        std::string channel;
        std::uint64_t time_us;
        std::string text;
    };
    static constexpr std::size_t rooms = 500;

    static std::string name(std::size_t number) { return "room_" + std::to_string(number); }

    /// Moves the clock on while all that can happen at this moment happens.
    void step() {
        clock_.advance(io_, 500ms);
        const auto at_rest = [this] {
            io_.restart();
            if (io_.poll() > 0) return false;
            const auto feeds = feeds_->status();
            // A connection takes a thread of Asio's (name look-up) and real time.
            return std::none_of(feeds.begin(), feeds.end(),
                                [](const auto& feed) { return feed.dialing; });
        };
        const auto deadline = std::chrono::steady_clock::now() + 20s;
        while (!at_rest()) {
            ASSERT_LT(std::chrono::steady_clock::now(), deadline);
            io_.restart();
            io_.run_one_for(1ms);
        }
    }
    void say_somewhere() {
        const auto channel = name(random_() % rooms);
        said_.push_back({channel, coven::microseconds_since_epoch(clock_.now()),
                         "line " + std::to_string(said_.size())});
        server_->say(channel, "eve", said_.back().text);
    }
    void cut_somewhere() {
        const auto connections = server_->connection_numbers();
        if (!connections.empty()) server_->cut(connections[random_() % connections.size()]);
    }
    bool is_announced(const Said& line) const {
        return std::any_of(gaps_.begin(), gaps_.end(), [&line](const auto& event) {
            coven::v1::SourceGap gap;
            event.proto_data().UnpackTo(&gap);
            return event.channel_login() == line.channel && gap.from_us() <= line.time_us &&
                   line.time_us <= gap.to_us();
        });
    }
    std::vector<Said> missing() const {
        std::vector<Said> missing;
        for (const auto& line : said_) {
            if (!texts_.contains(line.text)) missing.push_back(line);
        }
        return missing;
    }

    std::minstd_rand random_{2026};
    std::vector<Said> said_;
};

TEST_F(FeedsOfFiveHundredRooms, ReceiveOrAnnounceAllThatIsSaidInAnHourOfCuts) {
    open({}, 90);
    std::vector<std::string> channels;
    channels.reserve(rooms);
    for (std::size_t i = 0; i < rooms; ++i) channels.push_back(name(i));
    want(channels);
    for (int i = 0; i < 2000 && coverage_.heard() < rooms; ++i) step();
    ASSERT_EQ(coverage_.heard(), rooms);
    const auto end = clock_.now() + 1h;
    while (clock_.now() < end) {
        for (int i = 0; i < 3; ++i) say_somewhere();
        // While lines are under way.
        if (random_() % 120 == 0) cut_somewhere();
        step();
    }
    for (int i = 0; i < 2000 && coverage_.heard() < rooms; ++i) step();
    ASSERT_EQ(coverage_.heard(), rooms);
    step();
    const auto lost = missing();
    const auto announced = static_cast<std::size_t>(std::count_if(
        lost.begin(), lost.end(), [this](const auto& line) { return is_announced(line); }));
    std::printf("said %zu, missing and announced %zu of %zu, gaps %zu, connections %llu\n",
                said_.size(), announced, lost.size(), gaps_.size(),
                static_cast<unsigned long long>(server_->tally().connections));
    EXPECT_EQ(announced, lost.size());
    // It was hit, so a connector that announces nothing would not pass.
    EXPECT_GT(lost.size(), 0u);
    EXPECT_GT(server_->tally().connections, 10u);
}

}  // namespace
