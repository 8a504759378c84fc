#include "tcp_door.hpp"

#include <utility>

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "coven/log.hpp"

namespace asio = boost::asio;
using asio::experimental::awaitable_operators::operator||;
using asio::ip::tcp;
using boost::system::error_code;

namespace coven::sim {
namespace {

/// Such as "too many open files", which passes.
constexpr auto pause_after_failed_accept = std::chrono::milliseconds(100);

auto into(error_code& error) { return asio::redirect_error(asio::use_awaitable, error); }

}  // namespace

TcpDoor::TcpDoor(asio::io_context& io, Clock& clock)
    : clock_(clock), acceptor_(io), jobs_(io.get_executor()), cancelled_(io.get_executor()) {}

error_code TcpDoor::open(std::string bind, std::uint16_t port) {
    bind_ = std::move(bind);
    port_ = port;
    if (const auto error = listen()) return error;
    error_code error;
    // The same one again when it opens after it was shut.
    port_ = acceptor_.local_endpoint(error).port();
    return error;
}

error_code TcpDoor::listen() {
    error_code error;
    const auto address = asio::ip::make_address(bind_, error);
    if (error) return error;
    const tcp::endpoint endpoint(address, port_);
    acceptor_.open(endpoint.protocol(), error);
    if (!error) acceptor_.set_option(tcp::acceptor::reuse_address(true), error);
    if (!error) acceptor_.bind(endpoint, error);
    if (!error) acceptor_.listen(tcp::acceptor::max_listen_connections, error);
    return error;
}

void TcpDoor::shut(Duration time) {
    opens_at_ = clock_.instant() + time;
    error_code ignored;
    acceptor_.close(ignored);
}

asio::awaitable<void> TcpDoor::run(Admit admit) {
    co_await asio::this_coro::throw_if_cancelled(false);
    co_await (accept_all(admit) || cancelled_.wait());
    co_await jobs_.finish();
}

asio::awaitable<void> TcpDoor::accept_all(const Admit& admit) {
    for (;;) {
        tcp::socket client(acceptor_.get_executor());
        error_code error;
        co_await acceptor_.async_accept(client, into(error));
        if (!acceptor_.is_open()) {
            co_await reopen();
            continue;
        }
        if (error == asio::error::operation_aborted) co_return;
        if (!error) {
            jobs_.start(admit(std::move(client)));
            continue;
        }
        log::warn("accept_failed", {{"reason", error.message()}});
        co_await clock_.sleep(pause_after_failed_accept);
    }
}

asio::awaitable<void> TcpDoor::reopen() {
    while (clock_.instant() < opens_at_) co_await clock_.sleep_until(opens_at_);
    while (const auto error = listen()) {
        log::warn("not_open_again", {{"port", port_}, {"reason", error.message()}});
        error_code ignored;
        acceptor_.close(ignored);
        co_await clock_.sleep(pause_after_failed_accept);
    }
}

}  // namespace coven::sim
