#include "journal/families.hpp"

#include <gtest/gtest.h>

namespace coven::broker {
namespace {

TEST(Family, IsTheSecondWord) {
    EXPECT_EQ(family_of("twitch.chat.xqc.message"), "chat");
    EXPECT_EQ(family_of("a.b"), "b");
    EXPECT_EQ(family_of("bus.chat.chat-1.state"), "bus");
    EXPECT_EQ(family_of("bus"), "bus");
    EXPECT_EQ(family_of("alone"), other_topics);
}

TEST(Family, IsReadForThePatternsThatCanMatchIt) {
    struct Row {
        const char* pattern;
        const char* family;
        bool may;
    };
    for (const auto& row : {
             Row{"twitch.chat.>", "chat", true},
             Row{"twitch.chat.>", "stream", false},
             Row{"twitch.*.xqc.>", "stream", true},
             Row{"twitch.>", "heat", true},
             Row{">", "bus", true},
             Row{"bus.>", "bus", true},
             Row{"bus.chat.>", "bus", true},
             Row{"bus.chat.>", "chat", true},
             Row{"*.chat.>", "bus", true},
             Row{"*.chat.>", "stream", false},
             Row{"twitch.chat.>", "bus", false},
             Row{"alone", "chat", false},
             Row{"alone", "-", true},
             Row{"a.b.>", "-", true},
         }) {
        EXPECT_EQ(may_match(Pattern::parse(row.pattern).value(), row.family), row.may)
            << row.pattern << ' ' << row.family;
    }
}

}  // namespace
}  // namespace coven::broker
