#include "twitch_users.hpp"

#include <utility>

namespace asio = boost::asio;

namespace users {

namespace {

using twitch::v1::User;

/// https://dev.twitch.tv/docs/api/reference/#get-users (read 2026-11-22)
coven::HelixCall call_for(const std::vector<Name>& names) {
    coven::HelixCall call;
    call.path = "/users";
    for (const auto& name : names) {
        call.query.push_back({name.kind == Name::Kind::id ? "id" : "login", name.text});
    }
    call.object = "user '" + names.front().text + "'";
    if (names.size() > 1) call.object += " and " + std::to_string(names.size() - 1) + " more";
    return call;
}

}  // namespace

asio::awaitable<coven::Result<std::vector<User>>> ask_twitch(coven::Helix& helix,
                                                             std::vector<Name> names) {
    auto call = call_for(names);
    const auto body = co_await helix.call(std::move(call));
    if (body.has_error()) co_return coven::Error(body.error().message);
    std::vector<User> users;
    for (const auto& item : body->member("data").items()) {
        const auto id = parse_id(item.text_or("id"));
        const auto login = parse_login(item.text_or("login"));
        if (id.has_error() || login.has_error()) continue;
        User user;
        user.set_id(id->text);
        user.set_login(login->text);
        user.set_display_name(item.text_or("display_name"));
        users.push_back(std::move(user));
    }
    co_return users;
}

}  // namespace users
