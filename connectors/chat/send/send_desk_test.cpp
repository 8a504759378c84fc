#include "send/send_desk.hpp"

#include <algorithm>
#include <optional>

#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include "coven_testing/http_script.hpp"
#include "coven_testing/moved_clock.hpp"
#include "coven_testing/played_tokens.hpp"
#include "coven_testing/test_jobs.hpp"
#include "coven_testing/turn_until.hpp"

namespace chat {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;
using coven::testing::http_answer;
using coven::v1::Reply;
using twitch::v1::ChatSent;

std::string sent_answer(const std::string& id) {
    return http_answer(200, R"({"data":[{"message_id":")" + id + R"(","is_sent":true}]})");
}

std::string drop_answer(const std::string& code) {
    return http_answer(200, R"({"data":[{"message_id":"","is_sent":false,"drop_reason":{"code":")" +
                                code + R"(","message":"Said so."}}]})");
}

/// A desk of the account "bot" on a clock that the test moves, with a Helix that says what a script
/// says.
class SendDeskTest : public testing::Test {
  protected:
    SendDeskTest() {
        auto tokens = std::make_unique<coven::testing::PlayedTokens>();
        tokens->account = "bot";
        tokens->scopes = {"user:write:chat"};
        tokens_ = tokens.get();
        shop_.helix_url = helix_.url();
        shop_.publish = [this](const ChatSent& sent) { sent_.push_back(sent); };
        shop_.look_back = [this](const std::string& /*account*/) { return look_back(); };
        desk_ = std::make_unique<SendDesk>(shop_, "bot", std::move(tokens));
        for (const char* channel : {"ann", "bob", "eve", "bot"}) ids_.learn(channel, "9");
        past_.diary = std::vector<coven::Time>();
        jobs_.start(desk_->run());
        desk_->open();
    }
    ~SendDeskTest() override { jobs_.finish(); }

    asio::awaitable<SendPast> look_back() { co_return past_; }
    SendOrder order(const std::string& channel, const std::string& text) {
        SendOrder order;
        order.speech.channel = channel;
        order.speech.text = text;
        order.expires = clock_.instant() + 20s;
        return order;
    }
    asio::awaitable<void> ask(SendOrder order, std::optional<Reply>& reply) {
        auto answer = co_await desk_->send(std::move(order));
        reply = std::move(answer);
    }
    /// The clock moves only while nothing is on its way to Helix.
    template <class Holds>
    testing::AssertionResult until(Holds holds, coven::Duration step) {
        const auto go_on = [this, step] {
            if (landed() >= helix_.seen().size()) clock_.advance(io_, step);
        };
        return coven::testing::turn_until(io_, holds, go_on);
    }
    std::size_t landed() const { return sent_.size() + unsettled_; }
    Reply answer_to(SendOrder order) {
        std::optional<Reply> reply;
        jobs_.start(ask(std::move(order), reply));
        EXPECT_TRUE(until([&] { return reply.has_value(); }, 100ms));
        return reply.value_or(Reply());
    }

    asio::io_context io_{1};
    coven::testing::MovedClock clock_;
    coven::testing::HttpScript helix_{io_};
    coven::HttpClient http_{io_.get_executor(), clock_, {}};
    ChannelIds ids_{clock_};
    SendNumbers numbers_;
    SendShop shop_{clock_, http_, ids_, numbers_, io_.get_executor(), nullptr, {}, {}, "", {}, {}};
    SendPast past_;
    coven::testing::PlayedTokens* tokens_ = nullptr;
    std::unique_ptr<SendDesk> desk_;
    std::vector<ChatSent> sent_;
    /// Calls of Helix after which nothing is told.
    std::size_t unsettled_ = 0;
    coven::testing::TestJobs jobs_{io_};
};

TEST_F(SendDeskTest, SaysTheIdAndTellsTheBus) {
    helix_.answer(sent_answer("m1"));
    auto line = order("ann", "say \"hi\" \\ 😂");
    line.speech.reply_to = "44f8";
    const auto reply = answer_to(line);
    EXPECT_EQ(reply.status(), Reply::OK) << reply.message();
    ChatSent sent;
    ASSERT_TRUE(reply.payload().UnpackTo(&sent));
    EXPECT_EQ(sent.message_id(), "m1");
    EXPECT_EQ(sent.transport(), ChatSent::TRANSPORT_HELIX);
    EXPECT_EQ(sent.account(), "bot");
    ASSERT_EQ(sent_.size(), 1u);
    EXPECT_EQ(sent_[0].status(), Reply::OK);
    ASSERT_EQ(helix_.seen().size(), 1u);
    EXPECT_EQ(helix_.seen()[0].body,
              R"({"broadcaster_id":"9","sender_id":"of-bot","message":"say \"hi\" \\ 😂",)"
              R"("reply_parent_message_id":"44f8"})");
}

