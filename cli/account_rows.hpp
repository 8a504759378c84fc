#pragma once

#include "command_table.hpp"

namespace coven::cli {

// Rows of the command table: accounts and their tokens.
Command login_row();
Command token_list_row();
Command token_show_row();
Command token_validate_row();
Command token_refresh_row();
Command token_revoke_row();

}  // namespace coven::cli
