#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <string_view>

#include "coven/clock.hpp"

namespace chat {

/// What an account is in a channel.
enum class Standing {
    ordinary,
    /// Broadcaster, moderator or VIP.
    privileged,
};

/// How often one account may write to chat, over all channels and all who ask for it
/// (https://dev.twitch.tv/docs/chat/#rate-limits, read 2026-11-22). Twitch silences for up to an
/// hour who goes beyond.
///
/// Twitch counts when a line arrives, which is some time between its writing and the moment its
/// outcome is known. So a send takes its place from the first of these on, and gives it back
/// `window` after the second: then no stretch of `window` holds too many arrivals, however long
/// each was under way. While a line is under way to a channel where the account is ordinary, others
/// do not go beyond `ordinary` either: they might arrive before it. What a channel has under way is
/// one line at a time, so lines do not overtake each other.
class SendLimiter {
  public:
    struct Limits {
        /// In `window`, into channels where the account is ordinary; lines to all channels count.
        std::size_t ordinary = 20;
        /// In `window`, over all channels.
        std::size_t privileged = 100;
        coven::Duration window = std::chrono::seconds(30);
        /// From one line to the next of a channel, where the account is ordinary.
        coven::Duration channel_pause = std::chrono::seconds(1);
        /// On top of `window`, and a tenth of it on top of `channel_pause`. What is under way is
        /// accounted for; this is for Twitch's clock, which is not ours, and for its servers, which
        /// may count a line some moments before or after they confirm it.
        coven::Duration margin = std::chrono::seconds(1);
    };
    enum class Outcome {
        /// Twitch has it, or may have it.
        sent,
        /// Twitch has seen it and did not take it.
        refused,
        /// It has not left us.
        not_written,
    };
    using Number = std::uint64_t;

    explicit SendLimiter(Limits limits) : limits_(limits) {}

    /// When the next line to `channel` may be written if nobody else writes. Not after `now`: at
    /// once. Instant::max(): once an outcome is known.
    coven::Instant turn(std::string_view channel, Standing standing, coven::Instant now);
    /// Whether `turn` is held up by the account's window and not only by its channel.
    bool is_full(Standing standing, coven::Instant now);
    /// Counts a line that is about to be written, for which it is the turn.
    Number take(const std::string& channel, const std::string& text, Standing standing,
                coven::Instant now);
    void settle(Number number, Outcome outcome, coven::Instant now);
    /// When the same text may be sent to `channel` again, where the account is ordinary; not after
    /// `now`: at once.
    coven::Instant repeat_turn(const std::string& channel, const std::string& text,
                               coven::Instant now) const;

    /// As if the window were full: of what went before nothing is known.
    void assume_full(coven::Instant now);
    /// Lines that somebody else sent for this account, counted by Twitch at `at` at the latest.
    void count_earlier(std::size_t lines, coven::Instant at);
    /// Takes `assume_full` back, before anything was taken.
    void forget() { past_.clear(); }
    /// Places that are taken.
    std::size_t used(coven::Instant now);
    const Limits& limits() const { return limits_; }

  private:
    struct UnderWay {
        std::string channel;
        std::string text;
        Standing standing = Standing::ordinary;
    };
    struct Channel {
        bool under_way = false;
        /// Before this moment an ordinary account writes nothing more.
        coven::Instant next{};
        /// Text → when it may be repeated.
        std::map<std::string, coven::Instant, std::less<>> texts;
    };

    void forget_old(coven::Instant now);
    std::size_t places(Standing standing) const;
    coven::Instant window_turn(Standing standing, coven::Instant now);
    coven::Duration held() const { return limits_.window + limits_.margin; }
    void release_at(coven::Instant when);

    Limits limits_;
    std::map<Number, UnderWay> under_way_;
    /// When the places of settled lines are free again, in order.
    std::deque<coven::Instant> past_;
    std::map<std::string, Channel, std::less<>> channels_;
    Number last_ = 0;
};

}  // namespace chat
