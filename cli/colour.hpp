#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace coven::cli {

/// What a terminal can show.
enum class Colours { none, palette_of_256, all };

/// Looks up an environment variable; empty when it is not set.
using Environment = std::function<std::string(const char* name)>;
std::string process_environment(const char* name);

/// Where output goes.
enum class Place { terminal, elsewhere };

/// `wish` is "auto", "always" or "never". With "auto", NO_COLOR (https://no-color.org, read
/// 2026-11-22) wins over CLICOLOR_FORCE (https://bixense.com/clicolors, read 2026-11-22), which
/// wins over where the output goes.
Colours colours_for(std::string_view wish, Place place, const Environment& environment);

struct Rgb {
    std::uint8_t red = 0;
    std::uint8_t green = 0;
    std::uint8_t blue = 0;

    friend bool operator==(const Rgb&, const Rgb&) = default;
};

/// "#RRGGBB"; anything else is no colour.
std::optional<Rgb> parse_colour(std::string_view text);
/// The same hue, light enough to be read on black.
Rgb readable(Rgb colour);
/// A colour for one who chose none, always the same for the same login.
Rgb colour_of_login(std::string_view login);

/// Puts colour around text that is already safe. Without colours it gives the text back.
class Paint {
  public:
    explicit Paint(Colours colours) : colours_(colours) {}

    std::string dim(std::string_view text) const;
    std::string channel(std::string_view text) const;
    /// A loss or a fault.
    std::string alarm(std::string_view text) const;
    std::string name(std::string_view text, Rgb colour) const;

  private:
    std::string in(std::string_view codes, std::string_view text) const;

    Colours colours_;
};

}  // namespace coven::cli
