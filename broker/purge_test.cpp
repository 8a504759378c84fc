// The real program forgets a user: what it answers, what readers are told, kill -9 on the way.

#include <fstream>
#include <iterator>

#include <gtest/gtest.h>

#include "broker_process.hpp"
#include "coven/v1/history.pb.h"
#include "coven/v1/privacy.pb.h"
#include "frame_samples.hpp"
#include "steady_publisher.hpp"
#include "twitch/v1/chat.pb.h"

namespace coven::broker {
namespace {

constexpr std::uint64_t producer = 0xbeef;
constexpr const char* chat = "twitch.chat.xqc.message";
constexpr const char* canary = "CANARY-77aa";

/// Every third event is hers.
bool is_hers(std::uint64_t seq) { return seq % 3 == 0; }

std::string chat_frame(std::uint64_t seq, std::uint64_t flags = 0) {
    twitch::v1::ChatMessage line;
    line.set_user_login(is_hers(seq) ? "mallory" : "alice");
    line.set_text(std::string(300, '.') + (is_hers(seq) ? canary : ""));
    v1::Event event;
    event.mutable_proto_data()->PackFrom(line);
    event.set_producer_id(producer);
    event.set_producer_seq(seq);
    event.set_flags(flags);
    return std::string(chat) + '\0' + event.SerializeAsString();
}

v1::JournalPurgeRequest mallory() {
    v1::JournalPurgeRequest request;
    request.set_user_login("mallory");
    return request;
}

class BrokerPurge : public testing::Test {
  protected:
    void publish(std::uint64_t first, std::uint64_t last) {
        Publisher publisher(broker_.doors());
        Reader reader(broker_.doors());
        reader.ask_ack(producer);
        for (auto seq = first; seq <= last; ++seq) publisher.send(chat_frame(seq));
        reader.ack_with(producer, [&](const auto& ack) { return ack.committed_seq() >= last; });
    }
    std::uint64_t begin_purge() {
        v1::Purge purge;
        const auto reply = Asker(broker_.doors()).ask("journal.purge", mallory());
        EXPECT_TRUE(reply.payload().UnpackTo(&purge)) << reply.message();
        return purge.number();
    }
    v1::Purge end_of(std::uint64_t number) {
        const auto end = std::chrono::steady_clock::now() + answer_deadline;
        while (std::chrono::steady_clock::now() < end) {
            v1::PurgesList list;
            Asker(broker_.doors()).ask("journal.purges").payload().UnpackTo(&list);
            for (const auto& purge : list.purges()) {
                const bool done = purge.state() == v1::Purge::STATE_DONE;
                if (purge.number() == number && done) return purge;
            }
        }
        ADD_FAILURE() << "the purge does not end";
        return {};
    }
    /// Every event is shown or told to be purged, as it should be, once.
    void expect_purged(std::uint64_t last) {
        std::uint64_t next = 1;
        for (const auto& record : Asker(broker_.doors()).stored("twitch.>")) {
            const auto& hole = record.truncated();
            const auto offset =
                record.has_truncated() ? hole.from() : event_in(record.frame()).offset();
            ASSERT_EQ(offset, next++);
            ASSERT_EQ(record.has_truncated(), is_hers(offset)) << offset;
            if (!record.has_truncated()) continue;
            ASSERT_EQ(hole.to(), offset);
            ASSERT_EQ(hole.reason(), v1::Truncated::REASON_PURGED);
        }
        EXPECT_EQ(next, last + 1);
    }
    bool file_has(const std::string& text) {
        std::ifstream file(broker_.data() + "/journal/data.mdb", std::ios::binary);
        const std::string bytes{std::istreambuf_iterator<char>(file), {}};
        return bytes.find(text) != std::string::npos;
    }

    BrokerProcess broker_{Transport::ipc};
};

TEST_F(BrokerPurge, IsToldExactlyAndLeavesNothing) {
    publish(1, 300);
    EXPECT_TRUE(file_has(canary));
    const auto done = end_of(begin_purge());
    EXPECT_EQ(done.events(), 100u);
    EXPECT_EQ(done.from(), 3u);
    EXPECT_EQ(done.to(), 300u);
    expect_purged(300);
    EXPECT_FALSE(file_has(canary));
    EXPECT_FALSE(file_has("mallory"));
    publish(301, 302);
    expect_purged(302);
}

TEST_F(BrokerPurge, GoesOnAfterKillNine) {
    constexpr std::uint64_t events = 60'000;
    publish(1, events);
    const auto number = begin_purge();
    // At once, and then after it did something.
    broker_.kill();
    broker_.start();
    for (bool begun = false; !begun;) {
        v1::PurgesList list;
        Asker(broker_.doors()).ask("journal.purges").payload().UnpackTo(&list);
        ASSERT_EQ(list.purges_size(), 1) << "it must be known";
        begun = list.purges(0).events() > 0;
    }
    broker_.kill();
    broker_.start();
    const auto done = end_of(number);
    EXPECT_EQ(done.events(), events / 3);
    expect_purged(events);
    EXPECT_FALSE(file_has(canary));
}

TEST_F(BrokerPurge, ForgetsTheStateThatReadersAreGiven) {
    {
        Publisher publisher(broker_.doors());
        Reader reader(broker_.doors());
        reader.ask_ack(producer);
        for (std::uint64_t seq = 1; seq <= 3; ++seq) {
            publisher.send(chat_frame(seq, v1::EVENT_FLAG_STATE));
        }
        reader.ack_with(producer, [](const auto& ack) { return ack.committed_seq() == 3; });
    }
    Asker asker(broker_.doors());
    v1::StateReadRequest request;
    request.add_patterns("twitch.>");
    const auto states = [&] {
        v1::StateSnapshot snapshot;
        asker.ask("state.read", request).payload().UnpackTo(&snapshot);
        return snapshot.frames_size();
    };
    EXPECT_EQ(states(), 1);
    EXPECT_EQ(end_of(begin_purge()).states(), 1u);
    EXPECT_EQ(states(), 0);
}

TEST_F(BrokerPurge, RefusesWhoIsNobody) {
    Asker asker(broker_.doors());
    v1::JournalPurgeRequest request;
    EXPECT_EQ(asker.ask("journal.purge", request).code(), "user_malformed");
    for (const char* login : {"", "two words", "a.b"}) {
        request.set_user_login(login);
        EXPECT_EQ(asker.ask("journal.purge", request).code(), "user_malformed") << login;
    }
    for (const char* id : {"", "12x", "123456789012345678901"}) {
        request.set_user_id(id);
        EXPECT_EQ(asker.ask("journal.purge", request).code(), "user_malformed") << id;
    }
    EXPECT_EQ(end_of(begin_purge()).events(), 0u) << "whom nobody knows";
}

}  // namespace
}  // namespace coven::broker
