#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/buffers_to_string.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/websocket.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "caller_for_test.hpp"
#include "stage_for_test.hpp"

namespace coven::sim::eventsub {

/// A client of EventSub that sees close codes, for tests.
class TestListener {
  public:
    explicit TestListener(Stage& stage) : stage_(stage), socket_(stage.io) {}

    /// 101, or the status that it got instead.
    boost::asio::awaitable<unsigned> dial(std::string target) {
        const auto url = stage_.api->url(ApiHost::helix);
        const auto port = std::stoi(url.substr(url.rfind(':') + 1));
        using boost::asio::ip::address_v4;
        const boost::asio::ip::tcp::endpoint endpoint(address_v4::loopback(),
                                                      static_cast<std::uint16_t>(port));
        socket_.next_layer().connect(endpoint);
        socket_.control_callback([this](auto kind, auto) {
            pings += kind == boost::beast::websocket::frame_type::ping ? 1u : 0u;
        });
        boost::beast::websocket::response_type response;
        boost::system::error_code refused;
        const auto host = "127.0.0.1:" + std::to_string(port);
        auto token = boost::asio::redirect_error(boost::asio::use_awaitable, refused);
        co_await socket_.async_handshake(response, host, target, token);
        co_return response.result_int();
    }
    /// The welcome of a connection to `target`.
    boost::asio::awaitable<boost::json::object> welcome(std::string target) {
        co_await dial(std::move(target));
        auto message = co_await next();
        session_id = text(message, "/payload/session/id");
        co_return message;
    }
    /// The next message as it is; empty when the connection has ended.
    boost::asio::awaitable<std::string> next_text() {
        buffer_.clear();
        boost::system::error_code ended;
        auto token = boost::asio::redirect_error(boost::asio::use_awaitable, ended);
        co_await socket_.async_read(buffer_, token);
        if (ended) co_return std::string();
        co_return boost::beast::buffers_to_string(buffer_.data());
    }
    boost::asio::awaitable<boost::json::object> next() {
        const auto text = co_await next_text();
        if (text.empty()) co_return boost::json::object();
        co_return boost::json::parse(text).as_object();
    }
    /// Reads to the end. What code it had; 0 = none.
    boost::asio::awaitable<unsigned> end() {
        for (bool goes_on = true; goes_on;) {
            const auto text = co_await next_text();
            goes_on = !text.empty();
        }
        co_return static_cast<unsigned>(socket_.reason().code);
    }
    boost::asio::awaitable<void> say(std::string text) {
        co_await socket_.async_write(boost::asio::buffer(text), boost::asio::use_awaitable);
    }
    boost::asio::awaitable<void> close() {
        boost::system::error_code ignored;
        auto token = boost::asio::redirect_error(boost::asio::use_awaitable, ignored);
        co_await socket_.async_close(boost::beast::websocket::close_code::normal, token);
    }
    /// Without a goodbye.
    void cut() { socket_.next_layer().close(); }

    /// The text at a JSON pointer; empty when there is none.
    static std::string text(const boost::json::value& message, std::string_view pointer) {
        boost::system::error_code missing;
        const auto* const found = message.find_pointer(pointer, missing);
        return found != nullptr && found->is_string() ? std::string(found->get_string()) : "";
    }

    std::string session_id;
    unsigned pings = 0;

  private:
    Stage& stage_;
    boost::beast::websocket::stream<boost::asio::ip::tcp::socket> socket_;
    boost::beast::flat_buffer buffer_;
};

/// Somebody who calls Helix with one token.
class TestAccount {
  public:
    TestAccount(Stage& stage, std::string_view login, Scopes scopes) : stage_(stage) {
        token_ = stage.api->accounts().issue(login, std::move(scopes)).access;
        id = stage.server->users().meet(login).id;
    }

    /// Status and body, such as "204 ".
    boost::asio::awaitable<std::string> call(std::string method, std::string path,
                                             std::string body) {
        Caller caller(stage_);
        caller.connect();
        auto request = method + " /helix" + path + " HTTP/1.1\r\nHost: x\r\nClient-Id: simpublic" +
                       "\r\nAuthorization: Bearer " + token_ +
                       "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
        const auto answer = co_await caller.ask(std::move(request));
        const auto end = answer.find("\r\n\r\n");
        co_return answer.substr(std::string("HTTP/1.1 ").size(), 4) + answer.substr(end + 4);
    }
    /// Of "1" if `type` has no other.
    boost::asio::awaitable<std::string> subscribe(std::string session, std::string type,
                                                  boost::json::object condition) {
        const boost::json::object body{
            {"type", type},
            {"version", find_type(type, "1") == nullptr ? "2" : "1"},
            {"condition", condition},
            {"transport", {{"method", "websocket"}, {"session_id", session}}}};
        co_return co_await call("POST", "/eventsub/subscriptions", boost::json::serialize(body));
    }

    std::string id;

  private:
    Stage& stage_;
    std::string token_;
};

}  // namespace coven::sim::eventsub
