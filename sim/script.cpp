#include "script.hpp"

#include <algorithm>
#include <charconv>
#include <string>
#include <utility>

#include "coven/config.hpp"

namespace asio = boost::asio;

namespace coven::sim {
namespace {

/// The number in front of `unit`; false when that is not what `word` is.
bool read_count(std::string_view word, std::uint64_t& into) {
    const auto* const end = word.data() + word.size();
    const auto read = std::from_chars(word.data(), end, into);
    return read.ec == std::errc() && read.ptr == end && into > 0;
}

/// "500ms" or "20lines".
Result<void> read_pause(std::string_view word, Step& step) {
    constexpr std::string_view unit = "lines";
    if (word.ends_with(unit)) {
        const auto count = word.substr(0, word.size() - unit.size());
        if (read_count(count, step.lines)) return {};
        return Error{"is no number of lines: '" + std::string(word) + "'"};
    }
    const auto pause = parse_duration(word);
    if (!pause) return pause.error();
    step.pause = *pause;
    return {};
}

/// "x3"; without it the step repeats for ever. False when it is there and wrong.
bool read_times(std::string_view& line, Step& step) {
    auto rest = line;
    const auto word = next_word(rest);
    if (!word.starts_with('x')) return true;
    line = rest;
    return read_count(word.substr(1), step.times);
}

asio::awaitable<void> pause(ChatServer& server, const Step& step, std::uint64_t said_before) {
    if (step.lines > 0) co_return co_await server.until_said(said_before + step.lines);
    co_await server.clock().sleep(step.pause);
}

asio::awaitable<void> play_once(Twitch twitch, const Step& step) {
    if (step.command.waits()) co_return co_await twitch.chat.until_joined(step.command.channel);
    carry_out(twitch, step.command);
}

asio::awaitable<void> repeat(Twitch twitch, Step step) {
    for (std::uint64_t i = 0; step.times == 0 || i < step.times; ++i) {
        const auto said = twitch.chat.tally().said;
        co_await pause(twitch.chat, step, said);
        co_await play_once(twitch, step);
    }
}

}  // namespace

Result<Step> parse_step(std::string_view line) {
    Step step;
    auto rest = line;
    step.repeats = next_word(rest) == "every";
    if (step.repeats) line = rest;
    if (const auto read = read_pause(next_word(line), step); !read) return read.error();
    const bool has_pause = step.pause.count() > 0 || step.lines > 0;
    if (step.repeats && !has_pause) return Error{"'every' needs a pause above 0"};
    if (step.repeats && !read_times(line, step)) return Error{"'x' needs a number above 0"};
    auto command = parse_command(line);
    if (!command) return command.error();
    step.command = std::move(*command);
    if (step.repeats && step.command.waits()) return Error{"'wait' cannot repeat"};
    return step;
}

Result<std::vector<Step>> parse_script(std::string_view text, char separator) {
    std::vector<Step> steps;
    for (std::size_t number = 1; !text.empty(); ++number) {
        const auto end = std::min(text.find(separator), text.size());
        auto line = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        line.remove_prefix(std::min(line.find_first_not_of(' '), line.size()));
        if (line.ends_with('\r')) line.remove_suffix(1);
        if (line.empty() || line.starts_with('#')) continue;
        auto step = parse_step(line);
        if (!step) {
            const auto* const unit = separator == '\n' ? "line " : "step ";
            return Error{unit + std::to_string(number) + " of the script: " + step.error().message};
        }
        steps.push_back(std::move(*step));
    }
    return steps;
}

asio::awaitable<void> play_step(Twitch twitch, Step step) {
    if (step.repeats) co_return co_await repeat(twitch, std::move(step));
    const auto said = twitch.chat.tally().said;
    co_await pause(twitch.chat, step, said);
    co_await play_once(twitch, step);
}

asio::awaitable<void> play_script(Twitch twitch, std::vector<Step> steps) {
    for (const auto& step : steps) {
        if (step.repeats) {
            twitch.chat.start(repeat(twitch, step));
        } else {
            co_await play_step(twitch, step);
        }
    }
}

}  // namespace coven::sim
