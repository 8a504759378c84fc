#include "wanted_channels.hpp"

#include <gtest/gtest.h>

namespace coven::broker {
namespace {

using Word = WantedChannels::Word;
using Names = std::vector<std::string>;

v1::ChannelsChange change_of(const Names& channels, const std::string& kind = "") {
    v1::ChannelsChange change;
    for (const auto& channel : channels) change.add_channels(channel);
    change.set_kind(kind);
    return change;
}

/// "a b" of a repeated field.
template <class Field>
std::string joined(const Field& names) {
    std::string text;
    for (const auto& name : names) text += (text.empty() ? "" : " ") + name;
    return text;
}

class WantedChannelsTest : public testing::Test {
  protected:
    /// Those for which it was news, or why it was refused.
    std::string say(Word word, const Names& channels, const std::string& kind = "") {
        const auto changed = wanted_.change(change_of(channels, kind), word, now_);
        return changed.has_error() ? changed.error().message : joined(changed->changed());
    }
    /// "+a +b -c"
    static std::string told(const WantedChannels& wanted, const std::string& kind) {
        v1::ConnectorKind news;
        wanted.tell(kind, news);
        return joined(news.added()) + "|" + joined(news.removed());
    }
    /// "a WANTED chat, b GONE"
    std::string unread() {
        std::string text;
        for (const auto& [key, row] : wanted_.unread(channels_)) {
            text += (text.empty() ? "" : ", ") + row.channel() + " " +
                    v1::ChannelState::State_Name(row.state()).substr(6) +
                    (row.kind().empty() ? "" : " " + row.kind());
        }
        return text;
    }
    void report(const std::string& channel, v1::ChannelState::State state) {
        v1::ConnectorChannels said;
        said.set_kind("chat");
        said.set_instance("chat-1");
        said.set_seq(++seq_);
        said.set_from_scratch(seq_ == 1);
        said.add_channels()->set_channel(channel);
        said.mutable_channels(0)->set_state(state);
        channels_.hear(said, now_).value();
    }

