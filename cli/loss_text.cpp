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

}  // namespace coven::cli
