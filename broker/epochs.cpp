#include "epochs.hpp"

#include <algorithm>

namespace coven::broker {

void Epochs::set_stored(const std::vector<Epoch>& stored) {
    const auto now = running();
    all_ = stored;
    std::erase_if(all_, [&](const Epoch& epoch) { return epoch.bus_epoch >= now.bus_epoch; });
    all_.push_back(now);
}

void Epochs::begin(const Epoch& next, Ended ended) {
    if (ended == Ended::forgotten) all_.pop_back();
    all_.push_back(next);
}

void Epochs::forget_before(std::uint64_t oldest) {
    const auto is_left = [&](std::size_t at) { return all_[at + 1].first_offset > oldest; };
    std::size_t gone = 0;
    while (gone + 1 < all_.size() && !is_left(gone)) ++gone;
    all_.erase(all_.begin(), all_.begin() + static_cast<std::ptrdiff_t>(gone));
}

std::optional<std::uint64_t> Epochs::offset_of(const v1::Position& position) const {
    const auto later = [](std::uint64_t bus_epoch, const Epoch& epoch) {
        return bus_epoch < epoch.bus_epoch;
    };
    const auto next = std::upper_bound(all_.begin(), all_.end(), position.bus_epoch(), later);
    const bool known = next != all_.begin() && std::prev(next)->bus_epoch == position.bus_epoch();
    if (next == all_.end()) return known ? std::optional(position.offset()) : std::nullopt;
    const auto end = next->first_offset - 1;
    return known ? std::min(position.offset(), end) : end;
}

}  // namespace coven::broker