TEST_F(SendDeskTest, GivesTheDropCodeAsTwitchWordsIt) {
    int number = 0;
    for (const char* code : {"msg_duplicate", "channel_settings", "followers_only_mode",
                             "user_timed_out", "user_warned", "banned_phone_alias", "new_code"}) {
        helix_.answer(drop_answer(code));
        const auto reply = answer_to(order("ann", std::to_string(++number)));
        EXPECT_EQ(reply.status(), Reply::FAILED);
        EXPECT_EQ(reply.code(), code);
        EXPECT_EQ(reply.message(), "Twitch dropped it: Said so.");
        EXPECT_EQ(sent_.back().code(), code);
    }
}

TEST_F(SendDeskTest, TellsWhatTwitchRefusedFromWhatNobodyKnows) {
    struct Row {
        std::string answer;
        Reply::Status status;
        std::string code;
    };
    const auto body = [](const std::string& message) {
        return R"({"message":")" + message + "\"}";
    };
    const std::vector<Row> rows = {
        {http_answer(400, body("bad id")), Reply::FAILED, "twitch_400"},
        {http_answer(401, body("Missing scope: user:write:chat")), Reply::FAILED, "scope_missing"},
        {http_answer(403, body("banned")), Reply::FAILED, "twitch_403"},
        {http_answer(422, body("too long")), Reply::FAILED, "twitch_422"},
        {http_answer(500, body("oops")), Reply::UNKNOWN, "twitch_500"},
        {http_answer(503, ""), Reply::UNKNOWN, "twitch_503"},
        {http_answer(200, "{}"), Reply::UNKNOWN, "answer_malformed"},
        {http_answer(200, "<html>"), Reply::UNKNOWN, "answer_malformed"}};
    int number = 0;
    for (const auto& row : rows) {
        helix_.answer(row.answer);
        const auto reply = answer_to(order("ann", std::to_string(++number)));
        EXPECT_EQ(reply.status(), row.status) << row.code << ": " << reply.message();
        EXPECT_EQ(reply.code(), row.code);
        EXPECT_EQ(sent_.back().status(), row.status);
    }
    // Each was tried once, whatever came of it.
    EXPECT_EQ(helix_.seen().size(), rows.size());
}

TEST_F(SendDeskTest, IsNotSureWhenTheConnectionEndsWithoutAnAnswer) {
    helix_.answer("", coven::testing::HttpScript::Then::reset);
    EXPECT_EQ(answer_to(order("ann", "hi")).status(), Reply::UNKNOWN);
    EXPECT_EQ(helix_.seen().size(), 1u);
}

TEST_F(SendDeskTest, TriesAgainWhatTwitchTurnedAwayUnreadFor429) {
    helix_.answer(http_answer(429, "{}"));
    helix_.answer(sent_answer("m1"));
    unsettled_ = 1;
    const auto reply = answer_to(order("ann", "hi"));
    EXPECT_EQ(reply.status(), Reply::OK) << reply.message();
    EXPECT_EQ(helix_.seen().size(), 2u);
}

TEST_F(SendDeskTest, RefusesTheSameTextWithinHalfAMinuteBeforeItIsSent) {
    helix_.answer_always(sent_answer("m"));
    EXPECT_EQ(answer_to(order("ann", "hi")).status(), Reply::OK);
    const auto reply = answer_to(order("ann", "hi"));
    EXPECT_EQ(reply.status(), Reply::REJECTED);
    EXPECT_EQ(reply.code(), "duplicate");
    EXPECT_GT(reply.retry_after_ms(), 29000u);
    EXPECT_EQ(answer_to(order("bob", "hi")).status(), Reply::OK);
    // In its own channel it may.
    EXPECT_EQ(answer_to(order("bot", "hi")).status(), Reply::OK);
    EXPECT_EQ(answer_to(order("bot", "hi")).status(), Reply::OK);
    EXPECT_EQ(helix_.seen().size(), 4u);
}

