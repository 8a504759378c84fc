#include "complete.hpp"

#include <algorithm>
#include <optional>
#include <set>
#include <sstream>

#include "command_table.hpp"

namespace coven::cli {

namespace {

using Words = std::vector<std::string>;

/// A flag of whichever program.
struct KnownFlag {
    Words names;
    std::string help;
    bool takes_value = false;
    Words choices = {};
    bool is_file = false;
    Values values = Values::own;
};

Words split(std::string_view choices) {
    Words words;
    std::istringstream parts{std::string(choices)};
    for (std::string word; std::getline(parts, word, '|');) words.push_back(word);
    return words;
}

KnownFlag known(const Flag& flag) {
    KnownFlag all{{std::string(flag.name)}, std::string(flag.help)};
    if (!flag.short_name.empty()) all.names.emplace_back(flag.short_name);
    all.takes_value = flag.kind != Flag::Kind::toggle;
    if (flag.kind == Flag::Kind::choice) all.choices = split(flag.value);
    all.is_file = flag.kind == Flag::Kind::file;
    all.values = flag.values;
    return all;
}

KnownFlag known(const DaemonFlag& flag) {
    using Kind = Setting::Kind;
    KnownFlag all{{flag.name}, flag.help};
    for (const auto& other : flag.others) all.names.push_back(other);
    all.takes_value = !flag.value.empty();
    all.choices = flag.choices;
    all.is_file = flag.kind == Kind::file || flag.kind == Kind::path;
    return all;
}

/// Finishes one word.
class Completer {
  public:
    Completer(std::string current, const Sources& sources)
        : current_(std::move(current)), sources_(sources) {}

    const std::string& current() const { return current_; }

    void offer(const std::string& word, const std::string& help) {
        if (word.starts_with(current_)) completion_.candidates.push_back({word, help});
    }

    /// The value of `flag`; `prefix` is what stands before it in the same word.
    void offer_value_of(const KnownFlag& flag, const std::string& prefix) {
        for (const auto& word : flag.choices) offer(prefix + word, "");
        if (flag.is_file) completion_.files = Completion::Files::files;
        offer_values(flag.values, prefix);
    }

    void offer_values(Values values, const std::string& prefix) {
        if (values == Values::topics) {
            for (const auto& topic : sources_.topics(current_)) offer(prefix + topic, "");
        }
        if (values == Values::channels) {
            for (const auto& channel : channels()) offer(prefix + channel, "");
        }
        if (values == Values::verbs) {
            for (const auto& verb : verbs()) offer(prefix + verb, "");
        }
        if (values == Values::accounts) {
            for (const auto& login : sources_.accounts()) offer(prefix + login, "");
        }
        if (values == Values::programs) {
            for (const auto& program : sources_.programs()) {
                offer(prefix + program.manifest.kind, program.manifest.summary);
            }
        }
    }

    Completion take() { return std::move(completion_); }

  private:
    std::set<std::string> verbs() const {
        std::set<std::string> all;
        for (const auto& program : sources_.programs()) {
            all.insert(program.manifest.verbs.begin(), program.manifest.verbs.end());
        }
        return all;
    }

    /// twitch.chat.<channel>.message and its likes, each channel once.
    std::set<std::string> channels() const {
        const std::string beginning = "twitch.chat.";
        std::set<std::string> all;
        for (const auto& topic : sources_.topics(beginning)) {
            const auto rest = topic.substr(std::min(beginning.size(), topic.size()));
            all.insert(rest.substr(0, rest.find('.')));
        }
        return all;
    }

