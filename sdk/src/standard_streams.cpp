#include "coven/standard_streams.hpp"

#include <array>
#include <cerrno>
#include <utility>

#include <fcntl.h>
#include <unistd.h>

namespace coven {

void open_standard_streams() {
    // Lowest first: open() takes the lowest descriptor that is free.
    constexpr std::array modes = {std::pair{STDIN_FILENO, O_RDONLY},
                                  std::pair{STDOUT_FILENO, O_RDONLY},
                                  std::pair{STDERR_FILENO, O_WRONLY}};
    for (const auto& [descriptor, mode] : modes) {
        if (fcntl(descriptor, F_GETFD) < 0 && errno == EBADF) {
            static_cast<void>(open("/dev/null", mode));
        }
    }
}

}  // namespace coven
