#include "drops.hpp"

#include <numeric>

namespace coven::broker {

namespace {

constexpr std::array<std::string_view, drop_kinds> words = {
    "no_nul",
    "topic_malformed",
    "topic_reserved",
    "frame_malformed",
    "text_malformed",
    "too_large",
    "too_many_topics",
    "seq_missing",
    "duplicate",
    "out_of_order",
    "state_not_kept",
    "subscription_malformed",
    "subscription_too_long",
    "too_many_subscriptions",
    "reader_stuck",
    "envelope_malformed",
    "request_malformed",
    "verb_unknown",
    "presence_refused",
    "reply_unsent",
};
static_assert(!words.back().empty(), "each Drop has a word");

}  // namespace

std::string_view word(Drop reason) { return words[static_cast<std::size_t>(reason)]; }

std::uint64_t Drops::total() const {
    return std::accumulate(counts_.begin(), counts_.end(), std::uint64_t{0});
}

std::string Drops::since(const Drops& earlier) const {
    std::string text;
    for (std::size_t i = 0; i < drop_kinds; ++i) {
        const auto grown = counts_[i] - earlier.counts_[i];
        if (grown == 0) continue;
        if (!text.empty()) text += ',';
        text.append(words[i]).append("=").append(std::to_string(grown));
    }
    return text;
}

}  // namespace coven::broker