    Moment now_{Instant(std::chrono::seconds(1000)), 5'000'000};
    WantedChannels wanted_;
    ChannelTable channels_;
    std::uint64_t seq_ = 0;
};

TEST_F(WantedChannelsTest, SaysForWhichOfThemItIsNews) {
    EXPECT_EQ(say(Word::added, {"b", "a", "b"}), "b a");
    EXPECT_EQ(say(Word::added, {"a", "c"}), "c");
    EXPECT_EQ(say(Word::removed, {"a"}), "a");
    EXPECT_EQ(told(wanted_, "chat"), "b c|a");
    EXPECT_EQ(say(Word::nothing, {"a", "b", "z"}), "a b");
    EXPECT_EQ(told(wanted_, "chat"), "c|");
}

TEST_F(WantedChannelsTest, WhatIsSaidForOneKindCountsMoreThanWhatIsSaidForAll) {
    say(Word::removed, {"a"}, "chat");
    say(Word::added, {"a", "b"});
    say(Word::added, {"c"}, "dice");
    EXPECT_EQ(told(wanted_, "chat"), "b|a");
    EXPECT_EQ(told(wanted_, "dice"), "a b c|");
    EXPECT_EQ(told(wanted_, "token"), "a b|");
    say(Word::nothing, {"a"}, "chat");
    EXPECT_EQ(told(wanted_, "chat"), "a b|");
}

TEST_F(WantedChannelsTest, TellsForWhichKindsSomethingChanged) {
    using Kinds = std::set<std::string>;
    say(Word::added, {"a"}, "chat");
    EXPECT_EQ(wanted_.take_changed_kinds(), Kinds{"chat"});
    say(Word::added, {"a"}, "chat");
    EXPECT_EQ(wanted_.take_changed_kinds(), Kinds{}) << "that was no news";
    say(Word::added, {"b"});
    EXPECT_EQ(wanted_.take_changed_kinds(), Kinds{std::string(WantedChannels::every_kind)});
}

TEST_F(WantedChannelsTest, IsTheSameFromWhatAStoreHasKept) {
    const auto change = change_of({"a", "b"}, "chat");
    wanted_.change(change, Word::added, now_).value();
    say(Word::removed, {"b"}, "chat");
    WantedChannels later;
    for (const auto& [key, bytes] : wanted_.stored(change)) {
        EXPECT_TRUE(key == "a chat" || key == "b chat") << key;
        EXPECT_TRUE(later.restore(bytes));
    }
    EXPECT_EQ(told(later, "chat"), "a|b");
    EXPECT_FALSE(later.restore("\xff no message"));
    EXPECT_FALSE(later.restore("")) << "it has no channel";
    say(Word::nothing, {"a"}, "chat");
    EXPECT_EQ(wanted_.stored(change).front().second, "") << "nothing is to be kept of it";
}

TEST_F(WantedChannelsTest, ShowsTheAddedOnesThatNoConnectorReads) {
    say(Word::added, {"a"});
    say(Word::added, {"b"}, "dice");
    EXPECT_EQ(unread(), "a WANTED, b WANTED dice");
    report("a", v1::ChannelState::STATE_WANTED);
    report("b", v1::ChannelState::STATE_JOINED);
    EXPECT_EQ(unread(), "b WANTED dice") << "a connector of another kind reads it";
    report("a", v1::ChannelState::STATE_GONE);
    EXPECT_EQ(unread(), "a WANTED, b WANTED dice");
    const auto rows = wanted_.unread(channels_);
    const auto& row = rows.begin()->second;
    EXPECT_TRUE(row.added());
    EXPECT_EQ(row.reason(), "waits for a connector");
    EXPECT_EQ(row.since_us(), now_.unix_us);
}

TEST_F(WantedChannelsTest, ShowsTheRemovedOnesOnceNoConnectorReadsThem) {
    report("a", v1::ChannelState::STATE_JOINED);
    say(Word::removed, {"a", "b"});
    EXPECT_EQ(unread(), "b GONE");
    report("a", v1::ChannelState::STATE_GONE);
    EXPECT_EQ(unread(), "a GONE, b GONE");
    EXPECT_FALSE(wanted_.unread(channels_).begin()->second.added());
}

TEST_F(WantedChannelsTest, SaysWhatIsWrongAndDoesNothingOfIt) {
    EXPECT_EQ(say(Word::added, {}), "channels names none");
    EXPECT_EQ(say(Word::added, {"fine", "Ann"}),
              "a channel is no login of Twitch: 'Ann'; it has 1 to 25 of a-z, 0-9 and '_'");
    EXPECT_EQ(say(Word::added, {"fine"}, "Chat"),
              "kind has a character outside of a-z, 0-9, '_' and '-'");
    EXPECT_EQ(say(Word::added, Names(1001, "a")),
              "channels has more than 1000 of them: send several requests");
    EXPECT_EQ(wanted_.size(), 0u);
}

TEST_F(WantedChannelsTest, IsBoundedAndFitsIntoAnAnswer) {
    const std::string long_start(20, 'x');
    for (int part = 0; part < 20; ++part) {
        Names names;
        for (int i = 0; i < 1000; ++i) {
            names.push_back(long_start + std::to_string(10'000 + part * 1000 + i));
        }
        wanted_.change(change_of(names), Word::added, now_).value();
    }
    const std::string full =
        "there would be more than 20000 channels that were added or removed: forget some, or write "
        "them into the configuration";
    EXPECT_EQ(say(Word::added, {"one_more"}), full);
    EXPECT_EQ(say(Word::removed, {"one_more"}), full);
    EXPECT_EQ(say(Word::removed, {long_start + "10000"}), long_start + "10000");
    EXPECT_EQ(say(Word::nothing, {long_start + "10000", "unknown"}), long_start + "10000");
    EXPECT_EQ(say(Word::added, {"one_more"}), "one_more");
    v1::ConnectorKind news;
    wanted_.tell("chat", news);
    // The instances take 80 kB at most.
    EXPECT_LT(news.ByteSizeLong(), 600'000u);
}

}  // namespace
}  // namespace coven::broker
