#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "coven/clock.hpp"

namespace chat {

/// What is known of an account's lines that others wrote, of the last half minute.
struct SendPast {
    struct Line {
        coven::Time written;
        /// When its outcome was known.
        coven::Time settled;
    };
    enum class Company {
        /// No other instance is there, nor was within ten minutes.
        none,
        others,
    };

    /// Of the diary on this machine; nothing = it cannot be read.
    std::optional<std::vector<coven::Time>> diary;
    /// Of the events in the broker's history; nothing = it keeps none, or not all of them.
    std::optional<std::vector<Line>> history;
    Company company = Company::none;
};

/// What an account that is taken over begins with.
struct Inheritance {
    /// Nothing can be known: as if the window were full.
    bool unknown = false;
    /// When Twitch counted each line, at the latest.
    std::vector<coven::Time> counted;
    /// For people: how it is known.
    std::string evidence;
};

/// The cheapest truth about the past. Pure.
Inheritance inherit(const SendPast& past, coven::Time now, coven::Duration answer_limit);

}  // namespace chat
