#pragma once

#include <map>
#include <string>
#include <vector>

#include <boost/asio/awaitable.hpp>

#include "coven/clock.hpp"
#include "coven/v1/request.pb.h"
#include "send/send_desk.hpp"
#include "twitch/v1/chat_commands.pb.h"

namespace chat {

/// What an account can do to a chat besides writing lines: each is one call of Helix.
struct Deed {
    coven::HttpRequest::Method method = coven::HttpRequest::Method::post;
    std::string path;
    std::string scope;
    std::string channel;
    /// Login of whom it concerns; empty = nobody.
    std::string user;
    /// Names that Twitch gives to the ids of channel, account and user in the query; empty = it
    /// does not want that one there.
    std::string channel_name = "broadcaster_id";
    std::string account_name = "moderator_id";
    std::string user_name;
    std::vector<coven::HttpField> query;
    /// The body; "USER_ID" in it stands for the id of the user.
    std::string json;
    /// What must not be done too often: a name, and how long after it was done.
    std::vector<std::pair<std::string, coven::Duration>> paces;
    coven::Instant expires;
    twitch::v1::OnLimit on_limit = twitch::v1::ON_LIMIT_QUEUE;
};

/// Does deeds, at the pace that Twitch allows.
class Deeds {
  public:
    /// Both must outlive it.
    Deeds(coven::Clock& clock, ChannelIds& ids) : clock_(clock), ids_(ids) {}

    /// `desk` must outlive the call.
    boost::asio::awaitable<coven::v1::Reply> carry_out(SendDesk& desk, Deed deed);

  private:
    using Refusal = std::optional<coven::v1::Reply>;

    boost::asio::awaitable<Refusal> find(SendDesk& desk, std::string login, std::string& id);
    boost::asio::awaitable<Refusal> wait_for_turn(const Deed& deed, coven::Instant& begun);
    void settle(const Deed& deed, coven::Instant begun, Attempt::Kind outcome);
    boost::asio::awaitable<coven::v1::Reply> call(SendDesk& desk, Deed deed, coven::Instant begun,
                                                  twitch::v1::ChatDone done);

    coven::Clock& clock_;
    ChannelIds& ids_;
    /// When what has a pace may be done again.
    std::map<std::string, coven::Instant> turns_;
};

}  // namespace chat
