#include "settings.hpp"

#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

#include "coven/temp_folder.hpp"

namespace coven::sim {
namespace {

using Flags = std::vector<GivenFlag>;

Result<Settings> settings_with(Flags flags) {
    Config::Sources sources;
    sources.flags = std::move(flags);
    const auto config = Config::load(manifest().settings, sources);
    if (!config) return config.error();
    auto settings = read_settings(*config);
    if (!settings) return settings;
    const auto certified = make_certificates(*config, *settings);
    if (!certified) return certified.error();
    return settings;
}

TEST(Settings, HaveQuietDefaults) {
    const auto settings = settings_with({});
    ASSERT_TRUE(settings.has_value()) << settings.error().message;
    EXPECT_TRUE(settings->channels.empty());
    EXPECT_FALSE(settings->server.tls);
    EXPECT_FALSE(settings->ends);
    EXPECT_EQ(settings->server.patience.ping_every, std::chrono::minutes(5));
    EXPECT_EQ(settings->control->port, 5559);
    EXPECT_EQ(settings->if_control_taken, ControlPort::IfTaken::take_another);
    EXPECT_FALSE(settings_with({{"sim.control", "none"}})->control);
    const auto& accounts = settings->api.accounts;
    EXPECT_EQ(accounts.approvers, (std::vector<std::string>{"coven_bot", "streamer"}));
    EXPECT_EQ(accounts.applications.size(), 2u);
    EXPECT_EQ(accounts.approval, std::chrono::seconds(1));
    EXPECT_FALSE(settings_with({{"sim.device_approval", "never"}})->api.accounts.approval);
}

TEST(Settings, AreUnderstood) {
    const auto settings = settings_with({{"sim.channels", "a,b"},
                                         {"sim.channel_count", "2"},
                                         {"sim.lines", "7"},
                                         {"sim.suspended", "gone"},
                                         {"sim.clients", "one,two=x=y"},
                                         {"sim.token_life", "1500ms"},
                                         {"sim.setup", "role a bot vip; ban b troll;"},
                                         {"sim.sends", "1000"},
                                         {"sim.any_token", "true"},
                                         {"sim.tokens", "bot=secret"}});
    ASSERT_TRUE(settings.has_value()) << settings.error().message;
    EXPECT_EQ(settings->channels, (std::vector<std::string>{"a", "b", "sim_0001", "sim_0002"}));
    EXPECT_EQ(settings->flow.lines, 7u);
    EXPECT_TRUE(settings->ends);
    EXPECT_TRUE(settings->server.rules.suspended.contains("gone"));
    EXPECT_EQ(settings->tokens.at("bot").reveal(), "secret");
    EXPECT_EQ(settings->setup.size(), 2u);
    EXPECT_EQ(settings->server.rules.sends.ordinary, 1000u);
    EXPECT_EQ(settings->server.rules.sends.privileged, 100u);
    EXPECT_EQ(settings->server.rules.strangers, Strangers::welcome);
    EXPECT_EQ(settings_with({})->server.rules.strangers, Strangers::refused);
    EXPECT_EQ(settings_with({{"sim.setup", "dance"}}).error().message,
              "sim.setup: no such verb: 'dance'");
    EXPECT_TRUE(settings_with({{"sim.setup", "wait xqc"}}).has_error());
    const auto& applications = settings->api.accounts.applications;
    EXPECT_TRUE(applications.at(0).is_public());
    EXPECT_EQ(applications.at(1).client_id, "two");
    EXPECT_EQ(applications.at(1).secret.reveal(), "x=y");
    EXPECT_EQ(settings->api.accounts.token_life, std::chrono::seconds(2));
}

TEST(Settings, RefuseWhatMakesNoSense) {
    struct Row {
        const char* key;
        const char* value;
        const char* message;
    };
    for (const auto& row : {
             Row{"sim.chat_port", "65536", "sim.chat_port is out of range: '65536'"},
             Row{"sim.rate", "-1", "sim.rate is out of range: '-1'"},
             Row{"sim.tokens", "secret", "sim.tokens has an entry that is not login=token"},
             Row{"sim.file", "/nowhere/x", "--sim-file names no file: '/nowhere/x'"},
             Row{"sim.script", "/nowhere/x", "--sim-script names no file: '/nowhere/x'"},
             Row{"sim.file", "/", "--sim-file names a folder, not a file: '/'"},
             Row{"sim.script", "/", "--sim-script names a folder, not a file: '/'"},
             Row{"sim.channels", "ok,No",
                 "sim.channels has what is no login (1 to 25 of a-z, 0-9 and '_'): 'No'"},
             Row{"sim.suspended", "a b",
                 "sim.suspended has what is no login (1 to 25 of a-z, 0-9 and '_'): 'a b'"},
             Row{"sim.unknown", "#x",
                 "sim.unknown has what is no login (1 to 25 of a-z, 0-9 and '_'): '#x'"},
             Row{"sim.accounts", "Bot",
                 "sim.accounts has what is no login (1 to 25 of a-z, 0-9 and '_'): 'Bot'"},
             Row{"sim.accounts", "", "sim.accounts names nobody"},
             Row{"sim.clients", "", "sim.clients names no application"},
             Row{"sim.clients", "=x", "sim.clients has an entry without a client id"},
             Row{"sim.device_approval", "soon",
                 "sim.device_approval is no duration such as 550ms, 12s, 5m or 1h: 'soon', nor "
                 "never"},
             Row{"sim.bind", "somewhere", "sim.bind is no address: 'somewhere'"},
             Row{"sim.control", "here",
                 "sim.control is no address and port, such as 127.0.0.1:5559: 'here'"},
             Row{"sim.faults", "1s dance",
                 "sim.faults: step 1 of the script: no such verb: 'dance'"},
             Row{"sim.certificates", "/dev/null/x", "cannot write '/dev/null/x/ca.pem'"},
         }) {
        const auto settings = settings_with({{row.key, row.value}});
        ASSERT_TRUE(settings.has_error()) << row.key;
        EXPECT_EQ(settings.error().message, row.message);
    }
}

TEST(Settings, NameTheScriptThatCannotBeUnderstood) {
    const TempFolder folder;
    std::ofstream(folder.file("x.script")) << "0s dance\n";
    const auto settings = settings_with({{"sim.script", folder.file("x.script")}});
    ASSERT_TRUE(settings.has_error());
    EXPECT_EQ(settings.error().message,
              "'" + folder.file("x.script") + "': line 1 of the script: no such verb: 'dance'");
}

TEST(Settings, WriteTheAuthoritysCertificate) {
    const TempFolder folder;
    const auto settings = settings_with({{"sim.certificates", folder.file("new")}});
    ASSERT_TRUE(settings.has_value()) << settings.error().message;
    EXPECT_TRUE(settings->server.tls);
    EXPECT_TRUE(std::filesystem::exists(settings->ca_file));
    EXPECT_EQ(settings->tls_host, "localhost");
}

TEST(Settings, RefuseACertificateForNobody) {
    const TempFolder folder;
    const auto settings =
        settings_with({{"sim.certificates", folder.path()}, {"sim.host_names", ""}});
    ASSERT_TRUE(settings.has_error());
    EXPECT_EQ(settings.error().message, "a certificate needs a host name");
}

}  // namespace
}  // namespace coven::sim
