#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <utility>
#include <variant>

#include "coven/clock.hpp"
#include "coven/event.hpp"

namespace coven {

/// Where a subscription begins.
///
/// Those with a past (`time`, `ago`, `first`, `position`, `cursor`) read the broker's history and
/// go over to the live stream without a hole and without a repeat. What is lost on the way to this
/// reader is fetched from history, so such a subscription hands out no `Lost` as long as the broker
/// stores events; what history cannot give any more is handed out as `Event::truncated`. They need
/// a broker with a journal: without one, waiting for an event throws the broker's words.
class From {
  public:
    struct Now {};
    struct State {};
    struct First {};
    struct Ago {
        Duration before_now;
    };
    struct Position {
        std::uint64_t bus_epoch = 0;
        std::uint64_t offset = 0;
    };
    /// Where a cursor begins that is not there yet.
    enum class NewCursor { newest, oldest };
    struct Cursor {
        std::string name;
        NewCursor begins = NewCursor::newest;
    };
    using Choice = std::variant<Now, State, First, Time, Ago, Position, Cursor>;

    /// What is published after the subscription has reached the broker.
    static From now() { return From(Now{}); }
    /// First the newest event of each matching topic that has a state, then what follows. After a
    /// loss, which is told, the states that changed meanwhile are handed out again.
    static From state() { return From(State{}); }
    /// The oldest event that the broker keeps.
    static From first() { return From(First{}); }
    /// What the broker numbered at this time or later.
    static From time(Time time) { return From(time); }
    static From ago(Duration before_now) { return From(Ago{before_now}); }
    /// What follows after the event with this number. Of a past epoch, too.
    static From position(std::uint64_t bus_epoch, std::uint64_t offset) {
        return From(Position{bus_epoch, offset});
    }
    /// What follows after `event`.
    static From position(const Event& event) {
        return position(event.message().bus_epoch(), event.message().offset());
    }
    /// What follows after the last event that was acknowledged (`Subscription::ack`) under this
    /// name: 1 to 64 of a-z, 0-9, "_" and "-". It survives this program and the broker; events
    /// after the last acknowledgement may come again. Whoever opens the name takes it over:
    /// for the one before, waiting for an event throws soon.
    static From cursor(std::string name, NewCursor begins = NewCursor::newest) {
        return From(Cursor{std::move(name), begins});
    }

    const Choice& choice() const { return choice_; }

  private:
    explicit From(Choice choice) : choice_(std::move(choice)) {}

    Choice choice_;
};

}  // namespace coven
