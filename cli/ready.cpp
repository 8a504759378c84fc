#include "ready.hpp"

#include <chrono>
#include <optional>
#include <utility>

#include <boost/asio/read.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <fmt/format.h>

#include "coven/race.hpp"
#include "dial.hpp"
#include "print.hpp"
#include "run.hpp"
#include "safe_text.hpp"
#include "setup.hpp"

namespace asio = boost::asio;

namespace coven::cli {

namespace {

constexpr std::string_view scheme = "http://";
/// The broker's: docs/wire.md, "Doors".
constexpr const char* usual_url = "http://127.0.0.1:9464";
constexpr auto answer_limit = std::chrono::seconds(3);
constexpr auto ask_again_after = std::chrono::milliseconds(200);
/// Far above an honest answer.
constexpr std::size_t longest_answer = 64u << 10;

Error nobody_there(const ReadyAddress& address, const std::string& why) {
    return Error(fmt::format("no answer from {}:{}: {}", address.host, address.port, why));
}

asio::awaitable<Result<Readiness>> exchange(ReadyAddress address) {
    auto socket = co_await dial(address.host, address.port);
    if (socket.has_error()) co_return nobody_there(address, socket.error().message);
    const auto request =
        fmt::format("GET /readyz HTTP/1.1\r\nHost: {}:{}\r\nConnection: close\r\n\r\n",
                    address.host, address.port);
    boost::system::error_code fault;
    auto token = asio::redirect_error(asio::use_awaitable, fault);
    co_await asio::async_write(*socket, asio::buffer(request), token);
    std::string answer;
    auto buffer = asio::dynamic_buffer(answer, longest_answer);
    if (!fault) co_await asio::async_read(*socket, buffer, token);
    // Ends with the connection, or at our bound.
    co_return read_answer(answer);
}

asio::awaitable<Result<Readiness>> ask_once(Clock& clock, ReadyAddress address) {
    const auto first = co_await race(exchange(address), clock.sleep(answer_limit));
    if (first.index() == 0) co_return std::get<0>(first);
    co_return nobody_there(address, "silence for 3 s");
}

/// Asks until it is ready or `limit` is over; once without a limit. The last answer.
asio::awaitable<Result<Readiness>> ask(Clock& clock, ReadyAddress address,
                                       std::optional<std::chrono::milliseconds> limit) {
    const auto end = clock.instant() + limit.value_or(std::chrono::milliseconds(0));
    for (;;) {
        auto answer = co_await ask_once(clock, address);
        const bool done = answer.has_value() && answer->ready;
        if (done || clock.instant() >= end) co_return answer;
        co_await clock.sleep(ask_again_after);
    }
}

int print(const Result<Readiness>& answer, ExitStatus status_if_not) {
    if (answer.has_value() && answer->ready) return print_lines({safe_text(answer->reason)});
    say(answer.has_value() ? "not ready: " + safe_text(answer->reason) : answer.error().message);
    return status_if_not;
}

asio::awaitable<int> show(Clock& clock, const Invocation& invocation, ReadyAddress address) {
    Interruption interruption(co_await asio::this_coro::executor);
    const auto limit = invocation.duration("--wait");
    const auto first = co_await race(ask(clock, address, limit), interruption.wait());
    if (first.index() == 1) co_return status_interrupted;
    const auto status_if_not = limit.has_value() ? exit_timed_out : exit_failure;
    co_return print(std::get<0>(first), status_if_not);
}

}  // namespace

Result<ReadyAddress> ready_address(std::string_view url) {
    const auto wrong = Error(fmt::format("is no address such as {}: '{}'", usual_url, url));
    if (!url.starts_with(scheme)) return wrong;
    const auto rest = url.substr(scheme.size());
    const auto authority = rest.substr(0, rest.find('/'));
    const auto colon = authority.rfind(':');
    if (colon == std::string_view::npos || colon == 0) return wrong;
    auto host = authority.substr(0, colon);
    const auto port = authority.substr(colon + 1);
    if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
    if (port.empty() || port.size() > 5) return wrong;
    if (port.find_first_not_of("0123456789") != std::string_view::npos) return wrong;
    if (host.find_first_of(" \r\n@") != std::string_view::npos) return wrong;
    return ReadyAddress{std::string(host), std::string(port)};
}

std::string url_of_neighbour(std::string_view listen) {
    const auto colon = listen.rfind(':');
    const auto port = colon == std::string_view::npos ? "" : listen.substr(colon + 1);
    if (port.empty() || port == "0") return usual_url;
    const auto host = listen.substr(0, colon);
    if (host == "0.0.0.0") return fmt::format("http://127.0.0.1:{}", port);
    if (host == "[::]") return fmt::format("http://[::1]:{}", port);
    return fmt::format("http://{}:{}", host, port);
}

Result<Readiness> read_answer(std::string_view answer) {
    constexpr std::size_t status_at = std::string_view("HTTP/1.1 ").size();
    const auto end = answer.find("\r\n\r\n");
    if (!answer.starts_with("HTTP/1.") || end == std::string_view::npos) {
        return Error("what answers there is not one of our programs");
    }
    Readiness readiness;
    readiness.ready = answer.substr(status_at, 4) == "200 ";
    const auto body = answer.substr(end + 4);
    readiness.reason = body.substr(0, body.find('\n'));
    return readiness;
}

int ready(const Invocation& invocation) {
    const auto config = common_config(invocation);
    if (config.has_error()) return refuse(config.error());
    const auto& words = invocation.arguments();
    const auto url = words.empty() ? url_of_neighbour(config->text("metrics.listen")) : words[0];
    const auto address = ready_address(url);
    if (address.has_error()) return refuse(Error("URL " + address.error().message));
    Loop loop;
    return run(loop, show(loop.clock, invocation, *address));
}

}  // namespace coven::cli
