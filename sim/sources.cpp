#include "sources.hpp"

#include <algorithm>
#include <fstream>
#include <sstream>
#include <utility>

#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "pace.hpp"

namespace asio = boost::asio;

namespace coven::sim {
namespace {

/// At high rates so many lines are sent together, not one for each timer.
constexpr auto shortest_pause = std::chrono::milliseconds(5);
/// Lines at once when there is no rate.
constexpr std::uint64_t batch = 256;
/// Unread bytes of a client at which a source without a rate waits.
constexpr std::size_t enough_waiting = 1u << 20;

/// Says `wanted` lines and notes in `left` how many are still to be heard. False when there is
/// nothing left.
bool say_some(LineSource& source, std::uint64_t wanted, std::uint64_t& left) {
    for (; wanted > 0 && left > 0; --wanted) {
        const auto said = source.say_next();
        if (said == LineSource::Said::nothing_left) return false;
        if (said == LineSource::Said::heard) --left;
    }
    return left > 0;
}

}  // namespace

asio::awaitable<void> play(ChatServer& server, LineSource& source, Flow flow) {
    auto& clock = server.clock();
    auto left = flow.lines == 0 ? std::uint64_t(-1) : flow.lines;
    const bool is_paced = flow.per_second > 0;
    const std::function<bool()> has_audience = [&source] { return source.has_audience(); };
    co_await server.until_joined_channels(flow.wait_for_channels);
    Pace pace(is_paced ? flow.per_second : 1, clock.instant());
    for (;;) {
        if (!source.has_audience()) {
            co_await server.until(has_audience);
            pace.restart(clock.instant());
        }
        const auto due = is_paced ? pace.due(clock.instant()) : batch;
        const auto wanted = std::min(due, server.lines_until_stop());
        if (!say_some(source, wanted, left)) co_return;
        if (is_paced) {
            pace.take(wanted);
            const auto soonest = clock.instant() + shortest_pause;
            const auto next = wanted < due ? clock.instant() : std::max(pace.next(), soonest);
            co_await clock.sleep_until(next);
        } else {
            co_await server.until_sent(enough_waiting);
            co_await asio::post(asio::use_awaitable);
        }
    }
}

GeneratedLines::GeneratedLines(ChatServer& server, Generator generator, Where where)
    : server_(server), generator_(std::move(generator)), where_(where) {
    for (const auto& person : generator_.people()) server_.users().meet(person);
    for (const auto& channel : generator_.channels()) server_.users().meet(channel);
    find_joined();
}

void GeneratedLines::find_joined() {
    room_changes_seen_ = server_.room_changes();
    among_.clear();
    const auto& channels = generator_.channels();
    for (std::size_t i = 0; i < channels.size(); ++i) {
        if (where_ == Where::everywhere || server_.audience(channels[i]) > 0) among_.push_back(i);
    }
}

bool GeneratedLines::has_audience() {
    if (where_ == Where::joined && room_changes_seen_ != server_.room_changes()) find_joined();
    return !among_.empty();
}

LineSource::Said GeneratedLines::say_next() {
    if (!has_audience()) return Said::unheard;
    const auto heard = server_.say(generator_.next(among_, server_.clock().now()));
    return heard > 0 || where_ == Where::everywhere ? Said::heard : Said::unheard;
}

RecordedLines::RecordedLines(ChatServer& server, std::vector<std::string> lines, Repeat repeat)
    : server_(server), lines_(std::move(lines)), repeat_(repeat) {
    for (const auto& line : lines_) {
        if (const auto person = speaker_of(line)) server_.users().meet(*person);
    }
}

bool RecordedLines::has_audience() { return server_.joined_channels() > 0; }

LineSource::Said RecordedLines::say_next() {
    if (next_ == lines_.size() && repeat_ == Repeat::for_ever) next_ = 0;
    if (next_ == lines_.size()) return Said::nothing_left;
    return server_.send_raw(lines_[next_++]) > 0 ? Said::heard : Said::unheard;
}

Result<std::string> read_text(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    // A folder can be opened; that it cannot be read shows at the first try.
    file.peek();
    if (!file.is_open() || file.bad()) return Error{"cannot read '" + path + "'"};
    std::ostringstream text;
    text << file.rdbuf();
    return {boost::system::in_place_value, text.str()};
}

Result<std::vector<std::string>> read_lines(const std::string& path) {
    const auto text = read_text(path);
    if (!text) return text.error();
    std::vector<std::string> lines;
    std::istringstream rest(*text);
    for (std::string line; std::getline(rest, line);) {
        if (line.ends_with('\r')) line.pop_back();
        if (!line.empty()) lines.push_back(line);
    }
    return lines;
}

}  // namespace coven::sim
