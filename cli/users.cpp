#include "users.hpp"

#include <algorithm>
#include <chrono>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/this_coro.hpp>
#include <fmt/format.h>

#include "coven/bus.hpp"
#include "coven/race.hpp"
#include "coven/schema.hpp"
#include "print.hpp"
#include "run_on_bus.hpp"
#include "safe_text.hpp"
#include "table.hpp"
#include "time_text.hpp"

namespace asio = boost::asio;

namespace coven::cli {

namespace {

using twitch::v1::Users;
using twitch::v1::UsersLookup;

constexpr std::chrono::seconds lookup_deadline{10};

std::string fault_of(const v1::Reply& reply) {
    if (reply.status() == v1::Reply::NO_ROUTE) {
        return "nobody keeps the list of users: is coven-users running? `coven up` starts it with "
               "a [users] section in coven.toml";
    }
    const auto advice = reply.code() == "no_answer" ? "; is `coven up` running?" : "";
    return safe_text("users.lookup: " + reply.message()) + advice;
}

std::string json_of(const google::protobuf::Message& message) {
    return safe_json(to_json(message).value_or("null"));
}

int show(const Users& users, const Invocation& invocation, std::uint64_t now_us) {
    std::vector<std::string> lines;
    if (invocation.has("--json")) {
        for (const auto& user : users.users()) lines.push_back(json_of(user));
    } else {
        lines = users_page(users, now_us);
    }
    const int written = print_lines(lines);
    if (written != 0) return written;
    const auto missing = missing_lines(users);
    for (const auto& line : missing) say(line);
    const bool all_asked = users.unasked_ids().empty() && users.unasked_logins().empty();
    if (all_asked && !users.reason().empty()) {
        say(safe_text("names may have changed since they were seen: " + users.reason()));
    }
    return missing.empty() ? exit_ok : exit_failure;
}

asio::awaitable<int> look_up(Bus& bus, const Invocation& invocation, UsersLookup question) {
    Interruption interruption(co_await asio::this_coro::executor);
    auto request = request_of("users.lookup", question);
    const auto first =
        co_await race(bus.call(std::move(request), lookup_deadline), interruption.wait());
    if (first.index() == 1) co_return status_interrupted;
    const auto& reply = std::get<0>(first);
    Users users;
    if (reply.status() != v1::Reply::OK || !reply.payload().UnpackTo(&users)) {
        say(fault_of(reply));
        co_return exit_failure;
    }
    co_return show(users, invocation, microseconds_since_epoch(bus.clock().now()));
}

}  // namespace

Result<UsersLookup> lookup_of(const std::vector<std::string>& words) {
    UsersLookup question;
    const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
    for (const auto& word : words) {
        if (word.empty() || word == "@") return Error("a login is empty");
        if (word.front() == '@') {
            question.add_logins(word.substr(1));
        } else if (std::all_of(word.begin(), word.end(), is_digit)) {
            question.add_ids(word);
        } else {
            question.add_logins(word);
        }
    }
    return question;
}

std::vector<std::string> users_page(const Users& users, std::uint64_t now_us) {
    Table table({"ID", "LOGIN", "NAME", "SEEN"});
    for (const auto& user : users.users()) {
        const auto age = now_us > user.seen_us() ? (now_us - user.seen_us()) / 1000 : 0;
        const auto seen = span_text(std::chrono::milliseconds(age)) + " ago";
        table.add({user.id(), user.login(), user.display_name(), seen});
    }
    return table.empty() ? std::vector<std::string>() : table.lines();
}

std::vector<std::string> missing_lines(const Users& users) {
    std::vector<std::string> lines;
    for (const auto& id : users.absent_ids()) {
        lines.push_back(safe_text(fmt::format("Twitch has nobody with the id {}", id)));
    }
    for (const auto& login : users.absent_logins()) {
        lines.push_back(safe_text(fmt::format("Twitch has nobody by the login '{}'", login)));
    }
    const auto unasked = [&](const auto& names) {
        for (const auto& name : names) {
            lines.push_back(safe_text(fmt::format("nobody knows '{}': {}", name, users.reason())));
        }
    };
    unasked(users.unasked_ids());
    unasked(users.unasked_logins());
    return lines;
}

int users(const Invocation& invocation) {
    const auto question = [](const Invocation& asked) { return lookup_of(asked.arguments()); };
    const auto job = [&](Bus& bus, UsersLookup lookup, const Endpoints&) {
        return look_up(bus, invocation, std::move(lookup));
    };
    return run_on_bus(invocation, question, job);
}

}  // namespace coven::cli
