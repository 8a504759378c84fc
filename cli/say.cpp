#include "say.hpp"

#include <optional>
#include <utility>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/this_coro.hpp>
#include <fmt/format.h>

#include "coven/race.hpp"
#include "line_input.hpp"
#include "print.hpp"
#include "request_status.hpp"
#include "run_on_bus.hpp"
#include "safe_text.hpp"
#include "speech.hpp"
#include "twitch/v1/chat_commands.pb.h"

namespace asio = boost::asio;

namespace coven::cli {

namespace {

struct Words {
    Manner manner;
    /// Nothing: they come on stdin.
    std::optional<std::string> text;
};

Result<Words> words_of(const Invocation& invocation) {
    auto manner = manner_of(invocation);
    if (manner.has_error()) return manner.error();
    const auto& arguments = invocation.arguments();
    const bool by_stdin = invocation.has("--stdin");
    if (by_stdin && arguments.size() > 1) return Error("--stdin and TEXT exclude each other");
    if (!by_stdin && arguments.size() < 2) return Error("TEXT is missing; --stdin reads lines");
    Words words{std::move(*manner), std::nullopt};
    if (by_stdin) return words;
    words.text = arguments[1];
    for (std::size_t i = 2; i < arguments.size(); ++i) *words.text += " " + arguments[i];
    return words;
}

std::string message_id_of(const v1::Reply& reply) {
    twitch::v1::ChatSent sent;
    if (!reply.payload().UnpackTo(&sent)) return {};
    return safe_text(sent.message_id());
}

asio::awaitable<int> say_one(Bus& bus, Words words) {
    const auto reply = co_await say_line(bus, words.manner, *words.text);
    if (reply.status() == v1::Reply::OK) co_return print_text(message_id_of(reply));
    say("not said: " + not_said(reply));
    co_return exit_status_of(reply.status());
}

/// One after the other: the next line waits for the answer to the one before.
asio::awaitable<int> say_all(Bus& bus, const Manner& manner, SpeechTally& tally) {
    LineInput input(co_await asio::this_coro::executor);
    for (std::uint64_t number = 1;; ++number) {
        auto line = co_await input.line();
        if (!line) co_return tally.exit_status();
        if (line->empty()) continue;
        const auto reply = co_await say_line(bus, manner, std::move(*line));
        tally.add(reply.status());
        if (reply.status() == v1::Reply::OK) {
            const int written = print_text(message_id_of(reply));
            if (written != 0) co_return written;
            continue;
        }
        say(fmt::format("line {} not said: {}", number, not_said(reply)));
    }
}

asio::awaitable<int> talk(Bus& bus, Words words, Endpoints) {
    Interruption interruption(co_await asio::this_coro::executor);
    SpeechTally tally;
    const bool by_stdin = !words.text;
    const auto manner = words.manner;
    auto saying = by_stdin ? say_all(bus, manner, tally) : say_one(bus, std::move(words));
    const auto first = co_await race(std::move(saying), interruption.wait());
    if (by_stdin) say(tally.text());
    if (first.index() == 1 && !by_stdin) {
        say("interrupted: nobody has said whether the line is in chat");
    }
    co_return first.index() == 1 ? status_interrupted : std::get<0>(first);
}

}  // namespace

std::string SpeechTally::text() const {
    const auto said = counts_.find(v1::Reply::OK);
    auto text = fmt::format("{} said", said == counts_.end() ? 0 : said->second);
    for (const auto& [status, count] : counts_) {
        if (status == v1::Reply::OK) continue;
        text += fmt::format(", {} {}", count, v1::Reply::Status_Name(status));
    }
    return text;
}

int SpeechTally::exit_status() const {
    const bool all_said =
        counts_.empty() || (counts_.size() == 1 && counts_.contains(v1::Reply::OK));
    return all_said ? static_cast<int>(exit_ok) : static_cast<int>(exit_failure);
}

int say_in_chat(const Invocation& invocation) { return run_on_bus(invocation, words_of, talk); }

}  // namespace coven::cli
