#include "token_keeper.hpp"

#include <gtest/gtest.h>

namespace token {

std::ostream& operator<<(std::ostream& out, TokenKeeper::Task task) {
    constexpr std::array names = {"validate", "refresh", "refresh_with_previous"};
    return out << names.at(static_cast<std::size_t>(task));
}
std::ostream& operator<<(std::ostream& out, TokenKeeper::State state) {
    constexpr std::array names = {"unknown", "valid", "unreachable", "rejected"};
    return out << names.at(static_cast<std::size_t>(state));
}

namespace {

using namespace std::chrono_literals;
using Task = TokenKeeper::Task;
using Outcome = TokenKeeper::Outcome;
using State = TokenKeeper::State;

/// A keeper, and a time that goes by hand.
class TokenKeeperTest : public ::testing::Test {
  public:
    static constexpr TokenKeeper::Limits limits{};

    coven::StoredToken pair(std::chrono::seconds life) const {
        coven::StoredToken pair;
        pair.access = coven::Secret("access");
        pair.refresh = coven::Secret("refresh");
        pair.expires_at = now_.time + life;
        return pair;
    }
    static coven::StoredToken without_refresh(coven::StoredToken pair) {
        pair.refresh = {};
        return pair;
    }
    static coven::StoredToken with_previous(coven::StoredToken pair) {
        pair.previous_refresh = coven::Secret("previous");
        return pair;
    }
    void pass(std::chrono::seconds time) {
        now_.time += time;
        now_.instant += time;
    }
    /// The task that is due; goes there if it is in the future. How long it took.
    std::chrono::seconds wait_for(Task task) {
        const auto step = keeper_.next(now_);
        EXPECT_EQ(step.task, task);
        const auto wait = std::max(step.when - now_.instant, coven::Duration(0));
        pass(std::chrono::ceil<std::chrono::seconds>(wait));
        return std::chrono::ceil<std::chrono::seconds>(wait);
    }
    void take(const coven::StoredToken& pair) { keeper_.take(pair, now_); }
    void validated(Outcome outcome, const coven::StoredToken& pair) {
        keeper_.validated(outcome, pair, now_);
    }

