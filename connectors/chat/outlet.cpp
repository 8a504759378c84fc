#include "outlet.hpp"

#include <utility>

#include "coven/log.hpp"

namespace chat {

namespace {

constexpr const char* no_room = "the broker does not answer: no room for more events";
constexpr const char* too_large = "a message was too large for the bus";

coven::Topic topic_of(const std::string& channel, const char* what) {
    return coven::Topic::parse("twitch.chat." + channel + "." + what).value();
}

}  // namespace

Outlet::Outlet(Door door, Coverage& coverage, coven::Clock& clock,
               const std::vector<std::string>& channels, RawLines raw,
               const boost::asio::any_io_executor& executor)
    : door_(std::move(door)), coverage_(coverage), clock_(clock), events_(raw), bell_(executor) {
    for (const auto& channel : channels) {
        topics_.try_emplace(channel,
                            Topics{topic_of(channel, "message"), topic_of(channel, "gap"), {}});
    }
}

void Outlet::identify(std::string_view channel, std::string_view id) {
    const auto found = topics_.find(channel);
    if (found != topics_.end()) found->second.channel_id = id;
}

void Outlet::publish(const IrcLine& line, coven::Time received) {
    const auto read = events_.read(line, received);
    if (!read) return coven::log::warn("bad_line", {{"reason", read.error().message}});
    auto& event = **read;
    const auto found = topics_.find(event.channel_login());
    if (found == topics_.end()) return;
    if (dropping_) return drop(found->first, received, no_room);
    if (coverage_.may_repeat(found->first, received)) {
        event.set_flags(coven::v1::EVENT_FLAG_MAYBE_DUPLICATE);
    }
    if (send(found->second.message, event)) return;
    drop(found->first, received, dropping_ ? no_room : too_large);
}

/// False when the event was not taken.
bool Outlet::send(const coven::Topic& topic, coven::v1::Event& event) {
    auto published = door_.publish(topic, event);
    if (published == coven::Published::too_large) {
        event.clear_raw();
        published = door_.publish(topic, event);
    }
    if (published == coven::Published::outbox_full) dropping_ = true;
    return published == coven::Published::queued;
}

void Outlet::drop(std::string_view channel, coven::Time received, std::string_view reason) {
    if (dropped_++ == 0) coven::log::warn("dropping", {{"channel", channel}, {"reason", reason}});
    coverage_.drop(channel, received, reason);
    bell_.ring();
}

boost::asio::awaitable<void> Outlet::announce_gaps() {
    for (;;) {
        while (!coverage_.has_gaps()) co_await bell_.wait();
        co_await door_.room();
        dropping_ = false;
        announce(coverage_.take_gaps(clock_.now()));
    }
}

void Outlet::announce(std::vector<Gap> gaps) {
    for (auto& gap : gaps) {
        const auto& topics = topics_.find(gap.channel)->second;
        auto event = gap_event(gap, topics.channel_id);
        if (dropping_ || (!send(topics.gap, event) && dropping_)) {
            coverage_.give_back(std::move(gap));
            continue;
        }
        ++gaps_;
        coven::log::warn(
            "gap", {{"channel", gap.channel}, {"reason", gap.reason}, {"events", gap.events}});
    }
}

}  // namespace chat
