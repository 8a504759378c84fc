#include "up_banner.hpp"

#include <fmt/format.h>

#include "addresses.hpp"

namespace coven::cli {

namespace {

constexpr std::size_t most_names = 8;

std::string names_of(const std::vector<std::string>& channels) {
    if (channels.empty()) return "no channel";
    std::string text;
    for (std::size_t i = 0; i < channels.size() && i < most_names; ++i) {
        text += (i == 0 ? "" : ", ") + channels[i];
    }
    if (channels.size() > most_names) {
        text += fmt::format(" and {} more", channels.size() - most_names);
    }
    return text;
}

/// The flags that lead another `coven` to the same doors.
std::string flags_to(const Banner& banner) {
    if (is_same(banner.doors, Endpoints{})) return "";
    if (!banner.config_file.empty() && is_same(banner.doors, banner.configured)) {
        return " -c " + banner.config_file;
    }
    return fmt::format(" --subscribe {} --request {}", banner.doors.subscribe,
                       banner.doors.request);
}

bool lacks_channels(const std::vector<Planned>& planned) {
    bool none = false;
    for (const auto& each : planned) {
        if (each.channels && !each.channels->empty()) return false;
        none = none || each.channels;
    }
    return none;
}

}  // namespace

std::vector<std::string> banner_lines(const Banner& banner, const std::vector<Planned>& planned) {
    std::vector<std::string> lines = {fmt::format("events in {}, out {}, requests {}",
                                                  banner.doors.publish, banner.doors.subscribe,
                                                  banner.doors.request)};
    for (const auto& each : planned) {
        const auto what = each.channels ? names_of(*each.channels) : each.meant;
        lines.push_back(each.program.name + ": " + what);
    }
    if (lacks_channels(planned)) {
        lines.push_back("no channels yet: coven up --channel some_streamer");
    }
    lines.push_back(fmt::format("now in another terminal: {}{} 'twitch.chat.>'",
                                banner.program + " tail", flags_to(banner)));
    lines.push_back("Ctrl-C ends all of it");
    return lines;
}

}  // namespace coven::cli
