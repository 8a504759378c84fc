#include "user_notice_table.hpp"

#include <algorithm>
#include <array>

namespace coven::sim {
namespace {

/// https://dev.twitch.tv/docs/chat/irc/#usernotice (read 2026-11-23), and what chat shows beyond.
constexpr std::array<UserNoticeKind, 24> kinds = {{
    {"sub",
     "cumulative-months=1;months=0;multimonth-duration=1;multimonth-tenure=0;"
     "should-share-streak=0;sub-plan=1000;sub-plan-name=Channel\\sSubscription;was-gifted=false",
     "subscribed at Tier 1."},
    {"resub",
     "cumulative-months=6;months=0;multimonth-duration=0;multimonth-tenure=0;"
     "should-share-streak=1;streak-months=3;sub-plan=Prime;sub-plan-name=Channel\\sSubscription;"
     "was-gifted=false",
     "subscribed with Prime. They've subscribed for 6 months, currently on a 3 month streak!"},
    {"subgift",
     "gift-months=1;months=1;recipient-display-name=recipient;recipient-id=10000001;"
     "recipient-user-name=recipient;sender-count=1;sub-plan=1000;"
     "sub-plan-name=Channel\\sSubscription",
     "gifted a Tier 1 sub!"},
    {"submysterygift", "mass-gift-count=5;sender-count=5;sub-plan=1000",
     "is gifting Tier 1 Subs to the community!"},
    {"giftpaidupgrade", "sender-login=gifter;sender-name=gifter",
     "is continuing the Gift Sub they got from gifter!"},
    {"anongiftpaidupgrade", "", "is continuing the Gift Sub they got from an anonymous user!"},
    {"rewardgift",
     "domain=hype_chat;selected-count=5;total-reward-count=5;trigger-amount=1;trigger-type=CHEER",
     "'s Cheer shared rewards to 5 others in Chat!"},
    {"raid",
     "displayName=raider;login=raider;profileImageURL=https://static-cdn.jtvnw.net/"
     "jtv_user_pictures/raider-%s.png;viewerCount=42",
     "is raiding with a party of 42."},
    {"unraid", "", "The raid has been canceled."},
    {"bitsbadgetier", "threshold=1000", "bits badge tier notification"},
    {"modiversary", "months=12", "has been a moderator for 12 months!"},
    {"viewermilestone",
     "category=watch-streak;copoReward=450;id=00000000-0000-4000-8000-000000000000;value=5",
     "watched 5 consecutive streams and sparked a watch streak!"},
    {"announcement", "color=PRIMARY", ""},
    {"primepaidupgrade", "sub-plan=1000", "converted from a Prime sub to a Tier 1 sub!"},
    {"standardpayforward",
     "prior-gifter-anonymous=false;prior-gifter-display-name=gifter;prior-gifter-id=10000002;"
     "prior-gifter-user-name=gifter;recipient-display-name=recipient;recipient-id=10000001;"
     "recipient-user-name=recipient",
     "is paying forward the Gift they got from gifter to recipient!"},
    {"communitypayforward",
     "prior-gifter-anonymous=false;prior-gifter-display-name=gifter;prior-gifter-id=10000002;"
     "prior-gifter-user-name=gifter",
     "is paying forward the Gift they got from gifter to the community!"},
    {"extendsub", "cumulative-months=6;sub-benefit-end-month=12;sub-plan=1000",
     "extended their Tier 1 subscription through December!"},
    {"charitydonation", "charity-name=Charity;donation-amount=500;donation-currency=EUR;exponent=2",
     "donated EUR 5 to support Charity"},
    {"ritual", "ritual-name=new_chatter", "is new here. Say hello!"},
    {"anonsubgift",
     "gift-months=1;months=1;recipient-display-name=recipient;recipient-id=10000001;"
     "recipient-user-name=recipient;sub-plan=1000;sub-plan-name=Channel\\sSubscription",
     "An anonymous user gifted a Tier 1 sub!"},
    {"anonsubmysterygift", "mass-gift-count=5;sub-plan=1000",
     "An anonymous user is gifting Tier 1 Subs to the community!"},
    {"midnightsquid", "amount=500;currency=USD;emote-id=25;exponent=2;is-highlighted=true",
     "Cheered $5.00"},
    {"primecommunitygiftreceived",
     "gift-name=Loot;middle-man=somebody;recipient=recipient;sender=gifter",
     "A viewer was gifted a Loot"},
    {"socialsharingbadge", "current-badge-level=1", "earned a badge for sharing!"},
}};

}  // namespace

const UserNoticeKind& user_notice_kind(std::string_view kind) {
    static constexpr UserNoticeKind unknown{"", "", ""};
    const auto* const found = std::ranges::find(kinds, kind, &UserNoticeKind::kind);
    return found == kinds.end() ? unknown : *found;
}

}  // namespace coven::sim
