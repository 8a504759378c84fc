#include "state_merge.hpp"

namespace coven {

void StateMerge::begin(const v1::Position& as_of) {
    if (!as_of_) as_of_.emplace(as_of.bus_epoch(), as_of.offset());
}

bool StateMerge::shown(const Event& event) { return is_newer(event); }

bool StateMerge::heard(const Event& event) {
    const auto& message = event.message();
    const bool is_state = (message.flags() & v1::EVENT_FLAG_STATE) != 0;
    if (event.is_missing() || message.offset() == 0 || !is_state) return true;
    // Of what the snapshot holds, this may be an end: then the topic is not in there.
    if (as_of_ && Place(message.bus_epoch(), message.offset()) <= *as_of_) return false;
    return is_newer(event);
}

bool StateMerge::is_newer(const Event& event) {
    const Place place(event.message().bus_epoch(), event.message().offset());
    auto& newest = newest_[event.topic()];
    if (place <= newest) return false;
    newest = place;
    return true;
}

}  // namespace coven
