#include "line_events/room_book.hpp"

#include <algorithm>
#include <vector>

#include "line_events/tag_bag.hpp"

namespace chat {

namespace {

using twitch::v1::ChatRoom;

/// Names that a server may add to the state of a room; more are left out of it (the raw line has
/// them).
constexpr std::size_t most_other_tags = 32;

/// Brings a state up to date and notes what it changes.
class Update {
  public:
    enum class Before { nothing, known };

    Update(ChatRoom& room, TagBag& tags, Before before)
        : room_(room), tags_(tags), is_first_(before == Before::nothing) {}

    void channel_id() {
        const auto id = tags_.take("room-id");
        if (id.empty() || id == room_.channel_id()) return;
        room_.set_channel_id(id);
        changes_.emplace_back("channel_id");
    }
    void flag(const char* tag, const char* name, bool (ChatRoom::*was)() const,
              void (ChatRoom::*set)(bool)) {
        if (const auto value = tags_.take_switch(tag)) change(name, (room_.*was)(), *value, set);
    }
    void followers() {
        const auto minutes = tags_.take_number("followers-only");
        if (!minutes) return;
        const auto least = static_cast<std::uint64_t>(std::max<std::int64_t>(*minutes, 0));
        change("followers_only", room_.followers_only(), *minutes >= 0,
               &ChatRoom::set_followers_only);
        change("followers_minutes", room_.followers_minutes(), least,
               &ChatRoom::set_followers_minutes);
    }
    void slow() {
        const auto seconds = tags_.take_number("slow");
        if (!seconds) return;
        change("slow_s", room_.slow_s(),
               static_cast<std::uint64_t>(std::max<std::int64_t>(*seconds, 0)),
               &ChatRoom::set_slow_s);
    }
    void others() {
        TextMap left;
        tags_.pour_into(left);
        auto& known = *room_.mutable_other_tags();
        for (const auto& [name, value] : left) {
            const auto found = known.find(name);
            if (found == known.end() && known.size() >= most_other_tags) continue;
            if (found != known.end() && found->second == value) continue;
            known[name] = value;
            others_changed_ = true;
        }
    }
    void finish() {
        if (others_changed_) changes_.emplace_back("other_tags");
        room_.mutable_changed()->Assign(changes_.begin(), changes_.end());
    }
    bool is_news() const { return is_first_ || !changes_.empty(); }

  private:
    template <class Value, class Field>
    void change(const char* name, Value was, Value is, void (ChatRoom::*set)(Field)) {
        if (was == is && !is_first_) return;
        (room_.*set)(is);
        changes_.emplace_back(name);
    }

    ChatRoom& room_;
    TagBag& tags_;
    bool is_first_;
    bool others_changed_ = false;
    std::vector<std::string> changes_;
};

}  // namespace

std::optional<ChatRoom> RoomBook::hear(const std::string& channel, const IrcLine& line) {
    TagBag tags(line.tags());
    const auto [found, is_first] = rooms_.try_emplace(channel);
    ChatRoom room;
    room.ParseFromString(found->second);
    room.set_channel_login(channel);
    Update update(room, tags, is_first ? Update::Before::nothing : Update::Before::known);
    update.channel_id();
    update.flag("emote-only", "emote_only", &ChatRoom::emote_only, &ChatRoom::set_emote_only);
    update.followers();
    update.flag("r9k", "unique_messages", &ChatRoom::unique_messages,
                &ChatRoom::set_unique_messages);
    update.slow();
    update.flag("subs-only", "subscribers_only", &ChatRoom::subscribers_only,
                &ChatRoom::set_subscribers_only);
    update.others();
    found->second = room.SerializeAsString();
    update.finish();
    return update.is_news() ? std::optional(std::move(room)) : std::nullopt;
}

std::optional<ChatRoom> RoomBook::forget(std::string_view channel) {
    const auto found = rooms_.find(channel);
    if (found == rooms_.end()) return std::nullopt;
    ChatRoom room;
    room.ParseFromString(found->second);
    rooms_.erase(found);
    return room;
}

}  // namespace chat
