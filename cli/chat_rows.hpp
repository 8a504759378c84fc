#pragma once

#include "command_table.hpp"

namespace coven::cli {

// Rows of the command table: commands that write to Twitch's chat.

Command say_row();
Command chat_row();

}  // namespace coven::cli
