#include "attendance.hpp"

#include <algorithm>

namespace coven::sim {

void Attendance::come(Member& member) { accounts_[member.login()].sessions.push_back(&member); }

void Attendance::go(Member& member) {
    const auto place = accounts_.find(member.login());
    if (place == accounts_.end()) return;
    std::erase(place->second.sessions, &member);
    if (place->second.sessions.empty()) accounts_.erase(place);
}

const std::vector<Member*>& Attendance::sessions(std::string_view login) const {
    static const std::vector<Member*> none;
    const auto place = accounts_.find(login);
    return place == accounts_.end() ? none : place->second.sessions;
}

void Attendance::enter(const std::string& login, const std::string& room) {
    ++accounts_[login].rooms[room];
}

void Attendance::leave(const std::string& login, const std::string& room) {
    const auto account = accounts_.find(login);
    if (account == accounts_.end()) return;
    const auto place = account->second.rooms.find(room);
    const bool is_last = place != account->second.rooms.end() && --place->second == 0;
    if (is_last) account->second.rooms.erase(place);
}

bool Attendance::sits_in(const std::string& login, std::string_view room) const {
    const auto account = accounts_.find(login);
    return account != accounts_.end() && account->second.rooms.contains(room);
}

std::size_t Attendance::rooms(const std::string& login) const {
    const auto account = accounts_.find(login);
    return account == accounts_.end() ? 0 : account->second.rooms.size();
}

std::size_t Attendance::rooms(const std::string& login,
                              const std::function<bool(std::string_view)>& counts) const {
    const auto account = accounts_.find(login);
    if (account == accounts_.end()) return 0;
    return static_cast<std::size_t>(std::ranges::count_if(
        account->second.rooms, [&counts](const auto& entry) { return counts(entry.first); }));
}

}  // namespace coven::sim
