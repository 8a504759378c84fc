#include "login.hpp"

#include <fstream>
#include <iostream>
#include <random>
#include <sstream>
#include <utility>

#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>
#include <termios.h>
#include <unistd.h>

#include "account_work.hpp"
#include "coven/given_token.hpp"
#include "print.hpp"
#include "safe_text.hpp"
#include "setup.hpp"
#include "time_text.hpp"

namespace asio = boost::asio;

namespace coven::cli {

namespace {

using namespace std::chrono_literals;
using Kind = OauthError::Kind;

/// Between two lines that say how long a code is still good.
constexpr auto progress_every = 60s;
/// What Twitch's slow_down asks for (RFC 8628, 3.5).
constexpr auto slower_by = 5s;
constexpr auto validate_pause = 2s;

/// Does not show what is typed while this lives: a pasted address has a token in it.
class Unseen {
  public:
    Unseen() {
        is_terminal_ = tcgetattr(STDIN_FILENO, &before_) == 0;
        if (!is_terminal_) return;
        auto silent = before_;
        silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
        tcsetattr(STDIN_FILENO, TCSANOW, &silent);
    }
    Unseen(const Unseen&) = delete;
    Unseen& operator=(const Unseen&) = delete;
    ~Unseen() {
        if (is_terminal_) tcsetattr(STDIN_FILENO, TCSANOW, &before_);
    }

