#include "join_queue.hpp"

#include <memory>

#include <gtest/gtest.h>

namespace {

using namespace std::chrono_literals;
using chat::JoinQueue;
using Names = std::vector<std::string>;
using Turn = JoinQueue::Turn;

constexpr coven::Instant start{1h};

class QueueOfTwoGuests : public testing::Test {
  protected:
    QueueOfTwoGuests() {
        first_->wake = [this] { ++woken_; };
        first_->enter("ann", Turn::last);
        second_->enter("bob", Turn::last);
        first_->enter("eve", Turn::last);
    }

    JoinQueue queue_{{.joins = 2, .window = 12s}};
    std::unique_ptr<JoinQueue::Guest> first_ = std::make_unique<JoinQueue::Guest>(queue_);
    std::unique_ptr<JoinQueue::Guest> second_ = std::make_unique<JoinQueue::Guest>(queue_);
    int woken_ = 0;
};

TEST_F(QueueOfTwoGuests, GrantsInTheOrderOfTheirComing) {
    EXPECT_EQ(queue_.deadline(start), start);
    EXPECT_EQ(queue_.time_left(start), 12s);
    queue_.advance(start);
    EXPECT_EQ(first_->take_granted(), Names{"ann"});
    EXPECT_EQ(second_->take_granted(), Names{"bob"});
    EXPECT_EQ(woken_, 1);
    EXPECT_TRUE(first_->waits());
    EXPECT_FALSE(second_->waits());
    EXPECT_EQ(queue_.deadline(start), start + 12s);
    queue_.advance(start + 11s);
    EXPECT_EQ(first_->take_granted(), Names{});
    queue_.advance(start + 12s);
    EXPECT_EQ(first_->take_granted(), Names{"eve"});
    EXPECT_EQ(queue_.deadline(start), coven::Instant::max());
}

TEST_F(QueueOfTwoGuests, LetsThoseThatWereHeardGoFirst) {
    second_->enter("zoe", Turn::first);
    EXPECT_EQ(queue_.line(), (std::vector<std::string_view>{"zoe", "ann", "bob", "eve"}));
}

TEST_F(QueueOfTwoGuests, ForgetsWhoLeaves) {
    first_->leave("ann");
    first_->leave("unheard-of");
    EXPECT_EQ(queue_.line(), (std::vector<std::string_view>{"bob", "eve"}));
    first_.reset();
    EXPECT_EQ(queue_.line(), (std::vector<std::string_view>{"bob"}));
}

TEST_F(QueueOfTwoGuests, TakesBackAGrantThatIsNotWantedAnyMore) {
    queue_.advance(start);
    first_->leave("ann");
    EXPECT_EQ(first_->take_granted(), Names{});
}

TEST_F(QueueOfTwoGuests, KnowsEachRoomOnce) {
    first_->enter("ann", Turn::first);
    EXPECT_EQ(queue_.size(), 3u);
    // Another connection may want the same room: it takes over.
    second_->enter("ann", Turn::last);
    EXPECT_EQ(queue_.size(), 4u);
}

}  // namespace
