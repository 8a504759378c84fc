#include "colour.hpp"

#include <array>
#include <charconv>
#include <cstdlib>

#include <fmt/format.h>

namespace coven::cli {

namespace {

/// Of 255. Below it, coloured text on black is hard to read.
constexpr int darkest_readable = 90;

/// ITU-R BT.709 weights, in thousandths.
int luminance(Rgb colour) {
    return (213 * colour.red + 715 * colour.green + 72 * colour.blue) / 1000;
}

std::uint8_t lighter(std::uint8_t part) {
    return static_cast<std::uint8_t>(part + (255 - part + 4) / 5);
}

/// Nearest of the 6 × 6 × 6 cube that begins at colour 16.
int cube_index(Rgb colour) {
    const auto step = [](std::uint8_t part) { return (part * 5 + 127) / 255; };
    return 16 + 36 * step(colour.red) + 6 * step(colour.green) + step(colour.blue);
}

Colours depth(const Environment& environment) {
    const std::string depth = environment("COLORTERM");
    return depth == "truecolor" || depth == "24bit" ? Colours::all : Colours::palette_of_256;
}

bool wanted_automatically(Place place, const Environment& environment) {
    if (!environment("NO_COLOR").empty()) return false;
    const std::string force = environment("CLICOLOR_FORCE");
    if (!force.empty() && force != "0") return true;
    return place == Place::terminal && environment("TERM") != "dumb";
}

}  // namespace

std::string process_environment(const char* name) {
    const char* value = std::getenv(name);
    return value == nullptr ? "" : value;
}

Colours colours_for(std::string_view wish, Place place, const Environment& environment) {
    if (wish == "never") return Colours::none;
    if (wish == "always") return depth(environment);
    return wanted_automatically(place, environment) ? depth(environment) : Colours::none;
}

std::optional<Rgb> parse_colour(std::string_view text) {
    if (text.size() != 7 || text.front() != '#') return std::nullopt;
    std::uint32_t bits = 0;
    const char* end = text.data() + text.size();
    const auto [stopped, fault] = std::from_chars(text.data() + 1, end, bits, 16);
    if (fault != std::errc() || stopped != end) return std::nullopt;
    return Rgb{static_cast<std::uint8_t>(bits >> 16), static_cast<std::uint8_t>(bits >> 8 & 0xff),
               static_cast<std::uint8_t>(bits & 0xff)};
}

Rgb readable(Rgb colour) {
    while (luminance(colour) < darkest_readable) {
        colour = {lighter(colour.red), lighter(colour.green), lighter(colour.blue)};
    }
    return colour;
}

Rgb colour_of_login(std::string_view login) {
    constexpr std::array<Rgb, 8> colours = {{{255, 107, 107},
                                             {255, 169, 77},
                                             {255, 212, 59},
                                             {105, 219, 124},
                                             {56, 217, 169},
                                             {77, 171, 247},
                                             {145, 167, 255},
                                             {218, 119, 242}}};
    std::uint32_t hash = 2166136261u;  // FNV-1a
    for (const char c : login) hash = (hash ^ static_cast<unsigned char>(c)) * 16777619u;
    return colours[hash % colours.size()];
}

std::string Paint::in(std::string_view codes, std::string_view text) const {
    if (colours_ == Colours::none) return std::string(text);
    return fmt::format("\x1b[{}m{}\x1b[0m", codes, text);
}

std::string Paint::dim(std::string_view text) const { return in("2", text); }
std::string Paint::channel(std::string_view text) const { return in("36", text); }
std::string Paint::alarm(std::string_view text) const { return in("1;33", text); }

std::string Paint::name(std::string_view text, Rgb colour) const {
    const Rgb shown = readable(colour);
    if (colours_ == Colours::palette_of_256) {
        return in(fmt::format("1;38;5;{}", cube_index(shown)), text);
    }
    return in(fmt::format("1;38;2;{};{};{}", shown.red, shown.green, shown.blue), text);
}

}  // namespace coven::cli
