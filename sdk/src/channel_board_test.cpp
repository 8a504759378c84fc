#include "channel_board.hpp"

#include <gtest/gtest.h>

namespace coven {
namespace {

using State = v1::ChannelState;

State channel(const std::string& login, State::State state, const std::string& reason = "") {
    State made;
    made.set_channel(login);
    made.set_state(state);
    made.set_reason(reason);
    return made;
}

/// "7 from scratch: a JOINED@5, b REFUSED@6 (banned)"
std::string text_of(const v1::ConnectorChannels& message) {
    auto text = std::to_string(message.seq()) + (message.from_scratch() ? " from scratch" : "");
    for (const auto& state : message.channels()) {
        text += (text.find(':') == std::string::npos ? ": " : ", ") + state.channel() + " " +
                State::State_Name(state.state()).substr(6) + "@" + std::to_string(state.since_us());
        if (!state.reason().empty()) text += " (" + state.reason() + ")";
    }
    return text;
}

class Board : public ::testing::Test {
  protected:
    std::string taken() { return text_of(board_.take("chat", "chat-1")); }

    ChannelBoard board_;
};

TEST_F(Board, BeginsFromScratchAndGoesOnWithWhatChanged) {
    EXPECT_FALSE(board_.has_news());
    board_.set(channel("b", State::STATE_WANTED), 1);
    board_.set(channel("a", State::STATE_WANTED), 2);
    EXPECT_TRUE(board_.has_news());
    EXPECT_EQ(taken(), "1 from scratch: a WANTED@2, b WANTED@1");
    EXPECT_FALSE(board_.has_news());
    board_.set(channel("b", State::STATE_JOINED), 3);
    EXPECT_EQ(taken(), "2: b JOINED@3");
    EXPECT_EQ(board_.seq(), 2u);
}

TEST_F(Board, TellsNothingTwice) {
    board_.set(channel("a", State::STATE_JOINED), 1);
    taken();
    board_.set(channel("a", State::STATE_JOINED), 9);
    EXPECT_FALSE(board_.has_news());
}

TEST_F(Board, TellsWhenAChannelIsNotConfiguredAnyMoreButAdded) {
    auto state = channel("a", State::STATE_JOINED);
    board_.set(state, 1);
    taken();
    state.set_added(true);
    board_.set(state, 2);
    EXPECT_EQ(taken(), "2: a JOINED@1");
}

TEST_F(Board, KeepsWhenAStateBeganWhileItsReasonChanges) {
    board_.set(channel("a", State::STATE_REFUSED, "banned"), 1);
    board_.set(channel("a", State::STATE_REFUSED, "suspended"), 2);
    EXPECT_EQ(taken(), "1 from scratch: a REFUSED@1 (suspended)");
}

TEST_F(Board, ForgetsAChannelOnceItsEndWasTold) {
    board_.set(channel("a", State::STATE_GONE), 1);
    EXPECT_FALSE(board_.has_news());
    board_.set(channel("a", State::STATE_JOINED), 2);
    taken();
    board_.set(channel("a", State::STATE_GONE, "not wanted"), 3);
    EXPECT_EQ(taken(), "2: a GONE@3 (not wanted)");
    board_.start_over();
    EXPECT_EQ(taken(), "3 from scratch");
}

TEST_F(Board, TellsEverythingAgainToABrokerThatLacksIt) {
    board_.set(channel("a", State::STATE_JOINED), 1);
    board_.set(channel("b", State::STATE_JOINED), 1);
    taken();
    board_.start_over();
    EXPECT_TRUE(board_.has_news());
    EXPECT_EQ(taken(), "2 from scratch: a JOINED@1, b JOINED@1");
    EXPECT_FALSE(board_.has_news());
}

TEST_F(Board, NeedsSeveralMessagesForMany) {
    for (std::size_t i = 0; i < ChannelBoard::most_per_message + 1; ++i) {
        board_.set(channel("c" + std::to_string(i), State::STATE_WANTED), 1);
    }
    const auto first = board_.take("chat", "chat-1");
    EXPECT_TRUE(first.from_scratch());
    EXPECT_EQ(first.channels_size(), 1000);
    EXPECT_TRUE(board_.has_news());
    const auto second = board_.take("chat", "chat-1");
    EXPECT_FALSE(second.from_scratch());
    EXPECT_EQ(second.channels_size(), 1);
    EXPECT_FALSE(board_.has_news());
}

}  // namespace
}  // namespace coven
