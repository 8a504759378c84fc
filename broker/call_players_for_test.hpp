#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "broker_process.hpp"

namespace coven::broker {

/// A connector with a plain DEALER: docs/wire.md, "Commands". It answers `chat.send`.
class PlayedConnector {
  public:
    /// Says `connector.ready` and waits until that is heard.
    PlayedConnector(const Endpoints& doors, std::string instance, std::string target = "*");

    /// Closes the connection and opens another; what was on its way is lost.
    void reconnect();
    /// `verb` is connector.ready or connector.beat.
    v1::Reply say(const std::string& verb, v1::Presence::State state = v1::Presence::STATE_READY);
    /// The next command; a failed test and an empty one when none comes.
    v1::Request next();
    /// Beats: how many commands are here after the broker has dealt with all that came before.
    std::size_t waiting();
    /// Answers a command and waits until the broker confirms that.
    v1::Reply answer(const std::string& call_id, v1::Reply::Status status = v1::Reply::OK,
                     const std::string& code = "");
    /// Answers and does not wait.
    void send_answer(const std::string& call_id, v1::Reply::Status status = v1::Reply::OK,
                     const std::string& code = "");
    v1::Reply ask(const v1::Request& request);

  private:
    void receive();

    Endpoints doors_;
    std::unique_ptr<Asker> asker_;
    std::string instance_;
    std::string target_;
    v1::Presence::State state_ = v1::Presence::STATE_READY;
    std::deque<v1::Request> commands_;
    std::deque<v1::Reply> replies_;
};

/// `chat.send`; its deadline is generous.
v1::Request call_to(const std::string& target, const std::string& key = "",
                    const std::string& text = "hello");

/// Calls, several at once.
class Caller {
  public:
    explicit Caller(const Endpoints& doors) : asker_(doors) {}

    /// The request gets `id`.
    void send(const std::string& id, v1::Request request);
    /// The next reply, to whichever; without status when none comes.
    v1::Reply reply();
    /// Does not wait.
    std::optional<v1::Reply> reply_that_is_there();
    v1::Reply call(const std::string& id, const v1::Request& request) {
        send(id, request);
        return reply();
    }
    v1::CallsStatus status() { return asker_.status().calls(); }

  private:
    Asker asker_;
};

/// How `reply` went: "OK", "UNKNOWN connector_lost".
std::string words(const v1::Reply& reply);

}  // namespace coven::broker
