#include "coven/manifest_json.hpp"

#include <gtest/gtest.h>

namespace coven {
namespace {

std::string fault_of(std::string_view text) {
    const auto manifest = manifest_from_json(text);
    return manifest.has_error() ? manifest.error().message : "none";
}

TEST(ManifestJson, ComesBackAsItWentOut) {
    Manifest manifest;
    manifest.kind = "dice";
    manifest.summary = "throws \"dice\"";
    manifest.topics = {{"dice.>", "dice.v1.Throw", "a throw"}};
    manifest.verbs = {"dice.throw"};
    manifest.scopes = {"user:read:dice"};
    manifest.optional_scopes = {"user:write:dice"};
    manifest.settings = {
        {"dice.pause", Setting::Kind::duration, "2s", "between two throws", "1s.."},
        {"dice.key", Setting::Kind::secret, "", "opens the box"}};
    manifest.examples = {{"coven-dice --pause 1s", "throw often"}};
    const auto again = manifest_from_json(json_of(manifest));
    ASSERT_TRUE(again.has_value());
    EXPECT_EQ(json_of(*again), json_of(manifest));
}

TEST(ManifestJson, HasEveryFlag) {
    Manifest manifest;
    manifest.kind = "dice";
    manifest.settings = {{"dice.pause", Setting::Kind::duration, "2s", "between two throws"}};
    const auto said = flags_from_json(json_of(manifest));
    const auto meant = flags_of(manifest);
    ASSERT_EQ(said.size(), meant.size());
    for (std::size_t i = 0; i < said.size(); ++i) {
        EXPECT_EQ(said[i].name, meant[i].name);
        EXPECT_EQ(said[i].others, meant[i].others) << said[i].name;
        EXPECT_EQ(said[i].value, meant[i].value) << said[i].name;
        EXPECT_EQ(said[i].kind, meant[i].kind) << said[i].name;
        EXPECT_EQ(said[i].choices, meant[i].choices) << said[i].name;
        EXPECT_EQ(said[i].key, meant[i].key) << said[i].name;
    }
    EXPECT_TRUE(flags_from_json("nonsense").empty());
}

TEST(ManifestJson, PassesOverWhatItDoesNotKnow) {
    const auto manifest = manifest_from_json(
        R"({"kind":"dice","x":1,"settings":[{"key":"dice.x","kind":"new"},7],"verbs":[8]})");
    ASSERT_TRUE(manifest.has_value());
    ASSERT_EQ(manifest->settings.size(), 1u);
    EXPECT_EQ(manifest->settings[0].kind, Setting::Kind::text);
    EXPECT_TRUE(manifest->verbs.empty());
}

TEST(ManifestJson, SaysWhatIsMissing) {
    EXPECT_EQ(fault_of(""), "manifest is no JSON object");
    EXPECT_EQ(fault_of("[1]"), "manifest is no JSON object");
    EXPECT_EQ(fault_of(R"({"kind":7})"), "manifest has no kind");
    EXPECT_EQ(fault_of(R"({"kind":"a","settings":[{}]})"), "manifest has a setting without a key");
}

}  // namespace
}  // namespace coven