    TokenKeeper keeper_{limits, 1};
    TokenKeeper::Moment now_{coven::Time(1'800'000'000s), coven::Instant(1000s)};
};

TEST_F(TokenKeeperTest, ValidatesAtTheStartAndEachHour) {
    const auto long_life = pair(100h);
    take(long_life);
    EXPECT_EQ(keeper_.state(), State::unknown);
    EXPECT_EQ(wait_for(Task::validate), 0s);
    for (int i = 0; i < 24; ++i) {
        validated(Outcome::good, long_life);
        EXPECT_EQ(keeper_.state(), State::valid);
        EXPECT_EQ(wait_for(Task::validate), 1h);
    }
}

TEST_F(TokenKeeperTest, RefreshesTenMinutesBeforeTheEnd) {
    const auto first = pair(4h);
    take(first);
    validated(Outcome::good, first);
    for (int i = 0; i < 3; ++i) {
        EXPECT_EQ(wait_for(Task::validate), 1h);
        validated(Outcome::good, first);
    }
    EXPECT_EQ(wait_for(Task::refresh), 50min);
    const auto second = with_previous(pair(4h));
    keeper_.refreshed(second, now_);
    EXPECT_EQ(keeper_.state(), State::valid);
    EXPECT_EQ(wait_for(Task::validate), 0s);
}

TEST_F(TokenKeeperTest, RefreshesAtOnceWhatEndedWhileNobodyLooked) {
    take(pair(-3h));
    EXPECT_EQ(wait_for(Task::refresh), 0s);
}

TEST_F(TokenKeeperTest, KeepsWhatNeverExpires) {
    auto legacy = pair(0s);
    legacy.expires_at = coven::Time::max();
    take(legacy);
    validated(Outcome::good, legacy);
    EXPECT_EQ(wait_for(Task::validate), 1h);
    EXPECT_FALSE(keeper_.is_ending(now_.time));
}

TEST_F(TokenKeeperTest, RefreshesWhatAConnectorSaysIsRefused) {
    const auto first = pair(4h);
    take(first);
    validated(Outcome::good, first);
    keeper_.report_refused(now_);
    EXPECT_EQ(wait_for(Task::refresh), 0s);
    keeper_.refreshed(pair(4h), now_);
    // However often it is said, not as fast as it is said.
    keeper_.report_refused(now_);
    validated(Outcome::good, pair(4h));
    EXPECT_EQ(wait_for(Task::refresh), limits.between_refreshes);
}

TEST_F(TokenKeeperTest, ValidatesWhatIsRefusedAndCannotBeRefreshed) {
    const auto implicit = without_refresh(pair(1000h));
    take(implicit);
    validated(Outcome::good, implicit);
    keeper_.report_refused(now_);
    EXPECT_EQ(wait_for(Task::validate), 0s);
    validated(Outcome::refused, implicit);
    EXPECT_EQ(keeper_.state(), State::rejected);
    EXPECT_EQ(wait_for(Task::validate), limits.ask_again);
    validated(Outcome::good, implicit);
    EXPECT_EQ(keeper_.state(), State::valid);
}

TEST_F(TokenKeeperTest, RefreshesWhatValidationRefuses) {
    const auto first = pair(4h);
    take(first);
    validated(Outcome::refused, first);
    EXPECT_EQ(keeper_.state(), State::unknown);
    EXPECT_EQ(wait_for(Task::refresh), 0s);
    keeper_.refresh_failed(Task::refresh, Outcome::refused, now_);
    EXPECT_EQ(keeper_.state(), State::rejected);
    // Slowly, for Twitch has been wrong before.
    EXPECT_EQ(wait_for(Task::refresh), limits.ask_again);
    keeper_.refreshed(pair(4h), now_);
    EXPECT_EQ(keeper_.state(), State::valid);
}

TEST_F(TokenKeeperTest, TriesThePairBeforeWhenTheNewOneIsRefused) {
    const auto second = with_previous(pair(4h));
    take(second);
    validated(Outcome::refused, second);
    EXPECT_EQ(wait_for(Task::refresh), 0s);
    keeper_.refresh_failed(Task::refresh, Outcome::refused, now_);
    EXPECT_NE(keeper_.state(), State::rejected);
    EXPECT_EQ(wait_for(Task::refresh_with_previous), 0s);
    keeper_.refresh_failed(Task::refresh_with_previous, Outcome::refused, now_);
    EXPECT_EQ(keeper_.state(), State::rejected);
}

TEST_F(TokenKeeperTest, ForgetsThePairBeforeOnceTheNewOneIsGood) {
    take(with_previous(pair(4h)));
    validated(Outcome::good, pair(4h));
    keeper_.report_refused(now_);
    keeper_.refresh_failed(Task::refresh, Outcome::refused, now_);
    EXPECT_EQ(wait_for(Task::validate), 0s);
}

TEST_F(TokenKeeperTest, UsesAccessThatOutlivesItsRefreshToken) {
    const auto first = pair(4h);
    take(first);
    validated(Outcome::good, first);
    keeper_.report_refused(now_);
    keeper_.refresh_failed(Task::refresh, Outcome::refused, now_);
    EXPECT_EQ(wait_for(Task::validate), 0s);
    validated(Outcome::good, first);
    EXPECT_EQ(keeper_.state(), State::valid);
    EXPECT_FALSE(keeper_.is_ending(now_.time));
    pass(4h - 9min);
    EXPECT_TRUE(keeper_.is_ending(now_.time));
}

TEST_F(TokenKeeperTest, GoesOnWhileTwitchIsOutOfReach) {
    const auto first = pair(4h);
    take(first);
    validated(Outcome::good, first);
    pass(1h);
    std::chrono::seconds longest{0};
    // Twelve hours, beyond the end of the access.
    for (const auto begun = now_.instant; now_.instant - begun < 12h;) {
        const auto step = keeper_.next(now_);
        longest = std::max(longest, wait_for(step.task));
        if (step.task == Task::validate) {
            validated(Outcome::unreachable, first);
        } else {
            keeper_.refresh_failed(step.task, Outcome::unreachable, now_);
        }
        ASSERT_EQ(keeper_.state(), State::unreachable);
    }
    EXPECT_LE(longest, limits.pauses.longest);
    EXPECT_GT(longest, 1min);
    EXPECT_TRUE(keeper_.is_ending(now_.time));
    const auto back = keeper_.next(now_);
    EXPECT_LE(back.when - now_.instant, limits.pauses.longest);
    keeper_.refreshed(pair(4h), now_);
    EXPECT_EQ(keeper_.state(), State::valid);
}

TEST_F(TokenKeeperTest, LooksAgainWhenTheAccessOfTheImplicitGrantHasEnded) {
    const auto implicit = without_refresh(pair(30min));
    take(implicit);
    validated(Outcome::good, implicit);
    EXPECT_FALSE(keeper_.is_ending(now_.time));
    EXPECT_EQ(wait_for(Task::validate), 30min + 1s);
    EXPECT_TRUE(keeper_.is_ending(now_.time));
}

TEST_F(TokenKeeperTest, BeginsAnewWithAPairFromALogin) {
    take(without_refresh(pair(1h)));
    validated(Outcome::refused, without_refresh(pair(1h)));
    ASSERT_EQ(keeper_.state(), State::rejected);
    take(pair(4h));
    EXPECT_EQ(keeper_.state(), State::unknown);
    EXPECT_EQ(wait_for(Task::validate), 0s);
}

TEST_F(TokenKeeperTest, AsksNothingWhileTheStoreHasNoRoom) {
    take(pair(5min));
    EXPECT_EQ(wait_for(Task::refresh), 0s);
    keeper_.postpone_refresh(now_);
    const auto step = keeper_.next(now_);
    EXPECT_TRUE(step.task == Task::validate || step.when > now_.instant);
    validated(Outcome::good, pair(5min));
    EXPECT_EQ(keeper_.next(now_).task, Task::refresh);
}

}  // namespace
}  // namespace token
