#include <array>
#include <charconv>
#include <cstdlib>
#include <cstring>
#include <iostream>
#include <vector>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include "sample_event.hpp"
#include "transport.hpp"

namespace bench {

namespace {

// The protocol: https://docs.nats.io/reference/reference-protocols/nats-protocol (read 2026-11-22).
// A server sends PING every two minutes and wants a PONG after the second; a sender that never
// reads lives longer than any run here.
constexpr std::string_view hello =
    "CONNECT {\"verbose\":false,\"pedantic\":false,\"tls_required\":false,\"lang\":\"c++\","
    "\"version\":\"1\",\"name\":\"bench\",\"echo\":false}\r\n";
/// As much as NATS' own C client collects before it writes (src/natsp.h of nats.c 3.4.1).
constexpr std::size_t batch_bytes = 32 << 10;
constexpr std::size_t buffer_bytes = 64 << 10;
constexpr time_t deadline_s = 20;

[[noreturn]] void fail(const std::string& what) {
    std::cerr << "nats: " << what << '\n';
    std::exit(1);
}

/// A connection to a server on this machine; all waits end after the deadline.
class Connection {
  public:
    explicit Connection(const std::string& port) : socket_(socket(AF_INET, SOCK_STREAM, 0)) {
        const timeval limit{deadline_s, 0};
        const int on = 1;
        setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
        setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
        setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(static_cast<std::uint16_t>(std::stoi(port)));
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        const auto* generic = reinterpret_cast<const sockaddr*>(&address);
        if (connect(socket_, generic, sizeof address) != 0) fail("nobody listens");
        write(hello);
    }
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;
    ~Connection() { close(socket_); }

    void write(std::string_view bytes) {
        while (!bytes.empty()) {
            const auto sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
            if (sent <= 0) fail("the server takes nothing");
            bytes.remove_prefix(static_cast<std::size_t>(sent));
        }
    }
    /// At least one byte.
    std::size_t read(char* to, std::size_t size) {
        const auto got = recv(socket_, to, size, 0);
        if (got <= 0) fail("no events come");
        return static_cast<std::size_t>(got);
    }

  private:
    int socket_;
};

class RawNatsSender final : public Sender {
  public:
    explicit RawNatsSender(const std::string& port) : connection_(port) {
        batch_.reserve(2 * batch_bytes);
    }
    void send(std::string_view frame) override {
        const auto nul = frame.find('\0');
        const auto event = frame.substr(nul + 1);
        std::array<char, 20> size{};
        auto* end = std::to_chars(size.begin(), size.end(), event.size()).ptr;
        batch_.append("PUB ").append(frame.substr(0, nul)).append(" ");
        batch_.append(size.begin(), end).append("\r\n").append(event).append("\r\n");
        if (batch_.size() >= batch_bytes) flush();
    }
    void flush() override {
        connection_.write(batch_);
        batch_.clear();
    }

  private:
    Connection connection_;
    std::string batch_;
};

class RawNatsReceiver final : public Receiver {
  public:
    explicit RawNatsReceiver(const std::string& port) : connection_(port), buffer_(buffer_bytes) {
        connection_.write("SUB " + std::string(topic_prefix) + "> 1\r\n");
    }
    void receive(const std::function<void(std::string_view)>& take) override {
        filled_ += connection_.read(buffer_.data() + filled_, buffer_.size() - filled_);
        std::string_view left(buffer_.data(), filled_);
        while (take_one(left, take)) continue;
        std::memmove(buffer_.data(), left.data(), left.size());
        filled_ = left.size();
    }

  private:
    /// False: what is left is no whole message.
    bool take_one(std::string_view& left, const std::function<void(std::string_view)>& take) {
        const auto line_end = left.find("\r\n");
        if (line_end == std::string_view::npos) return false;
        const auto line = left.substr(0, line_end);
        std::size_t whole = line_end + 2;
        if (line.starts_with("MSG ")) {
            const auto size = size_in(line);
            if (left.size() < whole + size + 2) return false;
            take(left.substr(whole, size));
            whole += size + 2;
        }
        if (line == "PING") connection_.write("PONG\r\n");
        if (line.starts_with("-ERR")) fail(std::string(line));
        left.remove_prefix(whole);
        return true;
    }
    /// "MSG subject sid size".
    static std::size_t size_in(std::string_view line) {
        std::size_t size = 0;
        const auto number = line.substr(line.rfind(' ') + 1);
        std::from_chars(number.data(), number.data() + number.size(), size);
        return size;
    }

    Connection connection_;
    std::vector<char> buffer_;
    std::size_t filled_ = 0;
};

}  // namespace

std::unique_ptr<Sender> make_raw_nats_sender(const std::string& port) {
    return std::make_unique<RawNatsSender>(port);
}

std::unique_ptr<Receiver> make_raw_nats_receiver(const std::string& port) {
    return std::make_unique<RawNatsReceiver>(port);
}

}  // namespace bench
