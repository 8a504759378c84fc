#include "helix_api.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <gtest/gtest.h>

#include "coven_testing/moved_clock.hpp"

namespace json = boost::json;

namespace coven::sim {
namespace {

using namespace std::chrono_literals;

class Helix : public ::testing::Test {
  protected:
    WebRequest request(std::string_view target) const {
        WebRequest request;
        request.method = "GET";
        set_target(request, "/helix" + std::string(target));
        request.headers = {{"authorization", "Bearer " + token_}, {"client-id", "simpublic"}};
        return request;
    }
    WebAnswer ask(std::string_view target) { return api_.answer(request(target)); }
    /// In the order of the answer.
    std::vector<std::string> logins(std::string_view target) {
        std::vector<std::string> found;
        const auto answer = ask(target);
        EXPECT_EQ(answer.status, 200u) << answer.body;
        const auto body = json::parse(answer.body);
        for (const auto& user : body.at("data").as_array()) {
            found.emplace_back(user.at("login").as_string());
        }
        return found;
    }

    testing::MovedClock clock_;
    Users users_;
    Accounts accounts_{{}, users_, clock_};
    HelixApi api_{{}, accounts_, users_, clock_};
    std::string token_ = accounts_.issue("coven_bot", {"user:read:email"}).access;
};

void expect(const WebAnswer& answer, unsigned status, const char* body) {
    EXPECT_EQ(answer.status, status) << answer.body;
    EXPECT_EQ(answer.body, body);
}

TEST_F(Helix, LetsInWhoHasATokenOfTheClient) {
    struct Row {
        std::string authorization;
        const char* client_id;
        const char* body;
    };
    constexpr auto invalid =
        R"({"error":"Unauthorized","status":401,"message":"Invalid OAuth token"})";
    constexpr auto missing =
        R"({"error":"Unauthorized","status":401,"message":"OAuth token is missing"})";
    for (const auto& row :
         {Row{"", "simpublic", missing}, Row{"OAuth " + token_, "simpublic", missing},
          Row{"Bearer " + token_, "",
              R"({"error":"Unauthorized","status":401,"message":"Client ID is missing"})"},
          Row{"Bearer nonsense", "simpublic", invalid},
          Row{"Bearer " + token_, "simconfidential",
              R"({"error":"Unauthorized","status":401,)"
              R"("message":"Client ID and OAuth token do not match"})"}}) {
        auto given = request("/users");
        given.headers = {{"authorization", row.authorization}, {"client-id", row.client_id}};
        expect(api_.answer(given), 401, row.body);
    }
    clock_.jump(4h);
    expect(ask("/users"), 401, invalid);
}

TEST_F(Helix, KnowsWhatIsGoneAndWhatNeverWas) {
    expect(ask("/hypetrain/events?broadcaster_id=1"), 410,
           R"({"error":"Gone","status":410,"message":"This API is not available."})");
    expect(ask("/nonsense"), 404, R"({"error":"Not Found","status":404,"message":""})");
    auto post = request("/users");
    post.method = "POST";
    EXPECT_EQ(api_.answer(post).status, 404u);
}

TEST_F(Helix, TellsWhoseTokenItIs) {
    const auto body = json::parse(ask("/users").body);
    ASSERT_EQ(body.at("data").as_array().size(), 1u);
    const auto& user = body.at("data").at(0);
    EXPECT_EQ(user.at("id"), json::value(numeric_id("coven_bot")));
    EXPECT_EQ(user.at("email"), json::value("coven_bot@example.org"));
    const auto app = accounts_.issue_to_application(*accounts_.application("simconfidential"));
    auto given = request("/users");
    given.headers = {{"authorization", "Bearer " + app.access}, {"client-id", "simconfidential"}};
    expect(api_.answer(given), 400,
           R"({"error":"Bad Request","status":400,)"
           R"("message":"Must provide an ID, Login or OAuth Token."})");
}

TEST_F(Helix, FindsUsersInAnOrderOfItsOwn) {
    for (const char* login : {"a", "b", "c", "gone"}) users_.meet(login);
    users_.meet("gone").is_suspended = true;
    const auto all = logins("/users?login=a&login=b&login=c");
    EXPECT_EQ(logins("/users?login=c&login=b&login=A&login=a"), all) << "order, case, twice";
    const auto id = numeric_id("b");
    EXPECT_EQ(logins("/users?login=b&id=" + id), std::vector<std::string>{"b"});
    EXPECT_TRUE(logins("/users?login=gone&login=nobody&id=1").empty()) << "left out in silence";
}

TEST_F(Helix, TakesAHundredNames) {
    std::string query = "/users?";
    for (int i = 0; i < 50; ++i) query += "id=" + std::to_string(i) + "&login=a&";
    EXPECT_EQ(ask(query).status, 200u);
    EXPECT_EQ(ask(query + "id=1").status, 400u);
    constexpr auto bad =
        R"({"error":"Bad Request","status":400,)"
        R"("message":"Invalid username(s), email(s), or ID(s). Bad Identifiers."})";
    for (const char* one : {"id=", "id=x", "login=", "login=a-b", "login=a&id=-1",
                            "login=abcdefghijklmnopqrstuvwxyz"}) {
        expect(ask("/users?" + std::string(one)), 400, bad);
    }
}

TEST_F(Helix, SaysHowMuchIsLeft) {
    const auto level = [](const WebAnswer& answer, const char* name) {
        return std::string(value_of(answer.headers, name));
    };
    constexpr auto now = "1767225601";
    auto answer = ask("/users");
    EXPECT_EQ(level(answer, "Ratelimit-Limit"), "800");
    EXPECT_EQ(level(answer, "Ratelimit-Remaining"), "799");
    EXPECT_EQ(level(answer, "Ratelimit-Reset"), now);
    for (int i = 0; i < 799; ++i) answer = ask("/users");
    EXPECT_EQ(answer.status, 200u);
    answer = ask("/users");
    expect(answer, 429,
           R"({"error":"Too Many Requests","status":429,"message":"Too Many Requests"})");
    EXPECT_EQ(level(answer, "Ratelimit-Remaining"), "0");
    EXPECT_EQ(level(answer, "Ratelimit-Reset"), "1767225660");
    const auto mine = token_;
    token_ = accounts_.issue("streamer", {}).access;
    EXPECT_EQ(ask("/users").status, 200u) << "each user has a bucket";
    token_ = mine;
    clock_.jump(75ms);
    EXPECT_EQ(ask("/users").status, 200u) << "it fills evenly";
    clock_.jump(60s);
    EXPECT_EQ(level(ask("/users"), "Ratelimit-Remaining"), "799");
}

TEST_F(Helix, LimitsOnDemand) {
    const auto remaining = [this](HelixApi::Limit limit) {
        const auto answer = api_.limited(request("/users"), limit);
        EXPECT_EQ(answer.status, 429u);
        return std::string(value_of(answer.headers, "Ratelimit-Remaining"));
    };
    EXPECT_EQ(remaining(HelixApi::Limit::bucket), "0");
    EXPECT_EQ(remaining(HelixApi::Limit::endpoint), "798");
    EXPECT_EQ(remaining(HelixApi::Limit::bare), "");
}

}  // namespace
}  // namespace coven::sim
