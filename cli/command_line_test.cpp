#include "command_line.hpp"

#include <algorithm>
#include <string>
#include <variant>
#include <vector>

#include <gtest/gtest.h>

namespace coven::cli {
namespace {

using namespace std::chrono_literals;

std::variant<Invocation, Answer> parse(std::vector<const char*> words) {
    words.insert(words.begin(), "coven");
    return parse_command_line(static_cast<int>(words.size()), words.data());
}

TEST(CommandLine, ReadsACommandWithFlagsAndArgumentsInAnyOrder) {
    const auto parsed =
        parse({"tail", "--count", "3", "twitch.chat.>", "--json", "bus.>", "--wait=10s"});
    const auto& tail = std::get<Invocation>(parsed);
    EXPECT_EQ(tail.command().name, "tail");
    EXPECT_EQ(tail.arguments(), (std::vector<std::string>{"twitch.chat.>", "bus.>"}));
    EXPECT_EQ(tail.number("--count"), 3u);
    EXPECT_EQ(tail.duration("--wait"), 10s);
    EXPECT_EQ(tail.duration("--for"), std::nullopt);
    EXPECT_TRUE(tail.has("--json"));
    EXPECT_FALSE(tail.has("--raw"));
}

TEST(CommandLine, GivesDefaults) {
    const auto parsed = parse({"demo"});
    const auto& demo = std::get<Invocation>(parsed);
    EXPECT_EQ(demo.duration("--for"), 0s);
    EXPECT_EQ(demo.number("--rate"), 20u);
    EXPECT_EQ(demo.text("--color"), "auto");
    EXPECT_EQ(demo.text("--publish"), "");
    EXPECT_FALSE(demo.has("--publish"));
}

TEST(CommandLine, JoinsAListThatIsGivenInPieces) {
    const auto parsed = parse({"up", "--channel", "a,b", "-c", "coven.toml", "--channel=c"});
    const auto& up = std::get<Invocation>(parsed);
    EXPECT_EQ(up.text("--channel"), "a,b,c");
    EXPECT_EQ(up.text("--config"), "coven.toml");
    EXPECT_EQ(up.text("--scale"), "");
}

TEST(CommandLine, SaysThatCtrlCEndsACommandUnlessItMeansMore) {
    const auto help = [](const char* command) {
        return std::get<Answer>(parse({command, "--help"})).text;
    };
    EXPECT_NE(help("tail").find("130  ended by Ctrl-C"), std::string::npos);
    EXPECT_EQ(help("up").find("130  ended by Ctrl-C"), std::string::npos);
    EXPECT_NE(help("up").find("130  ended at once by a second Ctrl-C"), std::string::npos);
}

TEST(CommandLine, TakesAnOptionalArgument) {
    EXPECT_TRUE(std::get<Invocation>(parse({"topics"})).arguments().empty());
    EXPECT_EQ(std::get<Invocation>(parse({"topics", "twitch."})).arguments().size(), 1u);
    EXPECT_EQ(std::get<Answer>(parse({"topics", "a", "b"})).status, 2);
}

TEST(CommandLine, AnswersTwoWithAReasonToWhatItDoesNotUnderstand) {
    const std::vector<std::pair<std::vector<const char*>, std::string>> rows = {
        {{}, "coven: which command?"},
        {{"dance"}, "there is no command 'dance', only: up, demo, tail"},
        {{"tial"}, "there is no command 'tial', did you mean 'tail'?"},
        {{"--tail"}, "there is no flag '--tail' in front of a command"},
        {{"config"}, "coven config: which of check, print, schema, sample?"},
        {{"config", "chek"}, "coven config: there is no command 'chek', did you mean 'check'?"},
        {{"tail"}, "coven tail: PATTERN is missing (coven tail --help says what there is)"},
        {{"tail", ">", "--count", "many"}, "--count is no number: 'many'"},
        {{"tail", ">", "--count", "-1"}, "is no number"},
        {{"tail", ">", "--count"}, "--count wants a value: --count N"},
        {{"tail", ">", "--raw=3"}, "--raw takes no value"},
        {{"tail", ">", "--for", "soon"}, "soon"},
        {{"tail", ">", "--color", "pink"}, "--color is none of auto, always, never: 'pink'"},
        {{"tail", ">", "--jason"}, "there is no flag '--jason', did you mean '--json'?"},
        {{"topics", "a", "b"}, "takes one PATTERN, not several"},
        {{"status", "a"}, "takes no further word: 'a'"},
        {{"completion", "ksh"}, "SHELL is none of bash, zsh, fish: 'ksh'"},
        {{"demo", "--rate", "18446744073709551616"}, "is no number"},
    };
    for (const auto& [words, reason] : rows) {
        const auto parsed = parse(words);
        ASSERT_TRUE(std::holds_alternative<Answer>(parsed)) << reason;
        EXPECT_EQ(std::get<Answer>(parsed).status, 2) << reason;
        const auto& text = std::get<Answer>(parsed).text;
        EXPECT_NE(text.find(reason), std::string::npos) << text;
        EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 1) << text;
    }
}

TEST(CommandLine, HelpOfEachCommandHasExamplesAndExitStatuses) {
    for (const auto& command : command_table()) {
        if (command.use == Command::Use::internal) continue;
        const std::string first(command.name.substr(0, command.name.find(' ')));
        const std::string second(
            command.name.substr(std::min(first.size() + 1, command.name.size())));
        std::vector<const char*> words = {first.c_str(), "--help"};
        if (!second.empty()) words.insert(words.begin() + 1, second.c_str());
        const auto help = std::get<Answer>(parse(words));
        EXPECT_EQ(help.status, 0);
        for (const char* part : {"Examples:", "Exit status:", "130", "--config", "--no-color"}) {
            EXPECT_NE(help.text.find(part), std::string::npos) << command.name << ": " << part;
        }
        EXPECT_FALSE(command.examples.empty()) << command.name;
        for (const auto& flag : command.flags) {
            EXPECT_NE(help.text.find(flag.name), std::string::npos) << flag.name;
        }
    }
}

TEST(CommandLine, TakesTheWordsOfAnUnfinishedLineAsTheyStand) {
    const auto parsed = parse({"complete", "--", "coven", "tail", "--jason", "--", ""});
    const auto& complete = std::get<Invocation>(parsed);
    EXPECT_EQ(complete.arguments(),
              (std::vector<std::string>{"coven", "tail", "--jason", "--", ""}));
}

TEST(CommandLine, TakesTheLastOfSeveralValues) {
    EXPECT_EQ(
        std::get<Invocation>(parse({"tail", ">", "--count=1", "--count=2"})).number("--count"), 2u);
}

TEST(CommandLine, FindsACommandThatHasOthersBelowIt) {
    const auto name = [](const std::vector<const char*>& words) {
        const auto parsed = parse(words);
        return std::string(std::get<Invocation>(parsed).command().name);
    };
    EXPECT_EQ(name({"channels"}), "channels");
    EXPECT_EQ(name({"channels", "xqc", "--json"}), "channels");
    EXPECT_EQ(name({"channels", "list", "add"}), "channels list");
    EXPECT_EQ(name({"channels", "add", "xqc", "--kind", "chat"}), "channels add");
    for (const auto& words : {std::vector<const char*>{"channels", "--json", "add", "xqc"},
                              std::vector<const char*>{"channels", "xqc", "add", "ann"}}) {
        const auto answer = std::get<Answer>(parse(words));
        EXPECT_EQ(answer.status, 2);
        EXPECT_EQ(answer.text,
                  "coven channels add: 'add' comes right behind 'coven channels', and "
                  "options behind both (coven channels add --help says what there "
                  "is)\n");
    }
}

TEST(CommandTable, HasEachStatusOfACommandOnceInOrder) {
    for (const auto& command : command_table()) {
        int last = -1;
        for (const auto& [status, meaning] : statuses_of(command)) {
            EXPECT_LT(last, status) << command.name;
            EXPECT_FALSE(meaning.empty()) << command.name;
            last = status;
        }
    }
}

TEST(CommandTable, HasASummaryForEachGroup) {
    for (const auto& command : command_table()) {
        const auto space = command.name.find(' ');
        // A group may be a command itself.
        const bool alone = space == std::string_view::npos || command.name.starts_with("channels ");
        if (alone) continue;
        EXPECT_FALSE(group_summary(command.name.substr(0, space)).empty()) << command.name;
    }
}

TEST(CommandLine, SaysItsVersion) {
    const auto answer = std::get<Answer>(parse({"--version"}));
    EXPECT_EQ(answer.status, 0);
    EXPECT_EQ(answer.text.rfind("coven ", 0), 0u) << answer.text;
}

}  // namespace
}  // namespace coven::cli
