#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include "coven/bell.hpp"
#include "coven/helix.hpp"
#include "coven/http.hpp"
#include "coven/v1/request.pb.h"
#include "send/channel_ids.hpp"
#include "send/diary.hpp"
#include "send/helix_speech.hpp"
#include "send/irc_voice.hpp"
#include "send/past.hpp"
#include "send/queue.hpp"
#include "send/roles.hpp"
#include "send/send_numbers.hpp"
#include "twitch/v1/chat_commands.pb.h"

namespace chat {

/// What all accounts share; must outlive their desks.
struct SendShop {
    coven::Clock& clock;
    coven::HttpClient& http;
    ChannelIds& ids;
    SendNumbers& numbers;
    boost::asio::any_io_executor executor;
    /// nullptr = there is no folder for it.
    SendDiary* diary = nullptr;
    SendLimiter::Limits limits;
    IrcVoice::Settings irc;
    std::string helix_url;
    /// Tells the bus what became of a line.
    std::function<void(const twitch::v1::ChatSent&)> publish;
    /// What others wrote for an account lately.
    std::function<boost::asio::awaitable<SendPast>(std::string account)> look_back;
};

/// A line that somebody wants to be sent.
struct SendOrder {
    Speech speech;
    std::int32_t priority = 0;
    /// It is begun before this moment or not at all.
    coven::Instant expires;
    twitch::v1::OnLimit on_limit = twitch::v1::ON_LIMIT_QUEUE;
};

/// All that one account sends, whoever asks for it: one queue, one limiter.
class SendDesk {
  public:
    /// More lines than this do not wait; a connector carries out 64 calls at once.
    static constexpr std::size_t most_waiting = 48;

    SendDesk(SendShop& shop, std::string login, std::unique_ptr<coven::TokenSource> tokens);
    SendDesk(const SendDesk&) = delete;
    SendDesk& operator=(const SendDesk&) = delete;

    /// Works until it is cancelled.
    boost::asio::awaitable<void> run();
    /// Whether this instance sends for the account. While it does not, what waits is answered as
    /// not tried.
    void open();
    void close();
    bool is_open() const { return is_open_; }

    boost::asio::awaitable<coven::v1::Reply> send(SendOrder order);
    /// What Twitch has just said that the account is in `channel`, to whomever it was said.
    void learn_role(const std::string& channel, Standing standing) {
        roles_.learn(channel, standing, shop_.clock.instant());
    }

    const std::string& login() const { return login_; }
    coven::Helix& helix() { return helix_; }
    coven::TokenSource& tokens() { return *tokens_; }

  private:
    using Refusal = std::optional<coven::v1::Reply>;
    /// How an order goes to Twitch.
    struct Way {
        twitch::v1::ChatSent::Transport transport = twitch::v1::ChatSent::TRANSPORT_IRC;
        Place place;
    };
    class Waiting;
    class Flight;

    boost::asio::awaitable<void> inherit_past();
    void take_over(const Inheritance& inheritance);
    boost::asio::awaitable<Refusal> find_way(const SendOrder& order, Way& way);
    boost::asio::awaitable<Refusal> until_known(const SendOrder& order);
    Refusal refusal_of(const SendOrder& order);
    Refusal dropped(const SendOrder& order, SendQueue::Ticket ticket);
    boost::asio::awaitable<Refusal> wait_for_turn(const SendOrder& order, SendQueue::Ticket ticket);
    boost::asio::awaitable<Attempt> write(const SendOrder& order, const Way& way,
                                          twitch::v1::ChatSent& sent);
    void note_in_diary(coven::Time now);
    Standing standing_in_channel(const std::string& channel) const;
    coven::v1::Reply expired(const std::string& reason) const;
    coven::v1::Reply closed() const;

    SendShop& shop_;
    std::string login_;
    std::unique_ptr<coven::TokenSource> tokens_;
    coven::Helix helix_;
    SendLimiter limiter_;
    SendQueue queue_;
    IrcVoice voice_;
    Roles roles_;
    bool is_open_ = false;
    bool is_past_known_ = false;
    /// Twitch has told us to wait.
    coven::Instant held_until_{};
    coven::Bell changed_;
};

}  // namespace chat
