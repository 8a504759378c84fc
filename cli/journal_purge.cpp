#include "journal_purge.hpp"

#include <algorithm>
#include <iostream>
#include <optional>
#include <string>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/this_coro.hpp>
#include <fmt/format.h>
#include <unistd.h>

#include "ask.hpp"
#include "coven/bus.hpp"
#include "coven/race.hpp"
#include "coven/schema.hpp"
#include "coven/v1/privacy.pb.h"
#include "print.hpp"
#include "run.hpp"
#include "safe_text.hpp"
#include "setup.hpp"

namespace asio = boost::asio;

namespace coven::cli {

namespace {

using namespace std::chrono_literals;

constexpr auto look_interval = 200ms;
/// Between two lines that say how far it is.
constexpr auto progress_interval = 2s;

std::string events_text(std::uint64_t events) {
    return fmt::format("{} event{}", events, events == 1 ? "" : "s");
}

/// All digits are Twitch's id.
v1::JournalPurgeRequest question_about(const std::string& user) {
    v1::JournalPurgeRequest question;
    const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
    if (std::all_of(user.begin(), user.end(), is_digit)) {
        question.set_user_id(user);
    } else {
        question.set_user_login(user);
    }
    return question;
}

/// Whether somebody at the terminal means it.
bool is_meant(const std::string& user) {
    std::cerr << fmt::format(
        "Forget all stored events of '{}'? They cannot be brought back. [y/N] ", safe_text(user));
    std::string answer;
    std::getline(std::cin, answer);
    return answer == "y" || answer == "Y" || answer == "yes";
}

std::string progress_text(const v1::Purge& purge) {
    const auto forgotten = events_text(purge.events()) + " forgotten";
    if (purge.state() == v1::Purge::STATE_WIPING) {
        return forgotten + "; overwriting what they left in the file";
    }
    const auto all = std::max<std::uint64_t>(purge.bytes_in_all(), 1);
    const auto percent = std::min<std::uint64_t>(purge.bytes() * 100 / all, 100);
    return fmt::format("{} % of the journal looked at, {}", percent, forgotten);
}

/// What became of it, in lines for people.
std::string tally_text(const v1::Purge& purge) {
    auto text = purge.events() == 0
                    ? std::string("no events of this user are stored")
                    : fmt::format("{} forgotten, offsets {} to {}", events_text(purge.events()),
                                  purge.from(), purge.to());
    if (purge.states() > 0) text += fmt::format("\n{} of them were current states", purge.states());
    if (purge.damaged() > 0) text += fmt::format("\n{} damaged blocks emptied", purge.damaged());
    if (purge.unreadable() > 0) {
        text += fmt::format(
            "\n{} that cannot be read hold the name, and stay: their payload is of a type that "
            "this broker does not know",
            events_text(purge.unreadable()));
    }
    return text;
}

/// How the purge is doing; nothing when the broker knows no such purge any more.
asio::awaitable<Result<std::optional<v1::Purge>>> look(Bus& bus, std::uint64_t number) {
    v1::PurgesList list;
    const auto reply = co_await ask(bus, "journal.purges", list);
    if (reply.has_error()) co_return reply.error();
    for (const auto& purge : list.purges()) {
        if (purge.number() == number) co_return std::optional<v1::Purge>(purge);
    }
    co_return std::optional<v1::Purge>();
}

/// Waits for its end. A broker that goes away goes on with it when it is back.
asio::awaitable<std::optional<v1::Purge>> wait_for(Bus& bus, std::uint64_t number) {
    auto say_at = bus.clock().instant() + progress_interval;
    for (;;) {
        co_await bus.clock().sleep(look_interval);
        const auto looked = co_await look(bus, number);
        const auto now = bus.clock().instant();
        const bool due = now >= say_at;
        if (due) say_at = now + progress_interval;
        if (looked.has_error()) {
            if (due) say(looked.error().message + "; it goes on with this when it is back");
            continue;
        }
        if (!*looked || (*looked)->state() == v1::Purge::STATE_DONE) co_return *looked;
        if (due) say(progress_text(**looked));
    }
}

asio::awaitable<int> purge(Bus& bus, const Invocation& invocation) {
    const auto question = question_about(invocation.text("--user"));
    v1::Purge begun;
    const auto reply = co_await ask(bus, "journal.purge", question, begun);
    if (reply.has_error()) {
        say(reply.error().message);
        co_return exit_failure;
    }
    const auto done = co_await wait_for(bus, begun.number());
    if (!done) {
        say("the broker does not know of this any more: ask again");
        co_return exit_failure;
    }
    const auto json = to_json(*done).value_or("null");
    co_return print_text(invocation.has("--json") ? safe_json(json) : tally_text(*done));
}

asio::awaitable<int> purge_unless_interrupted(Bus& bus, const Invocation& invocation) {
    Interruption interruption(co_await asio::this_coro::executor);
    const auto first = co_await race(purge(bus, invocation), interruption.wait());
    if (first.index() == 0) co_return std::get<0>(first);
    say("not waiting any longer; what the broker has taken it goes on with");
    co_return status_interrupted;
}

}  // namespace

int journal_purge(const Invocation& invocation) {
    const auto user = invocation.text("--user");
    if (user.empty()) return refuse(Error("--user LOGIN|ID is missing: whose events shall go?"));
    const auto endpoints = endpoints_of(invocation);
    if (endpoints.has_error()) return refuse(endpoints.error());
    if (!invocation.has("--yes")) {
        if (isatty(STDIN_FILENO) == 0) return refuse(Error("there is nobody to ask: say --yes"));
        if (!is_meant(user)) {
            say("nothing was forgotten");
            return exit_failure;
        }
    }
    Loop loop;
    Bus bus(loop.io, *endpoints, loop.clock, identity());
    return run(loop, bus, purge_unless_interrupted(bus, invocation));
}

}  // namespace coven::cli
