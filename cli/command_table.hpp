#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace coven::cli {

/// Exit status besides coven::ExitStatus.
inline constexpr int status_interrupted = 130;

/// Where completion finds words besides those that the table has.
enum class Values {
    own,
    /// Those that the broker has seen.
    topics,
    /// Those of chat that the broker has seen.
    channels,
    /// Kinds: what comes after "coven-".
    programs,
    /// Of requests, that the programs here answer; only as the first argument.
    verbs,
    /// Logins of the token store.
    accounts,
};

/// A word that a command takes besides its flags.
struct Argument {
    enum class Count { at_most_one, exactly_one, at_least_one, any };

    /// As the help writes it. Example: "PATTERN".
    std::string_view name;
    std::string_view help;
    Count count = Count::at_most_one;
    /// The possible words, joined by '|'; empty: any.
    std::string_view choices{};
    Values values = Values::own;
};

struct Flag {
    /// A list may be given several times, and its items are joined by commas.
    enum class Kind { toggle, text, number, duration, choice, file, list };

    /// With its dashes. Example: "--count".
    std::string_view name;
    Kind kind = Kind::toggle;
    /// What stands after it in the help; for a choice the possible words, joined by '|'.
    std::string_view value;
    /// One sentence, lower case, no full stop.
    std::string_view help;
    /// Empty: absent unless given.
    std::string_view fallback{};
    /// With its dash; empty: none. Example: "-c".
    std::string_view short_name{};
    Values values = Values::own;
};

struct Command {
    enum class Use {
        people,
        /// By scripts of ours: nowhere shown, and its words are taken as they stand.
        internal,
    };

    /// One word, or two for one of a group. Example: "config check".
    std::string_view name;
    /// One sentence, lower case, no full stop.
    std::string_view summary;
    std::vector<Argument> arguments;
    std::vector<Flag> flags;
    /// What to type, and what it is good for.
    std::vector<std::pair<std::string_view, std::string_view>> examples;
    /// Exit statuses besides 0 and 2, and 130 where it means more than "ended by Ctrl-C".
    std::vector<std::pair<int, std::string_view>> statuses;
    Use use = Use::people;
};

/// Every command of `coven`. Parsing, help, completions and man pages come from here.
const std::vector<Command>& command_table();
/// What the commands have in common whose names begin with `word`; empty where it is no group.
std::string_view group_summary(std::string_view word);
/// All exit statuses of a command, in order.
std::vector<std::pair<int, std::string_view>> statuses_of(const Command& command);
/// The flags that every command takes.
const std::vector<Flag>& common_flags();

}  // namespace coven::cli
