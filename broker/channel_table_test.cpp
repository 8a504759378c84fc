#include "channel_table.hpp"

#include <gtest/gtest.h>

namespace coven::broker {
namespace {

using namespace std::chrono_literals;
using State = v1::ChannelState;

class ChannelTableTest : public testing::Test {
  protected:
    static v1::ConnectorChannels said(const std::string& instance, std::uint64_t seq) {
        v1::ConnectorChannels message;
        message.set_kind("chat");
        message.set_instance(instance);
        message.set_seq(seq);
        message.set_from_scratch(seq == 1);
        return message;
    }
    static State& add(v1::ConnectorChannels& message, const std::string& channel,
                      State::State state = State::STATE_JOINED) {
        auto& added = *message.add_channels();
        added.set_channel(channel);
        added.set_state(state);
        return added;
    }
    std::string refusal(const v1::ConnectorChannels& message) {
        const auto heard = table_.hear(message, now_);
        return heard.has_error() ? heard.error().message : "";
    }
    /// "a JOINED chat-1, b WANTED chat-1"
    std::string listed(const v1::ChannelsListRequest& wanted = {}) const {
        std::string text;
        const auto list = table_.list(wanted, {}, 1 << 20);
        for (const auto& channel : list.channels()) {
            text += (text.empty() ? "" : ", ") + channel.channel() + " " +
                    State::State_Name(channel.state()).substr(6) + " " + channel.instance();
        }
        return text;
    }
    void lose(const std::string& instance) {
        v1::Presence presence;
        presence.set_kind("chat");
        presence.set_instance(instance);
        presence.set_reason("told to stop");
        table_.lose(presence, now_);
    }

