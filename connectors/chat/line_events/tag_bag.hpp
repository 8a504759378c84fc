#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include <google/protobuf/map.h>
#include <google/protobuf/repeated_field.h>

#include "irc_line.hpp"
#include "twitch/v1/chat.pb.h"

namespace chat {

using TextMap = google::protobuf::Map<std::string, std::string>;

/// The tags of a line that does not come often, unescaped and valid UTF-8. What is taken out is
/// gone; what is left over at the end goes into a message's `other_tags`. So a value that makes no
/// sense as a number or a flag is kept as it was sent. Of two tags with one name the last counts.
class TagBag {
  public:
    TagBag() = default;
    explicit TagBag(const IrcTags& tags);
    explicit TagBag(const TextMap& tags) : tags_(tags.begin(), tags.end()) {}

    bool has(std::string_view name) const { return tags_.contains(name); }
    /// Empty where there is none.
    std::string take(std::string_view name);
    /// Nothing, and the tag stays, unless it is a decimal number that fits.
    std::optional<std::int64_t> take_number(std::string_view name);
    /// 0 for what is no such number or less; `most` for what is more.
    std::uint64_t take_count(std::string_view name, std::uint64_t most = INT64_MAX);
    /// The same for a field of 32 bits.
    std::uint32_t take_small(std::string_view name) {
        return static_cast<std::uint32_t>(take_count(name, UINT32_MAX));
    }
    /// "1" and "true" are true, "0", "false" and nothing are false; all else is nothing and stays.
    std::optional<bool> take_switch(std::string_view name);
    bool take_flag(std::string_view name) { return take_switch(name).value_or(false); }
    /// Milliseconds since the epoch as microseconds; 0 = none.
    std::uint64_t take_microseconds(std::string_view name);
    void take_badges(std::string_view name,
                     google::protobuf::RepeatedPtrField<twitch::v1::Badge>& badges);
    /// All whose names begin with `prefix`, without it.
    TagBag take_all(std::string_view prefix);
    /// What is left over.
    void pour_into(TextMap& tags) const;

  private:
    std::map<std::string, std::string, std::less<>> tags_;
};

}  // namespace chat
