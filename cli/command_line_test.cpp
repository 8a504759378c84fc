#include "command_line.hpp"

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
        {{}, "subcommand"},
        {{"dance"}, "there is no command 'dance', only: up demo tail"},
        {{"tail"}, "PATTERN"},
        {{"tail", ">", "--count", "many"}, "is no number: 'many'"},
        {{"tail", ">", "--count", "-1"}, "is no number"},
        {{"tail", ">", "--for", "soon"}, "soon"},
        {{"tail", ">", "--color", "pink"}, "pink"},
        {{"tail", ">", "--jason"}, "--jason"},
        {{"demo", "--rate", "18446744073709551616"}, "is no number"},
    };
    for (const auto& [words, reason] : rows) {
        const auto parsed = parse(words);
        ASSERT_TRUE(std::holds_alternative<Answer>(parsed)) << reason;
        EXPECT_EQ(std::get<Answer>(parsed).status, 2) << reason;
        EXPECT_NE(std::get<Answer>(parsed).text.find(reason), std::string::npos)
            << std::get<Answer>(parsed).text;
    }
}

TEST(CommandLine, HelpOfEachCommandHasExamplesAndExitStatuses) {
    for (const auto& command : command_table()) {
        const auto help = std::get<Answer>(parse({std::string(command.name).c_str(), "--help"}));
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

TEST(CommandLine, SaysItsVersion) {
    const auto answer = std::get<Answer>(parse({"--version"}));
    EXPECT_EQ(answer.status, 0);
    EXPECT_EQ(answer.text.rfind("coven ", 0), 0u) << answer.text;
}

}  // namespace
}  // namespace coven::cli
