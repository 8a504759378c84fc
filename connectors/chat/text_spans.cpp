#include "text_spans.hpp"

#include <algorithm>
#include <charconv>

namespace chat {

namespace {

/// Takes everything before the first `end` off `rest`, and `end`.
std::string_view take_until(std::string_view& rest, char end) {
    const auto piece = rest.substr(0, rest.find(end));
    rest.remove_prefix(std::min(piece.size() + 1, rest.size()));
    return piece;
}

/// Digits only. What does not fit becomes the largest number, which is behind every text.
std::optional<std::uint32_t> parse_number(std::string_view text) {
    std::uint32_t number = 0;
    const auto* end = text.data() + text.size();
    const auto [stopped, failure] = std::from_chars(text.data(), end, number);
    if (failure == std::errc::invalid_argument || stopped != end) return std::nullopt;
    if (failure == std::errc::result_out_of_range) return UINT32_MAX;
    return number;
}

bool is_continuation(char byte) { return (static_cast<unsigned char>(byte) & 0xc0u) == 0x80u; }

bool is_ascii(std::string_view text) {
    return std::all_of(text.begin(), text.end(),
                       [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

/// "12-34|…": only behind such a comma a new GIF begins.
bool starts_gif(std::string_view text) {
    constexpr std::string_view digits = "0123456789";
    const auto dash = text.find_first_not_of(digits);
    if (dash == std::string_view::npos || dash == 0 || text[dash] != '-') return false;
    const auto bar = text.find_first_not_of(digits, dash + 1);
    return bar != std::string_view::npos && bar > dash + 1 && text[bar] == '|';
}

std::string_view take_gif(std::string_view& rest) {
    auto comma = rest.find(',');
    while (comma != std::string_view::npos && !starts_gif(rest.substr(comma + 1))) {
        comma = rest.find(',', comma + 1);
    }
    const auto piece = rest.substr(0, comma);
    rest.remove_prefix(std::min(piece.size() + 1, rest.size()));
    return piece;
}

void assign(std::string& to, std::string_view from) { to.assign(from.data(), from.size()); }

}  // namespace

void TextSpans::set_text(std::string_view text) {
    starts_.clear();
    code_points_ = static_cast<std::uint32_t>(text.size());
    if (is_ascii(text)) return;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (!is_continuation(text[i])) starts_.push_back(static_cast<std::uint32_t>(i));
    }
    code_points_ = static_cast<std::uint32_t>(starts_.size());
    starts_.push_back(static_cast<std::uint32_t>(text.size()));
}

std::optional<TextSpans::Range> TextSpans::range(std::string_view text) const {
    const auto dash = text.find('-');
    if (dash == std::string_view::npos) return std::nullopt;
    const auto first = parse_number(text.substr(0, dash));
    const auto last = parse_number(text.substr(dash + 1));
    if (!first || !last || *first > *last || *first >= code_points_) return std::nullopt;
    return Range{*first, std::min(*last, code_points_ - 1) + 1};
}

std::uint32_t TextSpans::byte(std::uint32_t code_point) const {
    return starts_.empty() ? code_point : starts_[code_point];
}

void TextSpans::fill(const Range& range, twitch::v1::Span& span) const {
    span.set_first_code_point(range.first);
    span.set_end_code_point(range.end);
    span.set_first_byte(byte(range.first));
    span.set_end_byte(byte(range.end));
}

void TextSpans::read_ranges(std::string_view list, twitch::v1::Emote& emote) const {
    while (!list.empty()) {
        if (const auto found = range(take_until(list, ','))) fill(*found, *emote.add_spans());
    }
}

void TextSpans::read_emotes(std::string_view tag,
                            google::protobuf::RepeatedPtrField<twitch::v1::Emote>& emotes) const {
    while (!tag.empty()) {
        auto piece = take_until(tag, '/');
        const auto id = take_until(piece, ':');
        if (id.empty()) continue;
        auto& emote = *emotes.Add();
        assign(*emote.mutable_id(), id);
        read_ranges(piece, emote);
        if (emote.spans().empty()) emotes.RemoveLast();
    }
}

void TextSpans::read_gifs(std::string_view tag,
                          google::protobuf::RepeatedPtrField<twitch::v1::Gif>& gifs) const {
    while (!tag.empty()) {
        auto piece = take_gif(tag);
        const auto found = range(take_until(piece, '|'));
        if (!found) continue;
        auto& gif = *gifs.Add();
        fill(*found, *gif.mutable_span());
        assign(*gif.mutable_id(), take_until(piece, '|'));
        assign(*gif.mutable_url(), piece);
    }
}

}  // namespace chat
