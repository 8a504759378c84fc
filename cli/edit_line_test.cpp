#include "edit_line.hpp"

#include <gtest/gtest.h>

namespace coven::cli {
namespace {

using Lines = std::vector<std::string>;

TEST(EditLine, GivesALineForEachEnter) {
    EditLine edit;
    EXPECT_EQ(edit.type("hel"), Lines());
    EXPECT_EQ(edit.type("lo\rwor"), Lines{"hello"});
    EXPECT_EQ(edit.text(), "wor");
    EXPECT_EQ(edit.type("ld\n\n"), (Lines{"world", ""}));
}

TEST(EditLine, ErasesCharactersWordsAndAll) {
    EditLine edit;
    edit.type("a😂\x7f");
    EXPECT_EQ(edit.text(), "a");
    edit.type("\x7f\x7f\x08");
    EXPECT_EQ(edit.text(), "");
    edit.type("one two  \x17");
    EXPECT_EQ(edit.text(), "one ");
    edit.type("\x15");
    EXPECT_EQ(edit.text(), "");
}

TEST(EditLine, PassesOverArrowsAndOtherKeys) {
    EditLine edit;
    for (const char* keys : {"\x1b[A", "\x1b[1;5C", "\x1bOP", "\x1b[3~", "\x1bx", "\x01\x0c"}) {
        edit.type(keys);
    }
    edit.type("ok");
    EXPECT_EQ(edit.text(), "ok");
    // Esc, then Enter: the line goes out.
    EXPECT_EQ(edit.type("\x1b\r"), Lines{"ok"});
    // A sequence may come in pieces.
    edit.type("\x1b");
    edit.type("[");
    edit.type("D!");
    EXPECT_EQ(edit.text(), "!");
}

TEST(EditLine, EndsWithCtrlDOnAnEmptyLineOnly) {
    EditLine edit;
    edit.type("a\x04");
    EXPECT_FALSE(edit.has_ended());
    edit.type("\x7f\x04 b");
    EXPECT_TRUE(edit.has_ended());
    EXPECT_EQ(edit.text(), "");
}

TEST(EditLine, ShowsTheEndOfWhatDoesNotFitAndNothingThatCouldMoveTheCursor) {
    EditLine edit;
    edit.type("abc äöü");
    EXPECT_EQ(edit.shown(80), "abc äöü");
    EXPECT_EQ(edit.shown(3), "äöü");
    EXPECT_EQ(edit.shown(0), "");
    edit.type(
        "\xc2\x9b"
        "31m");
    EXPECT_EQ(edit.shown(80).find("\xc2\x9b"), std::string::npos);
}

}  // namespace
}  // namespace coven::cli
