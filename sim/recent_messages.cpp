#include "recent_messages.hpp"

namespace coven::sim {

void RecentMessages::keep(const ChatMessage& message) {
    if (messages_.size() < most && next_ == messages_.size()) messages_.emplace_back();
    auto& place = messages_[next_];
    next_ = (next_ + 1) % most;
    place.id = message.id;
    place.channel = message.channel;
    place.login = message.from.login;
    place.user_id = message.from.id;
    place.display_name = message.from.display_name;
    place.text = message.text;
    place.is_deleted = false;
}

template <class Matches>
RecentMessage* RecentMessages::newest(Matches matches) {
    const auto count = messages_.size();
    for (std::size_t age = 1; age <= count; ++age) {
        auto& one = messages_[(next_ + most - age) % most];
        if (matches(one)) return &one;
    }
    return nullptr;
}

RecentMessage* RecentMessages::find(std::string_view channel, std::string_view id) {
    return newest([&](const RecentMessage& one) { return one.id == id && one.channel == channel; });
}

RecentMessage* RecentMessages::last_of(std::string_view channel, std::string_view login) {
    return newest([&](const RecentMessage& one) {
        return !one.is_deleted && one.login == login && one.channel == channel;
    });
}

}  // namespace coven::sim
