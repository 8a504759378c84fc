#include "coven/config_file.hpp"

#include <fstream>

#include <gtest/gtest.h>

#include "coven/temp_folder.hpp"

namespace coven {
namespace {

class ConfigSections : public ::testing::Test {
  protected:
    Result<std::vector<ConfigSection>> read(const std::string& text) {
        std::ofstream(path_) << text;
        return read_config_file(path_);
    }

    TempFolder folder_;
    std::string path_ = folder_.file("coven.toml");
};

TEST_F(ConfigSections, GivesItsSectionsInTheirOrderTheEmptyOnesToo) {
    const auto sections = read("[zebra]\n\n[chat]\nchannels = [\"b\", \"a\"]\nkeep_raw = false\n");
    ASSERT_TRUE(sections.has_value());
    ASSERT_EQ(sections->size(), 2u);
    EXPECT_EQ(sections->at(0).name, "zebra");
    EXPECT_EQ(sections->at(0).line, 1u);
    EXPECT_TRUE(sections->at(0).entries.empty());
    const auto& chat = sections->at(1);
    ASSERT_EQ(chat.entries.size(), 2u);
    EXPECT_EQ(chat.entries[0].key, "chat.channels");
    EXPECT_EQ(chat.entries[0].items, (std::vector<std::string>{"b", "a"}));
    EXPECT_EQ(chat.entries[1].text, "false");
    EXPECT_EQ(chat.entries[1].line, 5u);
}

TEST_F(ConfigSections, GivesATableWithWhatStandsInIt) {
    const auto sections = read("[connectors.mine]\ncommand = [\"python3\", \"mine.py\"]\n");
    ASSERT_TRUE(sections.has_value());
    const auto& mine = sections->at(0).entries.at(0);
    EXPECT_EQ(mine.key, "connectors.mine");
    EXPECT_TRUE(mine.is_table);
    ASSERT_EQ(mine.inner.size(), 1u);
    EXPECT_EQ(mine.inner[0].key, "connectors.mine.command");
    EXPECT_TRUE(mine.inner[0].is_list);
    EXPECT_EQ(mine.inner[0].line, 2u);
}

TEST_F(ConfigSections, DoesNotFollowATableForEver) {
    const auto sections = read("[a.b.c.d.e.f]\ng = 1\n");
    ASSERT_TRUE(sections.has_value());
    const auto& deepest = sections->at(0).entries.at(0).inner.at(0).inner.at(0);
    EXPECT_EQ(deepest.key, "a.b.c.d");
    EXPECT_TRUE(deepest.is_table);
    EXPECT_TRUE(deepest.inner.empty());
}

TEST_F(ConfigSections, NamesTheLineThatStandsOutsideOfASection) {
    const auto sections = read("[chat]\n[[connectors]]\nname = 1\n");
    ASSERT_TRUE(sections.has_error());
    EXPECT_NE(sections.error().message.find(":2: 'connectors' stands outside of a [section]"),
              std::string::npos)
        << sections.error().message;
}

}  // namespace
}  // namespace coven
