#include "outlet.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include "coven/v1/bus.pb.h"
#include "coven_testing/moved_clock.hpp"

namespace {

using namespace std::chrono_literals;
using chat::Outlet;
using coven::Published;

/// An outlet of #ann and #bob whose bus says what the test tells it to.
class OutletOfTwo : public testing::Test {
  protected:
    struct Sent {
        std::string topic;
        coven::v1::Event event;
    };

    OutletOfTwo() {
        coverage_.join("ann", clock_.now());
        coverage_.join("bob", clock_.now());
        outlet_.add("ann");
        outlet_.add("bob");
        boost::asio::co_spawn(io_, outlet_.announce_gaps(), boost::asio::detached);
        run();
    }

    void run() {
        io_.restart();
        io_.poll();
    }
    void say(const std::string& channel, const std::string& id) {
        const auto text = "@id=" + id + ";room-id=7 :x!x@x PRIVMSG #" + channel + " :hello";
        outlet_.publish(chat::IrcLine::parse(text).value(), clock_.now());
    }
    void tell(const std::string& line) {
        outlet_.tell(chat::IrcLine::parse(line).value(), clock_.now(), "coven_bot");
    }
    Published take(const coven::Topic& topic, const coven::v1::Event& event) {
        const bool too_large = answer_ == Published::too_large && !event.raw().empty();
        if (answer_ == Published::queued || (answer_ == Published::too_large && !too_large)) {
            sent_.push_back({topic.text(), event});
            return Published::queued;
        }
        return answer_;
    }
    boost::asio::awaitable<void> room() {
        while (answer_ == Published::outbox_full) co_await room_.wait();
    }
    coven::v1::SourceGap gap(std::size_t index) {
        coven::v1::SourceGap gap;
        EXPECT_TRUE(sent_.at(index).event.proto_data().UnpackTo(&gap));
        return gap;
    }

