#include "accounts.hpp"

#include <gtest/gtest.h>

#include "coven_testing/moved_clock.hpp"

namespace coven::sim {
namespace {

using namespace std::chrono_literals;

struct Desk {
    explicit Desk(Accounts::Options options = {}) : accounts(std::move(options), users, clock) {}

    const Application& application(std::string_view client_id) {
        return *accounts.application(client_id);
    }

    testing::MovedClock clock;
    Users users;
    Accounts accounts;
    const Application& open = application("simpublic");
    const Application& confidential = application("simconfidential");
};

TEST(Accounts, GrantADeviceCodeOnceAPersonHasApproved) {
    Desk desk;
    const auto code = desk.accounts.start_device(desk.open, {"chat:read"});
    EXPECT_EQ(code.user_code.size(), 8u);
    auto pair = desk.accounts.redeem_device(desk.open, code.device_code, {"chat:read"});
    EXPECT_EQ(pair.error().message, "authorization_pending");
    EXPECT_EQ(desk.accounts.waiting_user_codes(), (std::vector<std::string>{code.user_code}));
    desk.clock.jump(1s);
    pair = desk.accounts.redeem_device(desk.open, code.device_code, {"chat:read"});
    ASSERT_TRUE(pair.has_value());
    EXPECT_EQ(pair->expires_in, 4h);
    const auto* token = desk.accounts.find(pair->access);
    ASSERT_NE(token, nullptr);
    EXPECT_EQ(desk.users.with_id(token->user_id)->login, "coven_bot");
    pair = desk.accounts.redeem_device(desk.open, code.device_code, {"chat:read"});
    EXPECT_EQ(pair.error().message, "invalid device code") << "it is good once";
}

TEST(Accounts, LookAtACodesApplicationScopesAndAge) {
    Accounts::Options options;
    options.approval.reset();
    Desk desk(std::move(options));
    const auto code = desk.accounts.start_device(desk.open, {"chat:read"});
    const auto redeem = [&](const Application& application, const Scopes& scopes) {
        return desk.accounts.redeem_device(application, code.device_code, scopes).error().message;
    };
    EXPECT_EQ(redeem(desk.confidential, {"chat:read"}), "invalid device code");
    EXPECT_EQ(redeem(desk.open, {}), "invalid scopes");
    desk.clock.jump(30min - 1s);
    EXPECT_EQ(redeem(desk.open, {"chat:read"}), "authorization_pending") << "nobody approves";
    desk.clock.jump(1s);
    EXPECT_EQ(redeem(desk.open, {"chat:read"}), "invalid device code") << "it has expired";
    EXPECT_FALSE(desk.accounts.approve(code.user_code, "streamer"));
}

TEST(Accounts, AreApprovedByWhomOneSays) {
    Accounts::Options options;
    options.approval.reset();
    Desk desk(std::move(options));
    const auto code = desk.accounts.start_device(desk.open, {});
    EXPECT_FALSE(desk.accounts.approve("ABCDEFGH", "streamer"));
    EXPECT_TRUE(desk.accounts.approve(code.user_code, "streamer"));
    const auto pair = desk.accounts.redeem_device(desk.open, code.device_code, {});
    ASSERT_TRUE(pair.has_value());
    EXPECT_EQ(desk.accounts.find(pair->access)->user_id, numeric_id("streamer"));
}

TEST(Accounts, TakeARefreshTokenOfAPublicClientOnce) {
    Desk desk;
    const auto first = desk.accounts.issue("coven_bot", {"chat:read"});
    const auto second = desk.accounts.refresh(desk.open, first.refresh);
    ASSERT_TRUE(second.has_value());
    EXPECT_NE(second->refresh, first.refresh);
    EXPECT_EQ(second->scopes, Scopes{"chat:read"});
    EXPECT_NE(desk.accounts.find(first.access), nullptr) << "the old access token goes on";
    const auto again = desk.accounts.refresh(desk.open, first.refresh);
    EXPECT_EQ(again.error().message, "Invalid refresh token");
    EXPECT_TRUE(desk.accounts.refresh(desk.open, second->refresh).has_value());
}

TEST(Accounts, LetAConfidentialClientKeepItsRefreshToken) {
    Desk desk;
    const auto code = desk.accounts.start_device(desk.confidential, {});
    desk.clock.jump(1s);
    const auto first = desk.accounts.redeem_device(desk.confidential, code.device_code, {}).value();
    EXPECT_TRUE(desk.accounts.refresh(desk.open, first.refresh).has_error());
    const auto second = desk.accounts.refresh(desk.confidential, first.refresh).value();
    EXPECT_EQ(second.refresh, first.refresh);
}

TEST(Accounts, ForgetTheFirstOfFiftyOneAccessTokensOfAGrant) {
    Desk desk;
    const auto first = desk.accounts.issue("coven_bot", {});
    auto last = first;
    for (int i = 0; i < 49; ++i) last = desk.accounts.refresh(desk.open, last.refresh).value();
    EXPECT_NE(desk.accounts.find(first.access), nullptr);
    last = desk.accounts.refresh(desk.open, last.refresh).value();
    EXPECT_EQ(desk.accounts.find(first.access), nullptr);
    EXPECT_NE(desk.accounts.find(last.access), nullptr);
}

TEST(Accounts, LetTokensEndInTime) {
    Desk desk;
    const auto pair = desk.accounts.issue("coven_bot", {});
    desk.accounts.import("imported", "streamer", {});
    desk.clock.jump(4h - 1ms);
    ASSERT_NE(desk.accounts.find(pair.access), nullptr);
    EXPECT_EQ(desk.accounts.time_left(*desk.accounts.find(pair.access)), 1s);
    desk.clock.jump(1ms);
    EXPECT_EQ(desk.accounts.find(pair.access), nullptr);
    EXPECT_EQ(desk.accounts.time_left(*desk.accounts.find("imported")), 0s);
    desk.clock.jump(30 * 24h - 4h);
    EXPECT_TRUE(desk.accounts.refresh(desk.open, pair.refresh).has_error());
    EXPECT_NE(desk.accounts.find("imported"), nullptr) << "it does not end";
}

TEST(Accounts, ExpireAndRevokeOnDemand) {
    Desk desk;
    const auto bot = desk.accounts.issue("coven_bot", {});
    const auto other = desk.accounts.issue("streamer", {});
    EXPECT_EQ(desk.accounts.expire("coven_bot"), 1u);
    EXPECT_EQ(desk.accounts.find(bot.access), nullptr);
    EXPECT_NE(desk.accounts.find(other.access), nullptr);
    const auto next = desk.accounts.refresh(desk.open, bot.refresh);
    ASSERT_TRUE(next.has_value());
    EXPECT_EQ(desk.accounts.revoke_all("coven_bot"), 2u);
    EXPECT_TRUE(desk.accounts.refresh(desk.open, next->refresh).has_error());
    EXPECT_EQ(desk.accounts.revoke_all("nobody"), 0u);
    EXPECT_EQ(desk.accounts.revoke_all("all"), 2u);
}

TEST(Accounts, GiveAnApplicationATokenOfNobody) {
    Desk desk;
    const auto pair = desk.accounts.issue_to_application(desk.confidential);
    EXPECT_EQ(pair.refresh, "");
    EXPECT_EQ(desk.accounts.find(pair.access)->user_id, "");
    EXPECT_FALSE(desk.accounts.revoke(desk.open, pair.access)) << "it is another's";
    EXPECT_TRUE(desk.accounts.revoke(desk.confidential, pair.access));
    EXPECT_EQ(desk.accounts.find(pair.access), nullptr);
}

TEST(Users, KeepTheirIdsWhenTheyAreRenamed) {
    Users users;
    users.meet("before");
    users.meet("other");
    EXPECT_FALSE(users.rename("nobody", "after"));
    EXPECT_FALSE(users.rename("before", "other"));
    EXPECT_TRUE(users.rename("before", "after"));
    EXPECT_EQ(users.with_login("before"), nullptr);
    EXPECT_EQ(users.with_login("after")->id, numeric_id("before"));
    EXPECT_EQ(users.person("after").id, numeric_id("before"));
    EXPECT_EQ(users.meet("after").id, numeric_id("before"));
}

}  // namespace
}  // namespace coven::sim
