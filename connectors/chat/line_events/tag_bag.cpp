#include "line_events/tag_bag.hpp"

#include <algorithm>
#include <charconv>

#include "coven/utf8.hpp"

namespace chat {

namespace {

std::optional<std::int64_t> number_of(std::string_view text) {
    std::int64_t number = 0;
    const auto* end = text.data() + text.size();
    const auto [stopped, failure] = std::from_chars(text.data(), end, number);
    if (failure != std::errc() || stopped != end) return std::nullopt;
    return number;
}

std::optional<bool> switch_of(std::string_view text) {
    if (text == "1" || text == "true") return true;
    if (text.empty() || text == "0" || text == "false") return false;
    return std::nullopt;
}

}  // namespace

TagBag::TagBag(const IrcTags& tags) {
    std::string scratch;
    for (const auto& tag : tags) {
        tags_.insert_or_assign(coven::to_utf8(tag.name), coven::to_utf8(unescape(tag, scratch)));
    }
}

std::string TagBag::take(std::string_view name) {
    const auto found = tags_.find(name);
    return found == tags_.end() ? std::string() : std::move(tags_.extract(found).mapped());
}

std::optional<std::int64_t> TagBag::take_number(std::string_view name) {
    const auto found = tags_.find(name);
    if (found == tags_.end()) return std::nullopt;
    const auto number = number_of(found->second);
    // An empty tag says as much as none.
    if (number || found->second.empty()) tags_.erase(found);
    return number;
}

std::uint64_t TagBag::take_count(std::string_view name, std::uint64_t most) {
    const auto number = take_number(name).value_or(0);
    return std::min(static_cast<std::uint64_t>(std::max<std::int64_t>(number, 0)), most);
}

std::optional<bool> TagBag::take_switch(std::string_view name) {
    const auto found = tags_.find(name);
    if (found == tags_.end()) return std::nullopt;
    const auto value = switch_of(found->second);
    if (value) tags_.erase(found);
    return value;
}

std::uint64_t TagBag::take_microseconds(std::string_view name) {
    constexpr std::uint64_t most = INT64_MAX / 1000;
    return take_count(name, most) % most * 1000;
}

/// "subscriber/12,predictions/blue-1,partner".
void TagBag::take_badges(std::string_view name,
                         google::protobuf::RepeatedPtrField<twitch::v1::Badge>& badges) {
    const auto text = take(name);
    std::string_view rest = text;
    while (!rest.empty()) {
        const auto piece = rest.substr(0, rest.find(','));
        rest.remove_prefix(std::min(piece.size() + 1, rest.size()));
        const auto set = piece.substr(0, piece.find('/'));
        if (set.empty()) continue;
        auto& badge = *badges.Add();
        badge.set_set(std::string(set));
        badge.set_version(std::string(piece.substr(std::min(set.size() + 1, piece.size()))));
    }
}

TagBag TagBag::take_all(std::string_view prefix) {
    TagBag taken;
    auto tag = tags_.lower_bound(prefix);
    while (tag != tags_.end() && tag->first.starts_with(prefix)) {
        taken.tags_.insert_or_assign(tag->first.substr(prefix.size()), std::move(tag->second));
        tag = tags_.erase(tag);
    }
    return taken;
}

void TagBag::pour_into(TextMap& tags) const {
    for (const auto& [name, value] : tags_) tags[name] = value;
}

}  // namespace chat
