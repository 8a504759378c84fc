#include "colour.hpp"

#include <map>

#include <gtest/gtest.h>

namespace coven::cli {
namespace {

Environment environment(std::map<std::string, std::string> values) {
    return [values = std::move(values)](const char* name) {
        const auto found = values.find(name);
        return found == values.end() ? std::string() : found->second;
    };
}

TEST(Colours, FollowTheFlagThenTheEnvironmentThenTheTerminal) {
    struct Row {
        const char* wish;
        Place place;
        std::map<std::string, std::string> values;
        Colours colours;
    };
    const std::vector<Row> rows = {
        {"auto", Place::elsewhere, {}, Colours::none},
        {"auto", Place::terminal, {}, Colours::palette_of_256},
        {"auto", Place::terminal, {{"COLORTERM", "truecolor"}}, Colours::all},
        {"auto", Place::terminal, {{"TERM", "dumb"}}, Colours::none},
        {"auto", Place::terminal, {{"NO_COLOR", "1"}}, Colours::none},
        {"auto", Place::terminal, {{"NO_COLOR", ""}}, Colours::palette_of_256},
        {"auto", Place::elsewhere, {{"CLICOLOR_FORCE", "1"}}, Colours::palette_of_256},
        {"auto", Place::elsewhere, {{"CLICOLOR_FORCE", "0"}}, Colours::none},
        {"auto", Place::elsewhere, {{"CLICOLOR_FORCE", "1"}, {"NO_COLOR", "1"}}, Colours::none},
        {"always", Place::elsewhere, {{"NO_COLOR", "1"}}, Colours::palette_of_256},
        {"never", Place::terminal, {{"CLICOLOR_FORCE", "1"}}, Colours::none},
    };
    for (const auto& row : rows) {
        EXPECT_EQ(colours_for(row.wish, row.place, environment(row.values)), row.colours)
            << "row " << &row - rows.data();
    }
}

TEST(Colours, AreReadOnlyWhenWellFormed) {
    EXPECT_EQ(parse_colour("#CC44ff"), (Rgb{0xcc, 0x44, 0xff}));
    for (const char* text :
         {"", "#", "CC44FF", "#CC44F", "#CC44FFF", "#GG0000", "#-12345", "#\x1b[31m"}) {
        EXPECT_EQ(parse_colour(text), std::nullopt) << text;
    }
}

TEST(Colours, OfDarkNamesAreMadeLighterAndLightOnesKept) {
    EXPECT_EQ(readable({255, 200, 0}), (Rgb{255, 200, 0}));
    for (const Rgb dark : {Rgb{0, 0, 0}, Rgb{0, 0, 255}, Rgb{139, 0, 0}}) {
        const Rgb light = readable(dark);
        EXPECT_GT(light.red + light.green + light.blue, 250);
    }
}

TEST(Colours, OfALoginStayTheSame) {
    EXPECT_EQ(colour_of_login("pajlada"), colour_of_login("pajlada"));
}

TEST(Paint, WithoutColoursGivesTheTextBack) {
    const Paint paint(Colours::none);
    EXPECT_EQ(paint.name("x", {1, 2, 3}) + paint.dim("y") + paint.alarm("z"), "xyz");
}

TEST(Paint, EndsEachColourItBegins) {
    EXPECT_EQ(Paint(Colours::all).name("x", {255, 200, 0}), "\x1b[1;38;2;255;200;0mx\x1b[0m");
    EXPECT_EQ(Paint(Colours::palette_of_256).name("x", {255, 200, 0}), "\x1b[1;38;5;220mx\x1b[0m");
}

}  // namespace
}  // namespace coven::cli
