#include "line_events/notice_detail.hpp"

#include <algorithm>
#include <array>

namespace chat {

namespace {

using Notice = twitch::v1::ChatNotice;

/// Gives in the name of those who do not want to be named
/// (https://dev.twitch.tv/docs/chat/irc/#usernotice-tags, read 2026-11-22).
constexpr std::string_view anonymous_login = "ananonymousgifter";
constexpr std::string_view anonymous_id = "274598607";

/// Old lines name the channel as the giver, but call the kind "anon…".
bool is_anonymous(const Notice& notice) {
    return notice.user_login() == anonymous_login || notice.user_id() == anonymous_id ||
           notice.kind().starts_with("anon");
}

void read_subscription(TagBag& params, Notice::Subscription& to) {
    const auto old_months = params.take_small("months");
    const auto months = params.take_small("cumulative-months");
    to.set_cumulative_months(months != 0 ? months : old_months);
    to.set_streak_months(params.take_small("streak-months"));
    to.set_shares_streak(params.take_flag("should-share-streak"));
    to.set_plan(params.take("sub-plan"));
    to.set_plan_name(params.take("sub-plan-name"));
    to.set_paid_months(params.take_small("multimonth-duration"));
    to.set_paid_months_over(params.take_small("multimonth-tenure"));
    to.set_was_gift(params.take_flag("was-gifted"));
}

void read_gift(TagBag& params, Notice& notice) {
    auto& to = *notice.mutable_gift();
    to.set_recipient_id(params.take("recipient-id"));
    to.set_recipient_login(params.take("recipient-user-name"));
    to.set_recipient_display_name(params.take("recipient-display-name"));
    to.set_cumulative_months(params.take_small("months"));
    to.set_gift_months(params.take_small("gift-months"));
    to.set_plan(params.take("sub-plan"));
    to.set_plan_name(params.take("sub-plan-name"));
    to.set_sender_count(params.take_small("sender-count"));
    to.set_community_gift_id(params.take("community-gift-id"));
    to.set_origin_id(params.take("origin-id"));
    to.set_anonymous(is_anonymous(notice));
}

void read_community_gift(TagBag& params, Notice& notice) {
    auto& to = *notice.mutable_community_gift();
    to.set_count(params.take_small("mass-gift-count"));
    to.set_sender_count(params.take_small("sender-count"));
    to.set_plan(params.take("sub-plan"));
    to.set_community_gift_id(params.take("community-gift-id"));
    to.set_origin_id(params.take("origin-id"));
    to.set_anonymous(is_anonymous(notice));
}

void read_gift_upgrade(TagBag& params, Notice& notice) {
    auto& to = *notice.mutable_gift_upgrade();
    to.set_sender_login(params.take("sender-login"));
    to.set_sender_name(params.take("sender-name"));
    // Here it is the receiver who speaks.
    to.set_anonymous(notice.kind().starts_with("anon") || to.sender_login() == anonymous_login);
    to.set_promotion(params.take("promo-name"));
    to.set_promotion_gifts(params.take_small("promo-gift-total"));
}

void read_reward_gift(TagBag& params, Notice& notice) {
    auto& to = *notice.mutable_reward_gift();
    to.set_domain(params.take("domain"));
    to.set_trigger(params.take("trigger-type"));
    to.set_trigger_amount(params.take_small("trigger-amount"));
    to.set_total_rewards(params.take_small("total-reward-count"));
    to.set_selected(params.take_small("selected-count"));
}

void read_raid(TagBag& params, Notice& notice) {
    auto& to = *notice.mutable_raid();
    to.set_from_login(params.take("login"));
    to.set_from_display_name(params.take("displayName"));
    to.set_viewers(params.take_small("viewerCount"));
    to.set_profile_image_url(params.take("profileImageURL"));
}

void read_milestone(TagBag& params, Notice& notice) {
    auto& to = *notice.mutable_milestone();
    to.set_category(params.take("category"));
    to.set_value(params.take_small("value"));
    to.set_channel_points(params.take_small("copoReward"));
    to.set_milestone_id(params.take("id"));
}

void read_pay_forward(TagBag& params, Notice& notice) {
    auto& to = *notice.mutable_pay_forward();
    to.set_prior_gifter_id(params.take("prior-gifter-id"));
    to.set_prior_gifter_login(params.take("prior-gifter-user-name"));
    to.set_prior_gifter_display_name(params.take("prior-gifter-display-name"));
    to.set_prior_gifter_anonymous(params.take_flag("prior-gifter-anonymous"));
    to.set_recipient_id(params.take("recipient-id"));
    to.set_recipient_login(params.take("recipient-user-name"));
    to.set_recipient_display_name(params.take("recipient-display-name"));
}

void read_extension(TagBag& params, Notice& notice) {
    auto& to = *notice.mutable_extension();
    to.set_cumulative_months(params.take_small("cumulative-months"));
    to.set_end_month(params.take_small("benefit-end-month"));
    to.set_plan(params.take("sub-plan"));
}

void read_charity_donation(TagBag& params, Notice& notice) {
    auto& to = *notice.mutable_charity_donation();
    to.set_charity(params.take("charity-name"));
    to.set_amount(params.take_count("donation-amount"));
    to.set_exponent(params.take_small("exponent"));
    to.set_currency(params.take("donation-currency"));
}

struct Kind {
    std::string_view name;
    void (*read)(TagBag& params, Notice& notice);
};

/// A new kind is a new line here, and a message in chat_notice.proto.
constexpr std::array kinds = {
    Kind{"sub", [](TagBag& params, Notice& to) { read_subscription(params, *to.mutable_sub()); }},
    Kind{"resub",
         [](TagBag& params, Notice& to) { read_subscription(params, *to.mutable_resub()); }},
    Kind{"subgift", read_gift},
    Kind{"anonsubgift", read_gift},
    Kind{"submysterygift", read_community_gift},
    Kind{"anonsubmysterygift", read_community_gift},
    Kind{"giftpaidupgrade", read_gift_upgrade},
    Kind{"anongiftpaidupgrade", read_gift_upgrade},
    Kind{"rewardgift", read_reward_gift},
    Kind{"raid", read_raid},
    Kind{"unraid", [](TagBag&, Notice& to) { to.mutable_unraid(); }},
    Kind{"bitsbadgetier",
         [](TagBag& params, Notice& to) {
             to.mutable_bits_badge()->set_threshold(params.take_small("threshold"));
         }},
    Kind{"modiversary",
         [](TagBag& params, Notice& to) {
             to.mutable_moderator_anniversary()->set_months(params.take_small("months"));
         }},
    Kind{"viewermilestone", read_milestone},
    Kind{"announcement",
         [](TagBag& params, Notice& to) {
             to.mutable_announcement()->set_color(params.take("color"));
         }},
    Kind{"primepaidupgrade",
         [](TagBag& params, Notice& to) {
             to.mutable_prime_upgrade()->set_plan(params.take("sub-plan"));
         }},
    Kind{"standardpayforward", read_pay_forward},
    Kind{"communitypayforward", read_pay_forward},
    Kind{"extendsub", read_extension},
    Kind{"charitydonation", read_charity_donation},
    Kind{"ritual", [](TagBag& params,
                      Notice& to) { to.mutable_ritual()->set_name(params.take("ritual-name")); }},
    Kind{"socialsharingbadge",
         [](TagBag& params, Notice& to) {
             to.mutable_sharing_badge()->set_level(params.take_small("current-badge-level"));
         }},
};

}  // namespace

void read_detail(TagBag params, Notice& notice) {
    const auto* kind = std::find_if(kinds.begin(), kinds.end(), [&notice](const auto& row) {
        return row.name == notice.kind();
    });
    if (kind != kinds.end()) kind->read(params, notice);
}

}  // namespace chat
