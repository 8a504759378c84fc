#pragma once

#include "command_table.hpp"

namespace coven::cli {

// Rows of the command table: recordings.
Command record_row();
Command play_row();

}  // namespace coven::cli
