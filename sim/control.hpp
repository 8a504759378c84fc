#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>

#include "coven/result.hpp"
#include "twitch.hpp"

namespace coven::sim {

/// Where the control port listens.
struct ControlAddress {
    /// An address, not a name.
    std::string host = "127.0.0.1";
    /// 0 = any free one.
    std::uint16_t port = 0;
};

/// "127.0.0.1:5559", "[::1]:0".
Result<ControlAddress> parse_control_address(const std::string& text);

/// The port that `coven sim` speaks to: lines of text, each a verb as in a script, `plan` and a
/// step of a script, `status`, `deeds` (of all or of one login) or `help`; each is answered with
/// one line of JSON, {"ok":true,…} or {"ok":false,"error":"…"}. What is not understood ends the
/// connection, so that a browser cannot be talked into driving it: the first line of HTTP is no
/// verb.
class ControlPort {
  public:
    /// Whether another port is taken when this one is not to be had.
    enum class IfTaken { fail, take_another };

    /// `io` and what `twitch` is made of must outlive it.
    static Result<std::unique_ptr<ControlPort>> listen(boost::asio::io_context& io,
                                                       const Twitch& twitch,
                                                       const ControlAddress& address,
                                                       IfTaken if_taken);
    ~ControlPort();

    /// Example: 127.0.0.1:5559
    std::string address() const;
    /// Serves until it is cancelled.
    boost::asio::awaitable<void> run();

  private:
    class Listener;
    explicit ControlPort(std::unique_ptr<Listener> listener);

    std::unique_ptr<Listener> listener_;
};

/// The answer to one line.
struct ControlAnswer {
    std::string json;
    bool understood = true;
};
ControlAnswer answer_control(const Twitch& twitch, std::string_view line);

}  // namespace coven::sim
