#pragma once

#include "command_table.hpp"

namespace coven::cli {

// Rows of the command table: what connectors read. `coven channels` comes before what is below it.

Command channels_row();
Command channels_list_row();
Command channels_add_row();
Command channels_remove_row();
Command channels_forget_row();

}  // namespace coven::cli
