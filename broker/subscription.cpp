#include "subscription.hpp"

#include <charconv>

#include "coven/topic.hpp"

namespace coven::broker {

namespace {

constexpr std::string_view barrier_root = "~s.";
constexpr std::string_view ack_root = "~a.";
constexpr std::string_view beacon_root = "~h.";
constexpr std::size_t producer_digits = 16;

/// 16 lower-case hex digits; nullopt for anything else.
std::optional<std::uint64_t> read_producer(std::string_view text) {
    if (text.size() != producer_digits) return std::nullopt;
    if (text.find_first_not_of("0123456789abcdef") != std::string_view::npos) return std::nullopt;
    std::uint64_t id = 0;
    std::from_chars(text.data(), text.data() + text.size(), id, 16);
    return id;
}

void read_question(Subscription& question) {
    question.kind = Subscription::Kind::other_question;
    const auto nul = question.prefix.find('\0');
    if (nul == std::string_view::npos || nul + 1 != question.prefix.size()) return;
    question.topic = question.prefix.substr(0, nul);
    const auto word = question.topic.substr(barrier_root.size());
    if (question.topic.starts_with(barrier_root)) {
        if (!word.empty()) question.kind = Subscription::Kind::barrier;
        return;
    }
    const auto producer = read_producer(word);
    if (!producer) return;
    question.kind = Subscription::Kind::ack;
    question.producer_id = *producer;
}

}  // namespace

bool Subscription::too_long() const {
    const auto root = prefix.starts_with(beacon_root) ? beacon_root.size() : 0;
    return prefix.size() > root + max_topic_bytes + 1;
}

std::optional<Subscription> read_subscription(std::string_view frame) {
    if (frame.empty() || (frame.front() != 0 && frame.front() != 1)) return std::nullopt;
    Subscription subscription;
    subscription.subscribe = frame.front() == 1;
    subscription.prefix = frame.substr(1);
    const bool question =
        subscription.prefix.starts_with(barrier_root) || subscription.prefix.starts_with(ack_root);
    if (question) read_question(subscription);
    return subscription;
}

}  // namespace coven::broker