  private:
    termios before_{};
    bool is_terminal_ = false;
};

std::string client_id_of(const AccountWork& work) {
    const auto given = work.invocation.text("--client-id");
    return given.empty() ? work.config.text("twitch.client_id") : given;
}

Result<std::vector<std::string>> scopes_of(const AccountWork& work) {
    const auto& invocation = work.invocation;
    if (invocation.has("--scopes")) return parse_list(invocation.text("--scopes"));
    return scopes_needed(config_file_of(invocation), our_neighbours());
}

/// Stores a pair that somebody was given: Twitch says whose it is. What a device code gave is given
/// once, so this goes on until Twitch answers.
asio::awaitable<int> take(AccountWork& work, TokenPair pair) {
    auto validation = co_await work.oauth.validate(pair.access);
    while (validation.has_error() && validation.error().kind == Kind::unreachable) {
        say(validation.error().message + "; trying again until it answers");
        co_await work.loop.clock.sleep(validate_pause);
        validation = co_await work.oauth.validate(pair.access);
    }
    if (validation.has_error()) co_return fail(validation.error());
    if (validation->login.empty()) {
        co_return fail(
            "the token belongs to an application, not to an account: `coven login` "
            "gets one of an account");
    }
    const bool refreshable = !pair.refresh.empty();
    const auto token = token_to_store(std::move(pair), *validation, work.loop.clock.now());
    const auto written = co_await store_token(work, token);
    if (written.has_error()) co_return fail(written.error());
    auto text = fmt::format("logged in as {}, {}", safe_text(token.login),
                            token.scopes.empty()
                                ? "without any scope"
                                : fmt::format("with the scopes {}", fmt::join(token.scopes, " ")));
    if (!refreshable) text += "; it cannot be refreshed, so log in again before it ends";
    co_return print_text(safe_text(text));
}

/// Waits until somebody has typed the code in.
asio::awaitable<OauthResult<TokenPair>> wait_for_person(AccountWork& work, DeviceCode device,
                                                        std::string client_id,
                                                        std::vector<std::string> scopes) {
    auto& clock = work.loop.clock;
    const auto end = clock.instant() + device.expires_in;
    auto pause = device.interval;
    auto say_at = clock.instant() + progress_every;
    for (;;) {
        co_await clock.sleep(pause);
        auto answer = co_await work.oauth.poll_device(device, client_id, scopes);
        if (answer.has_value()) co_return answer;
        const auto& error = answer.error();
        if (error.kind == Kind::slow_down) pause += slower_by;
        const bool over = error.kind == Kind::refused || error.kind == Kind::misconfigured;
        const auto now = clock.instant();
        if (over || now >= end) co_return answer;
        if (error.kind == Kind::unreachable) say(error.message + "; still trying");
        if (now < say_at) continue;
        say_at = now + progress_every;
        const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(end - now);
        say("still waiting; the code is good for " + span_text(left) + " more");
    }
}

asio::awaitable<int> log_in_by_code(AccountWork& work, std::string client_id,
                                    std::vector<std::string> scopes) {
    const auto device = co_await work.oauth.start_device(client_id, scopes);
    if (device.has_error()) co_return fail(device.error());
    const int printed = print_text(device_text(*device));
    if (printed != exit_ok) co_return printed;
    auto pair = co_await wait_for_person(work, *device, client_id, scopes);
    if (pair.has_value()) co_return co_await take(work, std::move(*pair));
    if (pair.error().kind == Kind::refused || pair.error().kind == Kind::pending) {
        co_return fail("the code has ended: `coven login` gives a new one");
    }
    co_return fail(pair.error());
}

asio::awaitable<int> log_in_by_text(AccountWork& work, std::string text) {
    auto token = token_in(text);
    if (token.has_error()) co_return fail(token.error());
    TokenPair pair;
    pair.access = std::move(*token);
    co_return co_await take(work, std::move(pair));
}

std::string random_word() {
    std::random_device random;
    return fmt::format("{:08x}{:08x}", random(), random());
}

/// Waits so that Ctrl-C is heard, which it is not while a line is read.
asio::awaitable<void> until_typed() {
    asio::posix::stream_descriptor input(co_await asio::this_coro::executor, dup(STDIN_FILENO));
    boost::system::error_code no_terminal;
    auto token = asio::redirect_error(asio::use_awaitable, no_terminal);
    co_await input.async_wait(asio::posix::stream_descriptor::wait_read, token);
}

/// Fails when it is the answer to something else.
Result<void> check_state(const std::string& line, const std::string& state) {
    const auto at = line.find("state=");
    // A token alone has no state; an address must have ours, or somebody else made it.
    const auto behind = at == std::string::npos ? at : at + std::string_view("state=").size();
    if (at == std::string::npos || line.compare(behind, state.size(), state) == 0) return {};
    return Error(
        "the address is not the answer to this login: open the one above and paste where "
        "it ends");
}

asio::awaitable<int> log_in_by_paste(AccountWork& work, std::string client_id,
                                     std::vector<std::string> scopes) {
    const auto state = random_word();
    const auto url = authorize_url(work.config.text("twitch.id_url"), client_id, scopes, state);
    const int printed = print_text(
        "Open  " + safe_text(url) +
        "\nand allow it. The browser ends at an address that begins with https://localhost/ and "
        "shows\nno page. Paste that whole address here (it is not shown), then Enter:");
    if (printed != exit_ok) co_return printed;
    std::string line;
    {
        const Unseen unseen;
        co_await until_typed();
        std::getline(std::cin, line);
    }
    const auto checked = check_state(line, state);
    if (checked.has_error()) co_return fail(checked.error());
    co_return co_await log_in_by_text(work, std::move(line));
}

asio::awaitable<int> log_in_by_file(AccountWork& work) {
    std::ifstream file(work.invocation.text("--token-file"));
    std::ostringstream text;
    text << file.rdbuf();
    if (!file) co_return fail("cannot read '" + work.invocation.text("--token-file") + "'");
    co_return co_await log_in_by_text(work, text.str());
}

asio::awaitable<int> log_in(AccountWork& work) {
    if (work.invocation.has("--token-file")) co_return co_await log_in_by_file(work);
    const auto client_id = client_id_of(work);
    if (client_id.empty()) co_return refuse(Error(client_id_advice()));
    const auto scopes = scopes_of(work);
    if (scopes.has_error()) co_return refuse(scopes.error());
    if (work.invocation.has("--paste")) {
        co_return co_await log_in_by_paste(work, client_id, *scopes);
    }
    co_return co_await log_in_by_code(work, client_id, *scopes);
}

}  // namespace

int login(const Invocation& invocation) {
    if (invocation.has("--paste") && invocation.has("--token-file")) {
        return refuse(Error("--paste and --token-file are two ways: choose one"));
    }
    return run_on_accounts(invocation, log_in);
}

}  // namespace coven::cli
