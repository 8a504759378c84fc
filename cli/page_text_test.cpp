#include "page_text.hpp"

#include <algorithm>

#include <gtest/gtest.h>

#include "table.hpp"
#include "topics.hpp"

namespace coven::cli {
namespace {

using Lines = std::vector<std::string>;

constexpr std::uint64_t now_us = 1795340459000000;
constexpr std::uint64_t second_us = 1000000;

v1::ConnectorsList one_connector() {
    v1::ConnectorsList list;
    auto& connector = *list.add_connectors();
    auto& presence = *connector.mutable_presence();
    presence.set_instance("chat-1");
    presence.set_state(v1::Presence::STATE_DEGRADED);
    presence.set_reason("no route\x1b[2J");
    presence.set_since_us(now_us - 125 * second_us);
    presence.set_version("0.1.0");
    connector.set_last_beat_us(now_us - second_us / 2);
    return list;
}

TEST(Table, IsAsWideAsItsCellsNeed) {
    Table table({"A", "LONGER", "LAST"});
    table.add({"테스트", "", "x y"});
    table.add({"a\nb", "2", "z"});
    EXPECT_EQ(table.lines(),
              (Lines{"A        LONGER  LAST", "테스트      -       x y", "a\\u{a}b  2       z"}));
}

TEST(Pages, ShowAConnectorWithStateAndReason) {
    EXPECT_EQ(connectors_page(one_connector(), now_us),
              (Lines{"CONNECTOR  STATE     SINCE      HEARD  VERSION  REASON",
                     "chat-1     degraded  2 min 5 s  0.5 s  0.1.0    no route\\u{1b}[2J"}));
    EXPECT_EQ(connectors_page({}, now_us), Lines{"no connectors"});
}

v1::ChannelState channel(const std::string& login, v1::ChannelState::State state) {
    v1::ChannelState made;
    made.set_channel(login);
    made.set_state(state);
    made.set_instance("chat-1");
    made.set_since_us(now_us - 30 * second_us);
    return made;
}

TEST(Pages, ShowHowFarEachChannelIs) {
    v1::ChannelsList list;
    *list.add_channels() = channel("ann", v1::ChannelState::STATE_JOINED);
    auto& refused = *list.add_channels() = channel("bob", v1::ChannelState::STATE_REFUSED);
    refused.set_reason("suspended\x1b[2J");
    refused.set_expected_us(now_us + 125 * second_us);
    auto& wanted = *list.add_channels() = channel("eve", v1::ChannelState::STATE_WANTED);
    wanted.set_expected_us(now_us + 12 * second_us);
    *list.add_channels() = channel("zoe", static_cast<v1::ChannelState::State>(77));
    list.mutable_channels(2)->set_added(true);
    const std::string refused_row =
        "bob      refused   configured  chat-1     30 s   suspended\\u{1b}[2J; tried again in "
        "2 min 5 s";
    EXPECT_EQ(channels_page(list, now_us),
              (Lines{"CHANNEL  STATE     ORIGIN      CONNECTOR  SINCE  REASON",
                     "ann      joined    configured  chat-1     30 s   -", refused_row,
                     "eve      wanted    added       chat-1     30 s   asked for in 12 s",
                     "zoe      state 77  configured  chat-1     30 s   -"}));
    EXPECT_EQ(channels_page({}, now_us), Lines{"no channels"});
}

TEST(Pages, ShowChannelsOfNobodyAndThoseThatAreLeft) {
    v1::ChannelsList list;
    auto& waiting = *list.add_channels() = channel("ann", v1::ChannelState::STATE_WANTED);
    waiting.clear_instance();
    waiting.set_kind("chat");
    waiting.set_added(true);
    waiting.set_reason("waits for a connector");
    auto& removed = *list.add_channels() = channel("bob", v1::ChannelState::STATE_GONE);
    removed.clear_instance();
    *list.add_channels() = channel("eve", v1::ChannelState::STATE_GONE);
    EXPECT_EQ(channels_page(list, now_us),
              (Lines{"CHANNEL  STATE   ORIGIN   CONNECTOR  SINCE  REASON",
                     "ann      wanted  added    chat       30 s   waits for a connector",
                     "bob      gone    removed  -          30 s   -",
                     "eve      gone    -        chat-1     30 s   -"}));
}

TEST(Pages, ShowTopicsWithRates) {
    v1::TopicsList list;
    auto& topic = *list.add_topics();
    topic.mutable_head()->set_topic("twitch.chat.xqc.message");
    topic.mutable_head()->set_topic_seq(12);
    topic.mutable_head()->set_offset(345);
    topic.set_rate(3.25);
    topic.set_last_event_us(now_us - 30 * second_us);
    EXPECT_EQ(topics_page(list, now_us),
              (Lines{"TOPIC                    EVENTS  HEAD  PER SECOND  LAST",
                     "twitch.chat.xqc.message  12      345   3.2         30 s"}));
    EXPECT_EQ(topics_page({}, now_us), Lines{"no topics"});
}

TEST(Screen, ShowsWhatFitsAndCountsTheRest) {
    const Lines lines = {"one", "two", "three", "four"};
    EXPECT_EQ(screen(lines, 6, 80), "\x1b[Hone\x1b[K\ntwo\x1b[K\nthree\x1b[K\nfour\x1b[K\n\x1b[J");
    EXPECT_EQ(screen(lines, 5, 80), "\x1b[Hone\x1b[K\ntwo\x1b[K\n… and 2 more\x1b[K\n\x1b[J");
    EXPECT_EQ(screen({"too long"}, 0, 3), "\x1b[Htoo\x1b[K\n\x1b[J");
}

TEST(Pages, ShowTheBroker) {
    v1::BrokerStatus broker;
    broker.set_version("0.1.0");
    broker.set_started_us(now_us - 3720 * second_us);
    broker.set_bus_epoch(1795336739);
    broker.set_head(100);
    broker.set_committed(99);
    broker.set_rate(12.5);
    broker.set_events(100);
    broker.set_bytes(2500000);
    auto& dropped = *broker.add_dropped();
    dropped.set_reason("topic_malformed");
    dropped.set_count(3);
    auto& journal = *broker.mutable_journal();
    journal.set_state(v1::JournalStatus::STATE_STORING);
    journal.set_bytes(12'300'000);
    for (const auto& [name, events] : {std::pair("bus", 12), std::pair("chat", 4000)}) {
        auto& family = *journal.add_families();
        family.set_name(name);
        family.set_events(static_cast<std::uint64_t>(events));
    }
    v1::ChannelsList::Totals totals;
    totals.set_joined(40);
    totals.set_wanted(256);
    totals.set_joining(1);
    totals.set_refused(3);
    totals.set_gone(9);
    totals.set_expected_us(now_us + 130 * second_us);
    const auto page = status_page({broker, {}, totals}, now_us, Paint(Colours::none));
    EXPECT_EQ(page,
              (Lines{"broker       version 0.1.0, up 1 h 2 min",
                     "position     epoch 1795336739, head 100, committed 99",
                     "flow         12.5 events/s; 100 events, 2.5 MB since its start",
                     "topics       0", "publishers   0", "subscribers  0 with 0 subscriptions",
                     "journal      storing, 12.3 MB: bus 12, chat 4000",
                     "channels     40 of 300 joined, 2 min 10 s left; 3 refused",
                     "dropped      topic_malformed 3", "", "no connectors"}));
}

TEST(StatusPage, SaysWhenNothingIsStored) {
    const auto line = [](v1::JournalStatus::State state) {
        v1::BrokerStatus broker;
        broker.mutable_journal()->set_state(state);
        broker.mutable_journal()->set_reason("No space left\x1b[2J");
        const auto page = status_page({broker, {}, {}}, now_us, Paint(Colours::none));
        return *std::find_if(page.begin(), page.end(),
                             [](const auto& one) { return one.starts_with("journal"); });
    };
    EXPECT_EQ(line(v1::JournalStatus::STATE_OFF), "journal      off");
    EXPECT_EQ(line(v1::JournalStatus::STATE_DEGRADED).find("NOTHING IS STORED: No space left"),
              13u);
    EXPECT_EQ(line(v1::JournalStatus::STATE_DEGRADED).find('\x1b'), std::string::npos);
    EXPECT_EQ(line(v1::JournalStatus::STATE_UNSPECIFIED), "journal      none");
}

}  // namespace
}  // namespace coven::cli
