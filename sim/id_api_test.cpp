#include "id_api.hpp"

#include <gtest/gtest.h>

#include "coven_testing/moved_clock.hpp"

namespace coven::sim {
namespace {

using namespace std::chrono_literals;

class Id : public ::testing::Test {
  protected:
    WebAnswer ask(std::string method, const std::string& target, std::string form = "") {
        WebRequest request;
        request.method = std::move(method);
        set_target(request, "/oauth2" + target);
        request.body = std::move(form);
        return api_.answer(request);
    }
    WebAnswer validate(const std::string& authorization) {
        WebRequest request;
        request.method = "GET";
        set_target(request, "/oauth2/validate");
        if (!authorization.empty()) request.headers = {{"authorization", authorization}};
        return api_.answer(request);
    }

    testing::MovedClock clock_;
    Users users_;
    Accounts accounts_{{}, users_, clock_};
    IdApi api_{accounts_, users_};
};

struct Expected {
    unsigned status;
    const char* body;
};
void expect(const WebAnswer& answer, const Expected& expected) {
    EXPECT_EQ(answer.status, expected.status) << answer.body;
    EXPECT_EQ(answer.body, expected.body);
}

TEST_F(Id, ValidatesTokens) {
    const auto id = numeric_id("coven_bot");
    const auto user = accounts_.issue("coven_bot", {"chat:edit", "chat:read"}).access;
    expect(validate("OAuth " + user),
           {200, (R"({"client_id":"simpublic","login":"coven_bot","scopes":["chat:edit",)"
                  R"("chat:read"],"user_id":")" +
                  id + R"(","expires_in":14400})")
                     .c_str()});
    const auto bare = accounts_.issue("coven_bot", {}).access;
    expect(validate("bearer " + bare),
           {200, (R"({"client_id":"simpublic","login":"coven_bot","scopes":null,"user_id":")" + id +
                  R"(","expires_in":14400})")
                     .c_str()});
    const auto app = accounts_.issue_to_application(*accounts_.application("simconfidential"));
    expect(validate("OAuth " + app.access),
           {200, R"({"client_id":"simconfidential","scopes":[],"expires_in":5011271})"});
    accounts_.import("legacy", "coven_bot", {"chat:read"});
    EXPECT_NE(validate("OAuth legacy").body.find(R"("expires_in":0)"), std::string::npos);
}

TEST_F(Id, RefusesTokens) {
    expect(validate(""), {401, R"({"status":401,"message":"missing authorization token"})"});
    const Expected wrong{401, R"({"status":401,"message":"invalid access token"})"};
    const auto token = accounts_.issue("coven_bot", {}).access;
    for (const auto& text : {std::string("OAuth nonsense"), std::string("OAuth"), token,
                             "Basic " + token, "OAuth " + token + "x"}) {
        expect(validate(text), wrong);
    }
    clock_.jump(4h);
    expect(validate("OAuth " + token), wrong);
}

TEST_F(Id, GrantsATokenInTheFragment) {
    const std::string query =
        "/authorize?response_type=token&client_id=simpublic&state=a%20b"
        "&scope=chat:edit+chat:read&redirect_uri=https://localhost/";
    auto answer = ask("GET", query);
    EXPECT_EQ(answer.status, 302u);
    const std::string location(value_of(answer.headers, "Location"));
    const std::string beginning = "https://localhost/#access_token=";
    ASSERT_TRUE(location.starts_with(beginning)) << location;
    EXPECT_TRUE(
        location.ends_with("&scope=chat%3Aedit%20chat%3Aread&state=a%20b&token_type=bearer"))
        << location;
    const auto rest = location.substr(beginning.size());
    EXPECT_EQ(validate("OAuth " + rest.substr(0, rest.find('&'))).status, 200u);
    expect(ask("GET", query + "&"), {302, ""});
    for (const auto& [target, body] :
         {std::pair("/authorize?client_id=x", R"({"status":400,"message":"invalid client"})"),
          std::pair("/authorize?client_id=simpublic",
                    R"({"status":400,"message":"missing redirect_uri"})"),
          std::pair("/authorize?client_id=simpublic&redirect_uri=x%0d%0aX:y",
                    R"({"status":400,"message":"invalid redirect_uri"})"),
          std::pair("/authorize?client_id=simpublic&redirect_uri=x&response_type=code",
                    R"({"status":400,"message":"invalid response type"})")}) {
        expect(ask("GET", target), {400, body});
    }
    Accounts::Options options;
    options.approval.reset();
    Accounts strict(options, users_, clock_);
    IdApi api(strict, users_);
    WebRequest request;
    request.method = "GET";
    set_target(request, "/oauth2" + query);
    EXPECT_EQ(value_of(api.answer(request).headers, "Location"),
              "https://localhost/?error=access_denied&error_description=The%20user%20denied%20you"
              "%20access&state=a%20b");
}

