#include <array>
#include <utility>

#include "coven/log.hpp"
#include "eventsub/points.hpp"
#include "eventsub/trigger.hpp"
#include "garbage.hpp"
#include "verb_table.hpp"

namespace coven::sim {
namespace {

using eventsub::Connection;

Done done_to(std::size_t count, std::string_view unit) { return {.count = count, .unit = unit}; }

Done trigger_event(ApiServer& server, const Command& command) {
    return done_to(eventsub::trigger(server.eventsub(), command.word, command.text),
                   "notifications");
}

Done redeem_reward(ApiServer& server, const Command& command) {
    std::string_view reward = command.text;
    std::string_view input;
    if (const auto place = reward.find(" :"); place != std::string_view::npos) {
        input = reward.substr(place + 2);
        reward = reward.substr(0, place);
    }
    const auto redeemed = redeem(server.eventsub(), command.channel, command.login, reward, input);
    if (!redeemed) log::warn("not_redeemed", {{"reason", redeemed.error().message}});
    return done_to(redeemed ? 1 : 0, "redemptions");
}

Done make_reward(ApiServer& server, const Command& command) {
    auto& here = server.eventsub();
    eventsub::Reward reward;
    reward.broadcaster_id = server.users().meet(command.channel).id;
    reward.cost = static_cast<std::int64_t>(command.number);
    reward.title = command.text;
    if (const auto fault = here.rewards().fault(reward)) {
        log::warn("no_reward", {{"reason", *fault}});
        return done_to(0, "rewards");
    }
    tell(here, here.rewards().add(std::move(reward)), eventsub::RewardChange::add);
    return done_to(1, "rewards");
}

Done set_kind(ApiServer& server, const Command& command) {
    const auto kind = command.word == "none" ? std::string() : command.word;
    server.eventsub().rewards().set_kind(server.users().meet(command.login).id, kind);
    return done_to(1, "users");
}

/// A verb that does the same thing to each connection that is meant.
template <void (Connection::*Method)()>
Done do_to_each(ApiServer& server, const Command& command) {
    return done_to(server.eventsub().each(command.target, [](Connection& one) { (one.*Method)(); }),
                   "connections");
}

template <Voice voice>
Done use_voice(ApiServer& server, const Command& command) {
    return done_to(server.eventsub().set_voice(command.target, voice), "connections");
}

Done close_with(ApiServer& server, const Command& command) {
    const auto code = static_cast<unsigned>(command.number);
    return done_to(
        server.eventsub().each(command.target, [code](Connection& one) { one.close(code); }),
        "connections");
}

Done send_garbage(ApiServer& server, const Command& command) {
    const auto messages = garbage(command.text);
    return done_to(server.eventsub().each(command.target,
                                          [&messages](Connection& one) {
                                              for (const auto& message : messages) {
                                                  one.send_frame(message.bytes, message.kind);
                                              }
                                          }),
                   "connections");
}

Done send_raw(ApiServer& server, const Command& command) {
    return done_to(server.eventsub().each({},
                                          [&command](Connection& one) {
                                              one.send_frame(command.text,
                                                             Outbox::Frame::Kind::text);
                                          }),
                   "connections");
}

Done revoke(ApiServer& server, const Command& command) {
    const auto is_meant = [&command](const eventsub::Subscription& one) {
        return command.text.empty() || one.type->name == command.text;
    };
    return done_to(server.eventsub().hub().revoke(command.word, is_meant), "subscriptions");
}

template <std::uint64_t eventsub::Faults::*count>
Done count_faults(ApiServer& server, const Command& command) {
    server.eventsub().hub().faults().*count = command.number;
    return done_to(command.number, "notifications");
}

Done make_conflicts(ApiServer& server, const Command& command) {
    server.eventsub().hub().faults().conflicts = command.number;
    return done_to(command.number, "subscriptions");
}

template <Duration eventsub::Faults::*time>
Done take_time(ApiServer& server, const Command& command) {
    server.eventsub().hub().faults().*time = command.time;
    return done_to(server.eventsub().connections().size(), "connections");
}

Done shut(ApiServer& server, const Command& command) {
    server.eventsub().shut(command.time);
    return done_to(server.eventsub().connections().size(), "connections");
}

using eventsub::Faults;

/// What the dashboard, viewers and chance do.
constexpr std::array happenings = {
    Verb{"trigger",
         {&argument::event_type, &argument::event_fields},
         nullptr,
         "an event of EventSub; `help trigger` lists the types and their fields",
         trigger_event},
    Verb{"redeem",
         {&argument::channel, &argument::user, &argument::text},
         nullptr,
         "somebody redeems a reward of CHANNEL, by id or title; what is typed in comes behind ' :'",
         redeem_reward},
    Verb{"reward",
         {&argument::channel, &argument::size, &argument::text},
         nullptr,
         "the dashboard makes a reward of that cost and title; no application may manage it",
         make_reward},
    Verb{"broadcaster",
         {&argument::user, &argument::broadcaster_kind},
         nullptr,
         "KIND: affiliate (all are), partner, none (without points)",
         set_kind},
};

/// What becomes of its connections.
constexpr std::array endings = {
    Verb{"eventsub-cut",
         {&argument::target},
         nullptr,
         "EventSub: close without a goodbye",
         do_to_each<&Connection::cut>},
    Verb{"eventsub-reset",
         {&argument::target},
         nullptr,
         "the same with a TCP reset",
         do_to_each<&Connection::reset>},
    Verb{"eventsub-half-open",
         {&argument::target},
         nullptr,
         "neither read nor write any more, and stay open",
         do_to_each<&Connection::half_open>},
    Verb{"eventsub-half-frame",
         {&argument::target},
         nullptr,
         "stop in the middle of the next message, half open then",
         do_to_each<&Connection::stop_half_way>},
    Verb{"eventsub-reconnect",
         {&argument::target},
         nullptr,
         "say session_reconnect; 4004 after 30 s",
         do_to_each<&Connection::ask_to_reconnect>},
    Verb{"eventsub-close",
         {&argument::close_code, &argument::target},
         nullptr,
         "say goodbye with CODE: 4000 to 4007, or another from 1000 on",
         close_with},
    Verb{"eventsub-mute",
         {&argument::target},
         nullptr,
         "no more notifications, but keepalives",
         use_voice<Voice::mute>},
    Verb{"eventsub-silence",
         {&argument::target},
         nullptr,
         "not a word, not even keepalives and pings",
         use_voice<Voice::silent>},
    Verb{"eventsub-speak",
         {&argument::target},
         nullptr,
         "ends `eventsub-mute` and `eventsub-silence`",
         use_voice<Voice::speaking>},
    Verb{"eventsub-garbage",
         {&argument::kind, &argument::target},
         nullptr,
         "KIND as of `garbage`, none of it JSON",
         send_garbage},
    Verb{
        "eventsub-raw", {&argument::text}, nullptr, "one message as it is, to everybody", send_raw},
    Verb{"eventsub-shut",
         {&argument::time},
         nullptr,
         "answer new connections with 503 for so long; those that are there stay",
         shut},
    Verb{"eventsub-welcome",
         {&argument::time},
         nullptr,
         "new connections wait so long for their welcome; 0s = not at all",
         take_time<&Faults::welcome_pause>},
};

/// What becomes of what is subscribed to.
constexpr std::array losses = {
    Verb{"eventsub-revoke",
         {&argument::subscription_status, &argument::type_wanted},
         nullptr,
         "revoke all subscriptions, or those of TYPE, with STATUS: authorization_revoked …",
         revoke},
    Verb{"eventsub-repeat",
         {&argument::count},
         nullptr,
         "send the next NUMBER notifications twice, with the same message id",
         count_faults<&Faults::repeats>},
    Verb{"eventsub-double",
         {&argument::count},
         nullptr,
         "send the next NUMBER events twice, with two message ids",
         count_faults<&Faults::doubles>},
    Verb{"eventsub-drop",
         {&argument::count},
         nullptr,
         "lose the next NUMBER notifications",
         count_faults<&Faults::drops>},
    Verb{"eventsub-lose",
         {&argument::count},
         nullptr,
         "lose NUMBER of a hundred notifications from now on",
         count_faults<&Faults::loss_percent>},
    Verb{"eventsub-conflict",
         {&argument::count},
         nullptr,
         "409 for the next NUMBER subscriptions that another session has, too",
         make_conflicts},
    Verb{"eventsub-orphans",
         {&argument::time},
         nullptr,
         "subscriptions of a session that ends stay enabled for so long; 0s = not at all",
         take_time<&Faults::unnoticed>},
};

}  // namespace

std::span<const Verb> happening_verbs() { return happenings; }
std::span<const Verb> eventsub_ending_verbs() { return endings; }
std::span<const Verb> eventsub_loss_verbs() { return losses; }

}  // namespace coven::sim
