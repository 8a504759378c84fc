#include "channel_outcome.hpp"

#include <gtest/gtest.h>

namespace coven::cli {
namespace {

using Kind = ChannelOutcome::Kind;
using State = v1::ChannelState;

State row(State::State state, const std::string& instance, const std::string& reason = "") {
    State row;
    row.set_channel("xqc");
    row.set_state(state);
    row.set_kind(instance.substr(0, instance.find('-')));
    row.set_instance(instance);
    row.set_reason(reason);
    return row;
}

v1::ChannelsList list_of(const std::vector<State>& rows) {
    v1::ChannelsList list;
    for (const auto& each : rows) *list.add_channels() = each;
    return list;
}

struct Case {
    std::vector<State> rows;
    Kind kind;
    const char* words;
};

TEST(ChannelOutcome, OfAddingIsWhatTheFarthestConnectorSays) {
    const auto gone = row(State::STATE_GONE, "chat-1");
    const auto joined = row(State::STATE_JOINED, "chat-2");
    const auto joining = row(State::STATE_JOINING, "chat-3");
    const auto refused = row(State::STATE_REFUSED, "chat-4", "suspended");
    auto nobody = row(State::STATE_WANTED, "", "waits for a connector");
    for (const auto& [rows, kind, words] : std::vector<Case>{
             {{}, Kind::open, "no connector has it yet"},
             {{gone}, Kind::open, "no connector has it yet"},
             {{nobody, gone}, Kind::open, "wanted: waits for a connector"},
             {{joining, refused}, Kind::open, "joining by chat-3"},
             {{gone, joining, joined}, Kind::done, "joined by chat-2"},
             {{gone, refused}, Kind::refused, "refused by chat-4: suspended"},
         }) {
        const auto outcome = outcome_of_adding(list_of(rows), "");
        EXPECT_EQ(outcome.kind, kind) << words;
        EXPECT_EQ(outcome.words, words);
    }
}

TEST(ChannelOutcome, OfRemovingIsOpenWhileSomebodyReads) {
    const auto gone = row(State::STATE_GONE, "chat-1");
    const auto joined = row(State::STATE_JOINED, "chat-2");
    EXPECT_EQ(outcome_of_removing(list_of({gone}), "").kind, Kind::done);
    const auto outcome = outcome_of_removing(list_of({gone, joined}), "");
    EXPECT_EQ(outcome.kind, Kind::open);
    EXPECT_EQ(outcome.words, "still joined by chat-2");
}

TEST(ChannelOutcome, CountsOnlyConnectorsOfTheKind) {
    const auto list = list_of({row(State::STATE_JOINED, "chat-1")});
    EXPECT_EQ(outcome_of_adding(list, "chat").kind, Kind::done);
    EXPECT_EQ(outcome_of_adding(list, "stream").kind, Kind::open);
    EXPECT_EQ(outcome_of_removing(list, "stream").kind, Kind::done);
}

}  // namespace
}  // namespace coven::cli
