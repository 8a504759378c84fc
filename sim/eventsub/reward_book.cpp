#include "reward_book.hpp"

#include <algorithm>
#include <utility>

namespace coven::sim::eventsub {
namespace {

constexpr std::size_t longest_title = 45;
constexpr std::size_t longest_prompt = 200;

bool is_color(std::string_view text) {
    constexpr std::size_t size = 7;
    return text.size() == size && text.front() == '#' &&
           text.find_first_not_of("0123456789ABCDEFabcdef", 1) == std::string_view::npos;
}

/// Twitch counts code points.
std::size_t length_of(std::string_view text) {
    return static_cast<std::size_t>(std::ranges::count_if(
        text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

bool is_too_low(const Cap& cap) { return cap.is_enabled && cap.value < 1; }

}  // namespace

std::string_view name_of(Redemption::Status status) {
    if (status == Redemption::Status::fulfilled) return "fulfilled";
    return status == Redemption::Status::canceled ? "canceled" : "unfulfilled";
}

std::string_view RewardBook::kind_of(std::string_view broadcaster_id) const {
    const auto place = kinds_.find(broadcaster_id);
    return place == kinds_.end() ? "affiliate" : std::string_view(place->second);
}

std::optional<std::string> RewardBook::fault(const Reward& reward) const {
    std::size_t of_channel = 0;
    for (const auto& one : rewards_) {
        if (one.broadcaster_id != reward.broadcaster_id || one.id == reward.id) continue;
        ++of_channel;
        if (one.title == reward.title) return "CREATE_CUSTOM_REWARD_DUPLICATE_REWARD";
    }
    if (of_channel >= most_rewards) return "CREATE_CUSTOM_REWARD_TOO_MANY_REWARDS";
    if (reward.title.empty()) return "The title field is required.";
    if (length_of(reward.title) > longest_title) {
        return "The title may contain a maximum of 45 characters.";
    }
    if (length_of(reward.prompt) > longest_prompt) {
        return "The prompt may contain a maximum of 200 characters.";
    }
    if (reward.cost < 1) return "The value in the cost field must be at least 1.";
    if (!is_color(reward.background_color)) return "The background_color is not valid.";
    for (const auto* cap :
         {&reward.max_per_stream, &reward.max_per_user_per_stream, &reward.global_cooldown}) {
        if (is_too_low(*cap)) return "The value of a limit that is enabled must be at least 1.";
    }
    return std::nullopt;
}

Reward& RewardBook::add(Reward reward) {
    reward.id = ids_.uuid();
    return rewards_.emplace_back(std::move(reward));
}

Reward* RewardBook::find(std::string_view broadcaster_id, std::string_view id) {
    const auto place = std::ranges::find_if(rewards_, [&](const Reward& one) {
        return one.broadcaster_id == broadcaster_id && one.id == id;
    });
    return place == rewards_.end() ? nullptr : &*place;
}

Reward* RewardBook::with_title(std::string_view broadcaster_id, std::string_view title) {
    const auto place = std::ranges::find_if(rewards_, [&](const Reward& one) {
        return one.broadcaster_id == broadcaster_id && one.title == title;
    });
    return place == rewards_.end() ? nullptr : &*place;
}

std::list<Redemption*> RewardBook::settle(const Reward& reward) {
    std::list<Redemption*> settled;
    for (auto& one : redemptions_) {
        const bool waits = one.status == Redemption::Status::unfulfilled;
        if (!waits || one.reward.id != reward.id) continue;
        one.status = Redemption::Status::fulfilled;
        settled.push_back(&one);
    }
    return settled;
}

void RewardBook::remove(const Reward& reward) {
    rewards_.remove_if([&reward](const Reward& one) { return &one == &reward; });
}

std::optional<std::string> RewardBook::redeem_fault(const Reward& reward) const {
    if (!reward.is_enabled) return "is not enabled";
    if (reward.is_paused) return "is paused";
    const bool cools = reward.cooldown_ends_at && clock_.instant() < *reward.cooldown_ends_at;
    return cools ? std::optional<std::string>("is in its cooldown") : std::nullopt;
}

Redemption& RewardBook::redeem(Reward& reward, std::string_view user_id, std::string_view input) {
    if (reward.global_cooldown.is_enabled) {
        const std::chrono::seconds cooldown(reward.global_cooldown.value);
        reward.cooldown_ends_at = clock_.instant() + cooldown;
        reward.cooldown_expires_at = clock_.now() + cooldown;
    }
    using Status = Redemption::Status;
    return redemptions_.emplace_back(
        Redemption{.id = ids_.uuid(),
                   .user_id = std::string(user_id),
                   .user_input = std::string(input),
                   .status = reward.skips_queue ? Status::fulfilled : Status::unfulfilled,
                   .redeemed_at = clock_.now(),
                   .reward = reward});
}

Redemption* RewardBook::redemption(std::string_view reward_id, std::string_view id) {
    const auto place = std::ranges::find_if(redemptions_, [&](const Redemption& one) {
        return one.id == id && one.reward.id == reward_id;
    });
    return place == redemptions_.end() ? nullptr : &*place;
}

}  // namespace coven::sim::eventsub
