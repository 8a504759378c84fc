#include "send/queue.hpp"

#include <random>
#include <vector>

#include <gtest/gtest.h>

namespace chat {
namespace {

using namespace std::chrono_literals;
using Outcome = SendLimiter::Outcome;

class QueueTest : public testing::Test {
  protected:
    /// The line whose turn it is: sent and confirmed at once. 0 = nobody's.
    SendQueue::Ticket send_next() {
        const auto ticket = queue_.next(now_);
        if (!ticket) return 0;
        const auto& channel = channels_[*ticket];
        limiter_.settle(limiter_.take(channel, std::to_string(*ticket), Standing::privileged, now_),
                        Outcome::sent, now_);
        queue_.remove(*ticket);
        return *ticket;
    }
    SendQueue::Ticket add(const std::string& channel, std::int32_t priority) {
        const auto ticket = queue_.add(channel, "text", priority);
        channels_[ticket] = channel;
        return ticket;
    }

    coven::Instant now_{1h};
    SendLimiter limiter_{SendLimiter::Limits{}};
    std::map<SendQueue::Ticket, std::string> channels_;
    SendQueue queue_{limiter_, [](const std::string& channel) {
                         return channel == "own" ? Standing::privileged : Standing::ordinary;
                     }};
};

TEST_F(QueueTest, TakesHigherPrioritiesFirstAndThenTheOrderOfArrival) {
    const auto low = add("a", 0);
    const auto first = add("b", 5);
    const auto second = add("c", 5);
    const auto last = add("d", -1);
    EXPECT_EQ(queue_.size(), 4u);
    for (const auto expected : {first, second, low, last}) EXPECT_EQ(send_next(), expected);
    EXPECT_EQ(send_next(), 0u);
}

TEST_F(QueueTest, LetsOthersPassOneThatWaitsForItsChannel) {
    const auto first = add("a", 5);
    const auto second = add("a", 5);
    const auto other = add("b", 0);
    EXPECT_EQ(send_next(), first);
    EXPECT_EQ(send_next(), other);
    EXPECT_EQ(send_next(), 0u);
    EXPECT_EQ(queue_.deadline(now_), now_ + 1100ms);
    now_ += 1100ms;
    EXPECT_EQ(send_next(), second);
}

TEST_F(QueueTest, LetsNobodyOfLowerPriorityTakeThePlaceThatAnotherWaitsFor) {
    limiter_.count_earlier(20, now_);
    const auto waits = add("a", 5);
    add("own", 0);
    const auto equal = add("own", 5);
    EXPECT_EQ(send_next(), equal);
    EXPECT_EQ(send_next(), 0u);
    now_ += 31s;
    EXPECT_EQ(send_next(), waits);
}

TEST_F(QueueTest, KeepsThePlaceOfALineThatWasNotWritten) {
    const auto first = add("a", 0);
    const auto second = add("a", 0);
    queue_.begin(first);
    EXPECT_EQ(queue_.size(), 1u);
    EXPECT_TRUE(queue_.holds("a", "text"));
    queue_.put_back(first);
    EXPECT_EQ(send_next(), first);
    now_ += 2s;
    EXPECT_EQ(send_next(), second);
    EXPECT_FALSE(queue_.holds("a", "text"));
}

TEST_F(QueueTest, KeepsTheOrderOfEachPriorityAndChannel) {
    std::mt19937 random(7);
    std::uniform_int_distribution<int> channel(0, 5);
    std::uniform_int_distribution<int> priority(0, 2);
    std::map<std::pair<std::string, int>, SendQueue::Ticket> last;
    std::map<SendQueue::Ticket, int> priorities;
    int sent = 0;
    for (int step = 0; step < 4000; ++step, now_ += 250ms) {
        if (step < 2000 && step % 4 == 0) {
            const int of = priority(random);
            const int where = channel(random);
            priorities[add(where == 0 ? "own" : std::to_string(where), of)] = of;
        }
        const auto ticket = send_next();
        if (ticket == 0) continue;
        ++sent;
        auto& before = last[{channels_[ticket], priorities[ticket]}];
        EXPECT_LT(before, ticket);
        before = ticket;
    }
    EXPECT_EQ(sent, 500);
}

}  // namespace
}  // namespace chat
