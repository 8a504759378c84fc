#include "connections.hpp"

#include <charconv>
#include <cstring>
#include <functional>
#include <numeric>

namespace coven::broker {

Connections::Connection* Connections::count(const Subscription& subscription,
                                            zmq::message_t& frame) {
    const char* descriptor = zmq_msg_gets(frame.handle(), "__fd");
    if (descriptor == nullptr) return nullptr;
    const bool question = subscription.kind != Subscription::Kind::prefix;
    const auto hash = std::hash<std::string_view>()(subscription.prefix);
    auto& connection = connections_[descriptor];
    if (connection.descriptor_ < 0) {
        std::from_chars(descriptor, descriptor + std::strlen(descriptor), connection.descriptor_);
        connection.frame_.copy(frame);
    }
    if (connection.cut_) return &connection;
    auto& held = question ? connection.questions_ : connection.prefixes_;
    if (subscription.subscribe) {
        held.insert(hash);
    } else {
        held.erase(hash);
    }
    return &connection;
}

std::optional<Drop> Connections::limit_broken(const Connection& connection,
                                              const Subscription& subscription) {
    if (connection.cut_) return std::nullopt;
    if (subscription.too_long()) return Drop::subscription_too_long;
    if (connection.held() > max_subscriptions) return Drop::too_many_subscriptions;
    return std::nullopt;
}

void Connections::mark_cut(Connection& connection) {
    connection.cut_ = true;
    connection.prefixes_ = {};
    connection.questions_ = {};
}

Connections::Connection* Connections::find(int descriptor) {
    for (auto& [address, connection] : connections_) {
        if (connection.descriptor() == descriptor) return &connection;
    }
    return nullptr;
}

void Connections::forget(int descriptor) {
    std::erase_if(connections_, [descriptor](const auto& entry) {
        return entry.second.descriptor() == descriptor;
    });
}

std::size_t Connections::subscriptions() const {
    return std::accumulate(
        connections_.begin(), connections_.end(), std::size_t{0},
        [](std::size_t sum, const auto& entry) { return sum + entry.second.prefixes_.size(); });
}

}  // namespace coven::broker
