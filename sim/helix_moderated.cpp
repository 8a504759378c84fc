#include "helix_moderated.hpp"

#include <algorithm>
#include <charconv>

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include "chat.hpp"
#include "helix_actor.hpp"

namespace json = boost::json;

namespace coven::sim {
namespace {

constexpr std::size_t usual_page = 20;
constexpr std::size_t largest_page = 100;

std::optional<std::size_t> number_in(std::string_view text) {
    std::size_t number = 0;
    const auto* const end = text.data() + text.size();
    const auto [stop, fault] = std::from_chars(text.data(), end, number);
    if (fault != std::errc() || stop != end) return std::nullopt;
    return number;
}

}  // namespace

WebAnswer get_moderated_channels(const EndpointCall& call) {
    if (auto fault = scope_fault(call, "user:read:moderated_channels")) return *fault;
    const auto& query = call.request.query;
    if (value_of(query, "user_id") != call.token.user_id) {
        return helix_refusal(401,
                             "The ID in user_id must match the user ID found in the "
                             "request's OAuth token.");
    }
    const auto asked = value_of(query, "first");
    const auto size = asked.empty() ? usual_page : number_in(asked).value_or(0);
    if (size < 1 || size > largest_page) {
        return helix_refusal(400,
                             "The parameter \"first\" was malformed: the value must be "
                             "greater than or equal to 1 and less than or equal to 100");
    }
    const auto after = value_of(query, "after");
    const auto begin = after.empty() ? std::size_t{0} : number_in(after);
    if (!begin) return helix_refusal(400, "The ID in after is not valid.");
    const auto* const user = call.users.with_id(call.token.user_id);
    const auto channels = call.chat->book.moderated_by(user == nullptr ? "" : user->login);
    json::array data;
    const auto end = std::min(*begin + size, channels.size());
    for (auto i = *begin; i < end; ++i) {
        const auto person = call.users.person(channels[i]);
        data.push_back(json::object{{"broadcaster_id", person.id},
                                    {"broadcaster_login", person.login},
                                    {"broadcaster_name", person.display_name}});
    }
    json::object pagination;
    if (end < channels.size()) pagination["cursor"] = std::to_string(end);
    const json::object body{{"data", std::move(data)}, {"pagination", std::move(pagination)}};
    return {.status = 200, .headers = {}, .body = json::serialize(body)};
}

}  // namespace coven::sim
