#include "room.hpp"

#include <algorithm>

namespace coven::sim {

bool Rooms::enter(const std::string& room, Member& member) {
    const auto [place, is_new] = rooms_.try_emplace(room);
    if (is_new) ++changes_;
    auto& members = place->second;
    if (std::ranges::find(members, &member) != members.end()) return false;
    members.push_back(&member);
    return true;
}

bool Rooms::leave(std::string_view room, Member& member) {
    const auto place = rooms_.find(room);
    if (place == rooms_.end() || std::erase(place->second, &member) == 0) return false;
    if (!place->second.empty()) return true;
    rooms_.erase(place);
    ++changes_;
    return true;
}

std::size_t Rooms::tell(std::string_view room, const ServerLine& line, const Member* except) const {
    std::size_t heard = 0;
    for (Member* member : members(room)) {
        if (member == except) continue;
        member->hear(line);
        ++heard;
    }
    return heard;
}

const std::vector<Member*>& Rooms::members(std::string_view room) const {
    static const std::vector<Member*> nobody;
    const auto place = rooms_.find(room);
    return place == rooms_.end() ? nobody : place->second;
}

}  // namespace coven::sim
