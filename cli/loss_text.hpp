#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "coven/v1/bus.pb.h"
#include "coven/v1/history.pb.h"

namespace coven::cli {

/// One word for programs: "skipped", "epoch_ended" or "unknown".
std::string_view loss_reason(const v1::Lost& lost);
/// How many events are missing, where that is known.
std::optional<std::uint64_t> lost_events(const v1::Lost& lost);
/// One line for people, safe. Example: "lost 12 events of twitch.chat.xqc.message
/// (topic_seq 5–16): this reader was too slow, or its connection was cut".
std::string loss_text(const v1::Lost& lost);

/// One word for programs: "retention", "corrupt", "purged" or "unknown".
std::string_view truncation_reason(const v1::Truncated& truncated);
/// One line for people, safe. Example: "events of chat are not kept any more (offset 5–16): they
/// were older, or more, than what is kept".
std::string truncation_text(const v1::Truncated& truncated);

}  // namespace coven::cli
