#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "coven/v1/history.pb.h"
#include "journal/recovered.hpp"

namespace coven::broker {

/// The epochs that positions may come from: those with stored events, and the running one.
class Epochs {
  public:
    explicit Epochs(const Epoch& running) : all_({running}) {}

    /// Oldest first; the last one runs.
    const std::vector<Epoch>& all() const { return all_; }
    const Epoch& running() const { return all_.back(); }

    /// In place of all but the running one.
    void set_stored(const std::vector<Epoch>& stored);
    /// What becomes of the one that ran until now.
    enum class Ended { kept, forgotten };
    void begin(const Epoch& next, Ended ended);
    /// Forgets epochs of which nothing is left when `oldest` is the oldest event.
    void forget_before(std::uint64_t oldest);

    /// The offset that `position` means: past the end of its epoch it is that end. An epoch that
    /// stored nothing ends where the one before it does. Nothing for an epoch that is yet to come.
    std::optional<std::uint64_t> offset_of(const v1::Position& position) const;

  private:
    std::vector<Epoch> all_;
};

}  // namespace coven::broker
