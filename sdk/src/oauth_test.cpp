#include "coven/oauth.hpp"

#include <gtest/gtest.h>

#include "coven_testing/http_script.hpp"
#include "coven_testing/moved_clock.hpp"
#include "outcome_for_test.hpp"

namespace coven {
namespace {

namespace asio = boost::asio;
using testing::http_answer;
using Kind = OauthError::Kind;
using std::chrono::seconds;
using Scopes = std::vector<std::string>;

constexpr const char* pair_body = R"({"access_token":"a1","expires_in":14124,"refresh_token":"r1",)"
                                  R"("scope":["chat:read","chat:edit"],"token_type":"bearer"})";

class OauthTest : public ::testing::Test {
  protected:
    template <class T>
    OauthResult<T> ask(asio::awaitable<OauthResult<T>> call) {
        return ended(io_, std::move(call));
    }
    /// How the call ends when the server says so.
    template <class T>
    OauthError refused(int status, const std::string& body, asio::awaitable<OauthResult<T>> call) {
        server_.answer(http_answer(status, body));
        auto answer = ask(std::move(call));
        return answer.has_error() ? answer.error() : OauthError();
    }
    asio::awaitable<OauthResult<TokenPair>> refresh() {
        return oauth_.refresh(Secret("canary"), "id", Secret());
    }
    asio::awaitable<OauthResult<TokenPair>> poll() {
        DeviceCode device;
        device.device_code = Secret("d1");
        return oauth_.poll_device(device, "id", {"chat:read", "chat:edit"});
    }

