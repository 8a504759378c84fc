#include "line_events/notice.hpp"

#include <gtest/gtest.h>

namespace {

using twitch::v1::ChatNotice;

ChatNotice read(const std::string& line) {
    chat::NoticeReader reader;
    return reader.read(chat::IrcLine::parse(line).value());
}

/// A notice of this kind to #xqc with these tags besides.
ChatNotice of_kind(const std::string& kind, const std::string& tags) {
    return read("@login=ann;user-id=5;msg-id=" + kind + ";" + tags +
                " :tmi.twitch.tv USERNOTICE #xqc");
}

TEST(Notice, SaysWhoDidWhatAndWhatHeWrote) {
    const auto notice = read(
        "@badge-info=subscriber/88;badges=moderator/1,subscriber/72;color=#19E6E6;"
        "display-name=Randers;emotes=185989:11-15/25:17-21/1902:23-27;flags=;"
        "id=9045a344-75b9-44fa-af49-c413bcb39559;login=randers;mod=1;msg-id=announcement;"
        "msg-param-color=PRIMARY;room-id=11148817;subscriber=1;system-msg=;"
        "tmi-sent-ts=1780872797175;user-id=40286300;user-type=mod;vip=0 "
        ":tmi.twitch.tv USERNOTICE #pajlada :hello pajs pajaH Kappa Keepo");
    EXPECT_EQ(notice.id(), "9045a344-75b9-44fa-af49-c413bcb39559");
    EXPECT_EQ(notice.channel_id(), "11148817");
    EXPECT_EQ(notice.channel_login(), "pajlada");
    EXPECT_EQ(notice.user_id(), "40286300");
    EXPECT_EQ(notice.user_login(), "randers");
    EXPECT_EQ(notice.display_name(), "Randers");
    EXPECT_EQ(notice.kind(), "announcement");
    EXPECT_EQ(notice.msg_id(), "announcement");
    EXPECT_EQ(notice.system_message(), "");
    EXPECT_EQ(notice.sent_us(), 1780872797175000u);
    EXPECT_EQ(notice.announcement().color(), "PRIMARY");
    const auto& message = notice.message();
    EXPECT_EQ(message.user_login(), "randers");
    EXPECT_EQ(message.text(), "hello pajs pajaH Kappa Keepo");
    EXPECT_EQ(message.emotes_size(), 3);
    EXPECT_EQ(message.emotes(1).spans(0).first_byte(), 17u);
    EXPECT_EQ(message.badges_size(), 2);
    EXPECT_TRUE(message.moderator());
    EXPECT_TRUE(message.other_tags().empty());
}

TEST(Notice, KnowsSubscriptionsOldAndNew) {
    const auto resub = read(
        "@system-msg=calm\\ssubscribed\\sat\\sTier\\s3.;msg-param-cumulative-months=9;"
        "msg-param-should-share-streak=1;msg-param-streak-months=4;"
        "msg-param-sub-plan-name=Executive\\sProducer;msg-param-months=0;"
        "msg-param-multimonth-duration=6;msg-id=resub;user-id=609242230;"
        "msg-param-multimonth-tenure=2;msg-param-sub-plan=3000;msg-param-was-gifted=true;"
        "login=calm__like_a_tom :tmi.twitch.tv USERNOTICE #pajlada");
    EXPECT_EQ(resub.system_message(), "calm subscribed at Tier 3.");
    EXPECT_EQ(resub.display_name(), "calm__like_a_tom");
    EXPECT_EQ(resub.resub().cumulative_months(), 9u);
    EXPECT_EQ(resub.resub().streak_months(), 4u);
    EXPECT_TRUE(resub.resub().shares_streak());
    EXPECT_EQ(resub.resub().plan(), "3000");
    EXPECT_EQ(resub.resub().plan_name(), "Executive Producer");
    EXPECT_EQ(resub.resub().paid_months(), 6u);
    EXPECT_EQ(resub.resub().paid_months_over(), 2u);
    EXPECT_TRUE(resub.resub().was_gift());
    EXPECT_EQ(resub.params().at("multimonth-duration"), "6");
    EXPECT_FALSE(resub.has_sub());
    EXPECT_EQ(of_kind("resub", "msg-param-months=6").resub().cumulative_months(), 6u);
    EXPECT_EQ(of_kind("sub", "msg-param-sub-plan=Prime").sub().plan(), "Prime");
}

TEST(Notice, KnowsGiftsAndTheirBomb) {
    const auto gift = of_kind(
        "subgift",
        "msg-param-gift-months=1;msg-param-months=6;msg-param-origin-id=46;"
        "msg-param-recipient-id=27787997;msg-param-sub-plan=1000;msg-param-sub-plan-name=a\\sb;"
        "msg-param-recipient-display-name=Rustafur;msg-param-recipient-user-name=rustafur;"
        "msg-param-community-gift-id=4645652708379472175;msg-param-sender-count=3");
    EXPECT_EQ(gift.gift().recipient_id(), "27787997");
    EXPECT_EQ(gift.gift().recipient_login(), "rustafur");
    EXPECT_EQ(gift.gift().recipient_display_name(), "Rustafur");
    EXPECT_EQ(gift.gift().cumulative_months(), 6u);
    EXPECT_EQ(gift.gift().gift_months(), 1u);
    EXPECT_EQ(gift.gift().plan(), "1000");
    EXPECT_EQ(gift.gift().plan_name(), "a b");
    EXPECT_EQ(gift.gift().sender_count(), 3u);
    EXPECT_EQ(gift.gift().community_gift_id(), "4645652708379472175");
    EXPECT_EQ(gift.gift().origin_id(), "46");
    EXPECT_FALSE(gift.gift().anonymous());
    const auto bomb = of_kind("submysterygift",
                              "msg-param-mass-gift-count=20;msg-param-sender-count=50;"
                              "msg-param-sub-plan=1000;msg-param-community-gift-id=46");
    EXPECT_EQ(bomb.community_gift().count(), 20u);
    EXPECT_EQ(bomb.community_gift().sender_count(), 50u);
    EXPECT_EQ(bomb.community_gift().plan(), "1000");
    EXPECT_EQ(bomb.community_gift().community_gift_id(), "46");
}

TEST(Notice, KnowsWhoWantsNotToBeNamed) {
    const std::string by_login = "@login=ananonymousgifter;msg-id=subgift USERNOTICE #xqc";
    const std::string by_id = "@user-id=274598607;msg-id=submysterygift USERNOTICE #xqc";
    EXPECT_TRUE(read(by_login).gift().anonymous());
    EXPECT_TRUE(read(by_id).community_gift().anonymous());
    EXPECT_TRUE(of_kind("anonsubgift", "").gift().anonymous());
    EXPECT_TRUE(of_kind("anonsubmysterygift", "").community_gift().anonymous());
    EXPECT_TRUE(of_kind("anongiftpaidupgrade", "").gift_upgrade().anonymous());
    const auto upgrade = of_kind("giftpaidupgrade",
                                 "msg-param-sender-login=bob;msg-param-sender-name=Bob;"
                                 "msg-param-promo-name=Subtember;msg-param-promo-gift-total=4003");
    EXPECT_FALSE(upgrade.gift_upgrade().anonymous());
    EXPECT_EQ(upgrade.gift_upgrade().sender_login(), "bob");
    EXPECT_EQ(upgrade.gift_upgrade().sender_name(), "Bob");
    EXPECT_EQ(upgrade.gift_upgrade().promotion(), "Subtember");
    EXPECT_EQ(upgrade.gift_upgrade().promotion_gifts(), 4003u);
}

TEST(Notice, KnowsRaids) {
    const auto raid = of_kind("raid",
                              "msg-param-displayName=Bob;msg-param-login=bob;"
                              "msg-param-viewerCount=15;"
                              "msg-param-profileImageURL=https://x/a-%s.png");
    EXPECT_EQ(raid.raid().from_login(), "bob");
    EXPECT_EQ(raid.raid().from_display_name(), "Bob");
    EXPECT_EQ(raid.raid().viewers(), 15u);
    EXPECT_EQ(raid.raid().profile_image_url(), "https://x/a-%s.png");
    EXPECT_TRUE(of_kind("unraid", "").has_unraid());
}

TEST(Notice, KnowsAnniversariesAndMilestones) {
    EXPECT_EQ(of_kind("modiversary", "msg-param-months=18").moderator_anniversary().months(), 18u);
    const auto streak = of_kind("viewermilestone",
                                "msg-param-category=watch-streak;msg-param-value=15;"
                                "msg-param-copoReward=450;msg-param-id=abc");
    EXPECT_EQ(streak.milestone().category(), "watch-streak");
    EXPECT_EQ(streak.milestone().value(), 15u);
    EXPECT_EQ(streak.milestone().channel_points(), 450u);
    EXPECT_EQ(streak.milestone().milestone_id(), "abc");
    EXPECT_EQ(of_kind("bitsbadgetier", "msg-param-threshold=1000").bits_badge().threshold(), 1000u);
    EXPECT_EQ(
        of_kind("socialsharingbadge", "msg-param-current-badge-level=1").sharing_badge().level(),
        1u);
}

TEST(Notice, KnowsOtherGiftsAndUpgrades) {
    const auto reward = of_kind("rewardgift",
                                "msg-param-domain=bits;msg-param-trigger-type=CHEER;"
                                "msg-param-trigger-amount=20;msg-param-selected-count=10;"
                                "msg-param-total-reward-count=12");
    EXPECT_EQ(reward.reward_gift().trigger(), "CHEER");
    EXPECT_EQ(reward.reward_gift().trigger_amount(), 20u);
    EXPECT_EQ(reward.reward_gift().total_rewards(), 12u);
    EXPECT_EQ(reward.reward_gift().selected(), 10u);
    EXPECT_EQ(of_kind("primepaidupgrade", "msg-param-sub-plan=1000").prime_upgrade().plan(),
              "1000");
    const auto forward = of_kind("standardpayforward",
                                 "msg-param-prior-gifter-anonymous=true;"
                                 "msg-param-recipient-user-name=cid");
    EXPECT_TRUE(forward.pay_forward().prior_gifter_anonymous());
    EXPECT_EQ(forward.pay_forward().recipient_login(), "cid");
    EXPECT_TRUE(of_kind("communitypayforward", "").has_pay_forward());
    const auto extension = of_kind(
        "extendsub",
        "msg-param-benefit-end-month=4;msg-param-cumulative-months=8;msg-param-sub-plan=1000");
    EXPECT_EQ(extension.extension().end_month(), 4u);
    const auto donation = of_kind("charitydonation",
                                  "msg-param-charity-name=A\\sB;msg-param-donation-amount=500;"
                                  "msg-param-donation-currency=USD;msg-param-exponent=2");
    EXPECT_EQ(donation.charity_donation().amount(), 500u);
    EXPECT_EQ(donation.charity_donation().charity(), "A B");
    EXPECT_EQ(of_kind("ritual", "msg-param-ritual-name=new_chatter").ritual().name(),
              "new_chatter");
}

TEST(Notice, OfASharedChatSaysWhatItIsAndWhereItComesFrom) {
    const auto notice = read(
        "@login=lahoooo;msg-id=sharedchatnotice;msg-param-color=BLUE;room-id=11148817;"
        "source-badges=staff/1,moderator/1;source-id=4083dadc-9f20-40f9-ba92-949ebf6bc294;"
        "source-msg-id=announcement;source-room-id=1025594235;user-id=612865661 "
        ":tmi.twitch.tv USERNOTICE #pajlada :hi");
    EXPECT_EQ(notice.msg_id(), "sharedchatnotice");
    EXPECT_EQ(notice.kind(), "announcement");
    EXPECT_EQ(notice.announcement().color(), "BLUE");
    const auto& shared = notice.message().shared_chat();
    EXPECT_EQ(shared.source_message_id(), "4083dadc-9f20-40f9-ba92-949ebf6bc294");
    EXPECT_EQ(shared.source_channel_id(), "1025594235");
    EXPECT_EQ(shared.source_badges_size(), 2);
}

TEST(Notice, PassesOnWhatItDoesNotKnow) {
    const auto notice =
        of_kind("brandnewthing", "system-msg=Wow!;msg-param-a=1;msg-param-b=x\\sy;c=z");
    EXPECT_EQ(notice.kind(), "brandnewthing");
    EXPECT_EQ(notice.system_message(), "Wow!");
    EXPECT_EQ(notice.detail_case(), ChatNotice::DETAIL_NOT_SET);
    EXPECT_EQ(notice.params().at("a"), "1");
    EXPECT_EQ(notice.params().at("b"), "x y");
    EXPECT_EQ(notice.message().other_tags().at("c"), "z");
    EXPECT_EQ(read("USERNOTICE #xqc").kind(), "");
}

TEST(Notice, TakesNonsenseForZeroAndKeepsIt) {
    for (const char* nonsense : {"many", "-3", "", "1e3", "99999999999999999999"}) {
        const auto raid = of_kind("raid", std::string("msg-param-viewerCount=") + nonsense);
        EXPECT_EQ(raid.raid().viewers(), 0u) << nonsense;
        EXPECT_EQ(raid.params().at("viewerCount"), nonsense);
    }
    EXPECT_EQ(of_kind("raid", "msg-param-viewerCount=9999999999").raid().viewers(), UINT32_MAX);
}

}  // namespace
