#pragma once

#include <string_view>

#include <boost/json/value.hpp>

#include "accounts.hpp"
#include "users.hpp"
#include "web_message.hpp"

namespace coven::sim {

struct Chat;

namespace eventsub {
class Server;
}

/// What an endpoint of Helix is called with, once the token was found to be good.
struct EndpointCall {
    const WebRequest& request;
    const IssuedToken& token;
    const Accounts& accounts;
    Users& users;
    /// nullptr = there is no chat, see ApiServer::set_chat.
    Chat* chat;
    /// nullptr = there is none, see HelixApi::set_eventsub.
    eventsub::Server* eventsub;
};

/// Each endpoint is one of these, in a file of its own; helix_api.cpp has the table.
using HelixEndpoint = WebAnswer (*)(const EndpointCall&);

/// {"data": …}
WebAnswer helix_data(boost::json::value data);
/// 204, nothing to tell.
WebAnswer helix_done();
/// Helix's way to say no.
WebAnswer helix_refusal(unsigned status, std::string_view message);

}  // namespace coven::sim
