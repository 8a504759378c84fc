#include "control.hpp"

#include <boost/asio/connect.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <gtest/gtest.h>

#include "stage_for_test.hpp"

namespace asio = boost::asio;
using asio::ip::tcp;
using namespace std::chrono_literals;

namespace coven::sim {
namespace {

/// Somebody at the control port.
class Hand {
  public:
    Hand(Stage& stage, const ControlPort& port) : socket_(stage.io) {
        const auto text = port.address();
        const auto number = std::stoi(text.substr(text.rfind(':') + 1));
        socket_.connect({asio::ip::address_v4::loopback(), static_cast<std::uint16_t>(number)});
    }
    /// The answer to `line`; empty when there is none.
    asio::awaitable<std::string> ask(std::string line) {
        boost::system::error_code ended;
        auto token = asio::redirect_error(asio::use_awaitable, ended);
        line += "\n";
        co_await asio::async_write(socket_, asio::buffer(line), token);
        auto buffer = asio::dynamic_buffer(received_);
        const auto size = co_await asio::async_read_until(socket_, buffer, '\n', token);
        auto answer = received_.substr(0, size);
        received_.erase(0, size);
        co_return answer;
    }

  private:
    tcp::socket socket_;
    std::string received_;
};

asio::awaitable<void> run_beside(ControlPort& port, asio::awaitable<void> test) {
    using asio::experimental::awaitable_operators::operator||;
    co_await (port.run() || std::move(test));
}

class Control : public ::testing::Test {
  protected:
    void run(asio::awaitable<void> test) { stage_.run(run_beside(*port_, std::move(test))); }

    Stage stage_{{}};
    std::unique_ptr<ControlPort> port_ =
        ControlPort::listen(stage_.io, stage_.twitch(), {}, ControlPort::IfTaken::fail).value();
};

asio::awaitable<void> drive(Stage& stage, const ControlPort& port) {
    Hand hand(stage, port);
    const auto client = co_await TestClient::join(*stage.server, "xqc");
    auto answer = co_await hand.ask("say xqc somebody hello");
    EXPECT_TRUE(answer.starts_with(R"({"ok":true,"connections":1,"said":1,)")) << answer;
    co_await client->line_with(":hello");
    answer = co_await hand.ask("mute #xqc");
    EXPECT_TRUE(answer.starts_with(R"({"ok":true,"connections":1,)")) << answer;
    answer = co_await hand.ask("status");
    EXPECT_NE(answer.find(R"("faults":{"mute":1})"), std::string::npos) << answer;
    EXPECT_NE(answer.find(R"({"number":1,"login":"justinfan1","channels":1,"state":"mute",)"),
              std::string::npos)
        << answer;
    answer = co_await hand.ask("help");
    EXPECT_NE(answer.find("half-open [TARGET]"), std::string::npos) << answer;
    answer = co_await hand.ask("token coven_bot chat:read");
    EXPECT_TRUE(answer.starts_with(R"({"ok":true,"tokens":1,"access_token":")")) << answer;
    const auto code = stage.api->accounts().start_device({.client_id = "simpublic"}, {}).user_code;
    answer = co_await hand.ask("status");
    EXPECT_NE(answer.find(R"("waiting_codes":[")" + code + "\"]"), std::string::npos) << answer;
    answer = co_await hand.ask("approve " + code + " coven_bot");
    EXPECT_TRUE(answer.starts_with(R"({"ok":true,"codes":1,)")) << answer;
    answer = co_await hand.ask("plan 5s cut");
    EXPECT_TRUE(answer.starts_with(R"({"ok":true)")) << answer;
    stage.clock.jump(5s);
    co_await stage.server->until_connected(0);
}

TEST_F(Control, DoesWhatItIsTold) { run(drive(stage_, *port_)); }

asio::awaitable<void> speak_nonsense(Stage& stage, const ControlPort& port) {
    struct Row {
        const char* line;
        const char* answer;
    };
    for (const auto& row :
         {Row{"dance", R"({"ok":false,"error":"no such verb: 'dance'"})"},
          Row{"wait xqc", R"({"ok":false,"error":"'wait' is for scripts"})"},
          Row{"plan", R"({"ok":false,"error":"is no duration such as 550ms, 12s, 5m or 1h: ''"})"},
          Row{"\xff\x1b[2J", "{\"ok\":false,\"error\":\"no such verb: '\xef\xbf\xbd\\u001b[2J'\"}"},
          Row{"POST / HTTP/1.1\r\n\r\ncut", R"({"ok":false,"error":"no such verb: 'POST'"})"}}) {
        Hand hand(stage, port);
        auto answer = co_await hand.ask(row.line);
        EXPECT_EQ(answer, std::string(row.answer) + "\n");
        answer = co_await hand.ask("status");
        EXPECT_EQ(answer, "") << "what is not understood ends the connection";
    }
    Hand hand(stage, port);
    auto answer = co_await hand.ask(std::string(100'000, 'x'));
    EXPECT_EQ(answer, "");
    EXPECT_TRUE(stage.server->faults().empty());
}

TEST_F(Control, EndsAtWhatItDoesNotUnderstand) { run(speak_nonsense(stage_, *port_)); }

TEST_F(Control, TakesAnotherPortOnlyWhenItMay) {
    const auto taken = parse_control_address(port_->address()).value();
    const auto refused =
        ControlPort::listen(stage_.io, stage_.twitch(), taken, ControlPort::IfTaken::fail);
    ASSERT_TRUE(refused.has_error());
    EXPECT_TRUE(refused.error().message.starts_with("cannot listen on '127.0.0.1:")) << taken.port;
    const auto other =
        ControlPort::listen(stage_.io, stage_.twitch(), taken, ControlPort::IfTaken::take_another);
    ASSERT_TRUE(other.has_value());
    EXPECT_NE((*other)->address(), port_->address());
}

TEST(ControlAddress, IsAnAddressAndAPort) {
    EXPECT_EQ(parse_control_address("127.0.0.1:5559")->port, 5559);
    EXPECT_EQ(parse_control_address("[::1]:0")->host, "::1");
    for (const char* text : {"", "5559", "127.0.0.1", "127.0.0.1:", "127.0.0.1:x", "x:1",
                             "127.0.0.1:65536", "127.0.0.1:1 "}) {
        EXPECT_TRUE(parse_control_address(text).has_error()) << text;
    }
}

}  // namespace
}  // namespace coven::sim
