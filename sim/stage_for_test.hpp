#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include "coven/web_socket.hpp"
#include "coven_testing/moved_clock.hpp"
#include "twitch.hpp"

namespace coven::sim {

/// How long a test may take in real time.
constexpr auto stage_limit = std::chrono::seconds(10);

/// A real client of a chat server, for tests.
class TestClient {
  public:
    static boost::asio::awaitable<std::unique_ptr<TestClient>> connect(Clock& clock,
                                                                       std::string url) {
        const WebSocket::Options options;
        auto socket = co_await WebSocket::connect(clock, std::move(url), options);
        co_return std::make_unique<TestClient>(std::move(socket));
    }
    /// Connected, with all capabilities, welcomed.
    static boost::asio::awaitable<std::unique_ptr<TestClient>> log_in(ChatServer& server,
                                                                      std::string nick) {
        auto client = co_await connect(server.clock(), server.url());
        co_await client->socket->write("CAP REQ :twitch.tv/tags twitch.tv/commands\r\n");
        co_await client->socket->write("PASS oauth:token\r\nNICK " + nick + "\r\n");
        co_await client->line_with(" 376 ");
        co_return client;
    }
    static boost::asio::awaitable<std::unique_ptr<TestClient>> join(ChatServer& server,
                                                                    std::string channel) {
        auto client = co_await log_in(server, "justinfan1");
        co_await client->socket->write("JOIN #" + channel + "\r\n");
        co_await client->line_with("ROOMSTATE #" + channel);
        co_return client;
    }

    explicit TestClient(std::unique_ptr<WebSocket> given) : socket(std::move(given)) {}

    /// The next line, without its CR LF.
    boost::asio::awaitable<std::string> line() {
        while (rest_.find("\r\n") == std::string::npos) {
            rest_ += co_await socket->read();
            ++frames;
        }
        const auto end = rest_.find("\r\n");
        auto line = rest_.substr(0, end);
        rest_.erase(0, end + 2);
        co_return line;
    }
    /// The next line that contains `part`; those before it are dropped.
    boost::asio::awaitable<std::string> line_with(std::string part) {
        for (;;) {
            auto next = co_await line();
            if (next.find(part) != std::string::npos) co_return next;
        }
    }

    std::unique_ptr<WebSocket> socket;
    std::size_t frames = 0;

  private:
    std::string rest_;
};

/// A chat server on a clock that stands still, and somebody who plays on it.
class Stage {
  public:
    explicit Stage(ChatServer::Options options)
        : server(ChatServer::listen(io, clock, std::move(options)).value()),
          api(ApiServer::listen(io, clock, server->users(), {}).value()) {}

    Twitch twitch() { return {.chat = *server, .api = *api}; }

    /// Runs the server until `test` has ended; fails when that takes too long or it throws.
    void run(boost::asio::awaitable<void> test) {
        using boost::asio::experimental::awaitable_operators::operator||;
        bool has_ended = false;
        boost::asio::co_spawn(io, server->run() || finish(std::move(test), has_ended),
                              [](const std::exception_ptr& failure, const auto&...) {
                                  if (failure) std::rethrow_exception(failure);
                              });
        io.run_for(stage_limit);
        EXPECT_TRUE(has_ended) << "the test has not ended in time, or has thrown";
    }

    boost::asio::io_context io{1};
    testing::MovedClock clock;
    std::unique_ptr<ChatServer> server;
    /// Serves only tests that let it run.
    std::unique_ptr<ApiServer> api;

  private:
    static boost::asio::awaitable<void> finish(boost::asio::awaitable<void> test, bool& has_ended) {
        co_await std::move(test);
        has_ended = true;
    }
};

}  // namespace coven::sim
