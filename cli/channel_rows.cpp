#include "channel_rows.hpp"

namespace coven::cli {

using Kind = Flag::Kind;

namespace {

constexpr Flag json{"--json", Kind::toggle, "", "print JSON, one object a line"};
constexpr Flag kind{"--kind",
                    Kind::text,
                    "KIND",
                    "only for connectors of this kind, as chat; counts more than what is said for "
                    "all",
                    "",
                    "",
                    Values::programs};
constexpr Argument prefix{"PREFIX", "only channels that begin so", Argument::Count::at_most_one, "",
                          Values::channels};
constexpr Argument names{"NAME", "login of a channel", Argument::Count::at_least_one, "",
                         Values::channels};
constexpr const char* no_answer = "the broker did not answer within 2 s";
constexpr const char* refused =
    "the broker did not answer within 2 s, cannot store it now, or has 20000 such channels";

}  // namespace

Command channels_row() {
    return {
        .name = "channels",
        .summary = "list the channels that the connectors read, and how far they are with each",
        .arguments = {prefix},
        .flags = {json},
        .examples = {{"coven channels", "a table"},
                     {"coven channels --json | jq -r 'select(.state==\"STATE_REFUSED\").channel'",
                      "those that Twitch would not have"}},
        .statuses = {{1, no_answer}},
    };
}

Command channels_list_row() {
    return {
        .name = "channels list",
        .summary = "the same as `coven channels`, also for a PREFIX that is one of its commands",
        .arguments = {prefix},
        .flags = {json},
        .examples = {{"coven channels list add", "channels that begin with add"}},
        .statuses = {{1, no_answer}},
    };
}

Command channels_add_row() {
    return {
        .name = "channels add",
        .summary = "let the connectors read channels, besides those of their configuration",
        .arguments = {names},
        .flags = {kind,
                  json,
                  {"--wait", Kind::duration, "TIME",
                   "until a connector has joined each, or was refused, but not longer than this"}},
        .examples = {{"coven channels add xqc --wait 10s", "xqc: joined by chat-2"},
                     {"coven channels add meadow harbour --kind chat", "only their chat"}},
        .statuses =
            {{1,
              "the broker did not answer within 2 s, cannot store it now, or has 20000 such "
              "channels; with --wait also: Twitch refused one of them"},
             {27, "with --wait: one was not joined in time"}},
    };
}

Command channels_remove_row() {
    return {
        .name = "channels remove",
        .summary = "let the connectors read channels no more, whatever their configuration says",
        .arguments = {names},
        .flags = {kind,
                  json,
                  {"--wait", Kind::duration, "TIME",
                   "until no connector reads them, but not longer than this"}},
        .examples = {{"coven channels remove xqc", "it is left, and not joined after a restart"}},
        .statuses = {{1, refused}, {27, "with --wait: one was still read then"}},
    };
}

Command channels_forget_row() {
    return {
        .name = "channels forget",
        .summary = "forget that channels were added or removed: the configuration counts again",
        .arguments = {names},
        .flags = {kind, json},
        .examples = {{"coven channels forget xqc", "as if it had never been added or removed"},
                     {"coven channels --json | jq -r 'select(.added).channel' | sort -u | xargs "
                      "-r coven channels forget",
                      "all that were added"}},
        .statuses = {{1, refused}},
    };
}

}  // namespace coven::cli
