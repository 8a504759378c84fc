#pragma once

#include <cstdint>
#include <optional>
#include <utility>

#include "coven/clock.hpp"
#include "coven/v1/history.pb.h"

namespace coven {

/// Decides which acknowledgement of a cursor is sent, and when. Pure.
class Acknowledgements {
  public:
    /// `stored` is where the cursor stands.
    Acknowledgements(const v1::Position& stored, Instant now);

    /// All up to here is dealt with. An older position changes nothing.
    void acknowledge(const v1::Position& position);
    /// How far the broker has stored events.
    void committed(const v1::Position& position);
    /// From now on what is not known to be committed is sent, too: the broker will say.
    void hurry() { hurried_ = true; }

    /// What to send now, if anything: each position once, and the last one again after a while, to
    /// hear whether the cursor is still ours.
    std::optional<v1::Position> due(Instant now) const;
    /// What could be sent, however short ago the last one was.
    std::optional<v1::Position> open() const;
    void sent(Instant now) { sent_at_ = now; }
    void stored(const v1::Position& position);
    bool all_stored() const { return stored_ >= acknowledged_; }

  private:
    /// Epoch and offset.
    using Place = std::pair<std::uint64_t, std::uint64_t>;

    static Place place_of(const v1::Position& position);
    static v1::Position position_of(const Place& place);

    Place acknowledged_;
    Place stored_;
    Place committed_;
    bool hurried_ = false;
    Instant sent_at_;
};

}  // namespace coven
