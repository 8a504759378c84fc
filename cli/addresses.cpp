#include "addresses.hpp"

#include <array>
#include <charconv>
#include <deque>
#include <string>
#include <string_view>
#include <utility>

#include <boost/asio/ip/tcp.hpp>

namespace asio = boost::asio;
using asio::ip::tcp;

namespace coven::cli {

namespace {

constexpr std::string_view loopback = "tcp://127.0.0.1:";

/// Ports that are held while we look, so that no two of ours are the same.
class Ports {
  public:
    explicit Ports(asio::io_context& io) : io_(io) {}

    /// Port 0 = any free one. The port taken, or 0.
    std::uint16_t take(std::uint16_t port) {
        boost::system::error_code fault;
        auto& acceptor = held_.emplace_back(io_);
        acceptor.open(tcp::v4(), fault);
        acceptor.set_option(tcp::acceptor::reuse_address(true), fault);
        acceptor.bind(tcp::endpoint(asio::ip::address_v4::loopback(), port), fault);
        // With that option several may be bound to a port, but one alone may listen.
        if (!fault) acceptor.listen(1, fault);
        return fault ? std::uint16_t{0} : acceptor.local_endpoint().port();
    }

  private:
    asio::io_context& io_;
    std::deque<tcp::acceptor> held_;
};

/// The port of an address on loopback, or 0: any other address is the broker's to try.
std::uint16_t loopback_port(std::string_view address) {
    std::uint16_t port = 0;
    if (!address.starts_with(loopback)) return 0;
    address.remove_prefix(loopback.size());
    std::from_chars(address.data(), address.data() + address.size(), port);
    return port;
}

bool is_free(Ports& ports, const std::string& address) {
    const auto port = loopback_port(address);
    return port == 0 || ports.take(port) == port;
}

std::string any_door(Ports& ports) { return std::string(loopback) + std::to_string(ports.take(0)); }

/// What a server says that listens everywhere, and what a client says to reach it.
constexpr std::array everywhere = {
    std::pair{std::string_view("tcp://*:"), loopback},
    std::pair{std::string_view("tcp://0.0.0.0:"), loopback},
    std::pair{std::string_view("tcp://[::]:"), std::string_view("tcp://[::1]:")},
};

std::string reachable_address(const std::string& address) {
    for (const auto& [all, one] : everywhere) {
        if (address.starts_with(all)) return std::string(one) + address.substr(all.size());
    }
    return address;
}

}  // namespace

Addresses free_addresses(asio::io_context& io, const Endpoints& wanted) {
    Ports ports(io);
    Addresses found{wanted, ports.take(0)};
    const bool free = is_free(ports, wanted.publish) && is_free(ports, wanted.subscribe) &&
                      is_free(ports, wanted.request);
    if (free) return found;
    found.doors.publish = any_door(ports);
    found.doors.subscribe = any_door(ports);
    found.doors.request = any_door(ports);
    return found;
}

Endpoints reachable(Endpoints doors) {
    for (auto* door : {&doors.publish, &doors.subscribe, &doors.request}) {
        *door = reachable_address(*door);
    }
    return doors;
}

bool is_same(const Endpoints& one, const Endpoints& other) {
    return one.publish == other.publish && one.subscribe == other.subscribe &&
           one.request == other.request;
}

}  // namespace coven::cli