    std::string current_;
    const Sources& sources_;
    Completion completion_;
};

/// However it is spelled: --keep_raw is --keep-raw.
const KnownFlag* flag_named(const std::vector<KnownFlag>& flags, std::string name) {
    const auto joins = [](char c) { return c == '.' || c == '_'; };
    std::replace_if(name.begin(), name.end(), joins, '-');
    for (const auto& flag : flags) {
        if (std::find(flag.names.begin(), flag.names.end(), name) != flag.names.end()) return &flag;
    }
    return nullptr;
}

/// What `words` before the last one leave to be said.
struct Before {
    /// The flag whose value comes next.
    const KnownFlag* waiting = nullptr;
    std::size_t arguments = 0;
};

Before look_at(const Words& words, std::size_t first, const std::vector<KnownFlag>& flags) {
    Before before;
    for (std::size_t i = first; i + 1 < words.size(); ++i) {
        if (before.waiting != nullptr) {
            before.waiting = nullptr;
            continue;
        }
        const auto* flag = flag_named(flags, words[i]);
        if (flag != nullptr && flag->takes_value) before.waiting = flag;
        if (!words[i].starts_with('-')) ++before.arguments;
    }
    return before;
}

/// Flags and their values. How many arguments come before the cursor, if one may stand there.
std::optional<std::size_t> complete_flags(Completer& completer, const Words& words,
                                          std::size_t first, const std::vector<KnownFlag>& flags) {
    const auto& current = completer.current();
    const auto before = look_at(words, first, flags);
    if (before.waiting != nullptr) {
        completer.offer_value_of(*before.waiting, "");
        return std::nullopt;
    }
    const auto equals = current.find('=');
    if (current.starts_with("--") && equals != std::string::npos) {
        const auto* flag = flag_named(flags, current.substr(0, equals));
        if (flag != nullptr) completer.offer_value_of(*flag, current.substr(0, equals + 1));
        return std::nullopt;
    }
    if (!current.starts_with('-')) return before.arguments;
    for (const auto& flag : flags) completer.offer(flag.names.front(), flag.help);
    return std::nullopt;
}

Completion complete_daemon(Completer completer, const Words& words, const Neighbour& program) {
    std::vector<KnownFlag> flags;
    for (const auto& flag : program.flags) flags.push_back(known(flag));
    const auto argument = complete_flags(completer, words, 1, flags);
    // A daemon takes nothing but flags.
    if (argument) {
        for (const auto& flag : flags) completer.offer(flag.names.front(), flag.help);
    }
    return completer.take();
}

/// The words of a command's name.
Words name_of(const Command& command) {
    Words words;
    std::istringstream parts{std::string(command.name)};
    for (std::string word; parts >> word;) words.push_back(word);
    return words;
}

/// The command that `words` have named wholly, before the last one: the one with the longest name.
const Command* command_in(const Words& words) {
    const Command* longest = nullptr;
    for (const auto& command : command_table()) {
        const auto name = name_of(command);
        if (command.use == Command::Use::internal || words.size() < name.size() + 2) continue;
        if (!std::equal(name.begin(), name.end(), words.begin() + 1)) continue;
        const bool longer = longest == nullptr || name.size() > name_of(*longest).size();
        if (longer) longest = &command;
    }
    return longest;
}

/// The next word of the commands that begin as `words` do.
void offer_commands(Completer& completer, const Words& words) {
    const auto place = words.size() - 2;
    std::set<std::string> offered;
    for (const auto& command : command_table()) {
        const auto name = name_of(command);
        if (command.use == Command::Use::internal || name.size() <= place) continue;
        if (!std::equal(words.begin() + 1, words.end() - 1, name.begin())) continue;
        const bool last = place + 1 == name.size();
        if (!offered.insert(name[place]).second) continue;
        completer.offer(name[place],
                        std::string(last ? command.summary : group_summary(name.front())));
    }
    for (const char* flag : {"--help", "--version"}) {
        if (place == 0 && completer.current().starts_with('-')) completer.offer(flag, "");
    }
}

void offer_argument(Completer& completer, const Command& command, std::size_t place) {
    if (command.arguments.empty()) return;
    const auto& argument = command.arguments[std::min(place, command.arguments.size() - 1)];
    const bool many =
        argument.count == Argument::Count::at_least_one || argument.count == Argument::Count::any;
    if (place >= command.arguments.size() && !many) return;
    for (const auto& word : split(argument.choices)) completer.offer(word, "");
    if (argument.values == Values::verbs && place > 0) return;
    completer.offer_values(argument.values, "");
}

Completion complete_coven(Completer completer, const Words& words) {
    offer_commands(completer, words);
    const auto* command = command_in(words);
    if (command == nullptr) return completer.take();
    std::vector<KnownFlag> flags;
    for (const auto& flag : command->flags) flags.push_back(known(flag));
    for (const auto& flag : common_flags()) flags.push_back(known(flag));
    flags.push_back({{"--help", "-h"}, "say what there is"});
    const auto first = name_of(*command).size() + 1;
    const auto place = complete_flags(completer, words, first, flags);
    if (place) offer_argument(completer, *command, *place);
    return completer.take();
}

}  // namespace

Completion complete(const std::vector<std::string>& words, const Sources& sources) {
    if (words.size() < 2) return {};
    const auto program = words.front().substr(words.front().rfind('/') + 1);
    Completer completer(words.back(), sources);
    if (program == "coven") return complete_coven(std::move(completer), words);
    for (const auto& neighbour : sources.programs()) {
        if (neighbour.program() == program) {
            return complete_daemon(std::move(completer), words, neighbour);
        }
    }
    return {};
}

}  // namespace coven::cli
