#include "send/send_numbers.hpp"

#include <array>
#include <utility>
#include <vector>

namespace chat {

namespace {

using coven::v1::Reply;

constexpr std::array<std::pair<Reply::Status, const char*>, 7> outcomes = {{
    {Reply::OK, "ok"},
    {Reply::FAILED, "failed"},
    {Reply::UNKNOWN, "unknown"},
    {Reply::EXPIRED, "expired"},
    {Reply::REJECTED, "rejected"},
    {Reply::RATE_LIMITED, "rate_limited"},
    {Reply::NO_ROUTE, "no_route"},
}};

std::vector<coven::Sample> answers_of(const SendNumbers& numbers) {
    std::vector<coven::Sample> samples;
    for (const auto& [status, name] : outcomes) {
        const auto found = numbers.answers.find(status);
        const auto count = found == numbers.answers.end() ? 0 : found->second;
        samples.push_back({{{"outcome", name}}, static_cast<double>(count)});
    }
    return samples;
}

}  // namespace

void show(const SendNumbers& of, coven::Metrics& metrics) {
    metrics.counters("coven_chat_commands_total", "Commands to chat that were answered, by how.",
                     [&of] { return answers_of(of); });
    metrics.gauge("coven_chat_lines_waiting", "Lines that wait until they may be sent.",
                  [&of] { return static_cast<double>(of.waiting); });
    metrics.counter("coven_chat_lines_delayed_total",
                    "Lines that could not be sent at once because of Twitch's limits.",
                    [&of] { return static_cast<double>(of.waits); });
    metrics.counter("coven_chat_lines_delay_seconds_total", "How long these waited together.",
                    [&of] { return std::chrono::duration<double>(of.waited).count(); });
}

}  // namespace chat
