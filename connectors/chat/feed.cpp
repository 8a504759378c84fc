#include "feed.hpp"

#include <algorithm>
#include <utility>

#include "coven/connector.hpp"
#include "coven/log.hpp"

namespace chat {

namespace {

using namespace std::chrono_literals;

constexpr coven::Backoff::Limits redial_limits{1s, 60s};
constexpr auto stable_after = 60s;
/// A server that asks again and again to reconnect is followed this often at most.
constexpr auto shortest_turn = 10s;
/// What is lost with a connection was under way: it was said before the last sign of life came
/// through. A gap begins so much earlier.
constexpr auto longest_way = 2s;
constexpr const char* taken_over = "not joined again after the server asked to reconnect";

}  // namespace

Feed::Feed(const Settings& settings, Reader& reader, Shared& shared,
           const boost::asio::any_io_executor& executor)
    : settings_(settings),
      reader_(reader),
      shared_(shared),
      executor_(executor),
      seats_{Seat(executor), Seat(executor)} {}

boost::asio::awaitable<void> Feed::run() {
    using boost::asio::experimental::awaitable_operators::operator&&;
    auto first = keep(seats_[0]);
    auto second = keep(seats_[1]);
    co_await (std::move(first) && std::move(second));
}

void Feed::want(const std::string& channel) {
    if (!channels_.insert(channel).second) return;
    // A connection that another takes over from enters no more rooms.
    if (chosen_->link) chosen_->link->want(channel, turn_of(channel));
    chosen_->bell.ring();
}

void Feed::drop(const std::string& channel) {
    if (channels_.erase(channel) == 0) return;
    for (auto& seat : seats_) {
        if (!seat.link) continue;
        seat.link->drop(channel);
        if (channels_.empty()) seat.link->finish();
    }
    if (channels_.empty()) trouble_.clear();
}

Feed::Status Feed::status() const {
    const bool logged_in = chosen_->link && chosen_->link->dialogue().welcomed();
    Status status;
    status.trouble = trouble_;
    status.roster = logged_in ? &chosen_->link->dialogue().roster() : nullptr;
    status.dialing = chosen_->dialing;
    status.is_wanted = !channels_.empty();
    return status;
}

boost::asio::awaitable<void> Feed::keep(Seat& seat) {
    const auto job = [this, &seat] { return serve(seat); };
    const auto lost = [this, &seat](const std::string& reason, std::chrono::milliseconds pause) {
        lose(seat, reason, pause);
    };
    return coven::keep_running(shared_.clock, coven::Backoff(redial_limits), stable_after, job,
                               lost);
}

/// Has a connection whenever it is this seat's turn and there is something to hear.
boost::asio::awaitable<void> Feed::serve(Seat& seat) {
    for (;;) {
        while (chosen_ != &seat || channels_.empty()) co_await seat.bell.wait();
        const auto earliest = std::max(shared_.clock.instant(), turn_begins_);
        co_await shared_.clock.sleep_until(shared_.pace.take(earliest));
        co_await dial(seat);
        co_await seat.link->run();
        leave_rooms(seat, taken_over, seat.link->last_sign());
        seat.link.reset();
        take_turns();
    }
}

boost::asio::awaitable<void> Feed::dial(Seat& seat) {
    seat.asked_to_reconnect = false;
    seat.dialing = true;
    auto credentials = co_await reader_.credentials();
    auto socket =
        co_await coven::WebSocket::connect(shared_.clock, settings_.url, settings_.socket);
    seat.dialing = false;
    Link::Listener listener{
        [this, &seat](const IrcLine& line, const Heard& heard) { hear(seat, line, heard); },
        [this] { take_turns(); }};
    auto settings = settings_.dialogue;
    settings.nick = std::move(credentials.nick);
    settings.token = seat.token = std::move(credentials.token);
    Dialogue dialogue(std::move(settings), make_roster(), shared_.clock.instant());
    seat.link = std::make_unique<Link>(std::move(socket), std::move(dialogue), shared_.clock,
                                       executor_, std::move(listener));
    ++shared_.numbers.connections;
    coven::log::info("connected", {{"url", settings_.url}});
}

Roster Feed::make_roster() const {
    Roster roster(settings_.rooms, reader_.queue());
    for (const auto& channel : channels_) roster.want(channel, turn_of(channel));
    return roster;
}

/// Channels that were heard before go first, so that their gaps end soon.
JoinQueue::Turn Feed::turn_of(const std::string& channel) const {
    return shared_.coverage.was_heard(channel) ? JoinQueue::Turn::first : JoinQueue::Turn::last;
}

void Feed::hear(Seat& seat, const IrcLine& line, const Heard& heard) {
    const auto now = seat.link->last_sign();
    shared_.numbers.count_line(line.command(), now);
    const auto& reader = seat.link->dialogue().nick();
    if (heard.kind != Heard::Kind::message) shared_.outlet.tell(line, now, reader);
    if (line.command() == "USERSTATE") shared_.badged(reader, line);
    switch (heard.kind) {
        case Heard::Kind::nothing:
            return;
        case Heard::Kind::message:
            shared_.badged(line.nick(), line);
            return shared_.outlet.publish(line, now);
        case Heard::Kind::joined:
            shared_.coverage.join(heard.channel, now);
            return shared_.outlet.look_for_gaps();
        case Heard::Kind::left:
            shared_.coverage.leave(heard.channel, now, now, heard.text);
            [[fallthrough]];
        case Heard::Kind::refused:
            return coven::log::warn("refused",
                                    {{"channel", heard.channel}, {"reason", heard.text}});
        case Heard::Kind::identified:
            shared_.identified(heard.channel, heard.text);
            return shared_.outlet.identify(heard.channel, heard.text);
        case Heard::Kind::reconnect:
            if (!seat.asked_to_reconnect) coven::log::info("asked_to_reconnect", {});
            seat.asked_to_reconnect = true;
            ++shared_.numbers.asked_to_reconnect;
            return take_turns();
    }
}

void Feed::lose(Seat& seat, const std::string& reason, std::chrono::milliseconds pause) {
    seat.dialing = false;
    if (&seat == chosen_) trouble_ = reason;
    coven::log::warn("lost",
                     {{"url", settings_.url}, {"reason", reason}, {"again_in_ms", pause.count()}});
    ++(seat.link ? shared_.numbers.losses : shared_.numbers.refusals);
    if (seat.link && seat.link->dialogue().login_refused()) reader_.refuse(seat.token);
    if (seat.link) leave_rooms(seat, reason, seat.link->last_sign() - longest_way);
    seat.link.reset();
    take_turns();
}

void Feed::leave_rooms(Seat& seat, const std::string& reason, coven::Time heard_until) {
    const auto now = shared_.clock.now();
    for (const auto& [channel, room] : seat.link->dialogue().roster().rooms()) {
        if (room.state != Roster::State::joined) continue;
        if (&seat == chosen_) {
            shared_.coverage.leave(channel, heard_until, now, reason);
        } else {
            shared_.coverage.hand_over(channel, heard_until, now, reason);
        }
    }
}

/// Lets the old connection go when the new one is in all rooms, and starts a new one when the
/// server asks for it.
void Feed::take_turns() {
    auto& old = other(*chosen_);
    auto* link = chosen_->link.get();
    const bool logged_in = link != nullptr && link->dialogue().welcomed();
    if (logged_in) trouble_.clear();
    if (logged_in) reader_.welcome();
    if (logged_in && link->dialogue().roster().settled() && old.link) old.link->finish();
    if (logged_in && chosen_->asked_to_reconnect && !old.link) {
        turn_begins_ = next_turn_;
        next_turn_ = std::max(turn_begins_, shared_.clock.instant()) + shortest_turn;
        chosen_ = &old;
        old.bell.ring();
    }
    shared_.change();
}

}  // namespace chat
