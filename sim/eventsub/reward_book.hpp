#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <list>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "coven/clock.hpp"
#include "eventsub/ids.hpp"

namespace coven::sim::eventsub {

/// A limit that can be off.
struct Cap {
    bool is_enabled = false;
    std::int64_t value = 0;
};

/// What viewers get for channel points.
struct Reward {
    std::string id;
    /// Of the channel's user.
    std::string broadcaster_id;
    /// Of the application that made it; empty = the dashboard, which no application stands for.
    std::string client_id;
    std::string title;
    std::int64_t cost = 1;
    std::string prompt;
    std::string background_color = "#00E5CB";
    bool is_enabled = true;
    bool is_paused = false;
    bool is_user_input_required = false;
    bool skips_queue = false;
    Cap max_per_stream;
    Cap max_per_user_per_stream;
    /// In seconds.
    Cap global_cooldown;
    std::optional<Instant> cooldown_ends_at = {};
    std::optional<Time> cooldown_expires_at = {};
};

struct Redemption {
    enum class Status { unfulfilled, fulfilled, canceled };

    std::string id;
    std::string user_id;
    std::string user_input;
    Status status = Status::unfulfilled;
    Time redeemed_at;
    /// As it was then.
    Reward reward;
};

/// "unfulfilled" and so on; Helix writes the same in capitals.
std::string_view name_of(Redemption::Status status);

/// Rewards of all channels and what was redeemed, oldest first.
class RewardBook {
  public:
    static constexpr std::size_t most_rewards = 50;

    /// Both must outlive it.
    RewardBook(Ids& ids, Clock& clock) : ids_(ids), clock_(clock) {}

    /// "affiliate", which everybody is at first, "partner", or nothing: then it has no points.
    std::string_view kind_of(std::string_view broadcaster_id) const;
    void set_kind(const std::string& broadcaster_id, std::string kind) {
        kinds_[broadcaster_id] = std::move(kind);
    }

    /// Why this is no reward of its channel, in Helix' words; nothing = it may be. Looks at limits,
    /// texts, and titles of others.
    std::optional<std::string> fault(const Reward& reward) const;
    /// Gives it an id; it must have no fault. Valid until it is removed.
    Reward& add(Reward reward);
    /// By id. nullptr = there is none in this channel.
    Reward* find(std::string_view broadcaster_id, std::string_view id);
    Reward* with_title(std::string_view broadcaster_id, std::string_view title);
    /// What waits is fulfilled. Those that were.
    std::list<Redemption*> settle(const Reward& reward);
    void remove(const Reward& reward);

    /// Why nobody can redeem it now; nothing = they can.
    std::optional<std::string> redeem_fault(const Reward& reward) const;
    /// It must have no fault now. Valid for ever.
    Redemption& redeem(Reward& reward, std::string_view user_id, std::string_view input);
    /// nullptr = there is none of this reward.
    Redemption* redemption(std::string_view reward_id, std::string_view id);

    const std::list<Reward>& rewards() const { return rewards_; }
    std::list<Redemption>& redemptions() { return redemptions_; }

  private:
    Ids& ids_;
    Clock& clock_;
    std::map<std::string, std::string, std::less<>> kinds_;
    std::list<Reward> rewards_;
    std::list<Redemption> redemptions_;
};

}  // namespace coven::sim::eventsub
