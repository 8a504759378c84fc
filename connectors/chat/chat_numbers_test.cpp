#include "chat_numbers.hpp"

#include <gtest/gtest.h>

namespace chat {
namespace {

std::size_t place(std::string_view command) {
    ChatNumbers numbers;
    numbers.count_line(command, coven::Time(std::chrono::seconds(7)));
    EXPECT_EQ(numbers.last_line, coven::Time(std::chrono::seconds(7)));
    for (std::size_t i = 0; i < numbers.lines.size(); ++i) {
        if (numbers.lines[i] == 1) return i;
    }
    return std::size_t(-1);
}

TEST(ChatNumbers, CountLinesByTheirCommand) {
    EXPECT_EQ(ChatNumbers::commands[place("PRIVMSG")], "PRIVMSG");
    EXPECT_EQ(ChatNumbers::commands[place("GLOBALUSERSTATE")], "GLOBALUSERSTATE");
    EXPECT_EQ(ChatNumbers::commands[place("001")], "numeric");
    EXPECT_EQ(ChatNumbers::commands[place("366")], "numeric");
}

TEST(ChatNumbers, CountUnknownCommandsTogether) {
    for (const auto* command : {"WHISPER", "numeric", "privmsg", "X", "\xff"}) {
        EXPECT_EQ(place(command), ChatNumbers::commands.size()) << command;
    }
}

}  // namespace
}  // namespace chat
