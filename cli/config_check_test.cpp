#include "config_check.hpp"

#include <fstream>

#include <gtest/gtest.h>

#include "coven/temp_folder.hpp"

namespace coven::cli {
namespace {

using Kind = Setting::Kind;
using Texts = std::vector<std::string>;

std::vector<Neighbour> programs() {
    Neighbour dice;
    dice.manifest.kind = "dice";
    dice.manifest.summary = "throws dice";
    dice.manifest.settings = {{"dice.sides", Kind::number, "6", "sides of a die", "2..100"},
                              {"dice.words", Kind::list, "a,b", "what it says"},
                              {"dice.key", Kind::secret, "", "opens the box"}};
    dice.flags = flags_of(dice.manifest);
    return {dice};
}

class ConfigCheck : public ::testing::Test {
  protected:
    Texts faults_of(const std::string& text,
                    const std::map<std::string, std::string>& environment = {}) {
        const auto file = folder_.file("coven.toml");
        std::ofstream(file) << text;
        auto faults = config_faults(judgement_of(programs(), "/bin"), file, environment);
        for (auto& fault : faults) {
            const auto at = fault.find(folder_.path());
            if (at != std::string::npos) fault.erase(at, folder_.path().size() + 1);
        }
        return faults;
    }

    TempFolder folder_;
};

TEST_F(ConfigCheck, FindsNothingWhereNothingIsWrong) {
    EXPECT_EQ(faults_of("[dice]\nsides = 8\n[log]\nlevel = \"debug\"\n",
                        {{"COVEN_DICE_SIDES", "4"},
                         {"COVEN_CONFIG", "x"},
                         {"COVEN_INSTANCE", "x"},
                         {"COVEN_DICE_KEY_FILE", "/dev/null"},
                         {"COVEN_TEST_WHATEVER", "1"}}),
              Texts{});
}

TEST_F(ConfigCheck, NamesSectionsKeysAndVariablesThatNobodyKnows) {
    EXPECT_EQ(faults_of("[dcie]\nsides = 8\n\n[dice]\nside = 1\n[entirely_else]\n",
                        {{"COVEN_DICE_SIDE", "4"}, {"COVEN_X", ""}}),
              (Texts{"coven.toml:5: unknown key 'dice.side', did you mean 'dice.sides'?",
                     "coven.toml:1: unknown section 'dcie', did you mean 'dice'?",
                     "coven.toml:6: unknown section 'entirely_else'",
                     "unknown variable 'COVEN_DICE_SIDE', did you mean 'COVEN_DICE_SIDES'?",
                     "unknown variable 'COVEN_X'"}));
}

TEST_F(ConfigCheck, NamesEveryWrongValueWithItsPlace) {
    const std::string no_address =
        "is no address such as tcp://127.0.0.1:5555 or ipc:///run/coven/publish: '5'";
    EXPECT_EQ(faults_of("[dice]\nsides = 101\nwords = \"x\"\n[bus]\npublish = 5\n"
                        "[twitch]\nchat_url = \"irc\"\nca_file = \"/nowhere/x\"\n",
                        {{"COVEN_LOG_LEVEL", "loud"}}),
              (Texts{"coven.toml:2: 'dice.sides' is not from 2 to 100: '101'",
                     "coven.toml:5: 'bus.publish' " + no_address,
                     "coven.toml:7: 'twitch.chat_url' is no URL such as wss://host/path: 'irc'",
                     "coven.toml:8: 'twitch.ca_file' names no file: '/nowhere/x'",
                     "COVEN_LOG_LEVEL is none of debug, info, warn, error: 'loud'"}));
}

TEST_F(ConfigCheck, JudgesProgramsOfAnyLanguage) {
    EXPECT_EQ(faults_of("[connectors.mine]\ncommand = [\"sh\", \"-c\", \"true\"]\n"
                        "[mine]\nanything = 1\n"),
              Texts{});
    EXPECT_EQ(faults_of("[connectors.a]\ncommand = \"sh\"\n[connectors.b]\ncomand = 1\n"
                        "[connectors.c]\ncommand = [\"no-such-program\"]\n[connectors.d]\n"),
              (Texts{"coven.toml:2: 'connectors.a.command' is a list such as "
                     "[\"python3\", \"mine.py\"]",
                     "coven.toml:4: unknown key 'connectors.b.comand', only command is known there",
                     "coven.toml:6: 'connectors.c.command' names no program: 'no-such-program'",
                     "coven.toml:7: 'connectors.d' has no command"}));
    EXPECT_EQ(faults_of("[connectors]\nmine = 1\n").size(), 1u);
}

TEST_F(ConfigCheck, SaysWhichFileIsNotThere) {
    EXPECT_EQ(config_faults(judgement_of({}, ""), "/nowhere/coven.toml", {}),
              Texts{"no such file: '/nowhere/coven.toml'"});
}

TEST(ConfigSample, HasEverySettingCommentedOut) {
    const auto sample = config_sample(sections_of(programs()));
    for (const char* part : {"\n# coven-dice: throws dice.\n[dice]\n",
                             "\n# Sides of a die, 2..100.\n# COVEN_DICE_SIDES\n#sides = 6\n",
                             "\n#words = [\"a\", \"b\"]\n", "\n#key = \"\"\n",
                             "\n#publish = \"tcp://127.0.0.1:5555\"\n"}) {
        EXPECT_NE(sample.find(part), std::string::npos) << part;
    }
}

TEST(ConfigSchema, SaysWhatMayStandWhere) {
    const auto schema = config_schema(sections_of(programs()), {});
    for (const char* part : {"\"minimum\": 2", "\"maximum\": 100", "\"default\": [\"a\",\"b\"]",
                             "\"enum\": [\"debug\",\"info\",\"warn\",\"error\"]"}) {
        EXPECT_NE(schema.find(part), std::string::npos) << part << schema;
    }
}

TEST(Sections, HoldEachSettingOnce) {
    auto two = programs();
    two.push_back(two.front());
    two.front().manifest.settings.push_back(common_settings().front());
    EXPECT_EQ(settings_in(sections_of(two)).size(), common_settings().size() + 3);
}

}  // namespace
}  // namespace coven::cli
