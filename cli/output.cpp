#include "output.hpp"

#include <cerrno>
#include <cstring>

#include <unistd.h>

namespace coven::cli {

Output::Outcome Output::line(std::string_view text) {
    bytes_.assign(text);
    bytes_ += '\n';
    for (std::string_view rest = bytes_; !rest.empty();) {
        const auto written = write(descriptor_, rest.data(), rest.size());
        if (written < 0) {
            fault_ = errno;
            if (fault_ == EPIPE) return Outcome::reader_gone;
            return fault_ == EINTR ? Outcome::interrupted : Outcome::failed;
        }
        rest.remove_prefix(static_cast<std::size_t>(written));
    }
    return Outcome::written;
}

std::string Output::reason() const { return std::strerror(fault_); }

}  // namespace coven::cli
