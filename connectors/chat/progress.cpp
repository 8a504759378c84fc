#include "progress.hpp"

#include <utility>

#include "channel_states.hpp"
#include "coven/race.hpp"
#include "presence_text.hpp"

namespace asio = boost::asio;

namespace chat {

namespace {

/// Presence is what people wait for; to go through thousands of channels takes a while.
constexpr auto presence_every = std::chrono::milliseconds(50);
constexpr auto channels_every = std::chrono::seconds(1);

}  // namespace

void Progress::change() {
    channels_changed_ = true;
    if (!std::exchange(presence_changed_, true)) bell_.ring();
}

asio::awaitable<void> Progress::tell() {
    auto presence = tell_presence();
    co_await coven::race(std::move(presence), tell_channels());
}

asio::awaitable<void> Progress::tell_presence() {
    for (;;) {
        while (!std::exchange(presence_changed_, false)) co_await bell_.wait();
        report_presence();
        co_await bus_.clock().sleep(presence_every);
    }
}

asio::awaitable<void> Progress::tell_channels() {
    for (;;) {
        // While channels are missing, the time that is left goes by.
        const bool is_under_way = coverage_.heard() < coverage_.channels();
        if (std::exchange(channels_changed_, false) || is_under_way) report_channels();
        if (is_under_way) report_presence();
        co_await bus_.clock().sleep(channels_every);
    }
}

void Progress::report_presence() {
    if (share_.ours().empty()) {
        const auto* idle = "idle: no channel is its share; `coven channels add NAME` adds one";
        return bus_.report(coven::v1::Presence::STATE_READY, idle);
    }
    auto text = presence_text(feeds_.status(), coverage_, bus_.clock().instant());
    for (const auto& reader : feeds_.readers()) {
        if (reader->shut_out().empty()) continue;
        text.reason += (text.reason.empty() ? "" : "; ") + std::string("not reading as ") +
                       reader->login() + ": " + reader->shut_out();
    }
    bus_.report(text.state, text.reason);
}

void Progress::report_channels() {
    ChannelStates states(coverage_, bus_.clock());
    for (const auto& reader : feeds_.readers()) states.look_at(reader->queue());
    for (const auto& [channel, origin] : share_.ours()) {
        const auto* feed = feeds_.feed_of(channel);
        if (feed == nullptr) continue;
        auto state = states.of(channel, feed->status());
        state.set_added(origin == ChannelShare::Origin::added);
        bus_.report_channel(std::move(state));
    }
}

}  // namespace chat
