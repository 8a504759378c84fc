#include "journal_settings.hpp"

#include <gtest/gtest.h>

#include "settings.hpp"

namespace coven::broker {
namespace {

using namespace std::chrono_literals;

Result<JournalSettings> with(const std::vector<std::pair<std::string, std::string>>& flags) {
    Config::Sources sources;
    for (const auto& [key, value] : flags) sources.flags.push_back({key, value, "--" + key});
    const auto config = Config::load(describe().settings, sources);
    if (config.has_error()) return config.error();
    return journal_settings_from(*config);
}

TEST(JournalSettings, StoreAWeekAndTenGibibytesOfEachFamilyUnlessToldOtherwise) {
    const auto settings = with({});
    ASSERT_TRUE(settings.has_value()) << settings.error().message;
    EXPECT_EQ(settings->durability, Durability::commit);
    EXPECT_EQ(settings->retention.all.age, std::chrono::seconds(7 * 24h));
    EXPECT_EQ(settings->retention.all.bytes, std::uint64_t{10} << 30);
    EXPECT_TRUE(settings->retention.families.empty());
}

TEST(JournalSettings, CanBeOff) {
    EXPECT_FALSE(with({{"journal.durability", "off"}})->durability);
    EXPECT_EQ(with({{"journal.durability", "interval"}})->durability, Durability::interval);
    EXPECT_TRUE(with({{"journal.durability", "sometimes"}}).has_error());
}

TEST(JournalSettings, SayWhatIsStored) {
    const auto all = with({});
    EXPECT_TRUE(all->families.has_topic("twitch.chat.xqc.message"));
    EXPECT_TRUE(all->keep_raw);
    const auto some = with({{"journal.families", "chat,bus"}, {"journal.keep_raw", "false"}});
    EXPECT_TRUE(some->families.has_topic("twitch.chat.xqc.message"));
    EXPECT_TRUE(some->families.has_topic("bus.chat.chat-1.state"));
    EXPECT_FALSE(some->families.has_topic("twitch.heat.xqc.click"));
    EXPECT_FALSE(some->keep_raw);
    EXPECT_TRUE(with({{"journal.families", "Chat"}}).has_error());
}

TEST(JournalSettings, KeepForEverWithZero) {
    const auto settings = with({{"journal.keep_age", "0s"}, {"journal.keep_size", "0"}});
    EXPECT_FALSE(settings->retention.all.age);
    EXPECT_FALSE(settings->retention.all.bytes);
}

TEST(JournalSettings, FamiliesHaveLimitsOfTheirOwn) {
    const auto settings =
        with({{"journal.limits", "chat=24h:20GiB,redemption=90d,heat=:512MiB,stream=0s:0"}});
    ASSERT_TRUE(settings.has_value()) << settings.error().message;
    const auto& retention = settings->retention;
    EXPECT_EQ(retention.of("chat").age, std::chrono::seconds(24h));
    EXPECT_EQ(retention.of("chat").bytes, std::uint64_t{20} << 30);
    EXPECT_EQ(retention.of("redemption").age, std::chrono::seconds(90 * 24h));
    EXPECT_EQ(retention.of("redemption").bytes, retention.all.bytes);
    EXPECT_EQ(retention.of("heat").age, retention.all.age);
    EXPECT_EQ(retention.of("heat").bytes, std::uint64_t{512} << 20);
    EXPECT_FALSE(retention.of("stream").age);
    EXPECT_FALSE(retention.of("stream").bytes);
    EXPECT_EQ(retention.of("token").age, retention.all.age);
}

TEST(JournalSettings, NameTheKeyOfWhatIsWrong) {
    for (const auto& [key, value] :
         std::vector<std::pair<std::string, std::string>>{{"journal.keep_size", "10GB"},
                                                          {"journal.keep_size", ""},
                                                          {"journal.keep_size", "-1"},
                                                          {"journal.keep_size", "99999999999TiB"},
                                                          {"journal.limits", "chat"},
                                                          {"journal.limits", "=24h"},
                                                          {"journal.limits", "Chat=24h"},
                                                          {"journal.limits", "chat=tomorrow"},
                                                          {"journal.limits", "chat=24h:much"}}) {
        const auto settings = with({{key, value}});
        ASSERT_TRUE(settings.has_error()) << value;
        EXPECT_EQ(settings.error().message.rfind(key, 0), 0u) << settings.error().message;
    }
}

TEST(ParseSize, KnowsBinaryUnits) {
    EXPECT_EQ(*parse_size("0"), 0u);
    EXPECT_EQ(*parse_size("1000"), 1000u);
    EXPECT_EQ(*parse_size("3KiB"), 3072u);
    EXPECT_EQ(*parse_size("1TiB"), std::uint64_t{1} << 40);
    for (const char* text : {"", "GiB", "1 GiB", "1gib", "0x10"}) {
        EXPECT_TRUE(parse_size(text).has_error()) << text;
    }
}

}  // namespace
}  // namespace coven::broker
