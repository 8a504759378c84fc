#include "chat_window.hpp"

#include <algorithm>
#include <deque>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/this_coro.hpp>
#include <fmt/format.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include "ask.hpp"
#include "coven/bell.hpp"
#include "edit_line.hpp"
#include "first_of.hpp"
#include "human_line.hpp"
#include "line_input.hpp"
#include "output.hpp"
#include "run_on_bus.hpp"
#include "safe_text.hpp"
#include "speech.hpp"
#include "twitch/v1/chat_commands.pb.h"

namespace asio = boost::asio;

namespace coven::cli {

namespace {

constexpr std::string_view prompt = "> ";
/// Lines that wait for the answers to those before; who types more waits.
constexpr std::size_t most_unsaid = 100;

/// Hands over each key as it is typed and shows none, while this lives. Ctrl-C stays a signal.
class Keys {
  public:
    Keys() {
        is_terminal_ = isatty(STDIN_FILENO) != 0 && isatty(STDOUT_FILENO) != 0 &&
                       tcgetattr(STDIN_FILENO, &before_) == 0;
        if (!is_terminal_) return;
        auto bare = before_;
        bare.c_lflag &= ~static_cast<tcflag_t>(ECHO | ICANON);
        bare.c_cc[VMIN] = 1;
        bare.c_cc[VTIME] = 0;
        tcsetattr(STDIN_FILENO, TCSANOW, &bare);
    }
    Keys(const Keys&) = delete;
    Keys& operator=(const Keys&) = delete;
    ~Keys() {
        if (is_terminal_) tcsetattr(STDIN_FILENO, TCSANOW, &before_);
    }
    bool is_terminal() const { return is_terminal_; }

  private:
    termios before_{};
    bool is_terminal_ = false;
};

std::size_t columns() {
    winsize size{};
    const bool known = ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
    return known ? size.ws_col : 80;
}

void put(std::string_view text) {
    while (!text.empty()) {
        const auto count = ::write(STDOUT_FILENO, text.data(), text.size());
        if (count <= 0) return;
        text.remove_prefix(static_cast<std::size_t>(count));
    }
}

/// One channel in a terminal: what is said above, what is being typed below.
class Window {
  public:
    Window(Bus& bus, Manner manner, Paint paint, const asio::any_io_executor& executor)
        : bus_(bus),
          manner_(std::move(manner)),
          paint_(paint),
          input_(executor),
          output_(STDOUT_FILENO),
          spoken_(executor) {}

    asio::awaitable<int> listen();
    asio::awaitable<int> speak();
    asio::awaitable<int> type();

  private:
    asio::awaitable<void> warn_of_silence();
    asio::awaitable<void> take(std::string line);
    bool show(const std::string& line);
    void draw();

    Bus& bus_;
    Manner manner_;
    Paint paint_;
    Keys keys_;
    LineInput input_;
    Output output_;
    EditLine edit_;
    std::deque<std::string> unsaid_;
    bool is_over_ = false;
    bool all_said_ = true;
    Bell spoken_;
};

void Window::draw() {
    if (!keys_.is_terminal() || is_over_) return;
    const auto room = columns() - std::min(columns(), prompt.size() + 1);
    put("\r\x1b[K" + std::string(prompt) + edit_.shown(room));
}

/// Whether somebody still looks.
bool Window::show(const std::string& line) {
    if (keys_.is_terminal()) put("\r\x1b[K");
    const auto outcome = output_.line(line);
    draw();
    return outcome == Output::Outcome::written || outcome == Output::Outcome::interrupted;
}

asio::awaitable<void> Window::warn_of_silence() {
    v1::ChannelsListRequest question;
    question.set_prefix(manner_.channel);
    v1::ChannelsList answer;
    const auto reply = co_await ask(bus_, "channels.list", question, answer);
    if (reply.has_error()) {
        show(paint_.alarm(safe_text(reply.error().message)));
        co_return;
    }
    for (const auto& channel : answer.channels()) {
        if (channel.channel() == manner_.channel) co_return;
    }
    show(paint_.alarm("nobody reads #" + manner_.channel +
                      " for us: what others say there is not shown; name it in chat.channels"));
}

asio::awaitable<int> Window::listen() {
    const auto pattern = Pattern::parse("twitch.chat." + manner_.channel + ".>");
    if (pattern.has_error()) throw std::runtime_error(pattern.error().message);
    std::vector<Pattern> patterns;
    patterns.push_back(*pattern);
    auto events = bus_.subscribe(std::move(patterns), From::now());
    draw();
    co_await warn_of_silence();
    for (;;) {
        const auto event = co_await events.next();
        // Our own lines come as everybody's do; what became of them is told by their answers.
        if (event.payload_as<twitch::v1::ChatSent>()) continue;
        if (!show(human_line(event, paint_))) co_return exit_ok;
    }
}

/// One after the other, so that they stay in order.
asio::awaitable<int> Window::speak() {
    for (;;) {
        while (unsaid_.empty()) {
            if (is_over_) co_return all_said_ ? static_cast<int>(exit_ok) : exit_failure;
            co_await spoken_.wait();
        }
        const auto reply = co_await say_line(bus_, manner_, unsaid_.front());
        if (reply.status() != v1::Reply::OK) {
            all_said_ = false;
            show(
                paint_.alarm("not said: '" + safe_text(unsaid_.front()) + "': " + not_said(reply)));
        }
        unsaid_.pop_front();
        spoken_.ring();
    }
}

asio::awaitable<void> Window::take(std::string line) {
    if (line.empty()) co_return;
    while (unsaid_.size() >= most_unsaid) co_await spoken_.wait();
    unsaid_.push_back(std::move(line));
    spoken_.ring();
}

/// Ends with the input; `speak` ends when all is said.
asio::awaitable<int> Window::type() {
    while (!is_over_) {
        if (!keys_.is_terminal()) {
            auto line = co_await input_.line();
            is_over_ = !line;
            if (line) co_await take(std::move(*line));
            continue;
        }
        const auto bytes = co_await input_.piece();
        auto lines = edit_.type(bytes);
        draw();
        for (auto& line : lines) co_await take(std::move(line));
        is_over_ = bytes.empty() || edit_.has_ended();
    }
    if (keys_.is_terminal()) put("\r\x1b[K");
    spoken_.ring();
    // `speak` says how it went.
    for (;;) co_await spoken_.wait();
}

struct Wish {
    Manner manner;
    Paint paint;
};

Result<Wish> wish_of(const Invocation& invocation) {
    auto manner = manner_of(invocation);
    if (manner.has_error()) return manner.error();
    return Wish{std::move(*manner), paint_for(invocation, STDOUT_FILENO)};
}

asio::awaitable<int> open_window(Bus& bus, Wish wish, Endpoints) {
    const auto executor = co_await asio::this_coro::executor;
    Interruption interruption(executor);
    Window window(bus, std::move(wish.manner), wish.paint, executor);
    co_return co_await first_of(window.listen(), window.speak(), window.type(),
                                then(interruption.wait(), status_interrupted));
}

}  // namespace

int chat_window(const Invocation& invocation) {
    return run_on_bus(invocation, wish_of, open_window);
}

}  // namespace coven::cli
