// The token server and Helix as coven-sim plays them, over HTTPS.
#include <fstream>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <gtest/gtest.h>

#include "api_server.hpp"
#include "certificates.hpp"
#include "coven/helix.hpp"
#include "coven/oauth.hpp"
#include "coven/temp_folder.hpp"
#include "coven_testing/moved_clock.hpp"
#include "outcome_for_test.hpp"

namespace coven {
namespace {

namespace asio = boost::asio;
using OauthKind = OauthError::Kind;
using sim::ApiHost;
using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr const char* host_name = "localhost";

/// Refreshes by itself, as the keeper of tokens does.
class RefreshedToken final : public TokenSource {
  public:
    RefreshedToken(Oauth& oauth, const sim::IssuedPair& pair) : oauth_(oauth) {
        token_.text = Secret(pair.access);
        token_.client_id = "simpublic";
        token_.user_id = "1";
        token_.login = "coven_bot";
        refresh_ = Secret(pair.refresh);
    }

    asio::awaitable<Result<AccessToken>> token() override { co_return token_; }
    asio::awaitable<Result<AccessToken>> replace(AccessToken) override {
        ++replaced;
        auto pair = co_await oauth_.refresh(refresh_, token_.client_id, Secret());
        if (pair.has_error()) co_return Error(pair.error().message);
        token_.text = pair->access;
        refresh_ = pair->refresh;
        co_return token_;
    }

    int replaced = 0;

  private:
    Oauth& oauth_;
    AccessToken token_;
    Secret refresh_;
};

class SimTest : public ::testing::Test {
  protected:
    SimTest() {
        std::ofstream(folder_.file("ca.pem")) << authority_.certificate();
        auto over = [this](const std::exception_ptr&) { has_ended_ = true; };
        asio::co_spawn(io_, server_->run(), asio::bind_cancellation_slot(stop_.slot(), over));
    }
    ~SimTest() override {
        stop_.emit(asio::cancellation_type::terminal);
        turn_until(io_, [&] { return has_ended_; });
    }

    sim::ApiServer::Options sim_options() {
        sim::ApiServer::Options options;
        options.tls = authority_.issue({host_name}).value();
        return options;
    }
    HttpClient::Options http_options() const {
        HttpClient::Options options;
        options.ca_file = folder_.file("ca.pem");
        return options;
    }
    Helix::Options helix_options() const {
        Helix::Options options;
        options.base_url = server_->tls_url(ApiHost::helix, host_name);
        return options;
    }
    /// Moves the clock until `work` has ended.
    template <class T>
    T drive(asio::awaitable<T> work) {
        const auto result = begin(io_, std::move(work));
        for (int steps = 0; !result->has_value() && steps < 2000; ++steps) {
            io_.restart();
            io_.poll();
            turn_until(io_, [&] { return http_.pending() == 0; });
            if (!result->has_value()) clock_.advance(io_, milliseconds(100));
        }
        return result->value();
    }
    TokenPair logged_in() {
        const auto device = drive(oauth_.start_device("simpublic", {"chat:read"})).value();
        clock_.jump(device.interval);
        return drive(oauth_.poll_device(device, "simpublic", {"chat:read"})).value();
    }
    OauthKind kind_of_refresh(const Secret& token, const char* client, const char* secret) {
        const auto pair = drive(oauth_.refresh(token, client, Secret(secret)));
        EXPECT_TRUE(pair.has_error());
        return pair.has_error() ? pair.error().kind : OauthKind::pending;
    }
    HelixCall users(const std::vector<HttpField>& query) const {
        HelixCall call;
        call.path = "/users";
        call.query = query;
        return call;
    }

