#include "print.hpp"

#include <filesystem>
#include <fstream>

#include <unistd.h>

#include "output.hpp"
#include "setup.hpp"

namespace coven::cli {

int print_text(std::string_view text) {
    if (text.ends_with('\n')) text.remove_suffix(1);
    return print_lines({std::string(text)});
}

int print_lines(const std::vector<std::string>& lines) {
    Output output(STDOUT_FILENO);
    for (const auto& line : lines) {
        const auto outcome = output.line(line);
        if (outcome == Output::Outcome::reader_gone) return exit_ok;
        if (outcome == Output::Outcome::written) continue;
        say("cannot write: " + output.reason());
        return exit_failure;
    }
    return exit_ok;
}

int write_text(const std::string& path, std::string_view text) {
    std::error_code ignored;
    std::filesystem::create_directories(std::filesystem::path(path).parent_path(), ignored);
    std::ofstream file(path, std::ios::binary | std::ios::trunc);
    file << text << std::flush;
    if (file) return exit_ok;
    say("cannot write '" + path + "'");
    return exit_failure;
}

}  // namespace coven::cli
