#include "coven/one_copy.hpp"

#include <chrono>
#include <optional>

#include "recent_ids.hpp"
#include "twitch/v1/chat_notice.pb.h"

namespace coven {

namespace {

using twitch::v1::ChatMessage;
using twitch::v1::ChatNotice;

constexpr std::uint64_t heard_for_us = 60'000'000;

/// The message in `event`, or what was written with a notice.
std::optional<ChatMessage> message_in(const Event& event) {
    if (auto message = event.payload_as<ChatMessage>()) return message;
    auto notice = event.payload_as<ChatNotice>();
    if (!notice) return std::nullopt;
    return std::move(*notice->mutable_message());
}

}  // namespace

OneCopy::OneCopy() : delivered_(std::make_unique<RecentIds>()) {}
OneCopy::OneCopy(OneCopy&&) noexcept = default;
OneCopy& OneCopy::operator=(OneCopy&&) noexcept = default;
OneCopy::~OneCopy() = default;

bool OneCopy::hears(const std::string& channel_id, std::uint64_t now_us) const {
    const auto found = heard_us_.find(channel_id);
    return found != heard_us_.end() && now_us <= found->second + heard_for_us;
}

bool OneCopy::wants(const Event& event) {
    const auto message = message_in(event);
    if (!message) return true;
    const auto now_us = event.message().received_us();
    heard_us_[message->channel_id()] = now_us;
    if (!message->has_shared_chat()) return true;
    const auto& shared = message->shared_chat();
    const bool is_original = shared.source_channel_id() == message->channel_id();
    const bool original_comes = !is_original && hears(shared.source_channel_id(), now_us);
    const Instant now{std::chrono::microseconds(now_us)};
    if (!original_comes && delivered_->is_new({}, shared.source_message_id(), now)) return true;
    ++passed_over_;
    return false;
}

}  // namespace coven
