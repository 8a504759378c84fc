// A frame of the subscribe door.

#include "subscription.hpp"

#include "target.hpp"

void look_at(std::string_view input) {
    using coven::broker::Subscription;
    const auto subscription = coven::broker::read_subscription(input);
    if (!subscription) return;
    demand(input.substr(1) == subscription->prefix, "the prefix is what follows the first byte");
    const auto kind = subscription->kind;
    const bool question = kind == Subscription::Kind::ack || kind == Subscription::Kind::barrier;
    if (question) {
        demand(subscription->prefix.starts_with('~'), "questions begin with '~'");
        demand(!subscription->topic.empty(), "an answer has a topic");
        demand(subscription->topic.find('\0') == std::string_view::npos, "which is one");
    }
}
