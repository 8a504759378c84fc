#include "wanted.hpp"

#include <algorithm>
#include <fstream>

#include <gtest/gtest.h>

#include "coven/temp_folder.hpp"

namespace coven::cli {
namespace {

using Words = std::vector<std::string>;

Result<Manifest> describe(const std::string& path, const std::string& kind) {
    if (kind == "broken") return Error(path + " --describe is not understood");
    Manifest manifest;
    manifest.kind = kind;
    if (kind == "dice") return manifest;
    manifest.settings = {{kind + ".channels", Setting::Kind::list, "", "channels"},
                         {kind + ".pause", Setting::Kind::duration, "1s", "a pause"}};
    return manifest;
}

Catalogue catalogue(const Words& kinds) {
    const auto find = [kinds](const std::string& kind) -> std::optional<std::string> {
        if (std::find(kinds.begin(), kinds.end(), kind) == kinds.end()) return std::nullopt;
        return "/bin/coven-" + kind;
    };
    return {find, describe, kinds};
}

class WantedConnectors : public ::testing::Test {
  protected:
    void write(const std::string& text) {
        request_.config_file = folder_.file("coven.toml");
        std::ofstream(request_.config_file) << text;
    }
    Result<WantedAll> wanted() { return wanted_connectors(request_, catalogue_); }
    /// "chat*1 mine*2"
    std::string summary() {
        const auto all = wanted();
        if (all.has_error()) return all.error().message;
        std::string text;
        for (const auto& each : all->connectors) {
            text += (text.empty() ? "" : " ") + each.kind + "*" + std::to_string(each.instances);
        }
        return text;
    }
    std::string in_file(const std::string& rest) { return request_.config_file + rest; }

