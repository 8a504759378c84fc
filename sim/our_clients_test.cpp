// Coven's own clients of the token server and of Helix, against this Twitch.

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <gtest/gtest.h>

#include "caller_for_test.hpp"
#include "coven/helix.hpp"
#include "coven/http.hpp"
#include "coven/oauth.hpp"
#include "verbs.hpp"

namespace asio = boost::asio;
using namespace std::chrono_literals;

namespace coven::sim {
namespace {

using Strings = std::vector<std::string>;
constexpr auto client_id = "simpublic";

/// Tokens of an account of the simulator; a new one for each that was refused.
class Source final : public TokenSource {
  public:
    explicit Source(Accounts& accounts) : accounts_(accounts) { issue(); }

    asio::awaitable<Result<coven::AccessToken>> token() override { co_return now_; }
    asio::awaitable<Result<coven::AccessToken>> replace(coven::AccessToken) override {
        ++replaced;
        issue();
        co_return now_;
    }

    int replaced = 0;

  private:
    void issue() {
        now_.text = Secret(accounts_.issue("coven_bot", {}).access);
        now_.client_id = client_id;
        now_.user_id = numeric_id("coven_bot");
    }

    Accounts& accounts_;
    coven::AccessToken now_;
};

class OurClients : public ::testing::Test {
  protected:
    void run(asio::awaitable<void> test) { stage_.run(with_api(stage_, std::move(test))); }

  public:
    std::size_t play(std::string_view command) {
        return carry_out(stage_.twitch(), parse_command(command).value()).count;
    }
    /// Moves the clock whenever nothing but the clock is waited for, until `call` has ended.
    asio::awaitable<void> pass_time_while(asio::awaitable<void> call) {
        bool has_ended = false;
        asio::co_spawn(stage_.io, std::move(call), [&has_ended](const std::exception_ptr& failure) {
            has_ended = true;
            if (failure) std::rethrow_exception(failure);
        });
        while (!has_ended) {
            if (http_.pending() == 0) stage_.clock.jump(100ms);
            co_await asio::post(stage_.io, asio::use_awaitable);
        }
    }

