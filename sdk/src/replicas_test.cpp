#include "coven/replicas.hpp"

#include <algorithm>
#include <map>
#include <string>

#include <gtest/gtest.h>

namespace coven {
namespace {

Replicas replicas_named(const std::vector<std::string>& names) {
    Replicas replicas;
    for (const auto& name : names) replicas.there.push_back({name, {}});
    return replicas;
}

TEST(Replicas, OneOwnsAll) {
    const auto alone = replicas_named({"chat-1"});
    EXPECT_EQ(owner_of("xqc", alone), "chat-1");
    EXPECT_EQ(owner_of("", alone), "chat-1");
}

TEST(Replicas, ShareAboutEvenly) {
    const auto three = replicas_named({"chat-1", "chat-2", "chat-3"});
    std::map<std::string, int> shares;
    for (int i = 0; i < 3000; ++i) ++shares[owner_of("channel" + std::to_string(i), three)];
    // Of 3000 coins with three sides a side shows 1000 ± 26 times.
    for (const auto& [name, share] : shares) EXPECT_NEAR(share, 1000, 150) << name;
    EXPECT_EQ(shares.size(), 3u);
}

TEST(Replicas, MoveOnlyTheShareOfTheOneThatGoes) {
    const auto three = replicas_named({"chat-1", "chat-2", "chat-3"});
    const auto two = replicas_named({"chat-1", "chat-3"});
    for (int i = 0; i < 1000; ++i) {
        const auto channel = "channel" + std::to_string(i);
        const auto& before = owner_of(channel, three);
        if (before == "chat-2") continue;
        EXPECT_EQ(owner_of(channel, two), before);
    }
}

/// A program in another language, or of an older build, must come to the same.
TEST(Replicas, AgreeAcrossBuilds) {
    const auto three = replicas_named({"chat-1", "chat-2", "chat-3"});
    EXPECT_EQ(owner_of("xqc", three), "chat-1");
    EXPECT_EQ(owner_of("forsen", three), "chat-2");
    EXPECT_EQ(owner_of("asmongold", three), "chat-3");
}

}  // namespace
}  // namespace coven
