// The connector as it runs: a real broker, a real store, and HTTP.

#include "token.hpp"

#include <boost/asio/co_spawn.hpp>
#include <gtest/gtest.h>

#include "coven/race.hpp"
#include "coven/temp_folder.hpp"
#include "coven/token_store.hpp"
#include "coven_testing/http_script.hpp"
#include "coven_testing/test_bus.hpp"
#include "twitch/v1/token.pb.h"

namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;
using coven::testing::http_answer;

constexpr auto pause = 10ms;

constexpr const char* validation =
    R"({"client_id":"c1","login":"ann","scopes":["chat:read"],"user_id":"7","expires_in":14000})";
constexpr const char* new_pair =
    R"({"access_token":"canary-a2","refresh_token":"canary-r2","expires_in":14400,)"
    R"("scope":["chat:read"],"token_type":"bearer"})";

class TokenTest : public ::testing::Test {
  public:
    using Body = asio::awaitable<void> (TokenTest::*)();

    TokenTest() {
        coven::StoredToken pair;
        pair.login = "ann";
        pair.client_id = "c1";
        pair.access = coven::Secret("canary-a1");
        pair.refresh = coven::Secret("canary-r1");
        pair.obtained_at = clock_.now();
        pair.expires_at = clock_.now() + 4h;
        store().write(pair).value();
    }
    coven::TokenStore store() const {
        return coven::TokenStore::open(temp_.file("tokens")).value();
    }
    coven::Config config() const {
        auto settings = coven::common_settings();
        for (auto& setting : coven::manifest().settings) settings.push_back(setting);
        coven::Config::Sources sources;
        sources.flags = {{"twitch.token_folder", temp_.file("tokens")},
                         {"twitch.id_url", twitch_.url() + "/oauth2"},
                         {"twitch.client_id", "c1"}};
        sources.environment = environment_;
        return coven::Config::load(settings, sources).value();
    }
    void run(Body body) {
        std::exception_ptr failure;
        asio::co_spawn(io_, coven::within(clock_, 60s, "end of the test", (this->*body)()),
                       [&](const std::exception_ptr& thrown) {
                           failure = thrown;
                           bus_.close();
                           reader_.close();
                           twitch_.stop();
                       });
        io_.run();
        if (failure) std::rethrow_exception(failure);
    }
    asio::awaitable<void> refresh_once() {
        auto events = reader_.subscribe("twitch.token.>");
        co_await events.ready();
        co_await coven::race(connector_->run(bus_), follow(events));
    }
    asio::awaitable<void> follow(coven::Subscription& events) {
        const auto first = co_await events.next();
        EXPECT_EQ(first.topic(), "twitch.token.ann.validated");
        const auto told = first.payload_as<twitch::v1::TokenEvent>().value();
        EXPECT_EQ(told.login(), "ann");
        EXPECT_EQ(told.user_id(), "7");
        const auto reply = co_await call_refresh();
        EXPECT_EQ(reply.status(), coven::v1::Reply::OK) << reply.message();
        const auto second = co_await events.next();
        EXPECT_EQ(second.topic(), "twitch.token.ann.refreshed");
        // G16: neither the events nor the answer have a token in them.
        for (const auto& text :
             {told.DebugString(), second.payload().DebugString(), reply.DebugString()}) {
            EXPECT_EQ(text.find("canary"), std::string::npos) << text;
        }
    }
    asio::awaitable<coven::v1::Reply> call_refresh() {
        twitch::v1::TokenRefreshRequest question;
        question.set_login("ann");
        auto request = coven::request_of("token.refresh", question);
        auto reply = co_await reader_.call(request, 20s);
        while (reply.status() == coven::v1::Reply::NO_ROUTE) {
            co_await clock_.sleep(pause);
            reply = co_await reader_.call(request, 20s);
        }
        co_return reply;
    }
    asio::awaitable<void> hear_of_an_account() {
        auto events = reader_.subscribe("twitch.token.>");
        co_await events.ready();
        co_await coven::race(connector_->run(bus_), events.next());
    }
    asio::awaitable<void> run_alone() { co_await connector_->run(bus_); }

    coven::testing::TestBus test_bus_;
    coven::TempFolder temp_;
    asio::io_context io_{1};
    coven::SystemClock clock_;
    coven::testing::HttpScript twitch_{io_};
    std::map<std::string, std::string> environment_ = {{"COVEN_TWITCH_CLIENT_SECRET", "canary-s"}};
    std::unique_ptr<coven::Connector> connector_ = coven::make_connector(config()).value();
    coven::Bus bus_{io_, test_bus_.endpoints(), clock_,
                    coven::Identity{"token", "token-1", {"token.refresh", "token.validate"}}};
    coven::Bus reader_{io_, test_bus_.endpoints(), clock_, coven::Identity{}};
};

TEST_F(TokenTest, ValidatesRefreshesStoresAndSaysSo) {
    twitch_.answer(http_answer(200, validation));
    twitch_.answer(http_answer(200, new_pair));
    twitch_.answer_always(http_answer(200, validation));
    run(&TokenTest::refresh_once);
    const auto stored = store().read("ann").value().value();
    EXPECT_EQ(stored.access.reveal(), "canary-a2");
    EXPECT_EQ(stored.refresh.reveal(), "canary-r2");
    const auto& seen = twitch_.seen();
    ASSERT_GE(seen.size(), 2u);
    EXPECT_EQ(seen[0].headers.at("authorization"), "OAuth canary-a1");
    EXPECT_EQ(seen[1].target, "/oauth2/token");
    EXPECT_NE(seen[1].body.find("client_secret=canary-s"), std::string::npos);
}

TEST_F(TokenTest, TakesInATokenThatIsASecretOfItsContainer) {
    store().remove("ann").value();
    environment_["COVEN_TOKEN_IMPORT"] = "oauth:canary-i1";
    twitch_.answer_always(http_answer(200, validation));
    connector_ = coven::make_connector(config()).value();
    run(&TokenTest::hear_of_an_account);
    EXPECT_EQ(store().read("ann").value().value().access.reveal(), "canary-i1");
}

TEST_F(TokenTest, SaysWhichSettingHoldsNoToken) {
    environment_["COVEN_TOKEN_IMPORT"] = "not a canary";
    const auto made = coven::make_connector(config());
    ASSERT_TRUE(made.has_error());
    EXPECT_EQ(made.error().message.find("token.import: there is no token in it"), 0u);
}

TEST_F(TokenTest, IsTheOnlyOwnerOfItsStore) {
    auto other = store();
    const auto owner = other.own();
    try {
        run(&TokenTest::run_alone);
        FAIL() << "it took a store that another one has";
    } catch (const std::runtime_error& refused) {
        EXPECT_NE(std::string(refused.what()).find("another coven-token"), std::string::npos);
    }
}

TEST(Manifest, DescribesTheConnector) {
    const auto manifest = coven::manifest();
    EXPECT_EQ(manifest.kind, "token");
    EXPECT_EQ(manifest.verbs.size(), 2u);
    EXPECT_TRUE(manifest.scopes.empty());
}

}  // namespace
