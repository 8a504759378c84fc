#include "login.hpp"

#include <fstream>

#include <gtest/gtest.h>

#include "coven/temp_folder.hpp"

namespace coven::cli {
namespace {

using Words = std::vector<std::string>;

Neighbour connector(const std::string& kind, const Words& scopes) {
    Neighbour neighbour;
    neighbour.manifest.kind = kind;
    neighbour.manifest.scopes = scopes;
    return neighbour;
}

TEST(Login, AsksForWhatTheConfiguredConnectorsNeed) {
    Neighbours programs;
    programs.programs = {connector("chat", {"chat:read", "user:read:chat"}), connector("heat", {}),
                         connector("reward", {"user:read:chat", "channel:read:redemptions"})};
    programs.programs[1].manifest.optional_scopes = {"heat:read"};
    const TempFolder folder;
    std::ofstream(folder.file("coven.toml")) << "[chat]\n[heat]\n[twitch]\n";
    EXPECT_EQ(scopes_needed(folder.file("coven.toml"), programs).value(),
              (Words{"chat:read", "heat:read", "user:read:chat"}));
    std::ofstream(folder.file("other.toml")) << "[connectors.reward]\ncommand = ['reward']\n";
    EXPECT_EQ(scopes_needed(folder.file("other.toml"), programs).value(),
              (Words{"channel:read:redemptions", "user:read:chat"}));
    EXPECT_EQ(scopes_needed("", programs).value(),
              (Words{"channel:read:redemptions", "chat:read", "heat:read", "user:read:chat"}));
    EXPECT_TRUE(scopes_needed(folder.file("none"), programs).has_error());
}

TEST(Login, EncodesTheAddressThatIsOpened) {
    EXPECT_EQ(authorize_url("https://id.twitch.tv/oauth2", "a&b", {"chat:read", "chat:edit"}, "s1"),
              "https://id.twitch.tv/oauth2/authorize?response_type=token&client_id=a%26b&"
              "redirect_uri=https%3A%2F%2Flocalhost&scope=chat%3Aread%20chat%3Aedit&state=s1&"
              "force_verify=true");
}

TEST(Login, ShowsACodeSafely) {
    DeviceCode device;
    device.user_code = "ABCD\x1b[2J";
    device.verification_uri = "https://www.twitch.tv/activate?device-code=ABCD";
    device.expires_in = std::chrono::minutes(30);
    const auto text = device_text(device);
    EXPECT_NE(text.find(device.verification_uri), std::string::npos);
    EXPECT_NE(text.find("ABCD"), std::string::npos);
    EXPECT_NE(text.find("30 min"), std::string::npos);
    EXPECT_EQ(text.find('\x1b'), std::string::npos);
}

}  // namespace
}  // namespace coven::cli
