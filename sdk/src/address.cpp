#include <algorithm>

#include <sys/un.h>

#include "coven/bus.hpp"

namespace coven {

namespace {

bool is_port(std::string_view digits) {
    constexpr std::string_view highest = "65535";
    const auto zeros = std::min(digits.find_first_not_of('0'), digits.size() - 1);
    digits.remove_prefix(zeros);
    return digits.size() < highest.size() || (digits.size() == highest.size() && digits <= highest);
}

}  // namespace

std::optional<Error> address_fault(std::string_view address) {
    const auto wrong = [&](const char* what) {
        return Error(std::string(what) + ": '" + std::string(address) + "'");
    };
    constexpr std::string_view local = "ipc://";
    if (address.starts_with(local) && address.size() > local.size()) {
        const auto path_bytes = address.size() - local.size();
        if (path_bytes < sizeof(sockaddr_un::sun_path)) return std::nullopt;
        return wrong("has a path of more than 107 bytes");
    }
    const auto port = address.rfind(':');
    const bool numeric =
        port != std::string_view::npos && port + 1 < address.size() &&
        address.find_first_not_of("0123456789", port + 1) == std::string_view::npos;
    if (numeric && !is_port(address.substr(port + 1))) return wrong("has a port above 65535");
    if (address.starts_with("tcp://") && port > 6 && numeric) return std::nullopt;
    return wrong("is no address such as tcp://127.0.0.1:5555 or ipc:///run/coven/publish");
}

}  // namespace coven
