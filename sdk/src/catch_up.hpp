#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "coven/event.hpp"
#include "coven/from.hpp"
#include "coven/v1/bus.pb.h"
#include "coven/v1/history.pb.h"
#include "recent_ids.hpp"

namespace coven {

/// Decides how history and the live stream become one stream in which nothing is missing and
/// nothing comes twice: docs/wire.md, "Merging history and live". Pure.
///
/// It reads history until little is left, has a live stream opened, reads history up to that
/// stream's barrier and goes on live. What goes wrong with the live stream has one answer: go back
/// to history, from where all was surely complete.
class CatchUp {
  public:
    enum class Phase {
        /// Read history; there is no live stream.
        reading,
        /// History is almost at its end: open a live stream and wait for its barrier.
        subscribing,
        /// Read history on up to the barrier; live events wait.
        joining,
        /// Take live events.
        live,
    };
    enum class Verdict {
        hand_out,
        /// Handed out before, or yet to come from history.
        known,
        /// The same thing was published twice.
        repeat,
    };

    /// `from` has a past and is no cursor; `now` is for `From::ago`.
    CatchUp(const From::Choice& from, Time now);

    Phase phase() const { return phase_; }
    /// Fills in where to read history from.
    void ask_next(v1::HistoryReadRequest& request) const;
    /// An event that history gave.
    Verdict stored(const Event& event);
    /// The end of a batch, behind its events. Returns whether it led any further.
    bool read_to(const v1::Position& next, const v1::Position& committed);
    /// The barrier of the live stream that was opened.
    void subscribed(const v1::Barrier& barrier);
    /// An event of the live stream.
    Verdict heard(const Event& event);
    /// Once a second while the live stream is whole.
    void tick();
    /// Events are missing in the live stream, or it is another one now. It must be closed.
    void go_back();
    /// The broker does not store what history should give next: goes on live. What is missing up
    /// to the barrier, if anything is.
    std::optional<v1::Lost> give_history_up();

  private:
    struct Hash : std::hash<std::string_view> {
        using is_transparent = void;
    };

    void look_whether_joined();
    /// What `position` means in the numbers of the barrier's epoch.
    std::uint64_t place_of(const v1::Position& position) const;
    void go_live(std::uint64_t after);
    bool is_new(const Event& event);
    void forget_settled();

    Phase phase_ = Phase::reading;
    /// Where to begin; nothing once `position_` holds.
    std::optional<From::Choice> beginning_;
    /// All up to here was handed out, as history tells it.
    v1::Position position_;
    v1::Barrier barrier_;
    /// Live events up to this offset came from history.
    std::uint64_t floor_ = 0;
    /// The newest live offset at each of the last ticks, and now.
    std::deque<std::uint64_t> marks_;
    std::uint64_t newest_ = 0;
    /// Of the live events that came after `position_`: the newest of each topic, in `live_epoch_`.
    std::uint64_t live_epoch_ = 0;
    std::unordered_map<std::string, std::uint64_t, Hash, std::equal_to<>> live_;
    int ticks_ = 0;
    RecentIds recent_;
};

}  // namespace coven
