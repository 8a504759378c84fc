#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "coven/clock.hpp"
#include "coven/metrics.hpp"

namespace chat {

class Coverage;
class Feeds;
class Outlet;

/// What the connector counts from its start on, however often its work begins anew.
struct ChatNumbers {
    /// Numeric replies are "numeric"; a command that is not named here is "other".
    static constexpr std::array<std::string_view, 16> commands = {
        "PRIVMSG", "USERNOTICE", "CLEARCHAT", "CLEARMSG",   "ROOMSTATE",
        "NOTICE",  "USERSTATE",  "JOIN",      "PART",       "PING",
        "PONG",    "CAP",        "RECONNECT", "HOSTTARGET", "GLOBALUSERSTATE",
        "numeric"};

    /// By the place in `commands`; the last one is "other".
    std::array<std::uint64_t, commands.size() + 1> lines{};
    std::uint64_t connections = 0;
    /// Connections that could not be made.
    std::uint64_t refusals = 0;
    /// Connections that ended although they were wanted.
    std::uint64_t losses = 0;
    /// Connections that the server wanted us to leave.
    std::uint64_t asked_to_reconnect = 0;
    coven::Time last_line{};

    /// What is at work; nullptr between two starts.
    const Feeds* feeds = nullptr;
    const Coverage* coverage = nullptr;
    const Outlet* outlet = nullptr;
    /// Of those that were at work before.
    std::uint64_t earlier_gaps = 0;
    std::uint64_t earlier_drops = 0;

    void count_line(std::string_view command, coven::Time now);
};

/// Lets `numbers` see what is at work while it is.
class AtWork {
  public:
    AtWork(ChatNumbers& numbers, const Feeds& feeds, const Coverage& coverage,
           const Outlet& outlet);
    AtWork(const AtWork&) = delete;
    AtWork& operator=(const AtWork&) = delete;
    ~AtWork();

  private:
    ChatNumbers& numbers_;
};

/// Registers the numbers, which must outlive the last turn of `metrics`.
void show(const ChatNumbers& numbers, coven::Metrics& metrics);

}  // namespace chat
