#include "coven_testing/http_script.hpp"

#include <algorithm>
#include <cctype>
#include <cstdint>
#include <deque>
#include <sstream>
#include <utility>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include "coven/lower_case.hpp"

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

namespace coven::testing {

namespace {

struct Answer {
    std::string bytes;
    HttpScript::Then then = HttpScript::Then::keep;
};

auto into(error_code& failure) { return asio::redirect_error(asio::use_awaitable, failure); }

HttpSeen read_head(const std::string& head) {
    HttpSeen seen;
    std::istringstream lines(head);
    std::string line;
    std::getline(lines, line);
    std::istringstream(line) >> seen.method >> seen.target;
    while (std::getline(lines, line) && line != "\r") {
        const auto colon = line.find(':');
        if (colon == std::string::npos) continue;
        const auto from = std::min(line.find_first_not_of(' ', colon + 1), line.size());
        seen.headers[lower_case(line.substr(0, colon))] =
            line.substr(from, line.find('\r', from) - from);
    }
    return seen;
}

}  // namespace

struct HttpScript::State {
    explicit State(asio::io_context& io)
        : acceptor(io, tcp::endpoint(asio::ip::address_v4::loopback(), 0)),
          port(acceptor.local_endpoint().port()) {}

    Answer take_answer() {
        if (script.empty()) return Answer{otherwise};
        auto next = std::move(script.front());
        script.pop_front();
        return next;
    }

    tcp::acceptor acceptor;
    const std::uint16_t port;
    std::deque<Answer> script;
    std::string otherwise = http_answer(500, "the script is over");
    bool holds = false;
    std::deque<asio::steady_timer*> held;
    std::vector<tcp::socket*> sockets;
    std::vector<HttpSeen> seen;
    std::size_t connections = 0;
    std::size_t at_once = 0;
    std::size_t most_at_once = 0;
};

namespace {

using State = HttpScript::State;

asio::awaitable<void> wait_for_release(State& state, tcp::socket& socket) {
    asio::steady_timer bell(socket.get_executor(), asio::steady_timer::time_point::max());
    state.held.push_back(&bell);
    error_code woken;
    co_await bell.async_wait(into(woken));
    std::erase(state.held, &bell);
}

asio::awaitable<bool> give(State& state, tcp::socket& socket, Answer answer) {
    ++state.at_once;
    state.most_at_once = std::max(state.most_at_once, state.at_once);
    if (state.holds) co_await wait_for_release(state, socket);
    --state.at_once;
    error_code failure;
    co_await asio::async_write(socket, asio::buffer(answer.bytes), into(failure));
    if (answer.then == HttpScript::Then::reset) {
        socket.set_option(tcp::socket::linger(true, 0), failure);
        socket.close(failure);
    }
    co_return !failure && answer.then == HttpScript::Then::keep;
}

asio::awaitable<bool> serve_one(State& state, tcp::socket& socket, std::string& buffer) {
    error_code failure;
    const auto size = co_await asio::async_read_until(socket, asio::dynamic_buffer(buffer),
                                                      "\r\n\r\n", into(failure));
    if (failure) co_return false;
    auto seen = read_head(buffer.substr(0, size));
    buffer.erase(0, size);
    const auto length = seen.headers.find("content-length");
    const auto wanted = length == seen.headers.end() ? 0 : std::stoul(length->second);
    const auto missing = wanted - std::min(wanted, buffer.size());
    auto rest = asio::dynamic_buffer(buffer);
    co_await asio::async_read(socket, rest, asio::transfer_exactly(missing), into(failure));
    if (failure) co_return false;
    seen.body = buffer.substr(0, wanted);
    buffer.erase(0, wanted);
    state.seen.push_back(std::move(seen));
    auto answer = state.take_answer();
    co_return co_await give(state, socket, std::move(answer));
}

asio::awaitable<void> serve(std::shared_ptr<State> state, tcp::socket socket) {
    ++state->connections;
    state->sockets.push_back(&socket);
    std::string buffer;
    bool goes_on = true;
    while (goes_on) goes_on = co_await serve_one(*state, socket, buffer);
    std::erase(state->sockets, &socket);
}

asio::awaitable<void> accept(std::shared_ptr<State> state) {
    for (;;) {
        error_code failure;
        auto socket = co_await state->acceptor.async_accept(into(failure));
        if (failure) co_return;
        const auto executor = socket.get_executor();
        asio::co_spawn(executor, serve(state, std::move(socket)), asio::detached);
    }
}

}  // namespace

std::string http_answer(int status, const std::string& body,
                        const std::vector<std::string>& header_lines) {
    auto text = "HTTP/1.1 " + std::to_string(status) + " Because\r\n";
    for (const auto& line : header_lines) text += line + "\r\n";
    return text + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

HttpScript::HttpScript(asio::io_context& io) : state_(std::make_shared<State>(io)) {
    asio::co_spawn(io, accept(state_), asio::detached);
}

HttpScript::~HttpScript() { stop(); }

std::string HttpScript::url() const { return "http://127.0.0.1:" + std::to_string(state_->port); }

void HttpScript::answer(std::string bytes, Then then) {
    state_->script.push_back({std::move(bytes), then});
}

void HttpScript::answer_always(std::string bytes) { state_->otherwise = std::move(bytes); }

void HttpScript::hold() { state_->holds = true; }

void HttpScript::release(std::size_t count) {
    for (; count > 0 && !state_->held.empty(); --count) {
        state_->held.front()->cancel();
        state_->held.pop_front();
    }
}

void HttpScript::stop() {
    error_code ignored;
    state_->acceptor.close(ignored);
    for (auto* socket : state_->sockets) socket->close(ignored);
    release(state_->held.size());
}

const std::vector<HttpSeen>& HttpScript::seen() const { return state_->seen; }
std::size_t HttpScript::connections() const { return state_->connections; }
std::size_t HttpScript::most_at_once() const { return state_->most_at_once; }

}  // namespace coven::testing
