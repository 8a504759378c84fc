#include "channel_share.hpp"

#include <gtest/gtest.h>

namespace {

using namespace std::chrono_literals;
using chat::ChannelShare;
using coven::Replicas;
using Names = std::vector<std::string>;

constexpr coven::Time noon{1000h};

/// Of chat-1, chat-2 and chat-3, "xqc" is chat-1's, "forsen" chat-2's and "asmongold" chat-3's; of
/// the first two, "asmongold" is chat-2's.
const Names channels = {"asmongold", "forsen", "xqc"};

Replicas replicas_of(const Names& there, const Names& gone = {}) {
    Replicas replicas;
    for (const auto& name : there) replicas.there.push_back({name, noon});
    for (const auto& name : gone) replicas.gone.push_back({name, noon + 30s});
    return replicas;
}

/// "asmongold+until, forsen+overlap; ended xqc; moving a; staying b"
std::string shown(const ChannelShare::Changes& changes) {
    std::string text;
    for (const auto& started : changes.started) {
        text += (text.empty() ? "" : " ") + started.channel;
        if (started.overlaps) text += "+overlap";
        if (!started.heard_until) continue;
        const auto until = std::chrono::floor<std::chrono::seconds>(*started.heard_until - noon);
        text += "+until " + std::to_string(until.count());
    }
    for (const auto& channel : changes.ended) text += "; ended " + channel;
    for (const auto& channel : changes.moving) text += "; moving " + channel;
    for (const auto& channel : changes.staying) text += "; staying " + channel;
    return text;
}

class ShareOfThree : public testing::Test {
  protected:
    std::string update(const Names& there, const Names& gone = {}) {
        return shown(share_.update(replicas_of(there, gone)));
    }
    Names ours() const {
        Names names;
        for (const auto& [channel, origin] : share_.ours()) names.push_back(channel);
        return names;
    }

