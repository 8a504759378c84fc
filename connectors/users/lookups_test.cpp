#include "lookups.hpp"

#include <exception>
#include <set>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include "coven/temp_folder.hpp"
#include "coven_testing/moved_clock.hpp"

namespace asio = boost::asio;

namespace users {
namespace {

using namespace std::chrono_literals;
using twitch::v1::User;

std::vector<Name> ids(int first, int count) {
    std::vector<Name> names;
    for (int i = first; i < first + count; ++i) {
        names.push_back({Name::Kind::id, std::to_string(i)});
    }
    return names;
}

/// Lookups whose Twitch knows the users 1 to 999, "u1" to "u999", unless it is out of reach.
class LookupsTest : public testing::Test {
  protected:
    LookupsTest() {
        asio::co_spawn(io_, lookups_.run(), asio::detached);
        turn();
    }
    void turn() {
        io_.restart();
        io_.poll();
    }
    void advance(coven::Duration time) { clock_.advance(io_, time); }
    /// Counts itself in `answers_` when it has its answer.
    void ask(std::vector<Name> names, coven::Duration limit = 5s) {
        asio::co_spawn(io_, keep_answer(std::move(names), limit),
                       [](const std::exception_ptr& failure) {
                           if (failure) std::rethrow_exception(failure);
                       });
        turn();
    }
    asio::awaitable<void> keep_answer(std::vector<Name> names, coven::Duration limit) {
        answers_.push_back(co_await lookups_.look_up(std::move(names), limit));
    }
    asio::awaitable<Lookups::Twitch::Answer> answer(std::vector<Name> names) {
        EXPECT_LE(names.size(), 100u);
        asked_.insert(asked_.end(), names.begin(), names.end());
        co_await clock_.sleep(twitch_takes_);
        if (!reachable_) co_return coven::Error("api.twitch.tv is out of reach");
        std::vector<User> users;
        for (const auto& name : names) {
            const bool is_id = name.kind == Name::Kind::id;
            const auto id = is_id ? name.text : name.text.substr(1);
            if (id.size() > 3) continue;
            User user;
            user.set_id(id);
            user.set_login((renamed_.contains(id) ? "v" : "u") + id);
            user.set_display_name("U");
            users.push_back(std::move(user));
        }
        co_return users;
    }
    asio::awaitable<void> hear(twitch::v1::UserRenamed change) {
        heard_.push_back(change.old_login() + ">" + change.new_login());
        co_return;
    }
    Lookups::Twitch twitch() {
        return {[this](std::vector<Name> names) { return answer(std::move(names)); },
                [this](twitch::v1::UserRenamed change) { return hear(std::move(change)); }};
    }

    coven::TempFolder folder_;
    asio::io_context io_{1};
    coven::testing::MovedClock clock_;
    std::unique_ptr<UserCache> cache_ = UserCache::open(folder_.file("users"), {}).value();
    coven::Duration twitch_takes_ = 100ms;
    bool reachable_ = true;
    std::set<std::string> renamed_;
    std::vector<Name> asked_;
    std::vector<std::string> heard_;
    std::vector<twitch::v1::Users> answers_;
    Lookups::Numbers numbers_;
    Lookups lookups_{*cache_, clock_, numbers_, twitch(), {}, io_.get_executor()};
};

TEST_F(LookupsTest, TenThousandOfFiveHundredCostFiveCalls) {
    for (int i = 0; i < 10'000; ++i) ask(ids(1 + i % 500, 1));
    advance(1s);
    EXPECT_EQ(answers_.size(), 10'000u);
    for (const auto& answer : answers_) EXPECT_EQ(answer.users_size(), 1);
    EXPECT_EQ(numbers_.calls, 5u);
    EXPECT_EQ(asked_.size(), 500u);
    ask(ids(1, 500));
    EXPECT_EQ(answers_.back().users_size(), 500);
    EXPECT_EQ(numbers_.calls, 5u);
    EXPECT_EQ(numbers_.from_cache, 500u);
}

TEST_F(LookupsTest, AnswersInTheOrderOfTheQuestionEachUserOnce) {
    ask({{Name::Kind::login, "u3"}, {Name::Kind::id, "1"}, {Name::Kind::id, "3"}});
    advance(1s);
    ASSERT_EQ(answers_.size(), 1u);
    ASSERT_EQ(answers_[0].users_size(), 2);
    EXPECT_EQ(answers_[0].users(0).id(), "3");
    EXPECT_EQ(answers_[0].users(1).login(), "u1");
    EXPECT_EQ(answers_[0].reason(), "");
}

TEST_F(LookupsTest, WhoIsNotThereIsNamedAndNotAskedForAgain) {
    ask({{Name::Kind::id, "4444"}, {Name::Kind::login, "u5555"}});
    advance(1s);
    ASSERT_EQ(answers_.size(), 1u);
    EXPECT_EQ(answers_[0].absent_ids(0), "4444");
    EXPECT_EQ(answers_[0].absent_logins(0), "u5555");
    ask(ids(4444, 1));
    EXPECT_EQ(answers_.size(), 2u);
    EXPECT_EQ(numbers_.calls, 1u);
}

TEST_F(LookupsTest, ServesWhatItHasWhenTwitchIsOutOfReach) {
    ask(ids(1, 1));
    advance(1s);
    reachable_ = false;
    clock_.jump(25h);
    ask(ids(1, 2));
    advance(1s);
    ASSERT_EQ(answers_.size(), 2u);
    const auto& answer = answers_.back();
    ASSERT_EQ(answer.users_size(), 1);
    EXPECT_EQ(answer.users(0).login(), "u1");
    ASSERT_EQ(answer.unasked_ids_size(), 1);
    EXPECT_EQ(answer.unasked_ids(0), "2");
    EXPECT_EQ(answer.reason(), "api.twitch.tv is out of reach");
    EXPECT_EQ(numbers_.failed_calls, 1u);
    reachable_ = true;
    ask(ids(2, 1));
    advance(1s);
    EXPECT_EQ(answers_.back().users_size(), 1);
}

TEST_F(LookupsTest, GivesUpAtItsLimitAndKeepsWhatComesLater) {
    twitch_takes_ = 10s;
    ask(ids(1, 1), 2s);
    advance(2s);
    ASSERT_EQ(answers_.size(), 1u);
    EXPECT_EQ(answers_[0].unasked_ids_size(), 1);
    EXPECT_EQ(answers_[0].reason(), "Twitch has not answered yet; ask again");
    ask(ids(1, 1), 20s);
    advance(20s);
    EXPECT_EQ(answers_.back().users_size(), 1);
    EXPECT_EQ(numbers_.calls, 1u);
}

TEST_F(LookupsTest, TellsWhoHasAnotherNameNow) {
    ask(ids(7, 1));
    advance(1s);
    renamed_.insert("7");
    clock_.jump(25h);
    ask(ids(7, 1));
    advance(1s);
    EXPECT_EQ(answers_.back().users(0).login(), "v7");
    EXPECT_EQ(heard_, (std::vector<std::string>{"u7>v7"}));
}

}  // namespace
}  // namespace users
