#include "loss_text.hpp"

#include <fmt/format.h>

#include "safe_text.hpp"

namespace coven::cli {

namespace {

std::string cause(const v1::Lost& lost) {
    switch (lost.reason()) {
        case v1::Lost::REASON_SKIPPED:
            return "this reader was too slow, or its connection was cut";
        case v1::Lost::REASON_EPOCH_ENDED:
            return fmt::format("the broker began anew, epoch {} is over", lost.bus_epoch());
        default:
            return "for an unknown reason";
    }
}

std::string_view cause(const v1::Truncated& truncated) {
    switch (truncated.reason()) {
        case v1::Truncated::REASON_RETENTION:
            return "they were older, or more, than what is kept";
        case v1::Truncated::REASON_CORRUPT:
            return "the disk gave back something else than what was written";
        case v1::Truncated::REASON_PURGED:
            return "somebody asked for them to be forgotten";
        case v1::Truncated::REASON_NOT_STORED:
            return "the broker is configured not to store them";
        default:
            return "for an unknown reason";
    }
}

}  // namespace

std::string_view loss_reason(const v1::Lost& lost) {
    switch (lost.reason()) {
        case v1::Lost::REASON_SKIPPED:
            return "skipped";
        case v1::Lost::REASON_EPOCH_ENDED:
            return "epoch_ended";
        default:
            return "unknown";
    }
}

std::optional<std::uint64_t> lost_events(const v1::Lost& lost) {
    if (lost.first_seq() == 0 || lost.last_seq() < lost.first_seq()) return std::nullopt;
    return lost.last_seq() - lost.first_seq() + 1;
}

std::string loss_text(const v1::Lost& lost) {
    const auto where = lost.topic().empty() ? "all that is shown here" : safe_text(lost.topic());
    const auto events = lost_events(lost);
    if (!events) return fmt::format("events of {} may be lost: {}", where, cause(lost));
    const auto numbers = *events == 1 ? fmt::format("{}", lost.first_seq())
                                      : fmt::format("{}–{}", lost.first_seq(), lost.last_seq());
    return fmt::format("lost {} event{} of {} (topic_seq {}): {}", *events, *events == 1 ? "" : "s",
                       where, numbers, cause(lost));
}

std::string_view truncation_reason(const v1::Truncated& truncated) {
    switch (truncated.reason()) {
        case v1::Truncated::REASON_RETENTION:
            return "retention";
        case v1::Truncated::REASON_CORRUPT:
            return "corrupt";
        case v1::Truncated::REASON_PURGED:
            return "purged";
        case v1::Truncated::REASON_NOT_STORED:
            return "not_stored";
        default:
            return "unknown";
    }
}

std::string truncation_text(const v1::Truncated& truncated) {
    return fmt::format("events of {} are not kept any more (offset {}–{}): {}",
                       safe_text(truncated.family()), truncated.from(), truncated.to(),
                       cause(truncated));
}

}  // namespace coven::cli
