// What waits for the store, with a journal that commits when the test says so.
#include "call_desk.hpp"

#include <array>

#include <gtest/gtest.h>

#include "coven/temp_folder.hpp"
#include "replies.hpp"

namespace coven::broker {
namespace {

constexpr std::chrono::seconds commit_deadline{20};

class CallDeskTest : public testing::Test {
  protected:
    CallDeskTest() {
        v1::ConnectorReady ready;
        ready.mutable_presence()->set_kind("chat");
        ready.mutable_presence()->set_instance("chat-1");
        ready.mutable_presence()->set_state(v1::Presence::STATE_READY);
        ready.add_verbs("chat.send");
        ready.add_targets("*");
        connectors_.hear(ready, now_).value();
        connectors_.connect({"chat", "chat-1"}, connector_.connection);
        storage_.begin(Recovered(), now_).value();
    }
    std::unique_ptr<Journal> open_journal() {
        Journal::Options options;
        options.folder = temporary_.file("journal");
        options.map_bytes = std::size_t{64} << 20;
        Recovered recovered;
        return Journal::open(context_, clock_, options, recovered).value();
    }
    void accept(const std::string& id, const std::string& key) {
        v1::Request request;
        request.set_id(id);
        request.set_verb("chat.send");
        request.set_target("xqc");
        request.set_idempotency_key(key);
        desk_.accept(request, {"caller", id}, now_);
    }
    void finish(const std::string& call_id) {
        desk_.finish(with_id(call_id, ok()), "confirm", connector_, now_);
    }
    /// Until all that was put is stored.
    void commit() {
        storage_.flush(now_);
        const auto put = storage_.journal().put(SideTable::cursors, "last", "last");
        storage_.flush(now_);
        std::array<zmq_pollitem_t, 1> news = {
            {{storage_.journal().news().handle(), 0, ZMQ_POLLIN, 0}}};
        while (storage_.stored_ticket() < put) {
            const auto limit = std::chrono::milliseconds(commit_deadline).count();
            const bool waits = !storage_.next_look();
            ASSERT_TRUE(zmq_poll(news.data(), 1, waits ? static_cast<long>(limit) : 1) > 0 ||
                        !waits);
            storage_.serve(now_);
        }
        desk_.serve_stored(now_);
    }
    /// Ids of the commands that are to be sent now.
    std::string commands() {
        std::string ids;
        while (const auto command = desk_.take_command()) ids += command->request.id() + " ";
        return ids;
    }
    /// Envelopes of the replies that are to be sent now, with their statuses.
    std::string replies() {
        std::string all;
        while (const auto reply = desk_.take_reply()) {
            all += reply->envelope + ":" + v1::Reply::Status_Name(reply->reply.status()) + " ";
        }
        return all;
    }

    Moment now_{Instant(std::chrono::seconds(1000)), 1'795'338'000'190'001};
    const Sender connector_{"connector", "answer"};
    TempFolder temporary_;
    zmq::context_t context_;
    SystemClock clock_;
    DataFolder folder_ = *DataFolder::open(temporary_.file("data"));
    Drops drops_;
    Router router_{1, {}, drops_};
    StateTable states_{1'000'000};
    ConnectorTable connectors_;
    Storage storage_{{folder_, router_, states_}, open_journal()};
    CallDesk desk_{connectors_, storage_};
};

TEST_F(CallDeskTest, ACallWithoutAKeyWaitsForNothing) {
    accept("1", "");
    EXPECT_EQ(commands(), "1-1 ");
    finish("1-1");
    EXPECT_EQ(replies(), "1:OK answer:OK ");
}

TEST_F(CallDeskTest, NothingIsHandedOverBeforeItsKeyIsStored) {
    accept("1", "key");
    EXPECT_EQ(commands(), "");
    commit();
    EXPECT_EQ(commands(), "1-1 ");
}

TEST_F(CallDeskTest, NobodyIsToldAnOutcomeBeforeItIsStored) {
    accept("1", "key");
    commit();
    finish("1-1");
    EXPECT_EQ(replies(), "");
    accept("2", "key");
    finish("1-1");
    EXPECT_EQ(replies(), "") << "neither who asks now nor who says it again";
    commit();
    EXPECT_EQ(replies(), "1:OK answer:OK 2:OK answer:OK ");
    accept("3", "key");
    finish("1-1");
    EXPECT_EQ(replies(), "3:OK answer:OK ");
}

TEST_F(CallDeskTest, ACallWithoutAKeyDoesNotWaitForOthersThatHaveOne) {
    accept("1", "key");
    accept("2", "");
    EXPECT_EQ(commands(), "1-2 ");
    finish("1-2");
    EXPECT_EQ(replies(), "2:OK answer:OK ");
}

TEST_F(CallDeskTest, NobodyWaitsForTheDiskPastTheDeadline) {
    accept("1", "handed over");
    commit();
    now_.instant += std::chrono::seconds(5);
    accept("2", "not stored yet");
    now_.instant += std::chrono::seconds(5);
    desk_.serve_due(now_);
    EXPECT_EQ(replies(), "1:UNKNOWN ");
    now_.instant += std::chrono::seconds(5);
    desk_.serve_due(now_);
    EXPECT_EQ(replies(), "2:EXPIRED ");
    commit();
    EXPECT_EQ(commands(), "1-1 ");
}

TEST_F(CallDeskTest, WhatIsStoredIsKnownToTheNextDesk) {
    accept("1", "done");
    accept("2", "begun");
    commit();
    finish("1-1");
    commit();
    replies();
    CallDesk next(connectors_, storage_);
    next.restore();
    next.begin(2);
    EXPECT_EQ(next.table().memory().size(), 2u);
    const auto status = [&next](const std::string& call_id) {
        return next.table().memory().find_id(call_id)->outcome().status();
    };
    EXPECT_EQ(status("1-1"), v1::Reply::OK);
    EXPECT_EQ(status("1-2"), v1::Reply::UNKNOWN);
}

}  // namespace
}  // namespace coven::broker
