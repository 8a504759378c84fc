#include "coven/helix.hpp"

#include <gtest/gtest.h>

#include "helix_stage_for_test.hpp"

namespace coven {
namespace {

namespace asio = boost::asio;
using testing::http_answer;
using Kind = HelixError::Kind;
using Method = HttpRequest::Method;
using std::chrono::seconds;

constexpr const char* unauthorized =
    R"({"error":"Unauthorized","status":401,"message":"Invalid OAuth token"})";

TEST_F(HelixTest, CallsWithTokenAndClientId) {
    server_.answer(http_answer(200, R"({"data":[{"id":"1"}]})"));
    auto wanted = get("/users");
    wanted.query = {{"id", "1"}, {"id", "2"}, {"login", "xqc"}};
    const auto answer = call(wanted);
    ASSERT_TRUE(answer.has_value()) << answer.error().message;
    EXPECT_EQ(answer->member("data").items().at(0).text_or("id"), "1");
    const auto& seen = server_.seen().at(0);
    EXPECT_EQ(seen.method + " " + seen.target, "GET /helix/users?id=1&id=2&login=xqc");
    EXPECT_EQ(seen.headers.at("authorization"), "Bearer token-1");
    EXPECT_EQ(seen.headers.at("client-id"), "id");
}

TEST_F(HelixTest, SendsJsonAlsoElsewhere) {
    server_.answer_always(http_answer(202, "{}"));
    HelixCall wanted;
    wanted.method = Method::post;
    wanted.url = server_.url() + "/eventsub/subscriptions";
    wanted.json = R"({"type":"stream.online"})";
    ASSERT_TRUE(call(wanted).has_value());
    EXPECT_EQ(server_.seen()[0].target, "/eventsub/subscriptions");
    EXPECT_EQ(server_.seen()[0].headers.at("content-type"), "application/json");
    EXPECT_EQ(server_.seen()[0].body, wanted.json);
}

TEST_F(HelixTest, GivesNullForAnEmptyAnswer) {
    server_.answer(http_answer(204, ""));
    const auto answer = call(get("/x"));
    ASSERT_TRUE(answer.has_value());
    EXPECT_TRUE(answer->is_null());
}

TEST_F(HelixTest, GetsAnotherTokenOnceAfterA401) {
    server_.answer(http_answer(401, unauthorized));
    server_.answer(http_answer(200, "{}"));
    auto wanted = get("/users");
    wanted.method = Method::post;
    EXPECT_TRUE(call(wanted).has_value());
    EXPECT_EQ(tokens_.replaced, std::vector<std::string>{"token-1"});
    EXPECT_EQ(server_.seen()[1].headers.at("authorization"), "Bearer token-2");
    const auto error = error_of(get("/users"), 401, unauthorized);
    EXPECT_EQ(error.kind, Kind::unauthorized);
    EXPECT_EQ(error.message,
              "GET /helix/users for user 'xqc' failed: Twitch answered 401 'Invalid OAuth token', "
              "also with another token; log in again: coven login");
    EXPECT_EQ(tokens_.replaced.size(), 2u);
    EXPECT_EQ(server_.seen().size(), 4u);
}

TEST_F(HelixTest, SaysWhyThereIsNoOtherToken) {
    server_.answer(http_answer(401, unauthorized));
    const auto answer = begin_call(get("/users"));
    tokens_.missing = "";
    ASSERT_TRUE(turn_until(io_, [&] { return server_.seen().size() == 1; }));
    tokens_.missing = "account 'ann' is revoked; log in again: coven login";
    const auto error = drive(answer).error();
    EXPECT_EQ(error.kind, Kind::unauthorized);
    EXPECT_EQ(error.twitch_message, "Invalid OAuth token");
    EXPECT_NE(error.message.find("; account 'ann' is revoked; log in again: coven login"),
              std::string::npos)
        << error.message;
}

TEST_F(HelixTest, NeedsNoOtherTokenForAMissingScope) {
    const auto error = error_of(get("/chat/chatters"), 401,
                                R"({"error":"Unauthorized","status":401,)"
                                R"("message":"Missing scope: moderator:read:chatters"})");
    EXPECT_EQ(error.kind, Kind::missing_scope);
    EXPECT_NE(error.message.find("'Missing scope: moderator:read:chatters'; log in again"),
              std::string::npos);
    EXPECT_TRUE(tokens_.replaced.empty());
    EXPECT_EQ(server_.seen().size(), 1u);
}

TEST_F(HelixTest, SaysThatThereIsNoToken) {
    tokens_.missing = "there is no account; log in: coven login";
    const auto error = call(get("/users")).error();
    EXPECT_EQ(error.kind, Kind::no_token);
    EXPECT_EQ(error.message,
              "GET /helix/users for user 'xqc' failed: there is no account; log in: coven login");
    EXPECT_TRUE(server_.seen().empty());
}

TEST_F(HelixTest, TriesAGetAgainAfterA5xx) {
    for (const int status : {500, 502, 503, 504}) server_.answer(http_answer(status, "<html>"));
    server_.answer(http_answer(200, "{}"));
    EXPECT_TRUE(call(get("/users")).has_value());
    EXPECT_EQ(server_.seen().size(), 5u);
    // 0.5 s, 1 s, 2 s, 4 s at most, and what the test adds by its steps.
    EXPECT_LT(passed(), seconds(9));
    EXPECT_EQ(helix_.numbers().answers[5], 4u);
    EXPECT_EQ(helix_.numbers().answers[2], 1u);
    const auto error = error_of(get("/users"), 503, "<html>");
    EXPECT_EQ(error.kind, Kind::unavailable);
    EXPECT_EQ(error.status, 503);
    EXPECT_EQ(
        error.message,
        "GET /helix/users for user 'xqc' failed: the server answered 503 (tried 5 times); try "
        "again later");
}

TEST_F(HelixTest, TriesNothingElseAgain) {
    for (const auto method : {Method::post, Method::put, Method::patch, Method::remove}) {
        auto wanted = get("/users");
        wanted.method = method;
        const auto before = server_.seen().size();
        const auto error = error_of(wanted, 500, "");
        EXPECT_EQ(error.kind, Kind::unavailable);
        EXPECT_NE(error.message.find("it may have been done all the same"), std::string::npos);
        EXPECT_EQ(server_.seen().size(), before + 1);
    }
}

TEST_F(HelixTest, TriesAGetAgainWhenNobodyAnswers) {
    server_.stop();
    const auto error = call(get("/users")).error();
    EXPECT_EQ(error.kind, Kind::unreachable);
    EXPECT_EQ(error.status, 0);
    EXPECT_EQ(helix_.numbers().answers[0], 5u);
    for (const char* part : {"GET /helix/users for user 'xqc' failed: GET http://127.0.0.1:",
                             "(tried 5 times); check the network and twitch.helix_url"}) {
        EXPECT_NE(error.message.find(part), std::string::npos) << error.message;
    }
}

TEST_F(HelixTest, TriesAGetAgainThatWasTooSlow) {
    server_.hold();
    server_.answer_always(http_answer(200, "{}"));
    const auto answer = begin_call(get("/users"));
    ASSERT_TRUE(turn_until(io_, [&] { return server_.seen().size() == 1; }));
    clock_.advance(io_, seconds(16));
    ASSERT_TRUE(turn_until(io_, [&] { return server_.seen().size() == 2; }));
    server_.release(2);
    EXPECT_TRUE(drive(answer).has_value());
}

TEST_F(HelixTest, TellsRefusalsApart) {
    const struct {
        int status;
        const char* body;
        Kind kind;
        const char* text;
    } rows[] = {
        {400, R"({"error":"Bad Request","status":400,"message":"Bad Identifiers"})", Kind::refused,
         "Twitch answered 400 'Bad Identifiers'; check user 'xqc'"},
        {400, R"({"status":400,"message":"other envelope"})", Kind::refused, "'other envelope'"},
        {400, "<html>", Kind::refused, "the server answered 400; check user 'xqc'"},
        {403, R"({"status":403,"message":"no"})", Kind::refused, "the account may not do this"},
        {404, R"({"status":404,"message":"not found"})", Kind::refused, "'not found'"},
        {410, R"({"error":"Gone","status":410,"message":"gone"})", Kind::refused,
         "Twitch has removed this call: update Coven"},
        {302, "", Kind::malformed, "the server answered 302; check twitch.helix_url"},
        {200, "<html>", Kind::malformed, "the answer is not Twitch's: not JSON (6 bytes): "},
        {200, R"({"data":[)", Kind::malformed, "the answer is not Twitch's: not JSON (9 bytes): "},
    };
    for (const auto& row : rows) {
        const auto before = server_.seen().size();
        const auto error = error_of(get("/users"), row.status, row.body);
        EXPECT_EQ(error.kind, row.kind) << error.message;
        EXPECT_EQ(error.status, row.status);
        EXPECT_NE(error.message.find(row.text), std::string::npos) << error.message;
        EXPECT_EQ(server_.seen().size(), before + 1) << "none is tried again";
    }
}

TEST_F(HelixTest, RepeatsNoTokenInItsMessages) {
    const auto error = error_of(get("/users"), 400, R"({"message":"token-1 is odd"})");
    EXPECT_EQ(error.twitch_message, "[redacted] is odd");
    EXPECT_EQ(error.message.find("token-1"), std::string::npos);
}

std::string page(const std::string& items, const std::string& cursor) {
    return http_answer(200, "{\"data\":[" + items + "],\"pagination\":{" +
                                (cursor.empty() ? "" : "\"cursor\":\"" + cursor + "\"") + "}}");
}

TEST_F(HelixTest, JoinsPages) {
    server_.answer(page(R"({"id":"1"},{"id":"2"})", "c1"));
    server_.answer(page("", "c2"));
    server_.answer(page(R"({"id":"3"})", ""));
    auto wanted = get("/streams");
    wanted.query = {{"first", "100"}};
    const auto items = drive(begin(io_, helix_.pages(wanted, 1000)));
    ASSERT_TRUE(items.has_value());
    EXPECT_EQ(items->size(), 3u);
    EXPECT_EQ(items->back().text_or("id"), "3");
    EXPECT_EQ(server_.seen()[0].target, "/helix/streams?first=100");
    EXPECT_EQ(server_.seen()[1].target, "/helix/streams?first=100&after=c1");
    EXPECT_EQ(server_.seen()[2].target, "/helix/streams?first=100&after=c2");
}

TEST_F(HelixTest, EndsPagesThatDoNotEnd) {
    // The same cursor again and again.
    server_.answer_always(page(R"({"id":"1"})", "c1"));
    EXPECT_EQ(drive(begin(io_, helix_.pages(get("/streams"), 1000)))->size(), 2u);
    EXPECT_EQ(server_.seen().size(), 2u);
    // Enough.
    server_.answer(page("1,2,3", "c1"));
    server_.answer(page("4,5,6", "c2"));
    EXPECT_EQ(drive(begin(io_, helix_.pages(get("/streams"), 5)))->size(), 5u);
    EXPECT_EQ(server_.seen().size(), 4u);
    // Nothing but cursors.
    for (int number = 0; number < 20; ++number) {
        server_.answer(page("", "c" + std::to_string(number)));
    }
    EXPECT_EQ(drive(begin(io_, helix_.pages(get("/streams"), 5)))->size(), 0u);
    EXPECT_EQ(server_.seen().size(), 12u);
}

TEST_F(HelixTest, GivesNoPagesWhenOneFails) {
    server_.answer(page("1", "c1"));
    server_.answer(http_answer(400, R"({"message":"cursor"})"));
    const auto items = drive(begin(io_, helix_.pages(get("/streams"), 5)));
    ASSERT_TRUE(items.has_error());
    EXPECT_EQ(items.error().kind, Kind::refused);
}

TEST_F(HelixTest, CanBeCancelledInFlightAndInItsPauses) {
    std::size_t ended = 0;
    const auto call_for = [&](seconds patience) {
        auto job = race(helix_.call(get("/users")), clock_.sleep(patience));
        asio::co_spawn(io_, std::move(job), [&](const std::exception_ptr&, const auto& winner) {
            ended += winner.index();
        });
    };
    server_.hold();
    call_for(seconds(5));
    ASSERT_TRUE(turn_until(io_, [&] { return server_.seen().size() == 1; }));
    clock_.advance(io_, seconds(5));
    ASSERT_TRUE(turn_until(io_, [&] { return ended == 1; }));
    EXPECT_EQ(http_.pending(), 0u);
    // Now one that waits for room.
    server_.answer_always(http_answer(429, ""));
    server_.release(1);
    call_for(seconds(5));
    ASSERT_TRUE(turn_until(io_, [&] { return server_.seen().size() == 2; }));
    server_.release(1);
    settle();
    clock_.advance(io_, seconds(5));
    ASSERT_TRUE(turn_until(io_, [&] { return ended == 2; }));
}

}  // namespace
}  // namespace coven
