#include "coven/config.hpp"

#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

#include "coven/temp_folder.hpp"

namespace coven {
namespace {

using Kind = Setting::Kind;

std::vector<Setting> settings() {
    return {{"chat.channels", Kind::list, "", "channels to read"},
            {"chat.joins", Kind::number, "18", "joins in a window"},
            {"chat.window", Kind::duration, "12s", "the window"},
            {"chat.keep_raw", Kind::flag, "true", "keep the line"},
            {"chat.nick", Kind::text, "justinfan1", "who we are"},
            {"chat.token", Kind::secret, "", "the password"}};
}

class ConfigFile : public ::testing::Test {
  protected:
    Config::Sources with(const std::string& text) {
        std::ofstream(folder_.file("coven.toml")) << text;
        Config::Sources sources;
        sources.file = folder_.file("coven.toml");
        return sources;
    }

    std::string refusal(const Config::Sources& sources) {
        const auto config = Config::load(settings(), sources);
        if (!config.has_error()) return "nothing";
        auto message = config.error().message;
        const auto at = message.find(folder_.path());
        if (at != std::string::npos) message.erase(at, folder_.path().size() + 1);
        return message;
    }

    TempFolder folder_;
};

TEST_F(ConfigFile, GivesValuesOfEachKind) {
    const auto config = Config::load(settings(), with(R"(
        [chat]
        channels = ["xqc", "forsen"]
        joins = 5
        window = "1m"
        keep_raw = false
        nick = "me"
        token = "hunter2"
    )"));
    ASSERT_TRUE(config.has_value()) << config.error().message;
    EXPECT_EQ(config->list("chat.channels"), (std::vector<std::string>{"xqc", "forsen"}));
    EXPECT_EQ(config->number("chat.joins"), 5);
    EXPECT_EQ(config->duration("chat.window"), std::chrono::minutes(1));
    EXPECT_FALSE(config->flag("chat.keep_raw"));
    EXPECT_EQ(config->text("chat.nick"), "me");
    EXPECT_EQ(config->secret("chat.token").reveal(), "hunter2");
}

TEST_F(ConfigFile, StandsBelowTheEnvironmentAndThatBelowFlags) {
    auto sources = with("[chat]\njoins = 1\nnick = \"file\"\nwindow = \"1s\"");
    sources.environment = {{"COVEN_CHAT_NICK", "environment"}, {"COVEN_CHAT_WINDOW", "2s"}};
    sources.flags = {{"chat.window", "3s"}};
    const auto config = Config::load(settings(), sources);
    ASSERT_TRUE(config.has_value());
    EXPECT_EQ(config->number("chat.joins"), 1);
    EXPECT_EQ(config->text("chat.nick"), "environment");
    EXPECT_EQ(config->duration("chat.window"), std::chrono::seconds(3));
    EXPECT_TRUE(config->flag("chat.keep_raw"));
}

TEST_F(ConfigFile, RefusalsNameFileLineAndKey) {
    const struct {
        const char* text;
        const char* message;
    } rows[] = {
        {"[chat]\n\nchanels = []",
         "coven.toml:3: unknown key 'chat.chanels', did you mean 'chat.channels'?"},
        {"[chat]\nentirely_else = 1", "coven.toml:2: unknown key 'chat.entirely_else'"},
        {"[chat]\njoins = \"many\"", "coven.toml:2: 'chat.joins' is no whole number: 'many'"},
        {"[chat]\njoins = 1.5", "coven.toml:2: 'chat.joins' is no whole number: '1.5'"},
        {"[chat]\nwindow = \"soon\"",
         "coven.toml:2: 'chat.window' is no duration such as 550ms, 12s, 5m or 1h: 'soon'"},
        {"[chat]\nkeep_raw = \"perhaps\"",
         "coven.toml:2: 'chat.keep_raw' is neither true nor false: 'perhaps'"},
        {"[chat]\nnick = [\"a\"]", "coven.toml:2: 'chat.nick' takes one value, not a list"},
        {"[chat.nick]\na = 1", "coven.toml:1: 'chat.nick' is a value, not a table"},
        {"joins = 1", "coven.toml:1: 'joins' stands outside of a [section]"},
    };
    for (const auto& row : rows) EXPECT_EQ(refusal(with(row.text)), row.message);
}

TEST_F(ConfigFile, RefusesTomlThatIsNone) {
    EXPECT_TRUE(refusal(with("[chat\njoins = 1")).starts_with("coven.toml:1: "))
        << refusal(with("[chat\n"));
}

TEST_F(ConfigFile, MustBeThere) {
    Config::Sources sources;
    sources.file = folder_.file("absent.toml");
    EXPECT_EQ(refusal(sources), "no such file: 'absent.toml'");
    sources.file = folder_.path() + "/";
    EXPECT_TRUE(Config::load(settings(), sources).error().message.starts_with("is a folder: "));
    std::filesystem::create_symlink("loop.toml", folder_.file("loop.toml"));
    sources.file = folder_.file("loop.toml");
    EXPECT_TRUE(refusal(sources).starts_with("cannot read '")) << refusal(sources);
}

TEST_F(ConfigFile, LeavesSectionsOfOtherProgramsAlone) {
    EXPECT_EQ(refusal(with("[stream]\nanything = 1")), "nothing");
}

TEST_F(ConfigFile, KeepsCommasInsideOfListItems) {
    const auto config = Config::load(settings(), with("[chat]\nchannels = [\"a,b\", \"c\"]"));
    EXPECT_EQ(config->list("chat.channels"), (std::vector<std::string>{"a,b", "c"}));
}

TEST_F(ConfigFile, ReadsAValueFromTheFileThatTheEnvironmentNames) {
    std::ofstream(folder_.file("secret")) << "hunter2\n";
    Config::Sources sources;
    sources.environment = {{"COVEN_CHAT_TOKEN_FILE", folder_.file("secret")}};
    EXPECT_EQ(Config::load(settings(), sources)->secret("chat.token").reveal(), "hunter2");
    sources.environment["COVEN_CHAT_TOKEN"] = "other";
    EXPECT_EQ(refusal(sources),
              "COVEN_CHAT_TOKEN and COVEN_CHAT_TOKEN_FILE are both set: remove one");
    sources.environment = {{"COVEN_CHAT_TOKEN_FILE", folder_.file("absent")}};
    EXPECT_EQ(refusal(sources), "COVEN_CHAT_TOKEN_FILE: cannot read 'absent'");
    sources.environment = {{"COVEN_CHAT_JOINS_FILE", folder_.file("secret")}};
    EXPECT_EQ(refusal(sources), "COVEN_CHAT_JOINS_FILE is no whole number: 'hunter2'");
}

TEST(Config, RefusesWrongEnvironmentAndFlags) {
    Config::Sources sources;
    sources.environment = {{"COVEN_CHAT_JOINS", "x"}};
    EXPECT_EQ(Config::load(settings(), sources).error().message,
              "COVEN_CHAT_JOINS is no whole number: 'x'");
    sources = {};
    sources.flags = {{"chat.joins", "x"}};
    EXPECT_EQ(Config::load(settings(), sources).error().message,
              "--chat-joins is no whole number: 'x'");
    sources.flags = {{"chat.join", "1"}};
    EXPECT_EQ(Config::load(settings(), sources).error().message,
              "unknown flag '--chat.join', did you mean 'chat.joins'?");
}

TEST_F(ConfigFile, TakesASecretFromTheFileThatAFlagNames) {
    std::ofstream(folder_.file("secret")) << "hunter2\n";
    Config::Sources sources;
    sources.flags = {{"chat.token", folder_.file("secret")}};
    EXPECT_EQ(Config::load(settings(), sources)->secret("chat.token").reveal(), "hunter2");
    sources.flags = {{"chat.token", folder_.file("absent")}};
    EXPECT_EQ(refusal(sources), "--chat-token: cannot read 'absent'");
}

TEST_F(ConfigFile, TakesAnEmptyValueFromAnEmptyFile) {
    std::ofstream(folder_.file("secret")) << "";
    Config::Sources sources;
    sources.environment = {{"COVEN_CHAT_TOKEN_FILE", folder_.file("secret")}};
    EXPECT_TRUE(Config::load(settings(), sources)->secret("chat.token").empty());
    sources.environment = {{"COVEN_CHAT_TOKEN_FILE", folder_.path()}};
    EXPECT_TRUE(Config::load(settings(), sources).has_error());
}

TEST_F(ConfigFile, KnowsWhereEachValueComesFromAndShowsNoSecret) {
    auto sources = with("[chat]\n\njoins = 1\ntoken = \"hunter2\"\nchannels = [\"a\", \"b\"]");
    sources.environment = {{"COVEN_CHAT_NICK", "me"}};
    sources.flags = {{"chat.window", "3s"}, {"chat.keep_raw", "no", "--keep-raw"}};
    const auto config = Config::load(settings(), sources);
    ASSERT_TRUE(config.has_value());
    EXPECT_EQ(config->origin("chat.joins"), *sources.file + ":3");
    EXPECT_EQ(config->origin("chat.nick"), "COVEN_CHAT_NICK");
    EXPECT_EQ(config->origin("chat.window"), "--chat-window");
    EXPECT_EQ(config->origin("chat.keep_raw"), "--keep-raw");
    EXPECT_EQ(Config::defaults(settings()).origin("chat.nick"), "default");
    EXPECT_EQ(config->shown("chat.token"), "[redacted]");
    EXPECT_EQ(config->shown("chat.channels"), "a,b");
    EXPECT_EQ(Config::defaults(settings()).shown("chat.token"), "");
}

TEST_F(ConfigFile, SaysAllThatIsWrongAndKeepsTheWeakerValue) {
    auto sources = with("[chat]\njoins = \"many\"\nchanels = 1\n[other]\nx = 1");
    sources.environment = {{"COVEN_CHAT_WINDOW", "soon"}, {"COVEN_OTHER_X", "1"}};
    const auto reading = Config::read(settings(), sources);
    EXPECT_EQ(reading.faults.size(), 3u);
    EXPECT_EQ(reading.config.number("chat.joins"), 18);
    EXPECT_EQ(reading.config.origin("chat.joins"), "default");
    ASSERT_EQ(reading.strange.size(), 2u);
    EXPECT_EQ(reading.strange[0].name, "other");
    EXPECT_EQ(reading.strange[0].where, *sources.file + ":4");
    EXPECT_EQ(reading.strange[1].name, "COVEN_OTHER_X");
}

TEST(Setting, HasItsBoundsAndChoices) {
    const TempFolder folder;
    const auto fault = [](Kind kind, const char* allowed, const std::string& text) {
        const std::vector<Setting> one = {{"a.b", kind, text, "", allowed}};
        const auto reading = Config::read(one, {});
        return reading.faults.empty() ? "none" : reading.faults.front().message;
    };
    EXPECT_EQ(fault(Kind::number, "1..5", "5"), "none");
    EXPECT_EQ(fault(Kind::number, "1..5", "6"), "is not from 1 to 5: '6'");
    EXPECT_EQ(fault(Kind::number, "..5", "-9"), "none");
    EXPECT_EQ(fault(Kind::duration, "1s..", "999ms"), "is below 1s: '999ms'");
    EXPECT_EQ(fault(Kind::duration, "1s..2m", "121s"), "is not from 1s to 2m: '121s'");
    EXPECT_EQ(fault(Kind::choice, "a|b", "b"), "none");
    EXPECT_EQ(fault(Kind::choice, "a|b", "c"), "is none of a, b: 'c'");
    EXPECT_EQ(fault(Kind::url, "wss|ws", "ws://h"), "none");
    for (const char* url : {"", "h", "ws://", "ws:///x", "http://h", "://h"}) {
        EXPECT_EQ(fault(Kind::url, "wss|ws", url),
                  "is no URL such as wss://host/path: '" + std::string(url) + "'");
    }
    EXPECT_EQ(fault(Kind::file, "", ""), "none");
    EXPECT_EQ(fault(Kind::file, "", "/nowhere/x"), "names no file: '/nowhere/x'");
    EXPECT_EQ(fault(Kind::file, "", folder.path()),
              "names a folder, not a file: '" + folder.path() + "'");
    EXPECT_EQ(fault(Kind::path, "", "/nowhere/x"), "none");
    EXPECT_EQ(fault(Kind::listen, "", "off"), "none");
    EXPECT_NE(fault(Kind::address, "", "x"), "none");
}

TEST_F(ConfigFile, TakesNumbersAsTomlWritesThem) {
    EXPECT_EQ(Config::load(settings(), with("[chat]\njoins = 0x10"))->number("chat.joins"), 16);
    EXPECT_EQ(Config::load(settings(), with("[chat]\njoins = 1_000"))->number("chat.joins"), 1000);
}

TEST(Config, ListsAreJoinedByCommasOutsideOfTheFile) {
    Config::Sources sources;
    sources.flags = {{"chat.channels", "a, b,,c "}};
    EXPECT_EQ(Config::load(settings(), sources)->list("chat.channels"),
              (std::vector<std::string>{"a", "b", "c"}));
}

TEST(Config, DefaultsOfTheCommonSettingsAreTwitchItself) {
    const auto config = Config::defaults(common_settings());
    EXPECT_EQ(config.text("twitch.chat_url"), "wss://irc-ws.chat.twitch.tv:443");
    EXPECT_EQ(config.text("bus.publish"), "tcp://127.0.0.1:5555");
}

TEST(ParseList, CutsAtCommas) {
    EXPECT_EQ(parse_list(" a, b ,,c,"), (std::vector<std::string>{"a", "b", "c"}));
    EXPECT_TRUE(parse_list("").empty());
}

TEST(ParseDuration, KnowsItsUnitsAndRefusesTheRest) {
    EXPECT_EQ(parse_duration("550ms").value(), std::chrono::milliseconds(550));
    EXPECT_EQ(parse_duration("12s").value(), std::chrono::seconds(12));
    EXPECT_EQ(parse_duration("5m").value(), std::chrono::minutes(5));
    EXPECT_EQ(parse_duration("1h").value(), std::chrono::hours(1));
    EXPECT_EQ(parse_duration("2d").value(), std::chrono::hours(48));
    EXPECT_EQ(parse_duration("0").value(), std::chrono::milliseconds(0));
    for (const char* text : {"", "s", "12", "-1s", "1.5s", "1 s", "1y", "99999999999999999999s",
                             "9223372036854775807d", "200000d"}) {
        EXPECT_TRUE(parse_duration(text).has_error()) << text;
    }
}

}  // namespace
}  // namespace coven
