#include "door_pair.hpp"

#include <utility>

#include <boost/asio/experimental/awaitable_operators.hpp>

namespace asio = boost::asio;
using asio::experimental::awaitable_operators::operator&&;

namespace coven::sim {

namespace {

WebServer::Options door(const std::string& bind, std::uint16_t port,
                        const std::optional<Credentials>& tls) {
    WebServer::Options door;
    door.bind = bind;
    door.port = port;
    door.tls = tls;
    return door;
}

}  // namespace

Result<void> DoorPair::open(asio::io_context& io, Clock& clock, const Options& options) {
    bind_ = options.bind;
    auto plain = WebServer::listen(io, clock, door(options.bind, options.port, {}));
    if (!plain) return plain.error();
    plain_ = std::move(*plain);
    if (!options.tls) return {};
    auto tls = WebServer::listen(io, clock, door(options.bind, options.tls_port, options.tls));
    if (!tls) return tls.error();
    tls_ = std::move(*tls);
    return {};
}

asio::awaitable<void> DoorPair::run(WebServer::Service service) {
    if (!tls_) co_return co_await plain_->run(std::move(service));
    co_await (plain_->run(service) && tls_->run(service));
}

std::string DoorPair::url(std::string_view scheme) const {
    return std::string(scheme) + "://" + bind_ + ":" + std::to_string(plain_->port());
}

std::string DoorPair::tls_url(std::string_view scheme, std::string_view host) const {
    if (!tls_) return {};
    return std::string(scheme) + "://" + std::string(host) + ":" + std::to_string(tls_->port());
}

void DoorPair::shut(Duration time) {
    plain_->shut(time);
    if (tls_) tls_->shut(time);
}

void DoorPair::cut_requests() {
    plain_->cut_requests();
    if (tls_) tls_->cut_requests();
}

void DoorPair::set_handshake_dribble(Dribble dribble) {
    if (tls_) tls_->set_handshake_dribble(dribble);
}

}  // namespace coven::sim
