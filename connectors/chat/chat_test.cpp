#include "chat.hpp"

#include <gtest/gtest.h>

namespace {

coven::Result<coven::Config> load_with(const std::string& key, const std::string& value) {
    auto settings = coven::common_settings();
    for (auto& setting : coven::manifest().settings) settings.push_back(setting);
    coven::Config::Sources sources;
    if (!key.empty()) sources.flags = {{key, value}};
    return coven::Config::load(settings, sources);
}

coven::Config config_with(const std::string& key, const std::string& value) {
    return load_with(key, value).value();
}

std::string failure_of(const std::string& key, const std::string& value) {
    const auto config = load_with(key, value);
    if (config.has_error()) return config.error().message;
    const auto connector = coven::make_connector(*config);
    return connector.has_error() ? connector.error().message : "none";
}

TEST(Chat, KnowsItsDefaults) {
    const auto settings = chat::Chat::read_settings(config_with("", "")).value();
    EXPECT_TRUE(settings.channels.empty());
    EXPECT_EQ(settings.feed.url, "wss://irc-ws.chat.twitch.tv:443");
    EXPECT_EQ(settings.joins.joins, 18u);
    EXPECT_EQ(settings.joins.window, std::chrono::seconds(12));
    EXPECT_EQ(settings.events.raw, chat::RawLines::keep);
    EXPECT_FALSE(settings.events.membership);
    EXPECT_FALSE(settings.events.whispers);
    EXPECT_EQ(settings.events.deleted_text, chat::DeletedText::tell);
    EXPECT_FALSE(settings.feed.dialogue.membership);
    EXPECT_TRUE(settings.read_as.empty());
    EXPECT_EQ(settings.rooms.rooms_per_connection, 90u);
    EXPECT_EQ(settings.rooms.rooms_per_account, 100u);
    EXPECT_EQ(settings.connect_every, std::chrono::seconds(2));
    EXPECT_EQ(settings.feed.dialogue.ping_every, std::chrono::seconds(30));
}

TEST(Chat, ReadsItsChannels) {
    const auto settings =
        chat::Chat::read_settings(config_with("chat.channels", "#Ann,bob,ann")).value();
    EXPECT_EQ(settings.channels, (std::vector<std::string>{"ann", "bob"}));
}

TEST(Chat, NamesTheSettingThatIsWrong) {
    EXPECT_EQ(failure_of("chat.channels", "ok,not-ok"),
              "chat.channels: channel is not a Twitch login (1 to 25 of a-z, 0-9 and '_'): "
              "'not-ok'");
    EXPECT_EQ(failure_of("chat.join_limit", "0"), "--chat-join-limit is not from 1 to 100000: '0'");
    EXPECT_EQ(failure_of("chat.join_limit", "100001"),
              "--chat-join-limit is not from 1 to 100000: '100001'");
    EXPECT_EQ(failure_of("chat.ping_every", "0s"), "--chat-ping-every is below 1s: '0s'");
    EXPECT_EQ(failure_of("chat.refused_retry", "999ms"),
              "--chat-refused-retry is below 1s: '999ms'");
    EXPECT_EQ(failure_of("chat.read_as", "not-ok"),
              "chat.read_as: channel is not a Twitch login (1 to 25 of a-z, 0-9 and '_'): "
              "'not-ok'");
    EXPECT_EQ(failure_of("chat.keep_raw", "false"), "none");
    EXPECT_EQ(failure_of("chat.accounts", "a b"),
              "chat.accounts: channel is not a Twitch login (1 to 25 of a-z, 0-9 and '_'): 'a b'");
}

TEST(Manifest, DescribesTheConnector) {
    const auto manifest = coven::manifest();
    EXPECT_EQ(manifest.kind, "chat");
    EXPECT_EQ(manifest.topics.size(), 14u);
    EXPECT_EQ(manifest.verbs.size(), 8u);
    // Reading needs no account; who writes is told what to grant.
    EXPECT_TRUE(manifest.scopes.empty());
    for (const auto& setting : manifest.settings) EXPECT_EQ(setting.key.find("chat."), 0u);
}

}  // namespace
