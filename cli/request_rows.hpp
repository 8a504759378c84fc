#pragma once

#include "command_table.hpp"

namespace coven::cli {

// Rows of the command table: commands that send a request of the user's.

Command request_row();
Command journal_purge_row();
Command users_row();

}  // namespace coven::cli
