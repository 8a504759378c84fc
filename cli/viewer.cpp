#include "viewer.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "human_line.hpp"
#include "json_line.hpp"
#include "loss_text.hpp"
#include "safe_text.hpp"

namespace coven::cli {

namespace {

/// The tally stops counting channels here, so that it stays small for ever.
constexpr std::size_t most_channels = 100000;

std::string plural(std::uint64_t number, std::string_view noun) {
    return fmt::format("{} {}{}", number, noun, number == 1 ? "" : "s");
}

/// Line ends mean nothing inside a line of IRC or between the words of JSON, but a reader of lines
/// would see two.
std::string one_line(std::string raw) {
    while (!raw.empty() && (raw.back() == '\n' || raw.back() == '\r')) raw.pop_back();
    std::replace(raw.begin(), raw.end(), '\n', ' ');
    std::replace(raw.begin(), raw.end(), '\r', ' ');
    return raw;
}

std::string lost_text(const Tally& tally) {
    const char* kept = tally.truncations == 0 ? "" : ", some not kept any more";
    if (tally.losses == 0) return std::string("none lost") + kept;
    if (tally.lost == 0) return std::string("some may be lost") + kept;
    return fmt::format("{} lost{}", tally.lost, kept);
}

}  // namespace

std::string describe(const Tally& tally, std::uint64_t duplicates) {
    return fmt::format("{} received, {} shown, {}{}, {}, {} dropped",
                       plural(tally.received, "event"), tally.shown,
                       plural(tally.channels.size(), "channel"),
                       tally.channels.size() == most_channels ? " or more" : "", lost_text(tally),
                       plural(duplicates, "duplicate"));
}

Viewer::Step Viewer::show(const Event& event) {
    count(event);
    if (options_.copies == Copies::one && !one_copy_.wants(event)) return Step::go_on;
    const auto line = line_of(event);
    if (!line) return Step::go_on;
    switch (output_.line(*line)) {
        case Output::Outcome::reader_gone:
            return Step::reader_gone;
        case Output::Outcome::failed:
            return Step::failed;
        case Output::Outcome::interrupted:
            return Step::go_on;
        case Output::Outcome::written:
            break;
    }
    if (!event.is_missing()) ++tally_.shown;
    return options_.count && tally_.shown >= *options_.count ? Step::enough : Step::go_on;
}

void Viewer::count(const Event& event) {
    if (event.lost()) {
        ++tally_.losses;
        tally_.lost += lost_events(*event.lost()).value_or(0);
        return;
    }
    if (event.truncated()) {
        ++tally_.truncations;
        return;
    }
    ++tally_.received;
    const auto& channel = event.message().channel_login();
    if (!channel.empty() && tally_.channels.size() < most_channels) tally_.channels.insert(channel);
}

std::optional<std::string> Viewer::line_of(const Event& event) const {
    if (options_.view == View::human) return human_line(event, options_.paint);
    if (options_.view == View::json) return json_line(event);
    if (event.lost()) return "# " + loss_text(*event.lost());
    if (event.truncated()) return "# " + truncation_text(*event.truncated());
    // Nobody sent a gap, but nobody should miss it either.
    if (event.payload().Is<v1::SourceGap>()) return "# " + human_line(event, Paint(Colours::none));
    if (event.message().raw().empty()) return std::nullopt;
    const auto raw = one_line(event.message().raw());
    return options_.place == Place::terminal ? safe_text(raw) : raw;
}

}  // namespace coven::cli