    TempFolder folder_;
    Catalogue catalogue_ = catalogue({"broker", "chat", "dice", "broken", "sim"});
    UpRequest request_{{}, {}, "", {}, "/nowhere:/bin"};
};

TEST_F(WantedConnectors, AreChatWithoutAnyConfiguration) {
    EXPECT_EQ(summary(), "chat*1");
    EXPECT_EQ(wanted()->connectors[0].command, (Words{"/bin/coven-chat"}));
    EXPECT_EQ(wanted()->connectors[0].channels, Words{});
}

TEST_F(WantedConnectors, AreThoseThatHaveASection) {
    write("[bus]\n[broker]\n[twitch]\n[dice]\n[sim]\n");
    EXPECT_EQ(summary(), "dice*1");
    EXPECT_EQ(wanted()->connectors[0].channels, std::nullopt);
    write("[dice]\n[chat]\nchannels = [\"a\", \"b\"]\n");
    EXPECT_EQ(summary(), "dice*1 chat*1");
    EXPECT_EQ(wanted()->connectors[1].channels, (Words{"a", "b"}));
    write("[log]\nlevel = \"warn\"\n");
    EXPECT_EQ(summary(), "chat*1");
}

TEST_F(WantedConnectors, ReadTheChannelsOfTheCommandLineRatherThanTheConfigured) {
    write("[dice]\n");
    request_.environment = {{"COVEN_CHAT_CHANNELS", "env"}};
    request_.channels = {"mine"};
    EXPECT_EQ(summary(), "dice*1 chat*1");
    EXPECT_EQ(wanted()->connectors[1].channels, Words{"mine"});
    request_.channels = {};
    request_.config_file = "";
    EXPECT_EQ(wanted()->connectors[0].channels, Words{"env"});
}

TEST_F(WantedConnectors, AreAsManyAsScaleSays) {
    request_.scale = {{"chat", 3}, {"dice", 2}};
    EXPECT_EQ(summary(), "chat*3 dice*2");
    request_.scale = {{"chat", 0}, {"dice", 1}};
    EXPECT_EQ(summary(), "dice*1");
    request_.scale = {{"chat", 0}};
    EXPECT_EQ(summary(), "");
}

TEST_F(WantedConnectors, CanBeAnyProgram) {
    write("[connectors.mine]\ncommand = [\"sh\", \"-c\", \"x\"]\n[mine]\nown = 1\n");
    request_.scale = {{"mine", 2}};
    EXPECT_EQ(summary(), "mine*2");
    const auto mine = wanted()->connectors[0];
    EXPECT_EQ(mine.origin, Wanted::Origin::foreign);
    EXPECT_EQ(mine.command, (Words{"/bin/sh", "-c", "x"}));
    EXPECT_TRUE(wanted()->warnings.empty());
}

TEST_F(WantedConnectors, CanTakeThePlaceOfOneOfOurs) {
    write("[chat]\npause = \"2s\"\n[connectors.chat]\ncommand = [\"/bin/sh\"]\n");
    EXPECT_EQ(summary(), "chat*1");
    EXPECT_EQ(wanted()->connectors[0].command, Words{"/bin/sh"});
}

TEST_F(WantedConnectors, WarnAboutASectionThatIsNobodys) {
    write("[chat]\n\n[chta]\n");
    ASSERT_EQ(wanted()->warnings.size(), 1u);
    EXPECT_EQ(wanted()->warnings[0], in_file(":3: [chta] belongs to no program beside coven"));
}

TEST_F(WantedConnectors, AreRefusedWithFileAndLine) {
    const std::vector<std::pair<std::string, std::string>> rows = {
        {"[chat]\npase = \"1s\"", ":2: unknown key 'chat.pase', did you mean 'chat.pause'?"},
        {"[chat]\npause = 3", ":2: 'chat.pause' is no duration such as 550ms, 12s, 5m or 1h: '3'"},
        {"[connectors]\nmine = 1",
         ":2: 'connectors.mine' is a table: write [connectors.mine] command = [\"program\", "
         "\"argument\"]"},
        {"[connectors.mine]\n", ":1: 'connectors.mine' has no command = [\"program\", …]"},
        {"[connectors.Mine]\ncommand = [\"sh\"]",
         ":1: 'connectors.Mine' has a character outside of a-z, 0-9, '_' and '-'"},
        {"[connectors.broker]\ncommand = [\"sh\"]", ":1: 'connectors.broker' is the broker's name"},
        {"[connectors.mine]\ncommand = \"sh\"",
         ":2: 'connectors.mine.command' is a list such as [\"python3\", \"mine.py\"]"},
        {"[connectors.mine]\ncommand = []",
         ":2: 'connectors.mine.command' is a list such as [\"python3\", \"mine.py\"]"},
        {"[connectors.mine]\ncommand = [\"no-such-program\"]",
         ":2: 'connectors.mine.command' names no program: 'no-such-program'"},
        {"[connectors.mine]\ncomand = [\"sh\"]",
         ":2: 'connectors.mine.comand' is unknown, only command is"},
    };
    for (const auto& [text, reason] : rows) {
        write(text);
        EXPECT_EQ(summary(), in_file(reason)) << text;
    }
}

TEST_F(WantedConnectors, AreRefusedForOtherReasonsToo) {
    request_.scale = {{"nothing", 1}};
    EXPECT_EQ(summary(), "--scale: there is no connector 'nothing', only: chat dice broken");
    for (const std::string kind : {"broker", "sim"}) {
        request_.scale = {{kind, 2}};
        EXPECT_EQ(summary(),
                  "--scale: there is no connector '" + kind + "', only: chat dice broken");
    }
    request_.scale = {{"broken", 1}};
    EXPECT_EQ(summary(), "/bin/coven-broken --describe is not understood");
    request_.scale = {{"chat", 0}, {"dice", 1}};
    request_.channels = {"a"};
    EXPECT_EQ(summary(), "--channel: none of the connectors that would run reads channels");
    catalogue_ = catalogue({"chat"});
    EXPECT_EQ(summary(), "coven-broker is not beside coven");
}

}  // namespace
}  // namespace coven::cli
