#include "requester.hpp"

#include <algorithm>

namespace asio = boost::asio;

namespace coven {

Requester::Requester(asio::io_context& io, DoorContext& context, std::string endpoint, Clock& clock)
    : io_(io),
      clock_(clock),
      door_(io, context, Door::Kind::request, std::move(endpoint)),
      answered_since_(clock.instant()) {}

namespace {

/// Forgets a request however the wait for its reply ends.
template <class All>
class Entry {
  public:
    Entry(std::shared_ptr<All> all, std::string id, typename All::mapped_type pending)
        : all_(std::move(all)), id_(std::move(id)) {
        all_->emplace(id_, std::move(pending));
    }
    Entry(const Entry&) = delete;
    Entry& operator=(const Entry&) = delete;
    ~Entry() { all_->erase(id_); }

  private:
    std::shared_ptr<All> all_;
    std::string id_;
};

}  // namespace

void Requester::send(v1::Request& request) { door_.try_send(request.SerializeAsString()); }

void Requester::tell(v1::Request request) {
    request.set_id(std::to_string(next_id_++));
    send(request);
}

asio::awaitable<void> Requester::arrival(std::shared_ptr<Pending> pending) {
    while (!pending->reply) co_await pending->arrived.wait();
}

asio::awaitable<v1::Reply> Requester::request(v1::Request request, Duration limit) {
    request.set_id(std::to_string(next_id_++));
    const auto pending = std::make_shared<Pending>(io_, clock_.instant());
    // Before it is sent: the reply may be read by another job before this one runs again.
    const Entry<AllPending> entry(pending_, request.id(), pending);
    send(request);
    co_await within(clock_, limit, "reply from the broker", arrival(pending));
    co_return std::move(*pending->reply);
}

void Requester::take_reply(std::string_view frame) {
    v1::Reply reply;
    if (!reply.ParseFromArray(frame.data(), static_cast<int>(frame.size()))) return;
    const auto found = pending_->find(reply.id());
    if (found == pending_->end()) return;
    answered_since_ = std::max(answered_since_, found->second->sent);
    found->second->reply = std::move(reply);
    found->second->arrived.wake();
}

asio::awaitable<void> Requester::run(TakeCommand take) {
    for (;;) {
        for (;;) {
            const auto& frames = door_.try_receive_frames();
            if (frames.empty()) break;
            ++heard_;
            const bool command = frames.size() == 3 && frames[0] == "command" && frames[1].empty();
            if (!command) take_reply(frames.back());
            if (command) take(frames.back(), clock_.instant() - answered_since_);
        }
        co_await door_.wait();
    }
}

}  // namespace coven