    Moment now_{Instant(1000s), 5'000'000};
    ChannelTable table_;
};

TEST_F(ChannelTableTest, ListsWhatConnectorsSaidInByteOrderOfTheChannels) {
    auto one = said("chat-1", 1);
    add(one, "xqc");
    add(one, "ann", State::STATE_WANTED);
    auto two = said("chat-2", 1);
    add(two, "bob", State::STATE_REFUSED);
    add(two, "xqc", State::STATE_JOINING);
    EXPECT_EQ(refusal(two), "");
    EXPECT_EQ(refusal(one), "");
    EXPECT_EQ(listed(),
              "ann WANTED chat-1, bob REFUSED chat-2, xqc JOINED chat-1, "
              "xqc JOINING chat-2");
    EXPECT_EQ(table_.seq_of("chat", "chat-1"), 1u);
    EXPECT_EQ(table_.seq_of("chat", "chat-3"), 0u);
}

TEST_F(ChannelTableTest, TakesChangesInTheirOrderAlone) {
    auto first = said("chat-1", 1);
    add(first, "a", State::STATE_WANTED);
    EXPECT_EQ(refusal(first), "");
    auto third = said("chat-1", 3);
    add(third, "a", State::STATE_REFUSED);
    EXPECT_EQ(refusal(third), "seq is not the next one, which is 2");
    auto second = said("chat-1", 2);
    add(second, "a");
    EXPECT_EQ(refusal(second), "");
    EXPECT_EQ(listed(), "a JOINED chat-1");
    auto whole = said("chat-1", 9);
    whole.set_from_scratch(true);
    add(whole, "b");
    EXPECT_EQ(refusal(whole), "");
    EXPECT_EQ(listed(), "b JOINED chat-1");
}

TEST_F(ChannelTableTest, ShowsTheChannelsOfWhoIsGoneForAWhile) {
    auto message = said("chat-1", 1);
    add(message, "a");
    add(message, "b", State::STATE_WANTED).set_ahead(7);
    table_.hear(message, now_).value();
    lose("chat-1");
    lose("nobody");
    EXPECT_EQ(listed(), "a GONE chat-1, b GONE chat-1");
    const auto list = table_.list({}, {}, 1 << 20);
    EXPECT_EQ(list.channels(1).reason(), "told to stop");
    EXPECT_EQ(list.channels(1).since_us(), now_.unix_us);
    EXPECT_EQ(list.channels(1).ahead(), 0u);
    // So that whoever comes back tells all of it again.
    EXPECT_EQ(table_.seq_of("chat", "chat-1"), 0u);
    now_.instant += 599s;
    table_.forget_old(now_);
    EXPECT_EQ(table_.size(), 2u);
    now_.instant += 1s;
    table_.forget_old(now_);
    EXPECT_EQ(table_.size(), 0u);
}

TEST_F(ChannelTableTest, ShowsAChannelThatIsNotWantedAnyMoreForAWhile) {
    auto first = said("chat-1", 1);
    add(first, "a");
    table_.hear(first, now_).value();
    auto second = said("chat-1", 2);
    add(second, "a", State::STATE_GONE);
    table_.hear(second, now_).value();
    EXPECT_EQ(listed(), "a GONE chat-1");
    now_.instant += 10min;
    table_.forget_old(now_);
    EXPECT_EQ(listed(), "");
    // The instance itself is still there.
    EXPECT_EQ(table_.seq_of("chat", "chat-1"), 2u);
}

TEST_F(ChannelTableTest, CountsAllWhateverThePrefix) {
    auto message = said("chat-1", 1);
    add(message, "a");
    add(message, "b", State::STATE_WANTED).set_expected_us(50);
    add(message, "c", State::STATE_WANTED).set_expected_us(40);
    add(message, "d", State::STATE_JOINING);
    add(message, "e", State::STATE_REFUSED).set_expected_us(90);
    add(message, "f", State::STATE_GONE);
    table_.hear(message, now_).value();
    v1::ChannelsListRequest wanted;
    wanted.set_prefix("nothing");
    const auto totals = table_.list(wanted, {}, 1 << 20).totals();
    EXPECT_EQ(totals.wanted(), 2u);
    EXPECT_EQ(totals.joining(), 1u);
    EXPECT_EQ(totals.joined(), 1u);
    EXPECT_EQ(totals.refused(), 1u);
    EXPECT_EQ(totals.gone(), 1u);
    EXPECT_EQ(totals.expected_us(), 50u);
}

TEST_F(ChannelTableTest, ListsByPrefixAndInPages) {
    auto message = said("chat-1", 1);
    for (const char* channel : {"ab1", "ab2", "ab3", "abc", "b"}) add(message, channel);
    table_.hear(message, now_).value();
    v1::ChannelsListRequest wanted;
    wanted.set_prefix("ab");
    wanted.set_limit(3);
    EXPECT_EQ(listed(wanted), "ab1 JOINED chat-1, ab2 JOINED chat-1, ab3 JOINED chat-1");
    wanted.set_after(table_.list(wanted, {}, 1 << 20).next());
    EXPECT_EQ(listed(wanted), "abc JOINED chat-1");
    EXPECT_EQ(table_.list(wanted, {}, 1 << 20).next(), "");
}

TEST_F(ChannelTableTest, ListsRowsOfNobodyAmongTheOthers) {
    auto message = said("chat-1", 1);
    for (const char* channel : {"a", "b", "d"}) add(message, channel);
    table_.hear(message, now_).value();
    ChannelTable::Rows others;
    for (const char* channel : {"b", "c", "e"}) {
        auto& row = others[ChannelTable::row_key(channel, "", "")];
        row.set_channel(channel);
        row.set_state(State::STATE_WANTED);
    }
    v1::ChannelsListRequest wanted;
    wanted.set_limit(2);
    std::string order;
    do {
        const auto page = table_.list(wanted, others, 1 << 20);
        EXPECT_EQ(page.totals().wanted(), 3u);
        EXPECT_EQ(page.totals().joined(), 3u);
        for (const auto& row : page.channels()) {
            order += row.channel() + (row.instance().empty() ? "? " : " ");
        }
        wanted.set_after(page.next());
    } while (!wanted.after().empty());
    EXPECT_EQ(order, "a b? b c? d e? ");
}

TEST_F(ChannelTableTest, ShowsAChannelThatPeopleRemovedOnce) {
    auto first = said("chat-1", 1);
    add(first, "ann", State::STATE_GONE);
    add(first, "bob", State::STATE_GONE);
    add(first, "eve");
    table_.hear(first, now_).value();
    ChannelTable::Rows others;
    for (const char* channel : {"ann", "bob", "eve"}) {
        auto& row = others[ChannelTable::row_key(channel, "", "")];
        row.set_channel(channel);
        row.set_state(State::STATE_GONE);
    }
    // Added: it waits for another connector.
    others[ChannelTable::row_key("bob", "", "")].set_state(State::STATE_WANTED);
    std::string shown;
    const auto list = table_.list({}, others, 1 << 20);
    for (const auto& row : list.channels()) {
        shown += row.channel() + " " + State::State_Name(row.state()).substr(6) + " " +
                 row.instance() + "\n";
    }
    EXPECT_EQ(shown,
              "ann GONE \n"
              "bob WANTED \nbob GONE chat-1\n"
              "eve GONE \neve JOINED chat-1\n");
}

TEST_F(ChannelTableTest, KnowsWhetherAConnectorHasAChannel) {
    auto one = said("chat-1", 1);
    add(one, "a", State::STATE_GONE);
    add(one, "ab", State::STATE_WANTED);
    table_.hear(one, now_).value();
    EXPECT_FALSE(table_.is_read("a", "chat"));
    EXPECT_TRUE(table_.is_read("ab", ""));
    EXPECT_FALSE(table_.is_read("b", ""));
    auto two = said("chat-2", 1);
    add(two, "a", State::STATE_REFUSED);
    table_.hear(two, now_).value();
    EXPECT_TRUE(table_.is_read("a", "chat"));
    EXPECT_TRUE(table_.is_read("a", ""));
    EXPECT_FALSE(table_.is_read("a", "dice"));
}

TEST_F(ChannelTableTest, SaysWhatIsWrongAndKeepsNothingOfIt) {
    const auto refused = [this](const std::string& channel, State::State state,
                                std::size_t reason) {
        auto message = said("chat-1", 1);
        add(message, "fine");
        add(message, channel, state).set_reason(std::string(reason, 'x'));
        return refusal(message);
    };
    EXPECT_EQ(refused("Ann", State::STATE_JOINED, 0),
              "channel has a character outside of a-z, 0-9, '_' and '-'");
    EXPECT_EQ(refused("ann", State::STATE_UNSPECIFIED, 0), "state is none of this version");
    EXPECT_EQ(refused("ann", static_cast<State::State>(77), 0), "state is none of this version");
    EXPECT_EQ(refused("ann", State::STATE_REFUSED, 501), "reason has more than 500 bytes");
    EXPECT_EQ(table_.size(), 0u);
}

TEST_F(ChannelTableTest, IsBoundedAndAPageFitsIntoAReply) {
    for (std::uint64_t part = 1; part <= 50; ++part) {
        auto message = said("chat-1", part);
        for (int i = 0; i < 1000; ++i) {
            add(message, "c" + std::to_string(part) + "_" + std::to_string(i))
                .set_reason(std::string(100, 'x'));
        }
        ASSERT_EQ(refusal(message), "");
    }
    auto more = said("chat-2", 1);
    add(more, "one_more");
    EXPECT_EQ(refusal(more), "there are 50000 channels already");
    v1::ChannelsListRequest wanted;
    std::size_t seen = 0;
    do {
        const auto page = table_.list(wanted, {}, 1 << 20);
        EXPECT_LE(page.ByteSizeLong(), std::size_t{1} << 20);
        seen += static_cast<std::size_t>(page.channels_size());
        wanted.set_after(page.next());
    } while (!wanted.after().empty());
    EXPECT_EQ(seen, ChannelTable::max_channels);
}

}  // namespace
}  // namespace coven::broker
