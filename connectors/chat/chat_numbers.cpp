#include "chat_numbers.hpp"

#include <algorithm>
#include <cctype>
#include <string>
#include <utility>
#include <vector>

#include "coverage.hpp"
#include "feeds.hpp"
#include "outlet.hpp"

namespace chat {

namespace {

using coven::Metrics;
using coven::Sample;

std::size_t place_of(std::string_view command) {
    const auto& all = ChatNumbers::commands;
    const bool numeric = std::isdigit(static_cast<unsigned char>(command.front())) != 0;
    const auto* const found =
        numeric ? all.end() - 1 : std::find(all.begin(), all.end() - 1, command);
    return !numeric && found == all.end() - 1 ? all.size()
                                              : static_cast<std::size_t>(found - all.begin());
}

std::vector<Sample> line_samples(const ChatNumbers& numbers) {
    std::vector<Sample> samples;
    samples.reserve(numbers.lines.size());
    for (std::size_t i = 0; i < numbers.lines.size(); ++i) {
        const auto command = i < ChatNumbers::commands.size() ? ChatNumbers::commands[i] : "other";
        samples.push_back(
            {{{"command", std::string(command)}}, static_cast<double>(numbers.lines[i])});
    }
    return samples;
}

std::size_t refused(const ChatNumbers& numbers) {
    std::size_t refused = 0;
    if (numbers.feeds == nullptr) return refused;
    for (const auto& feed : numbers.feeds->status()) {
        if (feed.roster != nullptr) refused += feed.roster->count(Roster::State::refused);
    }
    return refused;
}

/// `read` gives an integer.
template <class ReadInteger>
Metrics::Read number(ReadInteger read) {
    return [read] { return static_cast<double>(read()); };
}

void show_connections(const ChatNumbers& of, Metrics& metrics) {
    metrics.counter("coven_chat_connections_total", "Connections to Twitch's chat that were made.",
                    number([&of] { return of.connections; }));
    metrics.counters(
        "coven_chat_connections_failed_total",
        "Connections that could not be made (refused), ended although they were wanted "
        "(lost), or that Twitch asked to leave (asked).",
        [&of] {
            return std::vector<Sample>{
                {{{"reason", "refused"}}, static_cast<double>(of.refusals)},
                {{{"reason", "lost"}}, static_cast<double>(of.losses)},
                {{{"reason", "asked"}}, static_cast<double>(of.asked_to_reconnect)}};
        });
}

void show_lines(const ChatNumbers& of, Metrics& metrics) {
    metrics.counters("coven_chat_lines_total", "Lines that came from Twitch, by IRC command.",
                     [&of] { return line_samples(of); });
    metrics.gauge("coven_chat_last_line_timestamp_seconds",
                  "When the last line came, in seconds since the Unix epoch; 0 = none yet.", [&of] {
                      return std::chrono::duration<double>(of.last_line.time_since_epoch()).count();
                  });
    metrics.counter("coven_chat_gaps_total", "Gaps that were announced.", number([&of] {
                        return of.earlier_gaps + (of.outlet != nullptr ? of.outlet->gaps() : 0);
                    }));
    metrics.counter("coven_chat_dropped_total", "Messages that did not get onto the bus.",
                    number([&of] {
                        return of.earlier_drops + (of.outlet != nullptr ? of.outlet->dropped() : 0);
                    }));
}

void show_channels(const ChatNumbers& of, Metrics& metrics) {
    metrics.gauge("coven_chat_channels_wanted", "Channels that are to be heard.", number([&of] {
                      return of.coverage != nullptr ? of.coverage->channels() : std::size_t{0};
                  }));
    metrics.gauge("coven_chat_channels_joined", "Channels that are heard.", number([&of] {
                      return of.coverage != nullptr ? of.coverage->heard() : std::size_t{0};
                  }));
    metrics.gauge("coven_chat_channels_refused",
                  "Channels that Twitch does not let us hear; they are tried again.",
                  number([&of] { return refused(of); }));
}

}  // namespace

void ChatNumbers::count_line(std::string_view command, coven::Time now) {
    ++lines[place_of(command)];
    last_line = now;
}

AtWork::AtWork(ChatNumbers& numbers, const Feeds& feeds, const Coverage& coverage,
               const Outlet& outlet)
    : numbers_(numbers) {
    numbers_.feeds = &feeds;
    numbers_.coverage = &coverage;
    numbers_.outlet = &outlet;
}

AtWork::~AtWork() {
    numbers_.earlier_gaps += numbers_.outlet->gaps();
    numbers_.earlier_drops += numbers_.outlet->dropped();
    numbers_.feeds = nullptr;
    numbers_.coverage = nullptr;
    numbers_.outlet = nullptr;
}

void show(const ChatNumbers& numbers, Metrics& metrics) {
    show_connections(numbers, metrics);
    show_lines(numbers, metrics);
    show_channels(numbers, metrics);
}

}  // namespace chat
