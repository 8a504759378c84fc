#include "dial.hpp"

#include <utility>

#include <boost/asio/connect.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace asio = boost::asio;
using asio::ip::tcp;

namespace coven::cli {

asio::awaitable<Result<tcp::socket>> dial(std::string host, std::string port) {
    if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
    const auto executor = co_await asio::this_coro::executor;
    boost::system::error_code fault;
    tcp::resolver resolver(executor);
    const auto found = resolver.resolve(host, port, fault);
    if (fault) co_return Error(fault.message());
    tcp::socket socket(executor);
    auto token = asio::redirect_error(asio::use_awaitable, fault);
    co_await asio::async_connect(socket, found, token);
    if (fault) co_return Error(fault.message());
    co_return std::move(socket);
}

}  // namespace coven::cli
