#include "sim_control.hpp"

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <sstream>
#include <utility>

#include <boost/asio/read_until.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include "coven/race.hpp"
#include "dial.hpp"
#include "print.hpp"
#include "run.hpp"
#include "safe_text.hpp"
#include "setup.hpp"
#include "sim_deeds.hpp"
#include "table.hpp"

namespace asio = boost::asio;
namespace json = boost::json;

namespace coven::cli {

namespace {

/// Where coven-sim listens unless it is told otherwise.
constexpr const char* usual_address = "127.0.0.1:5559";
constexpr auto answer_limit = std::chrono::seconds(5);
/// Far above an answer of status.
constexpr std::size_t longest_answer = 1u << 20;

std::string address_of(const Invocation& invocation) {
    if (invocation.has("--control")) return invocation.text("--control");
    const char* given = std::getenv("COVEN_SIM_CONTROL");
    return given != nullptr && *given != '\0' ? given : usual_address;
}

Error nobody_there(const std::string& address, const std::string& why) {
    return Error("no coven-sim answers at '" + address + "': " + why +
                 "; start one, or name its port with --control (it logs control=…)");
}

/// What the simulator answers to `line`.
asio::awaitable<Result<std::string>> exchange(std::string address, std::string line) {
    const auto colon = std::min(address.rfind(':'), address.size());
    const auto port = address.substr(std::min(colon + 1, address.size()));
    auto socket = co_await dial(address.substr(0, colon), port);
    if (socket.has_error()) co_return nobody_there(address, socket.error().message);
    boost::system::error_code fault;
    auto token = asio::redirect_error(asio::use_awaitable, fault);
    line += "\n";
    co_await asio::async_write(*socket, asio::buffer(line), token);
    std::string answer;
    auto buffer = asio::dynamic_buffer(answer, longest_answer);
    if (!fault) co_await asio::async_read_until(*socket, buffer, '\n', token);
    if (fault) co_return nobody_there(address, fault.message());
    answer.resize(answer.find('\n'));
    co_return Result<std::string>(boost::system::in_place_value, std::move(answer));
}

std::string text_of(const json::object& answer, const char* key) {
    const auto* value = answer.if_contains(key);
    if (value == nullptr) return {};
    return value->is_string() ? std::string(value->get_string().c_str()) : json::serialize(*value);
}

/// "cut 2, mute 1", or "nothing".
std::string counts_in(const json::object& answer, const char* key) {
    std::string counts;
    if (const auto* all = answer.if_contains(key); all != nullptr && all->is_object()) {
        for (const auto& [name, count] : all->get_object()) {
            counts +=
                (counts.empty() ? "" : ", ") + std::string(name) + " " + json::serialize(count);
        }
    }
    return counts.empty() ? "nothing" : safe_text(counts);
}

/// Codes that wait for `coven sim approve`.
std::string codes_in(const json::object& answer) {
    std::string codes;
    const auto* all = answer.if_contains("waiting_codes");
    if (all == nullptr || !all->is_array()) return codes;
    for (const auto& code : all->get_array()) {
        if (code.is_string()) codes.append(" ").append(code.get_string());
    }
    return safe_text(codes);
}

std::vector<std::string> status_lines(const json::object& answer) {
    const auto of = [&answer](const char* key) { return safe_text(text_of(answer, key)); };
    std::vector<std::string> lines = {
        fmt::format("chat at {}", of("chat_url")),
        fmt::format("{} connected, {} came so far; {} channels joined", of("connected"), of("came"),
                    of("joined_channels")),
        fmt::format("{} lines said, {} sent, {} received", of("said"), of("sent"), of("received")),
        fmt::format("done on demand: {}", counts_in(answer, "faults"))};
    if (answer.contains("id_url")) {
        lines.push_back(fmt::format("tokens at {}, Helix at {}", of("id_url"), of("helix_url")));
        lines.push_back("calls answered: " + counts_in(answer, "calls"));
    }
    if (answer.contains("eventsub")) {
        lines.push_back(
            fmt::format("EventSub at {}: {}", of("eventsub_url"), counts_in(answer, "eventsub")));
    }
    const auto codes = codes_in(answer);
    if (!codes.empty()) lines.push_back("device codes that wait:" + codes);
    Table table({"NUMBER", "LOGIN", "CHANNELS", "WAITING", "STATE"});
    const auto* rows = answer.if_contains("connections");
    if (rows == nullptr || !rows->is_array()) return lines;
    for (const auto& row : rows->get_array()) {
        if (!row.is_object()) continue;
        const auto& one = row.get_object();
        table.add({text_of(one, "number"), text_of(one, "login"), text_of(one, "channels"),
                   text_of(one, "waiting_bytes"), text_of(one, "state")});
    }
    if (table.empty()) return lines;
    for (auto& line : table.lines()) lines.push_back(std::move(line));
    return lines;
}

std::vector<std::string> lines_of(const std::string& text) {
    std::vector<std::string> lines;
    std::istringstream rest(text);
    for (std::string line; std::getline(rest, line);) lines.push_back(safe_text(line));
    return lines;
}

/// What happened to how many, or what was asked for.
std::string done_line(const std::string& verb, const json::object& answer) {
    if (verb == "plan") return "planned";
    if (const auto token = text_of(answer, "access_token"); !token.empty()) return safe_text(token);
    for (const std::string unit : {"connections", "calls", "hosts", "codes", "tokens", "users",
                                   "notifications", "redemptions", "rewards", "subscriptions"}) {
        const auto count = text_of(answer, unit.c_str());
        if (count.empty()) continue;
        const auto shown = count == "1" ? unit.substr(0, unit.size() - 1) : unit;
        return fmt::format("{}: {} {}", safe_text(verb), safe_text(count), shown);
    }
    return safe_text(verb) + ": done";
}

int print(const Invocation& invocation, const std::string& line, const std::string& answer) {
    const auto verb = line.substr(0, line.find(' '));
    auto lines = sim_answer_lines(verb, answer);
    if (lines.has_error()) return refuse(lines.error());
    if (invocation.has("--json")) lines = std::vector<std::string>{safe_json(answer)};
    return print_lines(*lines);
}

asio::awaitable<int> drive(Clock& clock, const Invocation& invocation, std::string line) {
    const auto address = address_of(invocation);
    Interruption interruption(co_await asio::this_coro::executor);
    auto answer = race(exchange(address, line), clock.sleep(answer_limit));
    const auto first = co_await race(std::move(answer), interruption.wait());
    if (first.index() == 1) co_return status_interrupted;
    const auto& ended = std::get<0>(first);
    const bool late = ended.index() == 1;
    const auto given =
        late ? Result<std::string>(nobody_there(address, "silence for 5 s")) : std::get<0>(ended);
    if (given.has_value()) co_return print(invocation, line, *given);
    say(given.error().message);
    co_return exit_failure;
}

bool is_one_line(const std::string& text) {
    return text.find_first_of(std::string_view("\r\n\0", 3)) == std::string::npos;
}

/// The words as the simulator's scripts have them, without a target.
std::string words_of(const Invocation& invocation) {
    auto words = invocation.arguments();
    // Who chats is rarely of interest: a flag here, a word there.
    if (words.front() == "say" && words.size() > 2) {
        words.insert(words.begin() + 2, invocation.text("--as"));
    }
    return fmt::format("{}", fmt::join(words, " "));
}

}  // namespace

Result<std::string> sim_line(const Invocation& invocation) {
    if (invocation.has("--channel") && invocation.has("--connection")) {
        return Error("--channel and --connection: only one of them");
    }
    if (invocation.has("--after") && invocation.has("--every")) {
        return Error("--after and --every: only one of them");
    }
    if (invocation.has("--times") && !invocation.has("--every")) {
        return Error("--times goes with --every");
    }
    auto line = words_of(invocation);
    if (invocation.has("--channel")) line += " #" + invocation.text("--channel");
    if (invocation.has("--connection")) line += " " + invocation.text("--connection");
    const auto times = invocation.has("--times") ? "x" + invocation.text("--times") + " " : "";
    if (invocation.has("--every"))
        line = "every " + invocation.text("--every") + " " + times + line;
    if (invocation.has("--after")) line = invocation.text("--after") + " " + line;
    if (invocation.has("--every") || invocation.has("--after")) line = "plan " + line;
    if (!is_one_line(line)) return Error("a simulator takes one line at a time");
    return {boost::system::in_place_value, std::move(line)};
}

Result<std::vector<std::string>> sim_answer_lines(const std::string& verb,
                                                  const std::string& answer) {
    boost::system::error_code fault;
    const auto parsed = json::parse(answer, fault);
    if (fault || !parsed.is_object()) return Error("that is no coven-sim: " + safe_text(answer));
    const auto& fields = parsed.get_object();
    const auto* ok = fields.if_contains("ok");
    if (ok == nullptr || *ok != true) {
        return Error("the simulator refuses: " + safe_text(text_of(fields, "error")) +
                     " (`coven sim help` lists what it takes)");
    }
    if (verb == "status") return status_lines(fields);
    if (verb == "help") return lines_of(text_of(fields, "help"));
    if (verb == "deeds") return deed_lines(fields);
    return std::vector<std::string>{done_line(verb, fields)};
}

int sim(const Invocation& invocation) {
    const auto line = sim_line(invocation);
    if (line.has_error()) return refuse(line.error());
    Loop loop;
    return run(loop, drive(loop.clock, invocation, *line));
}

}  // namespace coven::cli
