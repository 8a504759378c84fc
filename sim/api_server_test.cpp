#include "api_server.hpp"

#include <fstream>
#include <sstream>

#include <boost/asio/post.hpp>
#include <boost/asio/ssl.hpp>
#include <gtest/gtest.h>

#include "caller_for_test.hpp"
#include "certificates.hpp"
#include "coven/temp_folder.hpp"
#include "verbs.hpp"

namespace asio = boost::asio;
using namespace std::chrono_literals;

namespace coven::sim {
namespace {

const std::string validate = "GET /oauth2/validate HTTP/1.1\r\nHost: x\r\n\r\n";
const std::string no_token = R"({"status":401,"message":"missing authorization token"})";

class Api : public ::testing::Test {
  protected:
    void run(asio::awaitable<void> test) { stage_.run(with_api(stage_, std::move(test))); }

    Stage stage_{{}};
};

/// A GET of Helix with a token for everything.
std::string get_users(Stage& stage, const std::string& query) {
    const auto token = stage.api->accounts().issue("coven_bot", {}).access;
    return "GET /helix/users" + query + " HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + token +
           "\r\nCLIENT-ID: simpublic\r\n\r\n";
}

std::size_t play(Stage& stage, std::string_view command) {
    return carry_out(stage.twitch(), parse_command(command).value()).count;
}

asio::awaitable<void> keep_alive(Stage& stage) {
    Caller caller(stage);
    caller.connect();
    auto answer = co_await caller.ask(get_users(stage, ""));
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"))
        << answer;
    EXPECT_NE(answer.find("Ratelimit-Remaining: 799\r\n"), std::string::npos) << answer;
    EXPECT_NE(answer.find("Date: Thu, 01 Jan 2026 00:00:00 GMT\r\n"), std::string::npos) << answer;
    co_await caller.send(validate + validate);
    for (int i = 0; i < 2; ++i) {
        answer = co_await caller.answer();
        EXPECT_TRUE(answer.ends_with(no_token)) << answer;
    }
    answer = co_await caller.ask("GET /nowhere HTTP/1.1\r\nConnection: close\r\n\r\n");
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 404 Not Found\r\n")) << answer;
    answer = co_await caller.answer();
    EXPECT_EQ(answer, "") << "it was asked to close";
    EXPECT_EQ(stage.api->tally().calls_of(ApiHost::id), 2u);
    EXPECT_EQ(stage.api->tally().calls_of(ApiHost::helix), 1u);
}

TEST_F(Api, KeepsConnections) { run(keep_alive(stage_)); }

asio::awaitable<void> ask_at_once(Stage& stage) {
    Caller one(stage);
    Caller other(stage);
    one.connect();
    other.connect();
    EXPECT_EQ(play(stage, "http-slow id 5s 2"), 2u);
    co_await one.send(validate);
    co_await other.send(validate);
    const auto& tally = stage.api->tally();
    while (tally.at_once < 2) co_await asio::post(stage.io, asio::use_awaitable);
    stage.clock.jump(5s);
    auto answer = co_await other.answer();
    EXPECT_TRUE(answer.ends_with(no_token)) << answer;
    answer = co_await one.answer();
    EXPECT_TRUE(answer.ends_with(no_token)) << answer;
    EXPECT_EQ(tally.most_at_once, 2u);
    EXPECT_EQ(tally.at_once, 0u);
    answer = co_await one.ask(validate);
    EXPECT_TRUE(answer.ends_with(no_token)) << "slow no more: " << answer;
}

TEST_F(Api, AnswersTwoAtOnce) { run(ask_at_once(stage_)); }

asio::awaitable<void> send_nonsense(Stage& stage) {
    struct Row {
        std::string bytes;
        const char* answer;
    };
    const std::string long_head = "GET / HTTP/1.1\r\nX: " + std::string(20'000, 'x') + "\r\n\r\n";
    const std::string post = "POST /oauth2/token HTTP/1.1\r\nContent-Length: ";
    for (const auto& row :
         {Row{long_head, "HTTP/1.1 431 "}, Row{post + "70000\r\n\r\n", "HTTP/1.1 413 "},
          Row{post + "x\r\n\r\n", "HTTP/1.1 400 "},
          Row{"\x16\x03\x01 hello\r\n\r\n", "HTTP/1.1 400 "},
          Row{"GET / HTTP/9.9\r\n\r\n", "HTTP/1.1 400 "}, Row{"\r\n\r\n", "HTTP/1.1 400 "}}) {
        // At the beginning of a connection, and behind a request that is none.
        for (const auto& before : {std::string(), validate}) {
            Caller caller(stage);
            caller.connect();
            if (!before.empty()) co_await caller.ask(before);
            auto answer = co_await caller.ask(row.bytes);
            EXPECT_TRUE(answer.starts_with(row.answer)) << row.bytes << " -> " << answer;
            answer = co_await caller.answer();
            EXPECT_EQ(answer, "") << "there is no telling where the next request begins";
        }
    }
}

TEST_F(Api, RefusesWhatItCannotRead) { run(send_nonsense(stage_)); }

asio::awaitable<void> break_off(Stage& stage) {
    const std::string beginning = "POST /oauth2/token HTTP/1.1\r\nContent-Length: 100\r\n\r\ngrant";
    Caller gone(stage);
    gone.connect();
    co_await gone.send(beginning);
    gone.hang_up();
    Caller silent(stage);
    silent.connect();
    auto answer = co_await silent.ask(validate);
    co_await silent.send(beginning);
    Caller idle(stage);
    idle.connect();
    answer = co_await idle.ask(validate);
    EXPECT_TRUE(answer.ends_with(no_token)) << "others do not notice: " << answer;
    // Half a request is not waited for, nor is the next one. When the server begins to count is up
    // to it.
    while (!silent.is_over() || !idle.is_over()) {
        stage.clock.jump(60s);
        co_await asio::post(stage.io, asio::use_awaitable);
    }
}

TEST_F(Api, GetsOverHalfRequests) { run(break_off(stage_)); }

asio::awaitable<void> be_refused(Stage& stage) {
    Caller caller(stage);
    caller.connect();
    co_await caller.ask(validate);
    Caller waiting(stage);
    waiting.connect();
    play(stage, "http-slow id 1h 1");
    co_await waiting.send(validate);
    while (stage.api->tally().at_once == 0) co_await asio::post(stage.io, asio::use_awaitable);
    play(stage, "http-refuse 3s");
    auto answer = co_await caller.answer();
    EXPECT_EQ(answer, "");
    answer = co_await waiting.answer();
    EXPECT_EQ(answer, "") << "in the middle of a request, too";
    EXPECT_FALSE(caller.connect());
    stage.clock.jump(3s);
    while (!caller.connect()) co_await asio::post(stage.io, asio::use_awaitable);
    answer = co_await caller.ask(validate);
    EXPECT_TRUE(answer.ends_with(no_token)) << answer;
}

TEST_F(Api, RefusesConnectionsForAWhile) { run(be_refused(stage_)); }

asio::awaitable<void> fail(Stage& stage) {
    struct Row {
        const char* verb;
        const char* status;
        const char* part;
    };
    Caller caller(stage);
    caller.connect();
    for (const auto& row :
         {Row{"http-fail helix 503 1", "503", R"("message":"failed on demand"})"},
          Row{"http-fail helix 401 1", "401", R"("message":"Invalid OAuth token"})"},
          Row{"http-fail helix 200 1 <html>", "200", "\r\n\r\n<html>"},
          Row{"http-limit bucket 1", "429", "Ratelimit-Remaining: 0\r\n"},
          Row{"http-limit endpoint 1", "429", "Ratelimit-Remaining: 79"}}) {
        EXPECT_EQ(play(stage, row.verb), 1u);
        auto answer = co_await caller.ask(get_users(stage, ""));
        EXPECT_TRUE(answer.starts_with(std::string("HTTP/1.1 ") + row.status)) << answer;
        EXPECT_NE(answer.find(row.part), std::string::npos) << row.verb << " -> " << answer;
        answer = co_await caller.ask(get_users(stage, ""));
        EXPECT_TRUE(answer.starts_with("HTTP/1.1 200 ")) << "once: " << answer;
    }
    play(stage, "http-fail helix 204 1");
    auto empty = co_await caller.ask(get_users(stage, ""));
    EXPECT_TRUE(empty.starts_with("HTTP/1.1 204 ")) << empty;
    EXPECT_TRUE(empty.ends_with("\r\n\r\n")) << empty;
    play(stage, "http-limit bare 1");
    auto answer = co_await caller.ask(get_users(stage, ""));
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 429 ")) << answer;
    EXPECT_EQ(answer.find("Ratelimit"), std::string::npos) << answer;
    play(stage, "http-fail id 400 1");
    answer = co_await caller.ask(validate);
    EXPECT_TRUE(answer.ends_with(R"({"status":400,"message":"failed on demand"})")) << answer;
}

TEST_F(Api, FailsOnDemand) { run(fail(stage_)); }

asio::awaitable<void> lose_a_token(Stage& stage) {
    Caller caller(stage);
    caller.connect();
    const auto request = get_users(stage, "");
    auto answer = co_await caller.ask(request);
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 200 ")) << answer;
    EXPECT_EQ(play(stage, "expire coven_bot"), 1u);
    answer = co_await caller.ask(request);
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 401 ")) << answer;
    EXPECT_EQ(play(stage, "revoke coven_bot"), 1u) << "the refresh token was left";
    EXPECT_EQ(play(stage, "approve ABCDEFGH coven_bot"), 0u);
    EXPECT_EQ(play(stage, "rename coven_bot other_bot"), 1u);
    answer = co_await caller.ask(get_users(stage, "?login=other_bot"));
    EXPECT_NE(answer.find(numeric_id("coven_bot")), std::string::npos) << answer;
}

TEST_F(Api, TakesTokensAway) { run(lose_a_token(stage_)); }

asio::awaitable<void> see_the_chat(Stage& stage) {
    const auto client = co_await TestClient::join(*stage.server, "xqc");
    stage.server->say("xqc", "somebody", "hello");
    const auto line = co_await client->line_with(":hello");
    Caller caller(stage);
    caller.connect();
    auto answer = co_await caller.ask(get_users(stage, "?login=somebody"));
    const auto begin = answer.find(R"("id":")") + 6;
    const auto id = answer.substr(begin, answer.find('"', begin) - begin);
    EXPECT_NE(line.find(";user-id=" + id + ";"), std::string::npos) << line << answer;
    answer = co_await caller.ask(get_users(stage, "?login=xqc"));
    EXPECT_NE(answer.find(numeric_id("xqc")), std::string::npos) << answer;
    stage.server->suspend("xqc");
    answer = co_await caller.ask(get_users(stage, "?login=xqc"));
    EXPECT_TRUE(answer.ends_with(R"({"data":[]})")) << answer;
}

TEST_F(Api, KnowsWhoChats) { run(see_the_chat(stage_)); }

std::string text_of(const std::string& path) {
    std::ostringstream text;
    text << std::ifstream(path).rdbuf();
    return text.str();
}

asio::awaitable<void> leave_traces(Stage& stage, std::string secret) {
    Caller caller(stage);
    caller.connect();
    const auto form = "grant_type=refresh_token&client_id=simpublic&refresh_token=" + secret;
    co_await caller.ask("POST /oauth2/token?x=" + secret + " HTTP/1.1\r\nAuthorization: OAuth " +
                        secret + "\r\nContent-Length: " + std::to_string(form.size()) + "\r\n\r\n" +
                        form);
    co_await caller.ask(get_users(stage, "?login=xqc"));
}

TEST_F(Api, LogsRequestsWithoutTheirSecrets) {
    const TempFolder folder;
    ApiServer::Options options;
    options.request_log = folder.file("requests");
    stage_.api =
        ApiServer::listen(stage_.io, stage_.clock, stage_.server->users(), options).value();
    run(leave_traces(stage_, "confidential_text"));
    EXPECT_EQ(
        text_of(options.request_log),
        R"({"time_us":1767225600000000,"host":"id","method":"POST","path":"/oauth2/token",)"
        R"("fields":[["grant_type","refresh_token"],["client_id","simpublic"]],"login":"",)"
        R"("client_id":"","status":400})"
        "\n"
        R"({"time_us":1767225600000000,"host":"helix","method":"GET","path":"/helix/users",)"
        R"("fields":[["login","xqc"]],"login":"coven_bot","client_id":"simpublic","status":200})"
        "\n");
    options.request_log = "/nowhere/requests";
    const auto refused =
        ApiServer::listen(stage_.io, stage_.clock, stage_.server->users(), options);
    EXPECT_EQ(refused.error().message, "cannot write the log of requests '/nowhere/requests'");
}

asio::awaitable<void> ask_over_tls(Stage& stage, std::string authority) {
    asio::ssl::context trust(asio::ssl::context::tls_client);
    trust.add_certificate_authority(asio::buffer(authority));
    asio::ssl::stream<asio::ip::tcp::socket> stream(stage.io, trust);
    stream.set_verify_mode(asio::ssl::verify_peer);
    stream.set_verify_callback(asio::ssl::host_name_verification("id.twitch.tv"));
    const auto url = stage.api->tls_url(ApiHost::id, "id.twitch.tv");
    EXPECT_TRUE(url.starts_with("https://id.twitch.tv:")) << url;
    EXPECT_TRUE(url.ends_with("/oauth2")) << url;
    const auto port = std::stoi(url.substr(url.rfind(':') + 1));
    const asio::ip::tcp::endpoint there(asio::ip::address_v4::loopback(),
                                        static_cast<std::uint16_t>(port));
    co_await stream.lowest_layer().async_connect(there, asio::use_awaitable);
    co_await stream.async_handshake(asio::ssl::stream_base::client, asio::use_awaitable);
    co_await asio::async_write(stream, asio::buffer(validate), asio::use_awaitable);
    std::string received;
    const auto answer = co_await read_answer(stream, received);
    EXPECT_TRUE(answer.ends_with(no_token)) << answer;
}

TEST_F(Api, SpeaksTls) {
    const auto authority = CertificateAuthority::make().value();
    ApiServer::Options options;
    options.tls = authority.issue({"localhost", "id.twitch.tv"}).value();
    stage_.api =
        ApiServer::listen(stage_.io, stage_.clock, stage_.server->users(), options).value();
    run(ask_over_tls(stage_, authority.certificate()));
}

}  // namespace
}  // namespace coven::sim