    ChannelShare share_{channels, "chat-1"};
};

TEST_F(ShareOfThree, IsEverythingWhileThereIsNobodyElse) {
    EXPECT_EQ(update({"chat-1"}), "asmongold forsen xqc");
    EXPECT_EQ(update({"chat-1"}), "");
    EXPECT_FALSE(share_.hands_over());
}

TEST_F(ShareOfThree, OverlapsWithThoseThatWereThereBefore) {
    EXPECT_EQ(update({"chat-1", "chat-2", "chat-3"}), "xqc+overlap");
    EXPECT_EQ(ours(), Names{"xqc"});
    share_.claim("forsen", "chat-2");
    share_.claim("asmongold", "chat-3");
    EXPECT_FALSE(share_.hands_over());
}

TEST_F(ShareOfThree, MissesWhatNobodyHeardSinceTheLastOneWent) {
    EXPECT_EQ(update({"chat-1"}, {"chat-0"}), "asmongold+until 30 forsen+until 30 xqc+until 30");
}

TEST_F(ShareOfThree, MissesWhatTheProcessBeforeHeardUntilItEnded) {
    auto replicas = replicas_of({"chat-1"});
    replicas.earlier_beat = noon - 5min;
    EXPECT_EQ(shown(share_.update(replicas)),
              "asmongold+until -300 forsen+until -300 xqc+until -300");
    // Only once.
    EXPECT_EQ(shown(share_.update(replicas)), "");
}

TEST_F(ShareOfThree, MissesItsOwnShareIfNobodyElseMayHaveNoticedThatItWasAway) {
    auto replicas = replicas_of({"chat-1", "chat-2", "chat-3"});
    replicas.earlier_beat = noon - 5s;
    EXPECT_EQ(shown(share_.update(replicas)), "xqc+overlap+until -5");
}

TEST_F(ShareOfThree, LeavesTheGapToThoseThatTookOverFromTheProcessBefore) {
    auto replicas = replicas_of({"chat-1", "chat-2", "chat-3"});
    replicas.earlier_beat = noon - 6s;
    EXPECT_EQ(shown(share_.update(replicas)), "xqc+overlap");
}

TEST_F(ShareOfThree, HandsOverToANewOneOnceThatOneHears) {
    update({"chat-1"});
    EXPECT_EQ(update({"chat-1", "chat-2"}), "; moving asmongold; moving forsen");
    EXPECT_TRUE(share_.hands_over());
    EXPECT_EQ(ours(), channels);
    EXPECT_FALSE(share_.confirm("forsen", "chat-3"));
    EXPECT_FALSE(share_.confirm("xqc", "chat-2"));
    EXPECT_TRUE(share_.confirm("forsen", "chat-2"));
    EXPECT_FALSE(share_.confirm("forsen", "chat-2"));
    EXPECT_TRUE(share_.confirm("asmongold", "chat-2"));
    EXPECT_FALSE(share_.hands_over());
    EXPECT_EQ(ours(), Names{"xqc"});
}

TEST_F(ShareOfThree, ChangesItsMindAboutWhoTakesOver) {
    update({"chat-1"});
    update({"chat-1", "chat-2"});
    // The channel moves on, to somebody else.
    EXPECT_EQ(update({"chat-1", "chat-2", "chat-3"}), "");
    EXPECT_FALSE(share_.confirm("asmongold", "chat-2"));
    EXPECT_TRUE(share_.confirm("asmongold", "chat-3"));
}

TEST_F(ShareOfThree, KeepsWhatAnotherOneDidNotTakeBeforeItWent) {
    update({"chat-1"});
    update({"chat-1", "chat-2"});
    EXPECT_EQ(update({"chat-1"}, {"chat-2"}), "; staying asmongold; staying forsen");
    EXPECT_FALSE(share_.hands_over());
}

TEST_F(ShareOfThree, TakesOverWithAGapFromOneThatWent) {
    update({"chat-1", "chat-2", "chat-3"});
    EXPECT_EQ(update({"chat-1", "chat-3"}, {"chat-2"}), "forsen+until 30");
    // Nobody says when this one went: it was there at the last update.
    EXPECT_EQ(update({"chat-1"}), "asmongold+until 0");
}

TEST_F(ShareOfThree, FollowsWhatPeopleAddAndRemove) {
    update({"chat-1"});
    auto replicas = replicas_of({"chat-1"});
    replicas.added = {"ninja", "xqc"};
    replicas.removed = {"forsen"};
    EXPECT_EQ(shown(share_.update(replicas)), "ninja; ended forsen");
    EXPECT_EQ(share_.ours().at("ninja"), ChannelShare::Origin::added);
    EXPECT_EQ(share_.ours().at("xqc"), ChannelShare::Origin::configured);
    EXPECT_EQ(update({"chat-1"}), "forsen; ended ninja");
}

TEST_F(ShareOfThree, StopsHandingOverWhatIsNotWantedAnyMore) {
    update({"chat-1"});
    update({"chat-1", "chat-2"});
    auto replicas = replicas_of({"chat-1", "chat-2"});
    replicas.removed = {"asmongold", "forsen"};
    EXPECT_EQ(shown(share_.update(replicas)), "; ended asmongold; ended forsen");
    EXPECT_FALSE(share_.hands_over());
}

TEST_F(ShareOfThree, AdoptsWhatItsOwnerDoesNotWant) {
    update({"chat-1", "chat-2"});
    EXPECT_TRUE(share_.hands_over());
    share_.claim("forsen", "chat-3");
    share_.claim("forsen", "chat-2");
    const auto adopted = share_.adopt();
    ASSERT_EQ(adopted.size(), 1u);
    EXPECT_EQ(adopted[0].channel, "asmongold");
    EXPECT_EQ(ours(), (Names{"asmongold", "xqc"}));
    EXPECT_TRUE(share_.adopt().empty());
    // It gives it back to an owner that wants it after all.
    EXPECT_TRUE(share_.confirm("asmongold", "chat-2"));
    EXPECT_FALSE(share_.hands_over());
}

}  // namespace