    asio::io_context io_;
    testing::MovedClock clock_;
    TempFolder folder_;
    sim::CertificateAuthority authority_ = sim::CertificateAuthority::make().value();
    sim::Users users_;
    std::unique_ptr<sim::ApiServer> server_ =
        sim::ApiServer::listen(io_, clock_, users_, sim_options()).value();
    asio::cancellation_signal stop_;
    bool has_ended_ = false;
    HttpClient http_{io_.get_executor(), clock_, http_options()};
    Oauth oauth_{http_, server_->tls_url(ApiHost::id, host_name)};
    RefreshedToken token_{oauth_, server_->accounts().issue("coven_bot", {"chat:read"})};
    Helix helix_{http_, clock_, token_, helix_options()};
};

TEST_F(SimTest, LogsInValidatesRefreshesAndRevokes) {
    const auto device = drive(oauth_.start_device("simpublic", {"chat:read"})).value();
    EXPECT_NE(device.verification_uri.find(device.user_code), std::string::npos);
    const auto early = drive(oauth_.poll_device(device, "simpublic", {"chat:read"}));
    EXPECT_EQ(early.error().kind, OauthKind::pending);
    clock_.jump(device.interval);
    const auto pair = drive(oauth_.poll_device(device, "simpublic", {"chat:read"})).value();
    const auto valid = drive(oauth_.validate(pair.access)).value();
    EXPECT_EQ(valid.login, "coven_bot");
    EXPECT_EQ(valid.client_id, "simpublic");
    EXPECT_EQ(valid.scopes, std::vector<std::string>{"chat:read"});
    EXPECT_GT(valid.expires_in, hours(3));
    const auto newer = drive(oauth_.refresh(pair.refresh, "simpublic", Secret())).value();
    EXPECT_EQ(kind_of_refresh(pair.refresh, "simpublic", ""), OauthKind::refused) << "used up";
    ASSERT_TRUE(drive(oauth_.revoke(newer.access, "simpublic")).has_value());
    EXPECT_EQ(drive(oauth_.validate(newer.access)).error().kind, OauthKind::refused);
    EXPECT_EQ(drive(oauth_.revoke(newer.access, "nobody")).error().kind, OauthKind::misconfigured);
}

TEST_F(SimTest, SeesThatADeviceCodeHasExpired) {
    const auto device = drive(oauth_.start_device("simpublic", {"chat:read"})).value();
    clock_.jump(device.expires_in);
    const auto late = drive(oauth_.poll_device(device, "simpublic", {"chat:read"}));
    EXPECT_EQ(late.error().kind, OauthKind::refused);
    EXPECT_EQ(late.error().twitch_message, "invalid device code");
}

TEST_F(SimTest, LearnsThatAConfidentialClientNeedsItsSecret) {
    const auto device = drive(oauth_.start_device("simconfidential", {"chat:read"})).value();
    clock_.jump(device.interval);
    const auto pair = drive(oauth_.poll_device(device, "simconfidential", {"chat:read"})).value();
    for (const char* secret : {"", "wrong"}) {
        EXPECT_EQ(kind_of_refresh(pair.refresh, "simconfidential", secret),
                  OauthKind::misconfigured);
    }
    const auto newer = drive(oauth_.refresh(pair.refresh, "simconfidential", Secret("simsecret")));
    EXPECT_TRUE(newer.has_value());
    EXPECT_EQ(drive(oauth_.start_device("nobody", {})).error().kind, OauthKind::misconfigured);
}

TEST_F(SimTest, TellsAnOutageFromARefusal) {
    const auto pair = logged_in();
    server_->faults().fail(ApiHost::id, 1, 503, "");
    EXPECT_EQ(drive(oauth_.validate(pair.access)).error().kind, OauthKind::unreachable);
    server_->refuse(seconds(10));
    EXPECT_EQ(drive(oauth_.validate(pair.access)).error().kind, OauthKind::unreachable);
    clock_.advance(io_, seconds(10));
    EXPECT_TRUE(drive(oauth_.validate(pair.access)).has_value());
    server_->accounts().expire("coven_bot");
    EXPECT_EQ(drive(oauth_.validate(pair.access)).error().kind, OauthKind::refused);
    EXPECT_TRUE(drive(oauth_.refresh(pair.refresh, "simpublic", Secret())).has_value());
}

TEST_F(SimTest, GivesUpOnASlowTokenServer) {
    server_->faults().slow(ApiHost::id, 1, seconds(60));
    const auto answer = begin(io_, oauth_.validate(Secret("token")));
    ASSERT_TRUE(turn_until(io_, [&] { return server_->tally().at_once == 1; }));
    clock_.advance(io_, seconds(15));
    ASSERT_TRUE(turn_until(io_, [&] { return answer->has_value(); }));
    EXPECT_EQ((*answer)->error().kind, OauthKind::unreachable);
    EXPECT_NE((*answer)->error().message.find("no answer within 15 s"), std::string::npos);
}

TEST_F(SimTest, LooksUpUsers) {
    const auto xqc = users_.meet("xqc").id;
    const auto found = drive(helix_.call(users({{"login", "xqc"}, {"login", "nobody"}})));
    ASSERT_TRUE(found.has_value()) << found.error().message;
    ASSERT_EQ(found->member("data").items().size(), 1u) << "unknown ones are left out";
    EXPECT_EQ(found->member("data").items()[0].text_or("id"), xqc);
    const auto nobody = drive(helix_.pages(users({{"id", "999999999999"}}), 100));
    EXPECT_TRUE(nobody.has_value() && nobody->empty());
    const auto nonsense = drive(helix_.call(users({{"login", "not a login"}})));
    EXPECT_EQ(nonsense.error().kind, HelixError::Kind::refused);
    EXPECT_EQ(nonsense.error().status, 400);
}

TEST_F(SimTest, OutlivesATokenThatExpiresInBetween) {
    EXPECT_TRUE(drive(helix_.call(users({}))).has_value());
    server_->accounts().expire("coven_bot");
    EXPECT_TRUE(drive(helix_.call(users({}))).has_value());
    EXPECT_EQ(token_.replaced, 1);
    server_->accounts().revoke_all("coven_bot");
    const auto error = drive(helix_.call(users({}))).error();
    EXPECT_EQ(error.kind, HelixError::Kind::unauthorized);
    EXPECT_NE(error.message.find("Invalid refresh token"), std::string::npos) << error.message;
}

TEST_F(SimTest, WaitsForRoomInWhateverWords) {
    using Limit = sim::HelixApi::Limit;
    for (const auto limit : {Limit::bucket, Limit::endpoint, Limit::bare}) {
        server_->faults().limit(2, limit);
        const auto before = clock_.instant();
        const auto answer = drive(helix_.call(users({})));
        EXPECT_TRUE(answer.has_value()) << answer.error().message;
        EXPECT_GE(clock_.instant() - before, seconds(1));
        EXPECT_LE(clock_.instant() - before, seconds(10));
    }
}

TEST_F(SimTest, KnowsWhatIsGoneAndWhatIsDown) {
    HelixCall gone;
    gone.path = "/hypetrain/events";
    EXPECT_EQ(drive(helix_.call(gone)).error().status, 410);
    gone.path = "/nowhere";
    EXPECT_EQ(drive(helix_.call(gone)).error().status, 404);
    server_->faults().fail(ApiHost::helix, 3, 502, "<html>");
    EXPECT_TRUE(drive(helix_.call(users({}))).has_value());
    server_->faults().fail(ApiHost::helix, 100, 500, "");
    EXPECT_EQ(drive(helix_.call(users({}))).error().kind, HelixError::Kind::unavailable);
}

TEST_F(SimTest, SendsEightCallsAtATime) {
    constexpr std::size_t all = 50;
    server_->faults().slow(ApiHost::helix, all, seconds(1));
    std::vector<std::shared_ptr<std::optional<HelixResult<JsonValue>>>> answers;
    for (std::size_t number = 0; number < all; ++number) {
        answers.push_back(begin(io_, helix_.call(users({}))));
    }
    for (std::size_t left = all; left > 0;) {
        const auto now = std::min<std::size_t>(left, 8);
        ASSERT_TRUE(turn_until(io_, [&] { return server_->tally().at_once == now; }));
        clock_.jump(seconds(1));
        left -= now;
        ASSERT_TRUE(turn_until(io_, [&] { return http_.pending() == left; }));
    }
    for (const auto& answer : answers) EXPECT_TRUE((*answer)->has_value());
    EXPECT_EQ(server_->tally().most_at_once, 8u);
}

}  // namespace
}  // namespace coven
