#include "chat_rows.hpp"

#include "request_status.hpp"

namespace coven::cli {

using Kind = Flag::Kind;

namespace {

const Argument channel{"CHANNEL", "login of the channel", Argument::Count::exactly_one, "",
                       Values::channels};

const Flag account{"--account", Kind::text, "LOGIN", "who writes; else chat.default_account"};
const Flag on_limit{"--on-limit", Kind::choice, "queue|drop",
                    "whether a line waits when Twitch's limits leave no room", "queue"};
const Flag priority{"--priority", Kind::number, "N", "higher goes first", "0"};
const Flag within{"--within", Kind::duration, "TIME",
                  "a line that has not gone out by then does not go out any more", "30s"};

}  // namespace

Command say_row() {
    return {
        .name = "say",
        .summary = "write to a channel's chat, and say what became of it",
        .arguments = {{"CHANNEL", "login of the channel; then the text, whose words are joined",
                       Argument::Count::at_least_one, "", Values::channels}},
        .flags = {{"--stdin", Kind::toggle, "",
                   "say each line of the input, one after the other, with a tally at the end"},
                  account,
                  {"--reply-to", Kind::text, "ID", "id of the message that this answers"},
                  {"--me", Kind::toggle, "", "say what somebody does, as /me"},
                  on_limit,
                  priority,
                  within},
        .examples = {{"coven say xqc hello there", "prints the id of the message"},
                     {"coven say xqc 'yes!' --reply-to 44f85d39-b5fb-475d-8555-f4244f2f7e82",
                      "answers somebody"},
                     {"coven say --stdin xqc < poem.txt", "line by line, as fast as Twitch takes"},
                     {"coven say xqc 'live now' --within 5s --on-limit drop",
                      "at once or not at all"}},
        .statuses = {{exit_failure, "FAILED: Twitch refused it; with --stdin: not all was said"},
                     {status_rejected, "REJECTED: Twitch would not take the text; not sent"},
                     {status_no_route, "NO_ROUTE: no account, no scope or no connector; not sent"},
                     {status_expired, "EXPIRED: its time was over; not sent"},
                     {status_rate_limited, "RATE_LIMITED: no room and --on-limit drop; not sent"},
                     {status_unknown, "UNKNOWN: nobody knows whether it is in chat"}},
    };
}

Command chat_row() {
    return {
        .name = "chat",
        .summary = "read and write one channel's chat; Ctrl-D ends",
        .arguments = {channel},
        .flags = {account, on_limit, priority, within},
        .examples = {{"coven chat xqc", "in a terminal: what is said above, your line below"},
                     {"printf 'hi\\n' | coven chat xqc", "without one: lines in, lines out"}},
        .statuses = {{exit_failure, "not all that was written could be said"}},
    };
}

}  // namespace coven::cli
