#pragma once

#include <set>
#include <string>
#include <string_view>

#include "chat.hpp"
#include "irc_line.hpp"

namespace coven::sim {

/// Where a session's lines go.
class Wire {
  public:
    virtual ~Wire() = default;

    /// An answer, or something of the server's own. `line` without CR LF.
    virtual void send(std::string_view line) = 0;
    /// What is said in a room.
    virtual void tell(std::string_view line) = 0;
    /// Hangs up once everything sent so far is out.
    virtual void hang_up(const char* why) = 0;
};

/// One client's side of the protocol: takes its lines, answers on `wire`, sits in rooms. Knows
/// nothing of sockets. `chat` and `wire` must outlive it.
class Session final : public Member {
  public:
    Session(Chat& chat, Wire& wire) : chat_(chat), wire_(wire) {}
    Session(const Session&) = delete;
    Session& operator=(const Session&) = delete;
    ~Session() override;

    /// `line` without CR LF; any bytes.
    void receive(std::string_view line);

    const std::string& login() const override { return login_; }
    const Capabilities& capabilities() const override { return capabilities_; }
    void hear(const ServerLine& line) override;

    void leave(std::string_view room) override;

    bool is_logged_in() const { return !login_.empty(); }
    const std::set<std::string, std::less<>>& rooms() const { return rooms_; }
    /// Sends a PING; `answered` tells whether its PONG has come.
    void ask();
    /// Says RECONNECT.
    void ask_to_reconnect() { reply(":tmi.twitch.tv RECONNECT"); }
    bool answered() const { return answered_; }

  private:
    using Verb = void (Session::*)(const ClientLine&);
    struct Entry {
        std::string_view command;
        Verb verb;
        bool needs_login;
    };
    static const Entry* find(std::string_view command);

    void capability(const ClientLine& line);
    void password(const ClientLine& line);
    void nick(const ClientLine& line);
    void ping(const ClientLine& line);
    void pong(const ClientLine& line);
    void join(const ClientLine& line);
    void part(const ClientLine& line);
    void say(const ClientLine& line);
    void quit(const ClientLine& line);

    void welcome();
    void join_one(std::string_view room);
    bool has_place_for(const std::string& room) const;
    void enter(const std::string& room);
    void tell_members(std::string_view room, const std::string& line);
    void tell_names(std::string_view room);
    void reply(const std::string& line);
    std::string prefix() const;

    Chat& chat_;
    Wire& wire_;
    Capabilities capabilities_;
    std::string password_;
    std::string login_;
    std::set<std::string, std::less<>> rooms_;
    bool may_send_ = false;
    bool answered_ = true;
};

}  // namespace coven::sim
