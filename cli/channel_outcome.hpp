#pragma once

#include <string>

#include "coven/v1/request.pb.h"

namespace coven::cli {

/// Where a channel stands after `coven channels add` or `remove`.
struct ChannelOutcome {
    enum class Kind {
        /// The connectors are not done with it.
        open,
        done,
        /// Twitch would not have it.
        refused,
    };

    Kind kind = Kind::open;
    /// What comes behind its name. Example: "joined by chat-2".
    std::string words;
};

/// `rows` are those that the broker lists of one channel; only connectors of `kind` count, or all
/// where it is empty.
ChannelOutcome outcome_of_adding(const v1::ChannelsList& rows, const std::string& kind);
ChannelOutcome outcome_of_removing(const v1::ChannelsList& rows, const std::string& kind);

}  // namespace coven::cli