TEST_F(SendDeskTest, DropsAtOnceWhatShallNotWait) {
    helix_.answer_always(sent_answer("m"));
    EXPECT_EQ(answer_to(order("ann", "1")).status(), Reply::OK);
    auto hasty = order("ann", "2");
    hasty.on_limit = twitch::v1::ON_LIMIT_DROP;
    const auto reply = answer_to(hasty);
    EXPECT_EQ(reply.status(), Reply::RATE_LIMITED);
    EXPECT_GT(reply.retry_after_ms(), 0u);
    EXPECT_LE(reply.retry_after_ms(), 1100u);
    EXPECT_EQ(helix_.seen().size(), 1u);
}

TEST_F(SendDeskTest, NeverSendsLate) {
    helix_.answer_always(sent_answer("m"));
    EXPECT_EQ(answer_to(order("ann", "1")).status(), Reply::OK);
    auto short_lived = order("ann", "2");
    short_lived.expires = clock_.instant() + 500ms;
    EXPECT_EQ(answer_to(short_lived).status(), Reply::EXPIRED);
    auto dead = order("bob", "3");
    dead.expires = clock_.instant();
    EXPECT_EQ(answer_to(dead).status(), Reply::EXPIRED);
    clock_.advance(io_, 60s);
    EXPECT_EQ(helix_.seen().size(), 1u);
}

TEST_F(SendDeskTest, SaysWhatIsMissingAndHowToGetIt) {
    tokens_->scopes = {"channel:bot"};
    auto reply = answer_to(order("ann", "hi"));
    EXPECT_EQ(reply.status(), Reply::NO_ROUTE);
    EXPECT_EQ(reply.message(),
              "account 'bot' has not granted user:write:chat or chat:edit; log in again: coven "
              "login --scopes channel:bot,user:write:chat");
    tokens_->missing = "nobody is logged in: `coven login` does it";
    reply = answer_to(order("ann", "hi"));
    EXPECT_EQ(reply.status(), Reply::NO_ROUTE);
    EXPECT_EQ(reply.code(), "account_missing");
    EXPECT_TRUE(helix_.seen().empty());
}

TEST_F(SendDeskTest, SaysThatTwitchHasNobodyOfThatLogin) {
    helix_.answer(http_answer(200, R"({"data":[]})"));
    unsettled_ = 1;
    const auto reply = answer_to(order("ghost", "hi"));
    EXPECT_EQ(reply.status(), Reply::FAILED);
    EXPECT_EQ(reply.code(), "channel_unknown");
}

TEST_F(SendDeskTest, HandsBackWhatWaitsWhenAnotherInstanceTakesTheAccount) {
    helix_.answer_always(sent_answer("m"));
    EXPECT_EQ(answer_to(order("ann", "1")).status(), Reply::OK);
    std::optional<Reply> reply;
    jobs_.start(ask(order("ann", "2"), reply));
    EXPECT_TRUE(until([&] { return numbers_.waiting == 1; }, 0s));
    desk_->close();
    EXPECT_TRUE(until([&] { return reply.has_value(); }, 0s));
    EXPECT_EQ(reply->status(), Reply::NO_ROUTE);
    EXPECT_EQ(reply->code(), "account_moved");
}

TEST_F(SendDeskTest, WaitsAWindowWhereNobodyKnowsWhatWasSent) {
    desk_->close();
    past_ = SendPast();
    desk_->open();
    helix_.answer_always(sent_answer("m"));
    EXPECT_EQ(answer_to(order("ann", "1")).status(), Reply::EXPIRED);
    auto patient = order("ann", "2");
    patient.expires = clock_.instant() + 60s;
    const auto before = clock_.instant();
    EXPECT_EQ(answer_to(patient).status(), Reply::OK);
    EXPECT_GT(clock_.instant(), before + 5s);
}

TEST_F(SendDeskTest, WritesFasterWhereItIsToldThatItIsModeratorAndNoLongerThanThat) {
    helix_.answer_always(sent_answer("m"));
    EXPECT_EQ(answer_to(order("ann", "hi")).status(), Reply::OK);
    EXPECT_EQ(answer_to(order("ann", "hi")).code(), "duplicate");
    desk_->learn_role("ann", Standing::privileged);
    EXPECT_EQ(answer_to(order("ann", "hi")).status(), Reply::OK);
    desk_->learn_role("ann", Standing::ordinary);
    EXPECT_EQ(answer_to(order("ann", "hi")).code(), "duplicate");
}

