#include <algorithm>
#include <array>
#include <utility>

#include "verb_table.hpp"

namespace coven::sim {
namespace {

Scopes scopes_in(std::string_view text) {
    Scopes scopes;
    for (auto word = next_word(text); !word.empty(); word = next_word(text)) {
        scopes.emplace_back(word);
    }
    std::ranges::sort(scopes);
    return scopes;
}

Done fail_calls(ApiServer& server, const Command& command) {
    server.faults().fail(command.host, command.number, command.status, command.text);
    return {.count = command.number, .unit = "calls"};
}

Done slow_calls(ApiServer& server, const Command& command) {
    server.faults().slow(command.host, command.number, command.time);
    return {.count = command.number, .unit = "calls"};
}

Done limit_calls(ApiServer& server, const Command& command) {
    server.faults().limit(command.number, command.limit);
    return {.count = command.number, .unit = "calls"};
}

Done refuse_calls(ApiServer& server, const Command& command) {
    server.refuse(command.time);
    return {.count = api_hosts, .unit = "hosts"};
}

Done approve(ApiServer& server, const Command& command) {
    const bool was_there = server.accounts().approve(command.text, command.login);
    return {.count = was_there ? 1u : 0u, .unit = "codes"};
}

Done issue_tokens(ApiServer& server, const Command& command) {
    return {.count = 1,
            .unit = "tokens",
            .tokens = server.accounts().issue(command.login, scopes_in(command.text))};
}

Done expire_tokens(ApiServer& server, const Command& command) {
    return {.count = server.accounts().expire(command.login), .unit = "tokens"};
}

Done revoke_tokens(ApiServer& server, const Command& command) {
    const auto count = server.accounts().revoke_all(command.login);
    const auto* const user = server.users().with_login(command.login);
    const auto is_meant = [&](const eventsub::Subscription& one) {
        return command.login == "all" || (user != nullptr && one.user_id == user->id);
    };
    server.eventsub().hub().revoke("authorization_revoked", is_meant);
    return {.count = count, .unit = "tokens"};
}

Done rename_user(ApiServer& server, const Command& command) {
    const bool was_done = server.users().rename(command.login, command.text);
    return {.count = was_done ? 1u : 0u, .unit = "users"};
}

constexpr std::array all = {
    Verb{"http-fail",
         {&argument::host, &argument::status, &argument::count, &argument::body},
         nullptr,
         "HOST (id, helix) answers its next NUMBER calls so; 0 = no more",
         fail_calls},
    Verb{"http-slow",
         {&argument::host, &argument::time, &argument::count},
         nullptr,
         "HOST answers its next NUMBER calls so much later; 0 = no more",
         slow_calls},
    Verb{"http-limit",
         {&argument::limit, &argument::count},
         nullptr,
         "helix: 429 for NUMBER calls; LIMIT: bucket (none remaining), endpoint, bare (no headers)",
         limit_calls},
    Verb{"http-refuse",
         {&argument::time},
         nullptr,
         "cut the connections of both hosts, and refuse new ones for so long",
         refuse_calls},
    Verb{"approve",
         {&argument::code, &argument::user},
         nullptr,
         "a person approves a device code, the short one, as LOGIN",
         approve},
    Verb{"token",
         {&argument::user, &argument::scopes},
         nullptr,
         "an access and a refresh token for LOGIN, out of nowhere",
         issue_tokens},
    Verb{"expire",
         {&argument::user},
         nullptr,
         "LOGIN's access tokens expire, or all; refresh tokens stay",
         expire_tokens},
    Verb{"revoke",
         {&argument::user},
         nullptr,
         "LOGIN's grants end, or all: access and refresh tokens",
         revoke_tokens},
    Verb{"rename",
         {&argument::user, &argument::new_login},
         nullptr,
         "a user gets another login and keeps the id",
         rename_user},
};

}  // namespace

std::span<const Verb> api_verbs() { return all; }

}  // namespace coven::sim
