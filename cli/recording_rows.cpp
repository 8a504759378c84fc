#include "recording_rows.hpp"

namespace coven::cli {

using Kind = Flag::Kind;

Command record_row() {
    return {
        .name = "record",
        .summary = "write the events of some topics into a file, to be played again",
        .arguments = {{"FILE",
                       "a file that is not there yet, then topics; '*' is one word, '>' at the end "
                       "is the rest; else all",
                       Argument::Count::at_least_one, "", Values::topics}},
        .flags =
            {
                {"--since", Kind::duration, "TIME",
                 "begin with what the broker has kept of the last TIME"},
                {"--for", Kind::duration, "TIME", "end after this long; else by Ctrl-C"},
            },
        .examples =
            {
                {"coven record evening.coven 'twitch.chat.>'", "all chat until Ctrl-C"},
                {"coven record last.coven --since 2h --for 1s", "what was kept of two hours"},
            },
        .statuses = {{1, "the file cannot be written, or the broker keeps no history"}},
    };
}

Command play_row() {
    return {
        .name = "play",
        .summary = "publish the events of a recording again",
        .arguments = {{"FILE", "what `coven record` has written", Argument::Count::exactly_one}},
        .flags =
            {
                {"--rate", Kind::text, "2x|max", "how many times as fast as it happened", "1x"},
                {"--only", Kind::text, "PATTERN", "only events of these topics", "", "",
                 Values::topics},
            },
        .examples =
            {
                {"coven play evening.coven", "at its own pace"},
                {"coven play evening.coven --rate max --only 'twitch.chat.xqc.>'",
                 "one channel, at once"},
            },
        .statuses = {{1, "the file is damaged or cannot be read, or the broker did not answer"}},
    };
}

}  // namespace coven::cli
