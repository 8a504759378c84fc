#include "user_cache.hpp"

#include <fstream>

#include <gtest/gtest.h>

#include "coven/temp_folder.hpp"

namespace users {
namespace {

using namespace std::chrono_literals;
using Kind = UserCache::Found::Kind;

constexpr coven::Time start{std::chrono::microseconds(1'700'000'000'000'000)};

Name id(const std::string& text) { return {Name::Kind::id, text}; }
Name login(const std::string& text) { return {Name::Kind::login, text}; }

twitch::v1::User user(const std::string& id, const std::string& login, const std::string& display,
                      coven::Time seen) {
    twitch::v1::User user;
    user.set_id(id);
    user.set_login(login);
    user.set_display_name(display);
    user.set_seen_us(coven::microseconds_since_epoch(seen));
    return user;
}

class UserCacheTest : public testing::Test {
  protected:
    void open(const UserCache::Limits& limits = {}) {
        cache_.reset();
        cache_ = UserCache::open(folder_.file("users"), limits).value();
    }
    Kind kind(const Name& name, coven::Time now) { return cache_->find(name, now).kind; }

    coven::TempFolder folder_;
    std::unique_ptr<UserCache> cache_;
};

TEST_F(UserCacheTest, FindsBothWaysAndAfterARestart) {
    open();
    EXPECT_EQ(kind(id("1"), start), Kind::unknown);
    EXPECT_FALSE(cache_->learn(user("1", "xqc", "xQc", start)));
    EXPECT_TRUE(cache_->save().has_value());
    open();
    EXPECT_EQ(cache_->find(id("1"), start).user.login(), "xqc");
    EXPECT_EQ(cache_->find(login("xqc"), start).user.display_name(), "xQc");
    EXPECT_EQ(cache_->size(), 1u);
}

TEST_F(UserCacheTest, NamesGoStaleUntilTheyAreSeenAgain) {
    open();
    cache_->learn(user("1", "xqc", "xQc", start));
    EXPECT_EQ(kind(id("1"), start + 24h - 1us), Kind::known);
    EXPECT_EQ(kind(id("1"), start + 24h), Kind::stale);
    cache_->learn(user("1", "xqc", "xQc", start + 24h));
    EXPECT_EQ(kind(login("xqc"), start + 25h), Kind::known);
}

TEST_F(UserCacheTest, AUserWithoutADisplayNameIsWorthAsking) {
    open();
    cache_->learn(user("1", "xqc", "", start));
    EXPECT_EQ(kind(id("1"), start), Kind::stale);
}

TEST_F(UserCacheTest, ARenamedUserLeavesTheOldLogin) {
    open();
    cache_->learn(user("1", "old", "Old", start));
    const auto change = cache_->learn(user("1", "new", "New", start + 1s));
    ASSERT_TRUE(change);
    EXPECT_EQ(change->old_login(), "old");
    EXPECT_EQ(change->new_login(), "new");
    EXPECT_EQ(kind(login("old"), start + 1s), Kind::unknown);
    EXPECT_EQ(cache_->find(login("new"), start + 1s).user.id(), "1");
}

TEST_F(UserCacheTest, ALoginThatIsTakenOverStaysWithItsNewOwner) {
    open();
    cache_->learn(user("1", "name", "Name", start));
    cache_->learn(user("2", "name", "Name", start + 1s));
    EXPECT_TRUE(cache_->learn(user("1", "other", "Other", start + 2s)));
    EXPECT_EQ(cache_->find(login("name"), start + 2s).user.id(), "2");
}

TEST_F(UserCacheTest, OlderNewsChangeNothing) {
    open();
    cache_->learn(user("1", "new", "New", start + 1h));
    EXPECT_FALSE(cache_->learn(user("1", "old", "Old", start)));
    EXPECT_EQ(cache_->find(id("1"), start + 1h).user.login(), "new");
}

TEST_F(UserCacheTest, WhoIsSeenWithoutADisplayNameKeepsIt) {
    open();
    cache_->learn(user("1", "xqc", "xQc", start));
    cache_->learn(user("1", "xqc", "", start + 2h));
    EXPECT_EQ(cache_->find(id("1"), start + 2h).user.display_name(), "xQc");
}

TEST_F(UserCacheTest, AbsenceIsBelievedForAWhileAndEndsWhenSomebodySpeaks) {
    open();
    cache_->learn_absent(login("ghost"), start);
    EXPECT_EQ(kind(login("ghost"), start + 10min - 1us), Kind::absent);
    EXPECT_EQ(kind(login("ghost"), start + 10min), Kind::unknown);
    cache_->learn(user("5", "ghost", "Ghost", start + 1s));
    EXPECT_EQ(kind(login("ghost"), start + 2s), Kind::known);
}

TEST_F(UserCacheTest, SweepsForgetInRounds) {
    open();
    for (int i = 0; i < 2500; ++i) {
        const auto text = std::to_string(i);
        cache_->learn(user(text, "u" + text, "U", i == 1234 ? start + 720h : start));
    }
    cache_->learn_absent(id("99999"), start);
    EXPECT_EQ(cache_->size(), 2500u);
    for (int i = 0; i < 3; ++i) cache_->sweep(start + 720h);
    EXPECT_EQ(cache_->size(), 1u);
    EXPECT_EQ(kind(login("u1234"), start + 720h), Kind::known);
    EXPECT_EQ(kind(login("u1"), start), Kind::unknown);
    EXPECT_EQ(kind(id("99999"), start), Kind::unknown);
    cache_->learn(user("7", "late", "Late", start));
    cache_->sweep(start + 720h);
    EXPECT_EQ(cache_->size(), 1u);
}

TEST_F(UserCacheTest, AFullFileIsSaidAndWhatIsThereIsServed) {
    UserCache::Limits limits;
    limits.max_bytes = std::size_t{1} << 20;
    open(limits);
    cache_->learn(user("1", "first", "First", start));
    ASSERT_TRUE(cache_->save().has_value());
    bool full = false;
    for (int i = 2; i < 100'000 && !full; ++i) {
        const auto text = std::to_string(i);
        cache_->learn(user(text, "u" + text, "U", start));
        if (i % 100 == 0) full = cache_->save().has_error();
    }
    EXPECT_TRUE(full);
    EXPECT_EQ(kind(login("first"), start), Kind::known);
}

TEST_F(UserCacheTest, BeginsAnewWhenItsFileIsBroken) {
    open();
    cache_->learn(user("1", "xqc", "xQc", start));
    cache_.reset();
    std::ofstream(folder_.file("users/data.mdb")) << std::string(100'000, 'x');
    open();
    EXPECT_EQ(cache_->size(), 0u);
}

TEST_F(UserCacheTest, TwoDoNotShareAFolder) {
    open();
    const auto second = UserCache::open(folder_.file("users"), {});
    ASSERT_TRUE(second.has_error());
    EXPECT_NE(second.error().message.find("users"), std::string::npos) << second.error().message;
}

}  // namespace
}  // namespace users