    asio::io_context io_;
    testing::MovedClock clock_;
    testing::HttpScript server_{io_};
    HttpClient http_{io_.get_executor(), clock_, {}};
    Oauth oauth_{http_, server_.url() + "/oauth2/"};
};

TEST_F(OauthTest, ValidatesATokenOfAnAccount) {
    server_.answer(http_answer(200,
                               R"({"client_id":"c","login":"twitchdev","scopes":["chat:read"],)"
                               R"("user_id":"141981764","expires_in":5520838})"));
    const auto token = ask(oauth_.validate(Secret("t1")));
    ASSERT_TRUE(token.has_value());
    EXPECT_EQ(token->client_id, "c");
    EXPECT_EQ(token->login, "twitchdev");
    EXPECT_EQ(token->user_id, "141981764");
    EXPECT_EQ(token->scopes, Scopes{"chat:read"});
    EXPECT_EQ(token->expires_in, seconds(5520838));
    EXPECT_EQ(server_.seen()[0].method + " " + server_.seen()[0].target, "GET /oauth2/validate");
    EXPECT_EQ(server_.seen()[0].headers.at("authorization"), "OAuth t1");
}

TEST_F(OauthTest, ValidatesATokenWithoutScopesAccountOrEnd) {
    for (const char* rest : {R"("scopes":null,"expires_in":0)", R"("scopes":[])", R"("x":1)"}) {
        server_.answer(http_answer(200, std::string(R"({"client_id":"c",)") + rest + "}"));
        const auto token = ask(oauth_.validate(Secret("t1")));
        ASSERT_TRUE(token.has_value()) << rest;
        EXPECT_TRUE(token->scopes.empty());
        EXPECT_TRUE(token->login.empty());
        EXPECT_EQ(token->expires_in, seconds(0));
    }
}

TEST_F(OauthTest, RefreshesWithAndWithoutAClientSecret) {
    server_.answer_always(http_answer(200, pair_body));
    const auto pair = ask(oauth_.refresh(Secret("r/0"), "id", Secret()));
    ASSERT_TRUE(pair.has_value());
    EXPECT_EQ(pair->access.reveal(), "a1");
    EXPECT_EQ(pair->refresh.reveal(), "r1");
    EXPECT_EQ(pair->expires_in, seconds(14124));
    EXPECT_EQ(pair->scopes, (Scopes{"chat:read", "chat:edit"}));
    ASSERT_TRUE(ask(oauth_.refresh(Secret("r/0"), "id", Secret("s"))).has_value());
    EXPECT_EQ(server_.seen()[0].method + " " + server_.seen()[0].target, "POST /oauth2/token");
    EXPECT_EQ(server_.seen()[0].body, "grant_type=refresh_token&client_id=id&refresh_token=r%2F0");
    EXPECT_EQ(server_.seen()[1].body,
              "grant_type=refresh_token&client_id=id&refresh_token=r%2F0&client_secret=s");
}

TEST_F(OauthTest, TakesScopesAsATextAndAPairWithoutARefreshToken) {
    server_.answer(http_answer(200, R"({"access_token":"a","scope":"chat:read  chat:edit"})"));
    const auto pair = ask(refresh());
    ASSERT_TRUE(pair.has_value());
    EXPECT_EQ(pair->scopes, (Scopes{"chat:read", "chat:edit"}));
    EXPECT_TRUE(pair->refresh.empty());
}

TEST_F(OauthTest, StartsADeviceCodeAndAsksForItsTokens) {
    server_.answer(http_answer(
        200, R"({"device_code":"d1","expires_in":1800,"interval":5,"user_code":"ABCDEFGH",)"
             R"("verification_uri":"https://www.twitch.tv/activate?device-code=ABCDEFGH"})"));
    const auto device = ask(oauth_.start_device("id", {"chat:read", "chat:edit"}));
    ASSERT_TRUE(device.has_value());
    EXPECT_EQ(device->device_code.reveal(), "d1");
    EXPECT_EQ(device->user_code, "ABCDEFGH");
    EXPECT_EQ(device->verification_uri, "https://www.twitch.tv/activate?device-code=ABCDEFGH");
    EXPECT_EQ(device->expires_in, seconds(1800));
    EXPECT_EQ(device->interval, seconds(5));
    EXPECT_EQ(server_.seen()[0].target, "/oauth2/device");
    EXPECT_EQ(server_.seen()[0].body, "client_id=id&scopes=chat%3Aread%20chat%3Aedit");
    const auto pending =
        refused(400, R"({"status":400,"message":"authorization_pending"})", poll());
    EXPECT_EQ(pending.kind, Kind::pending);
    const auto slower = refused(400, R"({"status":400,"message":"slow_down"})", poll());
    EXPECT_EQ(slower.kind, Kind::slow_down);
    const auto gone = refused(400, R"({"status":400,"message":"invalid device code"})", poll());
    EXPECT_EQ(gone.kind, Kind::refused);
    server_.answer(http_answer(200, pair_body));
    EXPECT_EQ(ask(poll())->access.reveal(), "a1");
    EXPECT_EQ(server_.seen().back().body,
              "client_id=id&scopes=chat%3Aread%20chat%3Aedit&grant_type=urn%3Aietf%3Aparams%3Aoauth"
              "%3Agrant-type%3Adevice_code&device_code=d1");
}

TEST_F(OauthTest, PollsInReasonablePauses) {
    const struct {
        const char* interval;
        seconds pause;
    } rows[] = {
        {"", seconds(5)}, {R"("interval":0,)", seconds(1)}, {R"("interval":9999,)", seconds(60)}};
    for (const auto& row : rows) {
        server_.answer(http_answer(
            200, std::string("{") + row.interval + R"("device_code":"d","verification_uri":"u"})"));
        const auto device = ask(oauth_.start_device("id", {}));
        ASSERT_TRUE(device.has_value());
        EXPECT_EQ(device->interval, row.pause) << row.interval;
        EXPECT_EQ(device->expires_in, seconds(1800));
    }
}

TEST_F(OauthTest, RevokesAToken) {
    server_.answer(http_answer(200, ""));
    EXPECT_TRUE(ask(oauth_.revoke(Secret("t1"), "id")).has_value());
    EXPECT_EQ(server_.seen()[0].target, "/oauth2/revoke");
    EXPECT_EQ(server_.seen()[0].body, "client_id=id&token=t1");
    const auto unknown = refused(400, R"({"status":400,"message":"Invalid token"})",
                                 oauth_.revoke(Secret("t"), "id"));
    EXPECT_EQ(unknown.kind, Kind::refused);
    const auto client = refused(404, R"({"status":404,"message":"client does not exist"})",
                                oauth_.revoke(Secret("t"), "id"));
    EXPECT_EQ(client.kind, Kind::misconfigured);
}

TEST_F(OauthTest, TellsWrongFromUnreachable) {
    const struct {
        int status;
        const char* body;
        Kind kind;
    } rows[] = {
        {400, R"({"error":"Bad Request","status":400,"message":"Invalid refresh token"})",
         Kind::refused},
        {401, R"({"status":401,"message":"Invalid refresh token"})", Kind::refused},
        {400, R"({"status":400,"message":"Invalid grant"})", Kind::refused},
        {400, R"({"status":400,"message":"missing client secret"})", Kind::misconfigured},
        {400, R"({"status":400,"message":"invalid client"})", Kind::misconfigured},
        {403, R"({"status":403,"message":"invalid client secret"})", Kind::misconfigured},
        {403, R"({"status":403,"message":"no"})", Kind::misconfigured},
        {429, R"({"status":429,"message":"slow"})", Kind::unreachable},
        {500, R"({"status":500,"message":"Invalid refresh token"})", Kind::unreachable},
        {503, "", Kind::unreachable},
        {404, R"({"status":404,"message":"page"})", Kind::unreachable},
        {301, "", Kind::unreachable},
        // A portal of some hotel, a proxy: nothing that would make a token wrong.
        {400, "<html>Log in to the network</html>", Kind::unreachable},
        {401, "", Kind::unreachable},
        {403, "{}", Kind::unreachable},
        {200, "<html>Welcome</html>", Kind::unreachable},
        {200, "{}", Kind::unreachable},
        {204, "", Kind::unreachable},
    };
    for (const auto& row : rows) {
        const auto error = refused(row.status, row.body, refresh());
        EXPECT_EQ(error.kind, row.kind) << row.status << " " << row.body << ": " << error.message;
        EXPECT_EQ(error.status, row.status);
        EXPECT_FALSE(error.message.empty());
    }
}

TEST_F(OauthTest, SaysWhatToDo) {
    const auto call = "refreshing a token (POST " + server_.url() + "/oauth2/token) failed: ";
    const auto wrong = refused(400, R"({"status":400,"message":"canary is spent"})", refresh());
    EXPECT_EQ(wrong.message,
              call + "Twitch answered 400 '[redacted] is spent'; log in again: coven login");
    EXPECT_EQ(wrong.twitch_message, "[redacted] is spent");
    const auto secret =
        refused(400, R"({"status":400,"message":"missing client secret"})", refresh());
    EXPECT_NE(secret.message.find("set twitch.client_secret, or register a public one"),
              std::string::npos);
    const auto down = refused(503, "", refresh());
    EXPECT_EQ(down.message, call + "the server answered 503; try again later");
    const auto bad_scope = refused(400, R"({"status":400,"message":"invalid scope"})",
                                   oauth_.start_device("id", {"nonsense"}));
    EXPECT_EQ(bad_scope.kind, Kind::misconfigured);
}

TEST_F(OauthTest, IsUnreachableWhenNobodyListens) {
    server_.stop();
    const auto error = ask(oauth_.validate(Secret("canary"))).error();
    EXPECT_EQ(error.kind, Kind::unreachable);
    EXPECT_EQ(error.status, 0);
    EXPECT_EQ(error.message.find("validating a token failed: GET http://127.0.0.1:"), 0u);
    EXPECT_NE(error.message.find("; check the network and twitch.id_url"), std::string::npos);
    EXPECT_EQ(error.message.find("canary"), std::string::npos);
}

}  // namespace
}  // namespace coven
