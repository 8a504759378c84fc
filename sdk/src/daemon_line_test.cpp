#include "daemon_line.hpp"

#include <algorithm>

#include <gtest/gtest.h>

namespace coven {
namespace {

using Kind = Setting::Kind;
using Words = std::vector<std::string>;

Manifest manifest_of_chat() {
    Manifest manifest;
    manifest.kind = "chat";
    manifest.summary = "reads chat";
    manifest.settings = {{"chat.channels", Kind::list, "", "channels to read"},
                         {"chat.join_limit", Kind::number, "18", "joins in a window", "1..2000"},
                         {"chat.version", Kind::text, "", "named as a flag of every daemon"}};
    return manifest;
}

DaemonLine read(const Words& words) {
    return std::get<DaemonLine>(read_daemon_line(manifest_of_chat(), words));
}

std::string refusal(const Words& words) {
    const auto read = read_daemon_line(manifest_of_chat(), words);
    const auto* fault = std::get_if<Error>(&read);
    return fault == nullptr ? "none" : fault->message;
}

TEST(DaemonLine, TakesEverySpellingOfAFlag) {
    for (const char* spelling : {"--join-limit", "--join_limit", "--chat.join_limit",
                                 "--chat.join-limit", "--chat-join-limit", "--chat_join_limit"}) {
        const DaemonLine five = {{"--join-limit", "5"}};
        EXPECT_EQ(read({spelling, "5"}), five) << spelling;
        EXPECT_EQ(read({std::string(spelling) + "=5"}), five) << spelling;
    }
    EXPECT_EQ(read({"-c", "f"}), (DaemonLine{{"--config", "f"}}));
    EXPECT_EQ(read({"--log.level", "debug"}), (DaemonLine{{"--log-level", "debug"}}));
}

TEST(DaemonLine, TakesTheLastOfSeveral) {
    EXPECT_EQ(read({"--join-limit=1", "--join-limit=2", "--check"}),
              (DaemonLine{{"--join-limit", "2"}, {"--check", ""}}));
}

TEST(DaemonLine, TakesAValueThatIsEmptyOrLooksLikeAFlag) {
    EXPECT_EQ(read({"--channels", ""}), (DaemonLine{{"--channels", ""}}));
    EXPECT_EQ(read({"--channels="}), (DaemonLine{{"--channels", ""}}));
    EXPECT_EQ(read({"--channels=-a"}), (DaemonLine{{"--channels", "-a"}}));
}

TEST(DaemonLine, SaysWhatIsWrongInWordsOfItsOwn) {
    const struct {
        Words words;
        const char* message;
    } rows[] = {
        {{"--chanels", "a"}, "there is no flag '--chanels', did you mean '--channels'?"},
        {{"--chanels=a"}, "there is no flag '--chanels', did you mean '--channels'?"},
        {{"--entirely-else"}, "there is no flag '--entirely-else'"},
        {{"-x"}, "there is no flag '-x'"},
        {{"xqc"}, "takes nothing but flags: 'xqc'"},
        {{"--channels"}, "--channels wants a value: --channels A,B"},
        {{"--join-limit"}, "--join-limit wants a value: --join-limit N"},
        {{"-c"}, "--config wants a value: --config FILE"},
    };
    for (const auto& row : rows) EXPECT_EQ(refusal(row.words), row.message);
}

TEST(DaemonLine, HelpHasEveryFlagWithOneSpelling) {
    const auto answer = read_daemon_line(manifest_of_chat(), {"--help"});
    const auto& help = std::get<std::string>(answer);
    for (const auto& flag : flags_of(manifest_of_chat())) {
        EXPECT_NE(help.find(flag.name), std::string::npos) << flag.name;
        EXPECT_NE(help.find(flag.help), std::string::npos) << flag.name;
    }
    EXPECT_EQ(help.find("--chat."), std::string::npos) << help;
    EXPECT_EQ(help.find("join_limit"), std::string::npos) << help;
}

TEST(DaemonLine, VersionNamesTheProgram) {
    const auto answer = read_daemon_line(manifest_of_chat(), {"--version"});
    EXPECT_TRUE(std::get<std::string>(answer).starts_with("coven-chat "));
}

TEST(DaemonFlags, KeepTheirSectionWhereAnotherHasTheName) {
    EXPECT_EQ(read({"--chat-version", "3"}), (DaemonLine{{"--chat-version", "3"}}));
}

TEST(DaemonFlags, AreEachThereOnce) {
    Words spellings;
    for (const auto& flag : flags_of(manifest_of_chat())) {
        spellings.push_back(flag.name);
        for (const auto& other : flag.others) spellings.push_back(other);
    }
    std::sort(spellings.begin(), spellings.end());
    EXPECT_EQ(std::adjacent_find(spellings.begin(), spellings.end()), spellings.end());
}

}  // namespace
}  // namespace coven