    Stage stage_{{}};
    HttpClient http_{stage_.io.get_executor(), stage_.clock, {}};
    Oauth oauth_{http_, stage_.api->url(ApiHost::id)};
    Source source_{stage_.api->accounts()};
    coven::Helix helix_{http_, stage_.clock, source_, {stage_.api->url(ApiHost::helix)}};
};

using OauthKind = OauthError::Kind;
using HelixKind = HelixError::Kind;

asio::awaitable<void> log_in(OurClients& test) {
    const Strings scopes = {"chat:edit", "chat:read"};
    const auto device = co_await test.oauth_.start_device(client_id, scopes);
    auto pair = co_await test.oauth_.poll_device(*device, client_id, scopes);
    EXPECT_EQ(pair.error().kind, OauthKind::pending);
    test.stage_.clock.jump(1s);
    pair = co_await test.oauth_.poll_device(*device, client_id, scopes);
    EXPECT_EQ(pair->expires_in, 4h);
    EXPECT_EQ(pair->scopes, scopes);
    auto again = co_await test.oauth_.poll_device(*device, client_id, scopes);
    EXPECT_EQ(again.error().kind, OauthKind::refused) << "a code is good once";
    auto valid = co_await test.oauth_.validate(pair->access);
    EXPECT_EQ(valid->login, "coven_bot");
    EXPECT_EQ(valid->user_id, numeric_id("coven_bot"));
    EXPECT_EQ(valid->scopes, scopes);
    const auto next = co_await test.oauth_.refresh(pair->refresh, client_id, Secret());
    EXPECT_FALSE(next->refresh.empty());
    again = co_await test.oauth_.refresh(pair->refresh, client_id, Secret());
    EXPECT_EQ(again.error().kind, OauthKind::refused) << "a refresh token, too";
    const auto revoked = co_await test.oauth_.revoke(next->access, client_id);
    EXPECT_TRUE(revoked.has_value());
    valid = co_await test.oauth_.validate(next->access);
    EXPECT_EQ(valid.error().kind, OauthKind::refused);
    EXPECT_EQ(valid.error().status, 401);
}

TEST_F(OurClients, LogIn) { run(log_in(*this)); }

asio::awaitable<void> tell_troubles_apart(OurClients& test) {
    const Secret token(test.stage_.api->accounts().issue("coven_bot", {}).access);
    auto valid = co_await test.oauth_.validate(token);
    EXPECT_TRUE(valid->scopes.empty()) << "null is no scopes";
    test.stage_.api->accounts().import("legacy", "coven_bot", {"chat:read"});
    valid = co_await test.oauth_.validate(Secret("legacy"));
    EXPECT_EQ(valid->expires_in, 0s) << "does not end";
    test.play("http-fail id 503 1");
    valid = co_await test.oauth_.validate(token);
    EXPECT_EQ(valid.error().kind, OauthKind::unreachable) << "an outage says nothing";
    test.play("http-fail id 200 1 <html>");
    valid = co_await test.oauth_.validate(token);
    EXPECT_EQ(valid.error().kind, OauthKind::unreachable) << "nor does nonsense";
    auto pair = co_await test.oauth_.refresh(token, "simconfidential", Secret());
    EXPECT_EQ(pair.error().kind, OauthKind::misconfigured) << pair.error().message;
    EXPECT_EQ(pair.error().twitch_message, "missing client secret");
    pair = co_await test.oauth_.refresh(token, "simconfidential", Secret("wrong"));
    EXPECT_EQ(pair.error().kind, OauthKind::misconfigured) << pair.error().message;
    pair = co_await test.oauth_.refresh(token, "nobody", Secret());
    EXPECT_EQ(pair.error().kind, OauthKind::misconfigured) << pair.error().message;
    test.play("http-refuse 1h");
    valid = co_await test.oauth_.validate(token);
    EXPECT_EQ(valid.error().kind, OauthKind::unreachable);
}

TEST_F(OurClients, TellTroublesApart) { run(tell_troubles_apart(*this)); }

HelixCall users_call(std::string login) {
    HelixCall call;
    call.path = "/users";
    call.query = {{"login", std::move(login)}};
    return call;
}

/// What became of a call for `login`.
struct Outcome {
    std::optional<HelixKind> failure;
    std::string id;
};

asio::awaitable<void> look_up(OurClients& test, std::string login, Outcome& outcome) {
    auto call = users_call(std::move(login));
    const auto answer = co_await test.helix_.call(std::move(call));
    if (answer.has_error()) {
        outcome.failure = answer.error().kind;
        co_return;
    }
    const auto users = answer->member("data").items();
    if (!users.empty()) outcome.id = users.front().text_or("id");
}

asio::awaitable<void> get_over_it(OurClients& test) {
    for (const char* trouble :
         {"http-slow helix 1ms 0", "http-fail helix 503 3", "http-limit bucket 1",
          "http-limit endpoint 1", "http-limit bare 2", "expire coven_bot"}) {
        test.play(trouble);
        Outcome outcome;
        auto call = look_up(test, "coven_bot", outcome);
        co_await test.pass_time_while(std::move(call));
        EXPECT_FALSE(outcome.failure) << trouble;
        EXPECT_EQ(outcome.id, numeric_id("coven_bot")) << trouble;
    }
    EXPECT_EQ(test.source_.replaced, 1) << "one 401, one new token";
}

TEST_F(OurClients, GetOverWhatPasses) { run(get_over_it(*this)); }

asio::awaitable<void> give_up(OurClients& test) {
    struct Row {
        const char* trouble;
        const char* login;
        HelixKind kind;
    };
    for (const auto& row : {Row{"http-fail helix 503 9", "a", HelixKind::unavailable},
                            Row{"http-fail helix 401 2", "a", HelixKind::unauthorized},
                            Row{"http-fail helix 410 1", "a", HelixKind::refused},
                            Row{"http-fail helix 200 1 {\"data\"", "a", HelixKind::malformed},
                            Row{"http-fail helix 503 0", "Not-A-Login", HelixKind::refused},
                            Row{"http-refuse 24h", "a", HelixKind::unreachable}}) {
        test.play(row.trouble);
        Outcome outcome;
        auto call = look_up(test, row.login, outcome);
        co_await test.pass_time_while(std::move(call));
        EXPECT_EQ(outcome.failure, row.kind) << row.trouble;
        test.play("http-fail helix 503 0");
    }
}

TEST_F(OurClients, GiveUpWhatDoesNotPass) { run(give_up(*this)); }

asio::awaitable<void> crowd(OurClients& test) {
    constexpr std::size_t calls = 50;
    std::vector<Outcome> outcomes(calls);
    test.play("http-slow helix 1s 8");
    for (auto& outcome : outcomes) test.stage_.server->start(look_up(test, "coven_bot", outcome));
    const auto& tally = test.stage_.api->tally();
    while (tally.at_once < 8) co_await asio::post(test.stage_.io, asio::use_awaitable);
    test.stage_.clock.jump(1s);
    const auto all_came = [&tally] { return tally.calls_of(ApiHost::helix) == calls; };
    co_await test.stage_.api->until(all_came);
    while (test.http_.pending() > 0) co_await asio::post(test.stage_.io, asio::use_awaitable);
    for (const auto& outcome : outcomes) EXPECT_EQ(outcome.id, numeric_id("coven_bot"));
    EXPECT_EQ(tally.most_at_once, 8u);
}

TEST_F(OurClients, ComeEightAtOnce) { run(crowd(*this)); }

}  // namespace
}  // namespace coven::sim
