#include "settings.hpp"

#include <gtest/gtest.h>

namespace coven::broker {
namespace {

Result<Settings> settings_with(std::vector<GivenFlag> flags,
                               const std::map<std::string, std::string>& environment) {
    auto known = common_settings();
    for (const auto& setting : describe().settings) known.push_back(setting);
    Config::Sources sources;
    sources.flags = std::move(flags);
    const auto config = Config::load(known, sources);
    if (config.has_error()) return config.error();
    return settings_from(*config, environment);
}

std::string refusal(const char* key, const char* value) {
    const auto settings = settings_with({{key, value}}, {{"HOME", "/h"}});
    return settings.has_error() ? settings.error().message : "";
}

TEST(Settings, HaveTheDefaultsOfTheContract) {
    const auto settings = settings_with({}, {{"HOME", "/h"}}).value();
    EXPECT_EQ(settings.doors.publish, "tcp://127.0.0.1:5555");
    EXPECT_EQ(settings.doors.subscribe, "tcp://127.0.0.1:5556");
    EXPECT_EQ(settings.doors.request, "tcp://127.0.0.1:5557");
    EXPECT_EQ(settings.id, "main");
    EXPECT_EQ(settings.data, "/h/.local/state/coven/broker");
    EXPECT_EQ(settings.limits.max_event_bytes, 65536u);
    EXPECT_EQ(settings.limits.max_topics, 1'000'000u);
}

TEST(Settings, AreTaken) {
    const auto settings = settings_with({{"broker.data", "/d"},
                                         {"broker.id", "b-2"},
                                         {"broker.max_event_bytes", "524288"},
                                         {"broker.max_topics", "5"}},
                                        {})
                              .value();
    EXPECT_EQ(settings.data, "/d");
    EXPECT_EQ(settings.id, "b-2");
    EXPECT_EQ(settings.limits.max_event_bytes, 524288u);
    EXPECT_EQ(settings.limits.max_topics, 5u);
}

TEST(Settings, ThatCannotBeMeantAreRefused) {
    EXPECT_EQ(refusal("broker.id", "a.b"),
              "broker.id has a character outside of a-z, 0-9, '_' and '-': 'a.b'");
    EXPECT_EQ(refusal("broker.max_event_bytes", "524289"),
              "--broker-max-event-bytes is not from 1024 to 524288: '524289'");
    EXPECT_EQ(refusal("broker.max_topics", "0"),
              "--broker-max-topics is not from 1 to 100000000: '0'");
    const auto homeless = settings_with({}, {});
    ASSERT_TRUE(homeless.has_error());
    EXPECT_EQ(homeless.error().message,
              "there is no folder for the broker's data: set [broker] data");
}

}  // namespace
}  // namespace coven::broker
