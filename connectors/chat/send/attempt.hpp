#pragma once

#include <string>

#include "coven/clock.hpp"

namespace chat {

/// A line of chat that is to be sent.
struct Speech {
    enum class Form { plain, action };

    std::string channel;
    std::string text;
    /// Id of the message that it answers; empty = none.
    std::string reply_to;
    Form form = Form::plain;
};

/// What became of the try to send one.
struct Attempt {
    enum class Kind {
        /// Twitch has said that it has it.
        sent,
        /// Twitch has said that it does not take it.
        refused,
        /// It was handed to Twitch, and nobody knows what became of it.
        unknown,
        /// Nothing of it was handed over: it can be tried again.
        not_written,
        /// The same, and another try would end no better.
        impossible,
    };

    Kind kind = Kind::not_written;
    /// One word: Twitch's where it has one, such as "msg_duplicate".
    std::string code;
    /// For people.
    std::string message;
    std::string message_id;
    /// Before that another try is of no use, as far as is known.
    coven::Duration pause{0};
};

}  // namespace chat
