#include "complete.hpp"

#include <gtest/gtest.h>

namespace coven::cli {
namespace {

using Words = std::vector<std::string>;

Neighbour chat() {
    Neighbour program;
    program.manifest.kind = "chat";
    program.manifest.summary = "reads chat";
    program.manifest.settings = {
        {"chat.join_limit", Setting::Kind::number, "18", "joins", "1..2000"},
        {"chat.keep_raw", Setting::Kind::flag, "true", "keep the line"},
    };
    program.manifest.verbs = {"chat.send", "channels.add"};
    program.flags = flags_of(program.manifest);
    return program;
}

Completion complete_with_sources(const Words& words) {
    const Sources sources = {
        [](const std::string&) {
            return Words{"twitch.chat.a.gap", "twitch.chat.a.message", "twitch.chat.b.message"};
        },
        [] { return std::vector<Neighbour>{chat()}; },
        [] {
            return Words{"ann", "bob"};
        }};
    return complete(words, sources);
}

Words offered(const Words& words) {
    Words found;
    for (const auto& candidate : complete_with_sources(words).candidates) {
        found.push_back(candidate.word);
    }
    return found;
}

TEST(Complete, OffersCommandsAndTheirSecondWords) {
    EXPECT_EQ(offered({"coven", "ta"}), Words{"tail"});
    EXPECT_EQ(offered({"/opt/bin/coven", "conf"}), Words{"config"});
    EXPECT_EQ(offered({"coven", "config", ""}), (Words{"check", "print", "schema", "sample"}));
    EXPECT_EQ(offered({"coven", "--v"}), Words{"--version"});
    EXPECT_TRUE(offered({"coven", "complet", ""}).empty());
    EXPECT_EQ(offered({"coven", "complete"}), Words{});
}

TEST(Complete, SaysWhatACommandIsFor) {
    const auto completion = complete_with_sources({"coven", "conf"});
    EXPECT_EQ(completion.candidates.at(0).help, "judge, show and describe the configuration");
}

TEST(Complete, OffersFlagsOfTheCommandAndOfAll) {
    EXPECT_EQ(offered({"coven", "tail", "--co"}), (Words{"--count", "--config", "--color"}));
    EXPECT_EQ(offered({"coven", "tail", "--count", "3", "--h"}), (Words{"--human", "--help"}));
}

TEST(Complete, OffersTheChoicesOfAFlagInBothSpellings) {
    EXPECT_EQ(offered({"coven", "tail", "--color", "a"}), (Words{"auto", "always"}));
    EXPECT_EQ(offered({"coven", "tail", "--color=n"}), Words{"--color=never"});
}

TEST(Complete, OffersNothingForANumberOrAnUnknownFlag) {
    EXPECT_TRUE(offered({"coven", "tail", "--count", ""}).empty());
    EXPECT_TRUE(offered({"coven", "tail", "--jason="}).empty());
}

TEST(Complete, OffersTopicsProgramsAndChoicesForArguments) {
    EXPECT_EQ(offered({"coven", "tail", "twitch.chat.b"}), Words{"twitch.chat.b.message"});
    EXPECT_EQ(offered({"coven", "tail", "x", "twitch.chat.b"}), Words{"twitch.chat.b.message"});
    EXPECT_TRUE(offered({"coven", "topics", "x", "twitch."}).empty());
    EXPECT_EQ(offered({"coven", "channels", ""}),
              (Words{"list", "add", "remove", "forget", "a", "b"}));
    EXPECT_EQ(offered({"coven", "channels", "ad"}), Words{"add"});
    EXPECT_EQ(offered({"coven", "channels", "add", "a", ""}), (Words{"a", "b"}));
    EXPECT_EQ(offered({"coven", "channels", "remove", "--kind", ""}), Words{"chat"});
    EXPECT_EQ(offered({"coven", "sim", "cut", "--channel=b"}), Words{"--channel=b"});
    EXPECT_EQ(offered({"coven", "sim", "cut", "--channel", "b"}), Words{"b"});
    EXPECT_EQ(offered({"coven", "completion", "f"}), Words{"fish"});
    EXPECT_EQ(offered({"coven", "config", "print", "--program", ""}), Words{"chat"});
}

TEST(Complete, OffersVerbsOnlyInTheirPlace) {
    EXPECT_EQ(offered({"coven", "request", ""}), (Words{"channels.add", "chat.send"}));
    EXPECT_EQ(offered({"coven", "request", "chat.s"}), Words{"chat.send"});
    EXPECT_EQ(offered({"coven", "request", "chat.send", "ch"}), Words{});
}

TEST(Complete, OffersTheAccountsThatAreLoggedIn) {
    for (const char* verb : {"show", "validate", "refresh", "revoke"}) {
        EXPECT_EQ(offered({"coven", "token", verb, ""}), (Words{"ann", "bob"})) << verb;
        EXPECT_EQ(offered({"coven", "token", verb, "ann", ""}), Words{}) << verb;
    }
    EXPECT_EQ(offered({"coven", "token", "show", "--reveal", "b"}), Words{"bob"});
    EXPECT_EQ(offered({"coven", "token", "list", ""}), Words{});
}

TEST(Complete, LeavesFilesToTheShell) {
    for (const auto& words :
         {Words{"coven", "tail", "-c", "co"}, Words{"coven", "tail", "--config="},
          Words{"coven-chat", "--twitch-ca-file", ""}}) {
        EXPECT_EQ(complete_with_sources(words).files, Completion::Files::files) << words.back();
    }
    EXPECT_EQ(complete_with_sources({"coven", "tail", ""}).files, Completion::Files::none);
}

TEST(Complete, KnowsTheFlagsOfAProgramFromItsManifest) {
    EXPECT_EQ(offered({"coven-chat", "--jo"}), Words{"--join-limit"});
    EXPECT_EQ(offered({"./coven-chat", "--keep_raw", ""}), (Words{"true", "false"}));
    EXPECT_EQ(offered({"./coven-chat", "--chat.keep_raw=t"}), Words{"--chat.keep_raw=true"});
    EXPECT_EQ(offered({"coven-chat", "--log-level=d"}), Words{"--log-level=debug"});
    EXPECT_TRUE(offered({"coven-nobody", "--"}).empty());
}

TEST(Complete, StandsWhateverItIsGiven) {
    for (const auto& words : {Words{}, Words{"coven"}, Words{""}, Words{"", ""}, Words{"coven", ""},
                              Words{"coven", "config", "check", "-", ""}}) {
        complete_with_sources(words);
    }
}

}  // namespace
}  // namespace coven::cli
