#include "acknowledgements.hpp"

#include <algorithm>

namespace coven {

namespace {

constexpr auto shortest_pause = std::chrono::milliseconds(250);
constexpr auto longest_pause = std::chrono::seconds(5);

}  // namespace

Acknowledgements::Acknowledgements(const v1::Position& stored, Instant now)
    : acknowledged_(place_of(stored)), stored_(acknowledged_), sent_at_(now) {}

void Acknowledgements::acknowledge(const v1::Position& position) {
    acknowledged_ = std::max(acknowledged_, place_of(position));
}

void Acknowledgements::committed(const v1::Position& position) {
    committed_ = std::max(committed_, place_of(position));
}

std::optional<v1::Position> Acknowledgements::due(Instant now) const {
    const auto pause = now - sent_at_;
    if (pause >= longest_pause && !open()) return position_of(stored_);
    return pause >= shortest_pause ? open() : std::nullopt;
}

std::optional<v1::Position> Acknowledgements::open() const {
    const auto place = hurried_ ? acknowledged_ : std::min(acknowledged_, committed_);
    if (place <= stored_) return std::nullopt;
    return position_of(place);
}

void Acknowledgements::stored(const v1::Position& position) {
    stored_ = std::max(stored_, place_of(position));
}

Acknowledgements::Place Acknowledgements::place_of(const v1::Position& position) {
    return {position.bus_epoch(), position.offset()};
}

v1::Position Acknowledgements::position_of(const Place& place) {
    v1::Position position;
    position.set_bus_epoch(place.first);
    position.set_offset(place.second);
    return position;
}

}  // namespace coven
