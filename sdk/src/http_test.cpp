#include "coven/http.hpp"

#include <algorithm>
#include <cstdlib>

#include <gtest/gtest.h>

#include "coven/daemon.hpp"
#include "coven_testing/http_script.hpp"
#include "coven_testing/moved_clock.hpp"
#include "outcome_for_test.hpp"

namespace coven {
namespace {

namespace asio = boost::asio;
using testing::http_answer;
using Then = testing::HttpScript::Then;
using std::chrono::seconds;

class HttpTest : public ::testing::Test {
  protected:
    HttpRequest request(HttpRequest::Method method = HttpRequest::Method::get,
                        const std::string& path = "/x") const {
        HttpRequest wanted;
        wanted.method = method;
        wanted.url = server_.url() + path;
        return wanted;
    }
    Result<HttpResponse> send(HttpRequest wanted) {
        return outcome(io_, client_.send(std::move(wanted)));
    }
    /// Why `wanted` has no answer, without method and URL.
    std::string loss(HttpRequest wanted) {
        const auto name = method_name(wanted.method) + (" " + wanted.url) + ": ";
        const auto answer = send(std::move(wanted));
        if (!answer.has_error()) return "it has one: " + std::to_string(answer->status);
        const auto& reason = answer.error().message;
        return reason.starts_with(name) ? reason.substr(name.size()) : "unnamed: " + reason;
    }
    asio::io_context io_;
    testing::MovedClock clock_;
    testing::HttpScript server_{io_};
    HttpClient client_{io_.get_executor(), clock_, {}};
};

TEST_F(HttpTest, SendsAFormWithItsSecrets) {
    server_.answer(http_answer(200, "{}", {"X-One: 1", "x-one:  2 ", "Ratelimit-Reset: 5"}));
    auto wanted = request(HttpRequest::Method::post, "/oauth2/token");
    wanted.query = {{"q", "a b"}};
    wanted.headers = {{"Client-Id", "abc"}};
    wanted.authorization_scheme = "OAuth";
    wanted.authorization = Secret("hidden");
    wanted.form = {{"grant_type", "refresh_token"}};
    wanted.secret_form = {{"refresh_token", Secret("r&1")}};
    const auto answer = send(std::move(wanted));
    ASSERT_TRUE(answer.has_value()) << answer.error().message;
    EXPECT_EQ(answer->status, 200);
    EXPECT_EQ(answer->body, "{}");
    EXPECT_EQ(answer->header("X-ONE"), "2");
    EXPECT_EQ(answer->header("ratelimit-reset"), "5");
    EXPECT_EQ(answer->header("absent"), std::nullopt);
    const auto& seen = server_.seen().at(0);
    EXPECT_EQ(seen.method + " " + seen.target, "POST /oauth2/token?q=a%20b");
    EXPECT_EQ(seen.headers.at("content-type"), "application/x-www-form-urlencoded");
    EXPECT_EQ(seen.headers.at("authorization"), "OAuth hidden");
    EXPECT_EQ(seen.headers.at("client-id"), "abc");
    EXPECT_EQ(seen.headers.at("user-agent"), "coven/" + version());
    EXPECT_EQ(seen.body, "grant_type=refresh_token&refresh_token=r%261");
}

TEST_F(HttpTest, KnowsEveryMethod) {
    using Method = HttpRequest::Method;
    server_.answer_always(http_answer(204, ""));
    for (const auto method :
         {Method::get, Method::post, Method::put, Method::patch, Method::remove}) {
        auto with_body = request(method);
        with_body.json = "{\"a\":1}";
        for (const auto& wanted : {with_body, request(method)}) {
            ASSERT_TRUE(send(wanted).has_value()) << method_name(method);
            const auto& seen = server_.seen().back();
            EXPECT_EQ(seen.method, method_name(method));
            EXPECT_EQ(seen.body, wanted.json);
            EXPECT_EQ(seen.headers.contains("content-type"), !wanted.json.empty());
            EXPECT_FALSE(seen.headers.contains("expect"));
        }
    }
    EXPECT_EQ(server_.connections(), 1u) << "they share a connection";
}

TEST_F(HttpTest, TakesAnyStatusAsAnAnswer) {
    for (const int status : {200, 202, 301, 401, 404, 429, 503}) {
        server_.answer(http_answer(status, "text", {"Location: http://127.0.0.1:1/"}));
        const auto answer = send(request());
        ASSERT_TRUE(answer.has_value()) << status;
        EXPECT_EQ(answer->status, status);
        EXPECT_EQ(answer->body, "text");
    }
    EXPECT_EQ(server_.seen().size(), 7u) << "redirects are not followed";
    server_.answer("HTTP/1.1 103 Early Hints\r\nX-Early: 1\r\n\r\n" + http_answer(200, "late"));
    const auto late = send(request());
    ASSERT_TRUE(late.has_value());
    EXPECT_EQ(late->body, "late");
    EXPECT_EQ(late->header("x-early"), std::nullopt);
}

TEST_F(HttpTest, SaysWhyNothingCame) {
    std::string endless = "HTTP/1.1 200 OK\r\n";
    while (endless.size() < (66u << 10)) endless += "X: and so on, and so on\r\n";
    const struct {
        std::string answer;
        const char* reason;
    } rows[] = {
        {"", "the connection was closed without an answer"},
        {"nonsense\r\n\r\n", "Received HTTP/0.9 when not allowed"},
        {endless, "the head of the answer is longer than 65536 bytes"},
        {"HTTP/1.1 200 OK\r\nX: a", "the connection was closed in the middle of the head"},
        {"HTTP/1.1 200 OK\r\nX: a\r\n", "the connection was closed in the middle of the head"},
        {"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf", "transfer closed with 5 bytes"},
        {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", ""},
    };
    for (const auto& row : rows) {
        server_.answer(row.answer, Then::close);
        const auto reason = loss(request());
        EXPECT_EQ(reason.find(row.reason), 0u) << reason;
        EXPECT_FALSE(reason.starts_with("it has one")) << row.answer.substr(0, 50);
    }
}

TEST_F(HttpTest, EndsAnswersThatAreTooLong) {
    HttpClient::Options options;
    options.max_body_bytes = 1000;
    HttpClient client(io_.get_executor(), clock_, options);
    server_.answer(http_answer(200, std::string(1000, 'x')));
    server_.answer(http_answer(200, std::string(1001, 'x')));
    EXPECT_TRUE(outcome(io_, client.send(request())).has_value());
    const auto longer = outcome(io_, client.send(request()));
    ASSERT_TRUE(longer.has_error());
    EXPECT_NE(longer.error().message.find("the answer is longer than 1000 bytes"),
              std::string::npos);
}

TEST_F(HttpTest, SaysThatNobodyListens) {
    auto wanted = request();
    wanted.query = {{"login", "xqc"}};
    server_.stop();
    const auto reason = loss(wanted);
    EXPECT_EQ(reason.find("Failed to connect to 127.0.0.1 port "), 0u) << reason;
    EXPECT_EQ(reason.find("login"), std::string::npos);
}

TEST_F(HttpTest, WaitsNoLongerThanItsLimit) {
    server_.hold();
    auto wanted = request();
    wanted.limit = seconds(15);
    const auto name = "GET " + wanted.url;
    const auto answer = begin(io_, result_of(client_.send(wanted)));
    ASSERT_TRUE(turn_until(io_, [&] { return server_.seen().size() == 1; }));
    clock_.advance(io_, seconds(14));
    EXPECT_FALSE(answer->has_value());
    clock_.advance(io_, seconds(1));
    ASSERT_TRUE(turn_until(io_, [&] { return answer->has_value(); }));
    EXPECT_EQ((*answer)->error().message, name + ": no answer within 15 s (the request was sent)");
    EXPECT_EQ(client_.pending(), 0u);
}

TEST_F(HttpTest, SendsAPostOnceAlsoWhenAKeptConnectionDies) {
    using Method = HttpRequest::Method;
    server_.answer(http_answer(200, ""));
    server_.answer("", Then::close);
    ASSERT_TRUE(send(request()).has_value());
    EXPECT_EQ(loss(request(Method::post)), "the connection was closed without an answer");
    EXPECT_EQ(server_.seen().size(), 2u);
    // What may be repeated is.
    server_.answer(http_answer(200, ""));
    server_.answer("", Then::close);
    server_.answer(http_answer(200, "again"));
    ASSERT_TRUE(send(request()).has_value());
    const auto answer = send(request());
    ASSERT_TRUE(answer.has_value()) << answer.error().message;
    EXPECT_EQ(answer->body, "again");
    EXPECT_EQ(server_.seen().size(), 5u);
}

TEST_F(HttpTest, HasEightInFlightAtMostAndTheOthersInTheirOrder) {
    constexpr std::size_t all = 50;
    server_.answer_always(http_answer(200, ""));
    server_.hold();
    std::vector<std::shared_ptr<std::optional<Result<HttpResponse>>>> answers;
    for (std::size_t number = 0; number < all; ++number) {
        const auto path = "/" + std::to_string(number);
        auto wanted = request(HttpRequest::Method::get, path);
        answers.push_back(begin(io_, result_of(client_.send(std::move(wanted)))));
    }
    for (std::size_t given = 0; given < all; ++given) {
        const auto come = std::min(given + 8, all);
        ASSERT_TRUE(turn_until(io_, [&] { return server_.seen().size() == come; }));
        EXPECT_EQ(client_.pending(), all - given);
        server_.release(1);
        ASSERT_TRUE(turn_until(io_, [&] { return client_.pending() == all - given - 1; }));
    }
    EXPECT_EQ(server_.most_at_once(), 8u);
    EXPECT_LE(server_.connections(), 8u);
    for (const auto& answer : answers) EXPECT_TRUE(answer->has_value() && (*answer)->has_value());
    for (std::size_t place = 8; place < all; ++place) {
        EXPECT_EQ(server_.seen()[place].target, "/" + std::to_string(place));
    }
}

TEST_F(HttpTest, RefusesMoreThanMayWait) {
    HttpClient::Options options;
    options.max_in_flight = 1;
    options.max_waiting = 1;
    HttpClient client(io_.get_executor(), clock_, options);
    server_.hold();
    const auto first = begin(io_, result_of(client.send(request())));
    const auto second = begin(io_, result_of(client.send(request())));
    const auto third = outcome(io_, client.send(request()));
    ASSERT_TRUE(third.has_error());
    EXPECT_NE(third.error().message.find("too many requests wait"), std::string::npos);
}

TEST_F(HttpTest, EndsWhatIsCancelled) {
    server_.hold();
    HttpClient::Options options;
    options.max_in_flight = 1;
    HttpClient client(io_.get_executor(), clock_, options);
    std::size_t ended = 0;
    for (int patience : {5, 10}) {
        auto job = race(client.send(request()), clock_.sleep(seconds(patience)));
        asio::co_spawn(io_, std::move(job), [&](const std::exception_ptr&, const auto& winner) {
            ended += winner.index();
        });
    }
    ASSERT_TRUE(turn_until(io_, [&] { return server_.seen().size() == 1; }));
    EXPECT_EQ(client.pending(), 2u);
    clock_.advance(io_, seconds(5));
    ASSERT_TRUE(turn_until(io_, [&] { return ended == 1; }));
    clock_.advance(io_, seconds(5));
    ASSERT_TRUE(turn_until(io_, [&] { return ended == 2; }));
    EXPECT_EQ(client.pending(), 0u);
}

TEST_F(HttpTest, MayDieBeforeItsRequests) {
    server_.hold();
    auto client = std::make_unique<HttpClient>(io_.get_executor(), clock_, HttpClient::Options());
    const auto answer = begin(io_, result_of(client->send(request())));
    ASSERT_TRUE(turn_until(io_, [&] { return server_.seen().size() == 1; }));
    client.reset();
    server_.answer_always(http_answer(200, ""));
    server_.release(1);
    ASSERT_TRUE(turn_until(io_, [&] { return answer->has_value(); }));
}

TEST_F(HttpTest, SendsNothingThatWouldForgeHeaders) {
    auto token = request();
    token.authorization = Secret("hidden\r\nX-Forged: 1");
    EXPECT_EQ(loss(token), "the token holds a control character");
    auto header = request();
    header.headers = {{"Client-Id", "hidden\n"}};
    EXPECT_EQ(loss(header), "header 'Client-Id' holds a control character");
    EXPECT_TRUE(server_.seen().empty());
}

TEST_F(HttpTest, TakesOnlyPlainUrlsAndHidesPasswords) {
    const struct {
        const char* url;
        const char* reason;
    } rows[] = {
        {"ftp://host/", "GET ftp://host/: the URL is not https:// or http://"},
        {"", "GET : the URL is not https:// or http://"},
        {"https://me:hidden@host/x", "GET …@host/x: the URL must not hold a user name"},
        {"https://host/x?token=hidden",
         "GET https://host/x: the URL must not hold a query or a fragment"},
        {"http://ho st/", "GET http://ho st/: URL using bad/illegal format or missing URL"},
    };
    for (const auto& row : rows) {
        HttpRequest wanted;
        wanted.url = row.url;
        const auto answer = send(wanted);
        ASSERT_TRUE(answer.has_error()) << row.url;
        EXPECT_EQ(answer.error().message, row.reason);
    }
}

/// A variable of the environment, for as long as it lives.
class Variable {
  public:
    Variable(const char* name, const std::string& value) : name_(name) {
        setenv(name, value.c_str(), 1);
    }
    Variable(const Variable&) = delete;
    Variable& operator=(const Variable&) = delete;
    ~Variable() { unsetenv(name_); }

  private:
    const char* name_;
};

TEST_F(HttpTest, GoesThroughAProxyButNotToThisMachine) {
    testing::HttpScript proxy(io_);
    proxy.answer_always(http_answer(200, "by proxy"));
    server_.answer_always(http_answer(200, "direct"));
    const Variable variable("http_proxy", proxy.url());
    auto outside = request();
    outside.url = "http://far.test/x";
    EXPECT_EQ(send(outside)->body, "by proxy");
    EXPECT_EQ(proxy.seen().at(0).target, "http://far.test/x");
    EXPECT_EQ(send(request())->body, "direct");
    const Variable none("no_proxy", "far.test");
    EXPECT_NE(loss(outside).find("resolve host: far.test"), std::string::npos);
    EXPECT_EQ(proxy.seen().size(), 1u);
    EXPECT_EQ(send(request())->body, "direct");
}

}  // namespace
}  // namespace coven