    boost::asio::io_context io_;
    coven::testing::MovedClock clock_;
    Published answer_ = Published::queued;
    coven::Bell room_{io_.get_executor()};
    std::vector<Sent> sent_;
    chat::Coverage coverage_{{"ann", "bob"}};
    Outlet outlet_{{[this](const auto& topic, auto& event) { return take(topic, event); },
                    [this] { return room(); }},
                   coverage_,
                   clock_,
                   chat::LineEvents::Options{},
                   io_.get_executor()};
};

TEST_F(OutletOfTwo, PublishesAMessageOnTheTopicOfItsChannel) {
    say("ann", "m1");
    ASSERT_EQ(sent_.size(), 1u);
    EXPECT_EQ(sent_[0].topic, "twitch.chat.ann.message");
    EXPECT_EQ(sent_[0].event.id(), "m1");
    EXPECT_EQ(sent_[0].event.type(), "tv.twitch.chat.message");
    EXPECT_EQ(sent_[0].event.raw(), "@id=m1;room-id=7 :x!x@x PRIVMSG #ann :hello");
    EXPECT_EQ(sent_[0].event.flags(), 0u);
}

TEST_F(OutletOfTwo, PassesOverForeignChannelsAndOtherLines) {
    say("zed", "m1");
    outlet_.publish(chat::IrcLine::parse("PRIVMSG #ann").value(), clock_.now());
    EXPECT_TRUE(sent_.empty());
}

TEST_F(OutletOfTwo, MarksWhatMayBeARepeat) {
    coverage_.join("ann", clock_.now());
    say("ann", "m1");
    say("bob", "m2");
    EXPECT_EQ(sent_[0].event.flags(), coven::v1::EVENT_FLAG_MAYBE_DUPLICATE);
    EXPECT_FALSE(sent_[1].event.has_flags());
}

TEST_F(OutletOfTwo, LeavesTheRawLineOutOfAnEventThatIsTooLarge) {
    answer_ = Published::too_large;
    say("ann", "m1");
    ASSERT_EQ(sent_.size(), 1u);
    EXPECT_EQ(sent_[0].event.id(), "m1");
    EXPECT_TRUE(sent_[0].event.raw().empty());
}

TEST_F(OutletOfTwo, TellsWhatElseHappensInAChannelAndInNone) {
    outlet_.identify("ann", "7");
    tell("@login=eve;msg-id=sub;id=n1 USERNOTICE #ann");
    tell("NOTICE * :hello");
    tell("CLEARCHAT #zed");
    tell("PING :x");
    ASSERT_EQ(sent_.size(), 2u);
    EXPECT_EQ(sent_[0].topic, "twitch.chat.ann.notice");
    EXPECT_EQ(sent_[0].event.id(), "n1");
    // The line itself does not say it.
    EXPECT_EQ(sent_[0].event.channel_id(), "7");
    EXPECT_EQ(sent_[1].topic, "twitch.chat.-.server_notice");
    EXPECT_EQ(sent_[1].event.channel_id(), "");
}

TEST_F(OutletOfTwo, MarksWhatElseMayBeARepeatButNoState) {
    coverage_.join("ann", clock_.now());
    tell("@msg-id=slow_on NOTICE #ann :x");
    tell("@slow=5 ROOMSTATE #ann");
    tell("@slow=5 ROOMSTATE #ann");
    ASSERT_EQ(sent_.size(), 2u);
    EXPECT_EQ(sent_[0].event.flags(), coven::v1::EVENT_FLAG_MAYBE_DUPLICATE);
    EXPECT_EQ(sent_[1].topic, "twitch.chat.ann.room");
    EXPECT_EQ(sent_[1].event.flags(), coven::v1::EVENT_FLAG_STATE);
}

TEST_F(OutletOfTwo, CountsWhatElseWasDroppedAndKeepsTheNewestState) {
    answer_ = Published::outbox_full;
    tell("CLEARCHAT #ann");
    tell("@slow=5 ROOMSTATE #ann");
    tell("@slow=6 ROOMSTATE #ann");
    run();
    EXPECT_TRUE(sent_.empty());
    answer_ = Published::queued;
    room_.ring();
    run();
    ASSERT_EQ(sent_.size(), 2u);
    EXPECT_EQ(sent_[0].topic, "twitch.chat.ann.gap");
    EXPECT_EQ(gap(0).events(), 1u);
    EXPECT_EQ(sent_[1].topic, "twitch.chat.ann.room");
    twitch::v1::ChatRoom room;
    EXPECT_TRUE(sent_[1].event.proto_data().UnpackTo(&room));
    EXPECT_EQ(room.slow_s(), 6u);
}

TEST_F(OutletOfTwo, AnnouncesWhatWasDroppedWhenThereIsRoom) {
    outlet_.identify("ann", "7");
    answer_ = Published::outbox_full;
    say("ann", "m1");
    clock_.jump(1s);
    say("ann", "m2");
    say("bob", "m3");
    run();
    EXPECT_TRUE(sent_.empty());
    clock_.jump(1s);
    answer_ = Published::queued;
    // There may be room for one already, but one gap is better than many.
    say("ann", "m4");
    EXPECT_TRUE(sent_.empty());
    room_.ring();
    run();
    ASSERT_EQ(sent_.size(), 2u);
    EXPECT_EQ(sent_[0].topic, "twitch.chat.ann.gap");
    EXPECT_EQ(sent_[0].event.type(), "tv.twitch.chat.gap");
    EXPECT_EQ(sent_[0].event.channel_login(), "ann");
    EXPECT_EQ(sent_[0].event.channel_id(), "7");
    EXPECT_EQ(gap(0).events(), 3u);
    EXPECT_EQ(gap(0).to_us() - gap(0).from_us(), 2000000u);
    EXPECT_EQ(gap(0).reason(), "the broker does not answer: no room for more events");
    EXPECT_EQ(gap(1).events(), 1u);
    say("ann", "m5");
    EXPECT_EQ(sent_.back().event.id(), "m5");
    EXPECT_EQ(outlet_.dropped(), 4u);
}

TEST_F(OutletOfTwo, AnnouncesTheGapOfAnOutage) {
    const auto start = clock_.now();
    clock_.jump(10s);
    coverage_.leave("bob", start, clock_.now(), "connection lost: x");
    outlet_.look_for_gaps();
    run();
    EXPECT_TRUE(sent_.empty());
    clock_.jump(5s);
    coverage_.join("bob", clock_.now());
    outlet_.look_for_gaps();
    run();
    ASSERT_EQ(sent_.size(), 1u);
    EXPECT_EQ(sent_[0].topic, "twitch.chat.bob.gap");
    EXPECT_EQ(gap(0).to_us() - gap(0).from_us(), 15000000u);
    EXPECT_EQ(gap(0).reason(), "connection lost: x");
    EXPECT_FALSE(gap(0).recoverable());
}

TEST_F(OutletOfTwo, AnnouncesWhatWasDroppedOfAChannelThatIsNotWantedAnyMore) {
    answer_ = Published::outbox_full;
    say("ann", "1");
    coverage_.remove("ann", clock_.now());
    outlet_.remove("ann");
    say("ann", "2");
    answer_ = Published::queued;
    room_.ring();
    run();
    ASSERT_EQ(sent_.size(), 1u);
    EXPECT_EQ(sent_[0].topic, "twitch.chat.ann.gap");
    EXPECT_EQ(gap(0).events(), 1u);
}

TEST_F(OutletOfTwo, AnnouncesWhatWasDroppedThatConcernsNoChannel) {
    answer_ = Published::outbox_full;
    tell(":tmi.twitch.tv NOTICE * :first");
    const auto from = clock_.now();
    clock_.advance(io_, 15s);
    tell(":tmi.twitch.tv NOTICE * :second");
    answer_ = Published::queued;
    room_.ring();
    run();
    ASSERT_EQ(sent_.size(), 1u);
    EXPECT_EQ(sent_[0].topic, "twitch.chat.-.gap");
    EXPECT_TRUE(sent_[0].event.channel_login().empty());
    EXPECT_EQ(gap(0).from_us(), coven::microseconds_since_epoch(from));
    EXPECT_EQ(gap(0).to_us() - gap(0).from_us(), 15000000u);
    EXPECT_EQ(gap(0).events(), 2u);
    // It is told once.
    run();
    EXPECT_EQ(sent_.size(), 1u);
}

TEST_F(OutletOfTwo, EndsTheStateOfAChannelThatNobodyWantsAnyMore) {
    tell("@slow=5;room-id=7 ROOMSTATE #ann");
    tell("@slow=5;room-id=8 ROOMSTATE #bob");
    outlet_.end_state("ann");
    outlet_.end_state("ann");
    // Another one goes on with it.
    outlet_.remove("bob");
    ASSERT_EQ(sent_.size(), 3u);
    EXPECT_EQ(sent_[2].topic, "twitch.chat.ann.room");
    EXPECT_NE(sent_[2].event.flags() & coven::v1::EVENT_FLAG_STATE_OVER, 0u);
}

}  // namespace
