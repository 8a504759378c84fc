#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "coven/event.hpp"
#include "coven/v1/history.pb.h"

namespace coven {

/// Decides how snapshots of the states and the live stream become one stream in which no state is
/// followed by an older one. Pure.
class StateMerge {
  public:
    /// How far the first page of a snapshot goes; that of later snapshots changes nothing.
    void begin(const v1::Position& as_of);
    /// Whether a state of a snapshot is to be handed out.
    bool shown(const Event& event);
    /// The same for an event of the live stream, which is handed out if it is no state.
    bool heard(const Event& event);

  private:
    /// Epoch and offset.
    using Place = std::pair<std::uint64_t, std::uint64_t>;
    struct Hash : std::hash<std::string_view> {
        using is_transparent = void;
    };

    bool is_newer(const Event& event);

    std::optional<Place> as_of_;
    /// Of each topic's state that was handed out last.
    std::unordered_map<std::string, Place, Hash, std::equal_to<>> newest_;
};

}  // namespace coven