TEST_F(Id, StartsTheDeviceFlow) {
    const auto answer = ask("POST", "/device", "client_id=simpublic&scopes=chat%3Aread+chat:edit");
    EXPECT_EQ(answer.status, 200u);
    const auto code = accounts_.waiting_user_codes().front();
    EXPECT_NE(answer.body.find(R"("expires_in":1800,"interval":5,"user_code":")" + code +
                               R"(","verification_uri":"https://www.twitch.tv/activate?public=)" +
                               "true&device-code=" + code + "\"}"),
              std::string::npos)
        << answer.body;
    expect(ask("POST", "/device", "client_id=nobody&scopes=chat:read"),
           {400, R"({"status":400,"message":"invalid client"})"});
    expect(ask("POST", "/device", "client_id=simpublic&scopes=Chat"),
           {400, R"({"status":400,"message":"invalid scope requested: 'Chat'"})"});
    expect(ask("POST", "/device", "client_id=simpublic&scopes=%ff"),
           {400, "{\"status\":400,\"message\":\"invalid scope requested: '\xef\xbf\xbd'\"}"});
}

TEST_F(Id, GrantsADeviceItsTokens) {
    const auto& application = *accounts_.application("simpublic");
    const auto code = accounts_.start_device(application, {"chat:edit", "chat:read"});
    const auto poll =
        "grant_type=urn:ietf:params:oauth:grant-type:device_code&client_id=simpublic"
        "&scopes=chat:read%20chat:edit&device_code=" +
        code.device_code;
    expect(ask("POST", "/token", poll),
           {400, R"({"status":400,"message":"authorization_pending"})"});
    clock_.jump(1s);
    const auto answer = ask("POST", "/token?" + poll);
    EXPECT_EQ(answer.status, 200u) << "the query will do, too";
    EXPECT_NE(answer.body.find(R"("scope":["chat:edit","chat:read"],"token_type":"bearer"})"),
              std::string::npos)
        << answer.body;
    expect(ask("POST", "/token", poll), {400, R"({"status":400,"message":"invalid device code"})"});
}

TEST_F(Id, RefreshesForThoseWhoProveWhoTheyAre) {
    const auto token = accounts_.issue("coven_bot", {"chat:read"}).refresh;
    const std::string form = "grant_type=refresh_token&refresh_token=";
    const auto answer = ask("POST", "/token", form + token + "&client_id=simpublic");
    EXPECT_EQ(answer.status, 200u) << answer.body;
    EXPECT_NE(answer.body.find(R"("expires_in":14400,"refresh_token":")"), std::string::npos);
    expect(ask("POST", "/token", form + token + "&client_id=simpublic"),
           {400, R"({"error":"Bad Request","status":400,"message":"Invalid refresh token"})"});
    expect(ask("POST", "/token", form + "x&client_id=simconfidential"),
           {400, R"({"status":400,"message":"missing client secret"})"});
    expect(ask("POST", "/token", form + "x&client_id=simconfidential&client_secret=wrong"),
           {403, R"({"status":403,"message":"invalid client secret"})"});
    expect(ask("POST", "/token", form + "x&client_id=nobody"),
           {400, R"({"status":400,"message":"invalid client"})"});
}

TEST_F(Id, GivesApplicationsTokens) {
    const std::string form = "grant_type=client_credentials&client_id=";
    const auto answer = ask("POST", "/token", form + "simconfidential&client_secret=simsecret");
    EXPECT_EQ(answer.status, 200u) << answer.body;
    EXPECT_NE(answer.body.find(R"(,"expires_in":5011271,"token_type":"bearer"})"),
              std::string::npos);
    expect(ask("POST", "/token", form + "simconfidential"),
           {400, R"({"status":400,"message":"missing client secret"})"});
    expect(ask("POST", "/token", form + "simpublic"),
           {400, R"({"status":400,"message":"invalid client"})"});
    expect(ask("POST", "/token", "grant_type=password&client_id=simpublic"),
           {400, R"({"status":400,"message":"invalid grant type"})"});
}

TEST_F(Id, RevokesTokens) {
    const auto token = accounts_.issue("coven_bot", {}).access;
    expect(ask("POST", "/revoke", "client_id=nobody&token=" + token),
           {404, R"({"status":404,"message":"client does not exist"})"});
    const Expected invalid{400, R"({"status":400,"message":"Invalid token"})"};
    expect(ask("POST", "/revoke", "client_id=simconfidential&token=" + token), invalid);
    expect(ask("POST", "/revoke", "client_id=simpublic&token=" + token), {200, ""});
    expect(ask("POST", "/revoke", "client_id=simpublic&token=" + token), invalid);
    EXPECT_EQ(validate("OAuth " + token).status, 401u);
}

TEST_F(Id, KnowsNothingElse) {
    const Expected nothing{404, R"({"status":404,"message":"Not Found"})"};
    expect(ask("GET", "/keys"), nothing);
    expect(ask("GET", "/token"), nothing);
    expect(ask("GET", ""), nothing);
}

}  // namespace
}  // namespace coven::sim
