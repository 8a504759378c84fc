#include <sys/un.h>

#include "coven/bus.hpp"

namespace coven {

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
    if (address.starts_with("tcp://") && port > 6 && numeric) return std::nullopt;
    return wrong("is no address such as tcp://127.0.0.1:5555 or ipc:///run/coven/publish");
}

}  // namespace coven
