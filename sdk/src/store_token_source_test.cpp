#include "coven/store_token_source.hpp"

#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include "coven/command.hpp"
#include "coven/race.hpp"
#include "coven/temp_folder.hpp"
#include "coven_testing/test_bus.hpp"
#include "run_to_end.hpp"
#include "token_sample_for_test.hpp"
#include "twitch/v1/token.pb.h"

namespace coven {
namespace {

namespace asio = boost::asio;

constexpr std::chrono::seconds limit{60};
constexpr std::chrono::milliseconds pause{10};

class StoreTokenSourceTest : public ::testing::Test {
  public:
    using Body = asio::awaitable<void> (StoreTokenSourceTest::*)();

    void run(Body body) {
        run_to_end(io_, within(clock_, limit, "end of the test", (this->*body)()));
    }
    static std::string words(const Result<AccessToken>& token) {
        return token.has_error() ? token.error().message : std::string(token->text.reveal());
    }

    asio::awaitable<void> give_what_is_there() {
        auto none = co_await any_.token();
        EXPECT_EQ(words(none), "nobody is logged in: `coven login` does it");
        none = co_await ann_.token();
        EXPECT_EQ(words(none), "'ann' is not logged in: `coven login` does it");
        auto ended = sample_token("aaron", 1);
        ended.expires_at = clock_.now();
        store_.write(ended).value();
        auto token = co_await any_.token();
        EXPECT_EQ(words(token), "access-1");
        store_.write(sample_token("ann", 2)).value();
        token = co_await any_.token();
        EXPECT_EQ(words(token), "access-2");
        token = co_await ann_.token();
        EXPECT_EQ(words(token), "access-2");
        EXPECT_EQ(token->login, "ann");
        EXPECT_EQ(token->client_id, "some_client");
    }
    asio::awaitable<void> give_the_newer_one_at_once() {
        store_.write(sample_token("ann", 1)).value();
        const auto refused = co_await ann_.token();
        store_.write(sample_token("ann", 2)).value();
        const auto token = co_await ann_.replace(*refused);
        EXPECT_EQ(words(token), "access-2");
    }
    asio::awaitable<void> have_it_refreshed() {
        store_.write(sample_token("ann", 1)).value();
        const Answerer refresh = [this](v1::Request call) { return answer(std::move(call)); };
        owner_.report(v1::Presence::STATE_READY, "");
        co_await race(owner_.answer("token.refresh", refresh), be_refused());
    }
    asio::awaitable<void> be_refused() {
        const auto refused = co_await ann_.token();
        auto token = co_await ann_.replace(*refused);
        while (words(token).find("does not run") != std::string::npos) {
            co_await clock_.sleep(pause);
            token = co_await ann_.replace(*refused);
        }
        EXPECT_EQ(words(token), "access-2");
        EXPECT_EQ(refused_us_, microseconds_since_epoch(sample_token("ann", 1).obtained_at));
        const auto again = co_await ann_.replace(*token);
        EXPECT_EQ(words(again),
                  "the token of 'ann' was refused and not replaced: log in again: coven login");
    }
    asio::awaitable<v1::Reply> answer(v1::Request call) {
        const auto question = payload_as<twitch::v1::TokenRefreshRequest>(call);
        if (refused_us_ != 0) {
            co_return reply_of(v1::Reply::FAILED, "token_rejected", "log in again: coven login");
        }
        refused_us_ = question->refused_obtained_us();
        store_.write(sample_token(question->login(), 2)).value();
        co_return reply_with(twitch::v1::TokenStatus());
    }

    testing::TestBus bus_;
    TempFolder temp_;
    asio::io_context io_{1};
    SystemClock clock_;
    TokenStore store_ = TokenStore::open(temp_.file("tokens")).value();
    Bus owner_{io_, bus_.endpoints(), clock_, Identity{"token", "token-1", {"token.refresh"}}};
    Bus caller_{io_, bus_.endpoints(), clock_, Identity{}};
    StoreTokenSource any_{store_, caller_, ""};
    StoreTokenSource ann_{store_, caller_, "ann"};
    std::uint64_t refused_us_ = 0;
};

TEST_F(StoreTokenSourceTest, ReadsTheStoreForEachCall) {
    run(&StoreTokenSourceTest::give_what_is_there);
}
TEST_F(StoreTokenSourceTest, AsksNobodyWhenTheStoreHasANewerOne) {
    run(&StoreTokenSourceTest::give_the_newer_one_at_once);
}
TEST_F(StoreTokenSourceTest, HasARefusedOneReplaced) {
    run(&StoreTokenSourceTest::have_it_refreshed);
}

}  // namespace
}  // namespace coven
