#pragma once

#include <cstdint>
#include <string>
#include <utility>

#include <boost/asio/connect.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include "stage_for_test.hpp"

namespace coven::sim {

/// Runs the HTTP server of `stage` until `test` has ended.
inline boost::asio::awaitable<void> with_api(Stage& stage, boost::asio::awaitable<void> test) {
    using boost::asio::experimental::awaitable_operators::operator||;
    co_await (stage.api->run() || std::move(test));
}

/// Reads one answer off `stream`: its head and as many bytes as that says; empty when the
/// connection has ended.
template <class Stream>
boost::asio::awaitable<std::string> read_answer(Stream& stream, std::string& received) {
    boost::system::error_code ended;
    auto token = boost::asio::redirect_error(boost::asio::use_awaitable, ended);
    auto buffer = boost::asio::dynamic_buffer(received);
    auto size = co_await boost::asio::async_read_until(stream, buffer, "\r\n\r\n", token);
    if (ended) co_return std::string();
    const std::string name = "Content-Length: ";
    const auto place = received.find(name);
    if (place < size) size += std::stoul(received.substr(place + name.size()));
    if (received.size() < size) {
        const auto missing = boost::asio::transfer_exactly(size - received.size());
        co_await boost::asio::async_read(stream, buffer, missing, token);
    }
    auto answer = received.substr(0, size);
    received.erase(0, size);
    co_return answer;
}

/// Somebody who speaks HTTP, byte by byte.
class Caller {
  public:
    explicit Caller(Stage& stage) : socket_(stage.io) {
        const auto url = stage.api->url(ApiHost::helix);
        const auto port = std::stoi(url.substr(url.rfind(':') + 1));
        endpoint_ = {boost::asio::ip::address_v4::loopback(), static_cast<std::uint16_t>(port)};
    }
    /// False when it is refused.
    bool connect() {
        boost::system::error_code refused;
        socket_.close(refused);
        socket_.connect(endpoint_, refused);
        return !refused;
    }
    boost::asio::awaitable<void> send(std::string bytes) {
        co_await boost::asio::async_write(socket_, boost::asio::buffer(bytes),
                                          boost::asio::use_awaitable);
    }
    /// Empty when the connection has ended.
    boost::asio::awaitable<std::string> answer() { return read_answer(socket_, received_); }
    boost::asio::awaitable<std::string> ask(std::string bytes) {
        co_await send(std::move(bytes));
        co_return co_await answer();
    }
    void hang_up() { socket_.close(); }
    /// Whether the other side has.
    bool is_over() {
        char byte = 0;
        boost::system::error_code error;
        socket_.non_blocking(true);
        socket_.receive(boost::asio::buffer(&byte, 1), boost::asio::socket_base::message_peek,
                        error);
        return error && error != boost::asio::error::would_block;
    }

  private:
    boost::asio::ip::tcp::socket socket_;
    boost::asio::ip::tcp::endpoint endpoint_;
    std::string received_;
};

}  // namespace coven::sim
