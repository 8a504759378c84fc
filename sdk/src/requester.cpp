#include "requester.hpp"

namespace asio = boost::asio;

namespace coven {

Requester::Requester(asio::io_context& io, DoorContext& context, std::string endpoint, Clock& clock)
    : io_(io), clock_(clock), door_(io, context, Door::Kind::request, std::move(endpoint)) {}

void Requester::send(v1::Request& request) {
    request.set_id(std::to_string(next_id_++));
    door_.try_send(request.SerializeAsString());
}

void Requester::tell(v1::Request request) { send(request); }

asio::awaitable<v1::Reply> Requester::request(v1::Request request, Duration limit) {
    send(request);
    return within(clock_, limit, "reply from the broker", reply_to(request.id()));
}

asio::awaitable<v1::Reply> Requester::reply_to(std::string id) {
    /// Forgets the request however this ends.
    struct Place {
        std::map<std::string, Pending>& all;
        std::map<std::string, Pending>::iterator own;
        ~Place() { all.erase(own); }
    };
    const Place place{pending_, pending_.try_emplace(id, io_).first};
    auto& pending = place.own->second;
    while (!pending.reply) co_await pending.arrived.wait();
    co_return std::move(*pending.reply);
}

asio::awaitable<void> Requester::run() {
    for (;;) {
        while (const auto frame = door_.try_receive()) {
            v1::Reply reply;
            if (!reply.ParseFromArray(frame->data(), static_cast<int>(frame->size()))) continue;
            const auto found = pending_.find(reply.id());
            if (found == pending_.end()) continue;
            found->second.reply = std::move(reply);
            found->second.arrived.wake();
        }
        co_await door_.wait();
    }
}

}  // namespace coven
