#include "topics.hpp"

#include <algorithm>
#include <map>
#include <optional>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/this_coro.hpp>
#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "ask.hpp"
#include "coven/bus.hpp"
#include "coven/race.hpp"
#include "coven/schema.hpp"
#include "coven/topic.hpp"
#include "output.hpp"
#include "page_text.hpp"
#include "print.hpp"
#include "run_on_bus.hpp"
#include "safe_text.hpp"

namespace asio = boost::asio;

namespace coven::cli {

namespace {

using Lines = std::vector<std::string>;

constexpr auto watch_interval = std::chrono::seconds(1);

/// Which topics are wanted.
struct Choice {
    std::string prefix;
    /// Nothing: all with the prefix.
    std::optional<Pattern> pattern;
};

Result<Choice> choice_of(const Invocation& invocation) {
    if (invocation.arguments().empty()) return Choice{};
    const auto& text = invocation.arguments().front();
    if (text.find_first_of("*>") == std::string::npos) return Choice{text, std::nullopt};
    const auto pattern = Pattern::parse(text);
    if (pattern.has_error()) return Error(safe_text(pattern.error().message));
    return Choice{text.substr(0, text.find_first_of("*>")), *pattern};
}

asio::awaitable<Result<v1::TopicsList>> list_topics(Bus& bus, const Choice& choice) {
    v1::TopicsListRequest question;
    question.set_prefix(choice.prefix);
    v1::TopicsList all;
    for (bool more = true; more;) {
        v1::TopicsList page;
        const auto reply = co_await ask(bus, "topics.list", question, page);
        if (reply.has_error()) co_return reply.error();
        more = reply->more() && page.topics_size() > 0;
        if (more) question.set_after(page.topics(page.topics_size() - 1).head().topic());
        for (auto& topic : *page.mutable_topics()) {
            const bool wanted = !choice.pattern || choice.pattern->matches(topic.head().topic());
            if (wanted) all.add_topics()->Swap(&topic);
        }
    }
    co_return all;
}

std::string json_of(const v1::TopicsList::Topic& topic) {
    return safe_json(to_json(topic).value_or("null"));
}

/// Remembers what was shown, to tell what has changed.
class Changes {
  public:
    Lines of(const v1::TopicsList& topics) {
        Lines lines;
        for (const auto& topic : topics.topics()) {
            const auto& head = topic.head();
            const auto now = std::pair(head.bus_epoch(), head.offset());
            auto& shown = shown_[head.topic()];
            if (shown == now) continue;
            shown = now;
            lines.push_back(json_of(topic));
        }
        return lines;
    }

  private:
    std::map<std::string, std::pair<std::uint64_t, std::uint64_t>> shown_;
};

Lines page_of(const v1::TopicsList& topics, Bus& bus) {
    return topics_page(topics, microseconds_since_epoch(bus.clock().now()));
}

std::string fault_text(const Error& error, const std::string& address) {
    return fmt::format("{} (asked at {})", error.message, safe_text(address));
}

struct Asked {
    Choice choice;
    std::string address;
    bool json = false;
};

asio::awaitable<int> show_once(Bus& bus, const Asked& asked) {
    const auto topics = co_await list_topics(bus, asked.choice);
    if (topics.has_error()) {
        say(fault_text(topics.error(), asked.address));
        co_return exit_failure;
    }
    if (!asked.json) co_return print_lines(page_of(*topics, bus));
    Lines lines;
    for (const auto& topic : topics->topics()) lines.push_back(json_of(topic));
    co_return print_lines(lines);
}

/// Nothing while all is well; else the exit status.
std::optional<int> write(Output& output, const Lines& lines) {
    for (const auto& line : lines) {
        const auto outcome = output.line(line);
        if (outcome == Output::Outcome::reader_gone) return exit_ok;
        if (outcome != Output::Outcome::failed) continue;
        say("cannot write: " + output.reason());
        return exit_failure;
    }
    return std::nullopt;
}

/// One line for each topic that has changed.
asio::awaitable<int> stream(Bus& bus, const Asked& asked) {
    Output output(STDOUT_FILENO);
    Changes changes;
    bool answered = true;
    for (bool first = true;; first = false) {
        const auto topics = co_await list_topics(bus, asked.choice);
        if (topics.has_error() && answered) say(fault_text(topics.error(), asked.address));
        if (topics.has_error() && first) co_return exit_failure;
        answered = topics.has_value();
        const auto ended = write(output, answered ? changes.of(*topics) : Lines());
        if (ended) co_return *ended;
        co_await bus.clock().sleep(watch_interval);
    }
}

asio::awaitable<int> refresh(Bus& bus, const Asked& asked) {
    Output output(STDOUT_FILENO);
    for (;;) {
        const auto topics = co_await list_topics(bus, asked.choice);
        const auto lines = topics.has_value() ? page_of(*topics, bus)
                                              : Lines(1, fault_text(topics.error(), asked.address));
        winsize size{};
        ioctl(STDOUT_FILENO, TIOCGWINSZ, &size);
        const Lines text(1, screen(lines, size.ws_row, size.ws_col));
        const auto ended = write(output, text);
        if (ended) co_return *ended;
        co_await bus.clock().sleep(watch_interval);
    }
}

using Show = asio::awaitable<int> (*)(Bus& bus, const Asked& asked);

asio::awaitable<int> until_interrupted(Bus& bus, Asked asked, Show show) {
    Interruption interruption(co_await asio::this_coro::executor);
    const auto first = co_await race(show(bus, asked), interruption.wait());
    if (first.index() == 1) co_return status_interrupted;
    co_return std::get<0>(first);
}

Show show_for(const Invocation& invocation) {
    if (!invocation.has("--watch")) return show_once;
    const bool in_place = !invocation.has("--json") && place_of(STDOUT_FILENO) == Place::terminal;
    return in_place ? refresh : stream;
}

}  // namespace

std::string screen(const std::vector<std::string>& lines, std::size_t rows, std::size_t columns) {
    // To the upper left corner; each line is cleared behind its text, and the rest below them.
    std::string text = "\x1b[H";
    // Below all of it is the row in which the cursor rests, and one for the end of the last line.
    const auto most = rows > 3 ? rows - 3 : lines.size();
    const bool all = lines.size() <= most + 1;
    const auto shown = all ? lines.size() : most;
    for (std::size_t i = 0; i < shown; ++i) {
        // Topics and numbers have one byte for each column.
        const auto line = columns > 0 ? lines[i].substr(0, columns) : lines[i];
        text += line + "\x1b[K\n";
    }
    if (!all) text += fmt::format("… and {} more\x1b[K\n", lines.size() - shown);
    return text + "\x1b[J";
}

int topics(const Invocation& invocation) {
    const auto show = [&](Bus& bus, Choice choice, Endpoints endpoints) {
        Asked asked{std::move(choice), std::move(endpoints.request), invocation.has("--json")};
        return until_interrupted(bus, std::move(asked), show_for(invocation));
    };
    return run_on_bus(invocation, choice_of, show);
}

}  // namespace coven::cli
