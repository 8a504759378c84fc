#include "request_rows.hpp"

#include "request_status.hpp"

namespace coven::cli {

using Kind = Flag::Kind;

Command request_row() {
    return {
        .name = "request",
        .summary = "send a request to the broker or, through it, to a connector; print the reply",
        .arguments = {{"VERB",
                       "what is asked for, as topics.list or dice.roll; then KEY=VALUE for each "
                       "field of its payload, a.b=c within one, repeated for a list",
                       Argument::Count::at_least_one, "", Values::verbs}},
        .flags =
            {{"--target", Kind::text, "WORD", "whom it concerns, as a channel"},
             {"--deadline", Kind::duration, "TIME", "how long an answer may take", "5s"},
             {"--key", Kind::text, "WORD",
              "done at most once, however often it is sent with this word within 24 h"},
             {"--all", Kind::toggle, "",
              "all pages of a list, a line each; otherwise a reply with \"more\" is the first"},
             {"--priority", Kind::number, "N", "higher goes first", "0"},
             {"--payload", Kind::text, "OBJECT", "the payload, or what KEY=VALUE adds to"}},
        .examples =
            {{"coven request broker.status", "what the broker says of itself"},
             {"coven request topics.list prefix=twitch.chat. limit=5", "with a payload"},
             {"coven request topics.list limit=100 --all | jq -r .payload.topics[].head.topic",
              "every topic, page by page"},
             {"coven request dice.roll sides=6 times=2 --key monday",
              "a command of a connector, carried out once"}},
        .statuses = {{exit_failure, "FAILED, or output failed"},
                     {status_rejected, "REJECTED: the request is wrong"},
                     {status_no_route, "NO_ROUTE: nobody answers this; not tried"},
                     {status_expired, "EXPIRED: no time was left; not tried"},
                     {status_rate_limited, "RATE_LIMITED: not tried; ask again later"},
                     {status_unknown, "UNKNOWN: nobody knows whether it was done"}},
    };
}

Command journal_purge_row() {
    return {
        .name = "journal purge",
        .summary = "let the broker forget all that it has stored of a user's events",
        .arguments = {},
        .flags = {{"--user", Kind::text, "LOGIN|ID", "whose; all digits are Twitch's numeric id"},
                  {"--yes", Kind::toggle, "", "do not ask back"},
                  {"--json", Kind::toggle, "", "print JSON, one object a line"}},
        .examples = {{"coven journal purge --user some_login",
                      "what they did under this login; what others said of them stays"},
                     {"coven journal purge --user 11148817 --yes --json | jq -r .events",
                      "under all their logins, in a script"}},
        .statuses = {{1,
                      "the broker keeps no journal, did not answer within 2 s, or nobody said "
                      "yes"},
                     {status_interrupted, "ended by Ctrl-C; the broker goes on with it"}},
    };
}

Command users_row() {
    return {
        .name = "users",
        .summary = "say who has these logins and ids on Twitch",
        .arguments = {{"LOGIN|ID",
                       "all digits are Twitch's numeric id; @123 is a login all the same",
                       Argument::Count::at_least_one}},
        .flags = {{"--json", Kind::toggle, "", "print JSON, one object a line"}},
        .examples = {{"coven users xqc 71092938", "ids, logins and names of two"},
                     {"coven users xqc --json | jq -r .id", "only the id, in a script"}},
        .statuses = {{exit_failure, "not all of them were found, or nobody answered within 10 s"}},
    };
}

}  // namespace coven::cli
