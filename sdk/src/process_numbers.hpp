#pragma once

#include <string>

namespace coven {

/// What the kernel says of this process, from /proc.
struct ProcessNumbers {
    double cpu_seconds = 0;
    /// Since the Unix epoch.
    double start_seconds = 0;
    double resident_bytes = 0;
    double virtual_bytes = 0;
    double threads = 0;
    double open_fds = 0;
    double max_fds = 0;
};

ProcessNumbers read_process_numbers();

/// The fields of /proc/PID/stat behind the program's name, which may hold spaces and brackets.
std::string after_program_name(const std::string& stat);

}  // namespace coven
