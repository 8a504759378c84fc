#include "state_reader.hpp"

#include <utility>

#include "ask_broker.hpp"
#include "coven/log.hpp"

namespace asio = boost::asio;

namespace coven {

StateReader::StateReader(std::shared_ptr<Bus::Core> bus, const std::vector<Pattern>& patterns)
    : State(bus), live_(std::move(bus), patterns, LiveStream::Use::hand_out) {
    for (const auto& pattern : patterns) request_.add_patterns(pattern.text());
}

asio::awaitable<void> StateReader::fetch() {
    // Asked for behind the barrier, the snapshot leaves no hole.
    if (live_.confirmed && snapshot_due_) {
        co_await read_page();
        co_return;
    }
    co_await live_.pump();
    if (!snapshot_due_) take_live();
}

void StateReader::fetch_at_once() {
    if (snapshot_due_) return;
    live_.drain();
    take_live();
}

asio::awaitable<void> StateReader::read_page() {
    auto request = request_of("state.read", request_);
    const auto reply = co_await ask_broker(core, std::move(request));
    if (!reply) co_return;
    const auto page = payload_of<v1::StateSnapshot>(*reply);
    if (request_.after().empty()) merge_.begin(page.as_of());
    for (const auto& frame : page.frames()) {
        auto event = Event::parse(frame);
        if (event.has_error()) {
            log::warn("undecodable_event", {{"reason", event.error().message}});
        } else if (merge_.shown(*event)) {
            waiting.push_back(std::move(*event));
        }
    }
    request_.set_after(page.next());
    snapshot_due_ = !page.next().empty();
}

void StateReader::take_live() {
    for (; !live_.ready.empty(); live_.ready.pop_front()) {
        auto& event = live_.ready.front();
        if (event.lost()) snapshot_due_ = true;
        if (merge_.heard(event)) waiting.push_back(std::move(event));
    }
}

}  // namespace coven
