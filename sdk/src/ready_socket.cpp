#include "coven/ready_socket.hpp"

#include <array>
#include <cerrno>
#include <cstring>
#include <sstream>
#include <stdexcept>
#include <system_error>

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace coven {

namespace {

std::map<std::string, std::string> fields_of(const std::string& text) {
    std::map<std::string, std::string> fields;
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
        const auto equals = line.find('=');
        if (equals != std::string::npos) fields[line.substr(0, equals)] = line.substr(equals + 1);
    }
    return fields;
}

bool readable_within(int descriptor, std::chrono::milliseconds limit) {
    pollfd waiting{descriptor, POLLIN, 0};
    return poll(&waiting, 1, static_cast<int>(limit.count())) > 0;
}

}  // namespace

ReadySocket::ReadySocket() : path_(folder_.file("ready")) {
    if (path_.size() >= sizeof(sockaddr_un::sun_path)) {
        throw std::runtime_error("the path of a socket is too long, set TMPDIR: " + path_);
    }
    descriptor_ = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::strncpy(address.sun_path, path_.c_str(), sizeof address.sun_path - 1);
    const auto* generic = reinterpret_cast<const sockaddr*>(&address);
    if (descriptor_ < 0 || bind(descriptor_, generic, sizeof address) != 0) {
        const int reason = errno;
        if (descriptor_ >= 0) close(descriptor_);
        throw std::system_error(reason, std::generic_category(), "cannot bind " + path_);
    }
}

ReadySocket::~ReadySocket() { close(descriptor_); }

std::map<std::string, std::string> ReadySocket::wait(std::chrono::milliseconds limit) {
    const auto until = std::chrono::steady_clock::now() + limit;
    for (;;) {
        const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
            until - std::chrono::steady_clock::now());
        if (left.count() <= 0 || !readable_within(descriptor_, left)) return {};
        std::array<char, 8192> text{};
        const auto size = recv(descriptor_, text.data(), text.size(), 0);
        if (size <= 0) continue;
        auto fields = fields_of(std::string(text.data(), static_cast<std::size_t>(size)));
        if (fields["READY"] == "1") return fields;
    }
}

}  // namespace coven