TEST_F(SendDeskTest, TakesARefusalForTooManyLinesForTheEndOfARole) {
    desk_->learn_role("ann", Standing::privileged);
    helix_.answer(drop_answer("msg_ratelimit"));
    helix_.answer_always(sent_answer("m"));
    EXPECT_EQ(answer_to(order("ann", "hi")).code(), "msg_ratelimit");
    auto patient = order("ann", "hi");
    patient.expires = clock_.instant() + 60s;
    EXPECT_EQ(answer_to(patient).status(), Reply::OK);
    EXPECT_EQ(answer_to(order("ann", "hi")).code(), "duplicate");
}

TEST_F(SendDeskTest, AsksOnceWhichChannelsItModeratesIfItMay) {
    tokens_->scopes.push_back("user:read:moderated_channels");
    helix_.answer(http_answer(200, R"({"data":[{"broadcaster_login":"eve"}],
                                       "pagination":{"cursor":"more"}})"));
    helix_.answer(http_answer(200, R"({"data":[{"broadcaster_login":"ann"}],"pagination":{}})"));
    helix_.answer_always(sent_answer("m"));
    unsettled_ = 2;
    for (const char* channel : {"ann", "ann", "eve", "eve", "bob"}) {
        EXPECT_EQ(answer_to(order(channel, "hi")).status(), Reply::OK) << channel;
    }
    EXPECT_EQ(answer_to(order("bob", "hi")).code(), "duplicate");
    ASSERT_EQ(helix_.seen().size(), 7u);
    EXPECT_EQ(helix_.seen()[0].target, "/moderation/channels?user_id=of-bot&first=100");
    EXPECT_EQ(helix_.seen()[1].target, "/moderation/channels?user_id=of-bot&first=100&after=more");
}

TEST_F(SendDeskTest, CountsAsOrdinaryWhereTwitchDoesNotSay) {
    tokens_->scopes.push_back("user:read:moderated_channels");
    helix_.answer(http_answer(403, "{}"));
    helix_.answer_always(sent_answer("m"));
    unsettled_ = 1;
    EXPECT_EQ(answer_to(order("ann", "hi")).status(), Reply::OK);
    EXPECT_EQ(answer_to(order("ann", "hi")).code(), "duplicate");
}

TEST_F(SendDeskTest, KnowsItsOwnChannelByItsIdToo) {
    ids_.learn("old_name", "of-bot");
    helix_.answer_always(sent_answer("m"));
    EXPECT_EQ(answer_to(order("old_name", "hi")).status(), Reply::OK);
    EXPECT_EQ(answer_to(order("old_name", "hi")).status(), Reply::OK);
}

/// Sixteen that write as fast as they are let, to four channels, with three priorities.
class SixteenSenders : public SendDeskTest {
  protected:
    static constexpr int senders = 16;
    static constexpr int lines_each = 8;

    asio::awaitable<void> write_all(int sender) {
        constexpr std::array channels = {"ann", "bob", "eve", "bot"};
        for (int line = 0; line < lines_each; ++line) {
            auto next = order(channels.at(static_cast<std::size_t>(sender) % channels.size()),
                              std::to_string(sender) + " says " + std::to_string(line));
            next.priority = sender % 3;
            next.expires = clock_.instant() + 1h;
            const auto reply = co_await desk_->send(std::move(next));
            EXPECT_EQ(reply.status(), Reply::OK) << reply.message();
            ++done_;
        }
    }
    int done_ = 0;
};

TEST_F(SixteenSenders, NeverExceedTheLimitOfOneAccount) {
    helix_.answer_always(sent_answer("m"));
    for (int sender = 0; sender < senders; ++sender) jobs_.start(write_all(sender));
    EXPECT_TRUE(until([&] { return done_ == senders * lines_each; }, 50ms));
    ASSERT_EQ(sent_.size(), static_cast<std::size_t>(senders * lines_each));
    std::sort(sent_.begin(), sent_.end(),
              [](const auto& a, const auto& b) { return a.written_us() < b.written_us(); });
    for (std::size_t last = 0; last < sent_.size(); ++last) {
        const bool own = sent_[last].channel() == "bot";
        int in_window = 0;
        for (std::size_t i = 0; i <= last; ++i) {
            const auto age = sent_[last].written_us() - sent_[i].settled_us();
            const bool within = sent_[i].settled_us() > sent_[last].written_us() || age < 30000000;
            in_window += within ? 1 : 0;
            const bool same = i < last && sent_[i].channel() == sent_[last].channel();
            EXPECT_GE(same && !own ? age : 1000000u, 1000000u);
        }
        EXPECT_LE(in_window, own ? 100 : 20) << "line " << last;
    }
}

}  // namespace
}  // namespace chat
