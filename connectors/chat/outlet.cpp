#include "outlet.hpp"

#include <utility>

#include "coven/log.hpp"

namespace chat {

namespace {

constexpr const char* no_room = "the broker does not answer: no room for more events";
constexpr const char* too_large = "a message was too large for the bus";

coven::Topic topic_of(const std::string& channel, const std::string& what) {
    return coven::Topic::parse("twitch.chat." + channel + "." + what).value();
}

}  // namespace

Outlet::Outlet(Door door, Coverage& coverage, coven::Clock& clock, LineEvents::Options options,
               const boost::asio::any_io_executor& executor)
    : door_(std::move(door)),
      coverage_(coverage),
      clock_(clock),
      events_(options.raw),
      lines_(options),
      bell_(executor) {}

void Outlet::add(const std::string& channel) {
    channels_.try_emplace(channel, Channel{topic_of(channel, "message")});
}

void Outlet::remove(std::string_view channel) {
    lines_.forget(channel, clock_.now());
    const auto found = channels_.find(channel);
    if (found != channels_.end()) channels_.erase(found);
    look_for_gaps();
}

void Outlet::end_state(std::string_view channel) {
    if (auto over = lines_.forget(channel, clock_.now())) {
        send_state(topic_of(over->channel, over->last_word), over->event);
    }
}

void Outlet::identify(std::string_view channel, std::string_view id) {
    const auto found = channels_.find(channel);
    if (found != channels_.end()) found->second.id = id;
}

void Outlet::publish(const IrcLine& line, coven::Time received) {
    const auto read = events_.read(line, received);
    if (!read) return coven::log::warn("bad_line", {{"reason", read.error().message}});
    auto& event = **read;
    const auto found = channels_.find(event.channel_login());
    if (found == channels_.end()) return;
    if (dropping_) return drop(found->first, received, no_room);
    if (coverage_.may_repeat(found->first, received)) {
        event.set_flags(coven::v1::EVENT_FLAG_MAYBE_DUPLICATE);
    }
    if (send(found->second.topic, event)) return;
    drop(found->first, received, dropping_ ? no_room : too_large);
}

void Outlet::tell(const IrcLine& line, coven::Time received, std::string_view own_login) {
    auto told = lines_.read(line, received, own_login);
    if (!told) return;
    auto& event = told->event;
    const auto found = channels_.find(event.channel_login());
    const bool is_ours = found != channels_.end();
    if (!is_ours && !event.channel_login().empty()) {
        lines_.forget(event.channel_login(), received);
        return;
    }
    if (is_ours && event.channel_id().empty()) event.set_channel_id(found->second.id);
    const bool is_state = (event.flags() & coven::v1::EVENT_FLAG_STATE) != 0;
    if (!is_state && coverage_.may_repeat(told->channel, received)) {
        event.set_flags(coven::v1::EVENT_FLAG_MAYBE_DUPLICATE);
    }
    const auto topic = topic_of(told->channel, told->last_word);
    if (is_state) return send_state(topic, event);
    if (!dropping_ && send(topic, event)) return;
    drop(told->channel, received, dropping_ ? no_room : too_large);
}

void Outlet::send_state(const coven::Topic& topic, coven::v1::Event& event) {
    if (!dropping_ && send(topic, event)) return;
    // One that is too large is no state that Twitch has sent.
    if (!dropping_) return coven::log::warn("too_large", {{"topic", topic.text()}});
    unsent_states_.insert_or_assign(topic.text(), std::move(event));
    bell_.ring();
}

void Outlet::send_states() {
    while (!unsent_states_.empty() && !dropping_) {
        auto state = unsent_states_.extract(unsent_states_.begin());
        const auto topic = coven::Topic::parse(state.key()).value();
        if (!send(topic, state.mapped()) && dropping_) unsent_states_.insert(std::move(state));
    }
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
        while (!coverage_.has_gaps() && unsent_states_.empty()) co_await bell_.wait();
        co_await door_.room();
        dropping_ = false;
        announce(coverage_.take_gaps(clock_.now()));
        send_states();
    }
}

void Outlet::announce(std::vector<Gap> gaps) {
    for (auto& gap : gaps) {
        const auto found = channels_.find(gap.channel);
        const bool known = found != channels_.end();
        auto event = gap_event(gap, known ? found->second.id : std::string());
        const auto topic = topic_of(gap.channel, "gap");
        if (dropping_ || (!send(topic, event) && dropping_)) {
            coverage_.give_back(std::move(gap));
            continue;
        }
        ++gaps_;
        coven::log::warn(
            "gap", {{"channel", gap.channel}, {"reason", gap.reason}, {"events", gap.events}});
    }
}

}  // namespace chat
