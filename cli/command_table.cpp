#include "command_table.hpp"

#include <algorithm>

#include "account_rows.hpp"
#include "channel_rows.hpp"
#include "chat_rows.hpp"
#include "coven/daemon.hpp"
#include "recording_rows.hpp"
#include "request_rows.hpp"

namespace coven::cli {

namespace {

using Kind = Flag::Kind;

const Flag json{"--json", Kind::toggle, "", "print JSON, one object a line"};

Command up() {
    return {
        .name = "up",
        .summary = "run the broker and the connectors, and keep them running until Ctrl-C",
        .arguments = {},
        .flags =
            {
                {"--channel", Kind::list, "A,B", "channels to read; instead of those configured"},
                {"--scale", Kind::list, "KIND=N,...",
                 "run N instances of a connector, which share its channels; 0 = none"},
            },
        .examples =
            {
                {"coven up --channel some_streamer", "read a chat; no account, no configuration"},
                {"coven up -c coven.toml", "the connectors that have a section in the file"},
                {"coven up -c coven.toml --scale chat=2", "two chat connectors, half of it each"},
            },
        .statuses = {{1, "the broker could not start or run on, or no connector could"},
                     {status_interrupted,
                      "ended at once by a second Ctrl-C; the first one lets all finish"}},
    };
}

Command demo() {
    return {
        .name = "demo",
        .summary = "run a small Twitch, the broker and the chat connector, and show what flows",
        .arguments = {},
        .flags =
            {
                {"--for", Kind::duration, "TIME", "end by itself after this long; 0 = run on", "0"},
                json,
                {"--channels", Kind::text, "A,B", "channels that chat", "meadow,harbour,lantern"},
                {"--rate", Kind::number, "N", "lines of chat per second, all channels together",
                 "20"},
                {"--verbose", Kind::toggle, "", "show all that the started programs log"},
            },
        .examples =
            {
                {"coven demo", "chat in colour until Ctrl-C; needs no network and no account"},
                {"coven demo --for 30s", "end by itself with a tally"},
                {"coven demo --for 5s --json | jq -r .payload.text", "only what people say"},
            },
        .statuses = {{1, "a program could not start, or not one event arrived"}},
    };
}

Command tail() {
    return {
        .name = "tail",
        .summary = "show the events of some topics as they happen, or from an earlier time on",
        .arguments = {{"PATTERN", "topics; '*' is one word, '>' at the end is the rest",
                       Argument::Count::at_least_one, "", Values::topics}},
        .flags =
            {
                json,
                {"--human", Kind::toggle, "", "lines for people, also in a pipe"},
                {"--raw", Kind::toggle, "", "print the line or JSON that Twitch sent"},
                {"--since", Kind::duration, "TIME",
                 "begin with what the broker has kept of the last TIME"},
                {"--from-start", Kind::toggle, "",
                 "begin with the oldest event that the broker has kept"},
                {"--state", Kind::toggle, "",
                 "begin with the current state of each topic that has one"},
                {"--name", Kind::text, "NAME",
                 "go on where the last run with this name ended; what is shown counts as read"},
                {"--one-copy", Kind::toggle, "",
                 "of what channels of a shared chat get alike, show the original or one copy"},
                {"--count", Kind::number, "N", "end after N events"},
                {"--for", Kind::duration, "TIME", "end after this long"},
                {"--wait", Kind::duration, "TIME",
                 "with --count: give up after this long, with status 27"},
            },
        .examples =
            {
                {"coven tail 'twitch.chat.>'", "all chat"},
                {"coven tail twitch.chat.xqc.message 'bus.>'", "one channel, and the bus itself"},
                {"coven tail 'twitch.*.xqc.>' --json | jq .payload",
                 "all of a channel, for a script"},
                {"coven tail 'twitch.chat.>' --count 1 --wait 10s", "does chat flow at all?"},
                {"coven tail 'twitch.chat.xqc.>' --since 10m", "the last ten minutes, and on"},
                {"coven tail 'twitch.>' --json --name my-logger >> log.jsonl",
                 "every event, over restarts of the broker and of this"},
            },
        .statuses = {{1, "output failed, or the broker keeps no history or no longer this name"},
                     {27, "--count was not reached within --wait"}},
    };
}

Command status() {
    return {
        .name = "status",
        .summary = "say how the broker and the connectors are doing",
        .arguments = {},
        .flags = {json},
        .examples = {{"coven status", "one page"},
                     {"coven status --json | jq .broker.rate", "events per second"}},
        .statuses = {{1, "the broker did not answer within 2 s"}},
    };
}

Command connectors() {
    return {
        .name = "connectors",
        .summary = "list the connectors, with their state and why",
        .arguments = {},
        .flags = {json},
        .examples = {{"coven connectors", "a table"}},
        .statuses = {{1, "the broker did not answer within 2 s"}},
    };
}

Command doctor() {
    return {
        .name = "doctor",
        .summary = "look at everything that has to be right, and say what is not and what to do",
        .arguments = {},
        .flags = {json},
        .examples = {{"coven doctor -c coven.toml",
                      "configuration, broker, accounts, scopes, network and clock"},
                     {"coven doctor --json | jq -r 'select(.level!=\"fine\").advice'",
                      "only what to do"}},
        .statuses = {{1, "something wants attention"}, {2, "something is broken"}},
    };
}

Command topics() {
    return {
        .name = "topics",
        .summary = "list the topics that the broker has seen, with their rates",
        .arguments = {{"PATTERN",
                       "only these topics; '*' is one word, '>' at the end is the rest; without "
                       "them, all that begin so",
                       Argument::Count::at_most_one, "", Values::topics}},
        .flags = {json,
                  {"--watch", Kind::toggle, "",
                   "look again every second until Ctrl-C; in a pipe and with --json, print those "
                   "that have changed"}},
        .examples = {{"coven topics", "all of them"},
                     {"coven topics twitch.chat.", "those of chat"},
                     {"coven topics 'twitch.*.xqc.>' --watch", "what moves in one channel"}},
        .statuses = {{1, "the broker did not answer within 2 s"}},
    };
}

Command ready() {
    return {
        .name = "ready",
        .summary = "say whether a program of ours does its job; for scripts and health checks",
        .arguments = {{"URL",
                       "where it serves /readyz; else the port of metrics.listen here, else "
                       "the broker's usual http://127.0.0.1:9464",
                       Argument::Count::at_most_one}},
        .flags = {{"--wait", Kind::duration, "TIME", "ask until it is ready or this long"}},
        .examples = {{"coven ready", "the broker of this machine"},
                     {"coven ready --wait 30s && coven status", "once it is there"}},
        .statuses = {{1, "not ready, or nobody answers"}, {27, "not ready within --wait"}},
    };
}

Command sim() {
    return {
        .name = "sim",
        .summary = "drive a running coven-sim: let it fail, let somebody chat, see how it does",
        .arguments =
            {{"WORD",
              "status, help [trigger], say CHANNEL TEXT, or a verb of its scripts with its "
              "words; `coven sim help` lists these",
              Argument::Count::at_least_one}},
        .flags =
            {
                json,
                {"--control", Kind::text, "ADDRESS",
                 "the simulator's control port, else COVEN_SIM_CONTROL, else 127.0.0.1:5559"},
                {"--channel", Kind::text, "NAME", "only connections that sit in this channel", "",
                 "", Values::channels},
                {"--connection", Kind::number, "N", "only this one; status shows the numbers"},
                {"--after", Kind::text, "PAUSE", "not now but after 5s or after 500lines of chat"},
                {"--every", Kind::text, "PAUSE", "again and again, each 5s or each 500lines"},
                {"--times", Kind::number, "N", "with --every: so often"},
                {"--as", Kind::text, "LOGIN", "with say: who chats", "somebody"},
            },
        .examples =
            {
                {"coven sim status", "who is connected, and what was done so far"},
                {"coven sim cut", "drop all connections without a goodbye"},
                {"coven sim half-open --channel xqc", "keep them open and serve them no more"},
                {"coven sim reconnect --every 30s --times 10", "as Twitch does on a bad day"},
                {"coven sim say xqc 'hello there'", "a line of chat"},
                {"coven sim http-fail helix 503 3", "Helix fails three times"},
                {"coven sim trigger channel.cheer user=fan bits=500", "an event of EventSub"},
                {"coven sim help trigger", "which there are, and their fields"},
                {"coven sim eventsub-close 4003", "end what listens there, with that code"},
                {"coven sim token coven_bot chat:read", "an access token for an account"},
            },
        .statuses = {{1, "no simulator answered within 5 s"}},
    };
}

Command config_check() {
    return {
        .name = "config check",
        .summary = "say all that is wrong with coven.toml and the environment",
        .arguments = {},
        .flags = {},
        .examples = {{"coven config check -c coven.toml", "before the programs start with it"}},
        .statuses = {},
    };
}

Command config_print() {
    return {
        .name = "config print",
        .summary = "show every setting with its value and where that comes from",
        .arguments = {},
        .flags = {json,
                  {"--program", Kind::text, "KIND", "only what this program reads", "", "",
                   Values::programs}},
        .examples = {{"coven config print -c coven.toml", "what holds, secrets left out"},
                     {"coven config print --program chat --json | jq -r .key",
                      "the settings of coven-chat"}},
        .statuses = {},
    };
}

Command config_schema() {
    return {
        .name = "config schema",
        .summary = "print a JSON Schema of coven.toml, for editors",
        .arguments = {},
        .flags = {},
        .examples = {{"coven config schema > coven.json",
                      "for a first line `#:schema ./coven.json` in coven.toml"},
                     {"coven config schema -c coven.toml > coven.json",
                      "with its [connectors.NAME], whose sections are left open"}},
        .statuses = {},
    };
}

Command config_sample() {
    return {
        .name = "config sample",
        .summary = "print a coven.toml with every setting, commented out",
        .arguments = {},
        .flags = {},
        .examples = {{"coven config sample > coven.toml", "a file to start from"}},
        .statuses = {},
    };
}

Command completion() {
    return {
        .name = "completion",
        .summary = "print what a shell needs to finish the words of these programs",
        .arguments = {{"SHELL", "bash, zsh or fish", Argument::Count::exactly_one,
                       "bash|zsh|fish"}},
        .flags = {{"--to", Kind::file, "FOLDER", "write the files that belong into this folder"}},
        .examples = {{"source <(coven completion bash)", "in this bash; zsh does the same"},
                     {"coven completion fish | source", "in this fish"}},
        .statuses = {},
    };
}

Command man() {
    return {
        .name = "man",
        .summary = "print a manual page",
        .arguments = {{"PAGE", "a command or a program; coven itself where none is named",
                       Argument::Count::any, "", Values::programs}},
        .flags = {{"--to", Kind::file, "FOLDER", "write all pages into files of this folder"}},
        .examples = {{"coven man tail | man -l -", "read the page of a command"},
                     {"coven man chat | man -l -", "that of coven-chat"}},
        .statuses = {{1, "a page could not be written"}},
    };
}

Command complete() {
    return {
        .name = "complete",
        .summary = "print the words that may stand at the end of a command line",
        .arguments = {{"WORD", "the words so far, the last one unfinished", Argument::Count::any}},
        .flags = {},
        .examples = {{"coven complete -- coven ta", "tail"}},
        .statuses = {},
        .use = Command::Use::internal,
    };
}

}  // namespace

const std::vector<Command>& command_table() {
    static const std::vector<Command> table = {up(),
                                               demo(),
                                               tail(),
                                               record_row(),
                                               play_row(),
                                               doctor(),
                                               status(),
                                               connectors(),
                                               channels_row(),
                                               channels_list_row(),
                                               channels_add_row(),
                                               channels_remove_row(),
                                               channels_forget_row(),
                                               topics(),
                                               say_row(),
                                               chat_row(),
                                               users_row(),
                                               login_row(),
                                               token_list_row(),
                                               token_show_row(),
                                               token_validate_row(),
                                               token_refresh_row(),
                                               token_revoke_row(),
                                               journal_purge_row(),
                                               request_row(),
                                               ready(),
                                               sim(),
                                               config_check(),
                                               config_print(),
                                               config_schema(),
                                               config_sample(),
                                               completion(),
                                               man(),
                                               complete()};
    return table;
}

std::string_view group_summary(std::string_view word) {
    if (word == "config") return "judge, show and describe the configuration";
    if (word == "token") return "look at accounts that are logged in, and log them out";
    return word == "journal" ? "change what the broker has stored" : "";
}

std::vector<std::pair<int, std::string_view>> statuses_of(const Command& command) {
    auto all = command.statuses;
    all.emplace_back(exit_ok, "done");
    all.emplace_back(exit_usage, "wrong command line or configuration");
    all.emplace_back(status_interrupted, "ended by Ctrl-C");
    // What a command says of a status of its own counts.
    std::stable_sort(all.begin(), all.end(),
                     [](const auto& one, const auto& other) { return one.first < other.first; });
    const auto same = [](const auto& one, const auto& other) { return one.first == other.first; };
    all.erase(std::unique(all.begin(), all.end(), same), all.end());
    return all;
}

const std::vector<Flag>& common_flags() {
    static const std::vector<Flag> flags = {
        {"--config", Kind::file, "FILE", "the coven.toml to read", "", "-c"},
        {"--publish", Kind::text, "ADDRESS", "the broker's door for events in"},
        {"--subscribe", Kind::text, "ADDRESS", "the broker's door for events out"},
        {"--request", Kind::text, "ADDRESS", "the broker's door for requests"},
        {"--color", Kind::choice, "auto|always|never", "colours; auto = on a terminal", "auto"},
        {"--no-color", Kind::toggle, "", "the same as --color never"},
    };
    return flags;
}

}  // namespace coven::cli
