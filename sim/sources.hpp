#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <boost/asio/awaitable.hpp>

#include "chat_server.hpp"
#include "generator.hpp"

namespace coven::sim {

/// How lines flow out of a source.
struct Flow {
    /// Over all channels; 0 = as fast as the clients read.
    double per_second = 10;
    /// Ends after so many; 0 = does not end by itself.
    std::uint64_t lines = 0;
    /// Channels that must have an audience before the first line.
    std::size_t wait_for_channels = 1;
};

/// Says one line after the other.
class LineSource {
  public:
    enum class Said { heard, unheard, nothing_left };

    virtual ~LineSource() = default;

    /// False while nobody would hear what comes next.
    virtual bool has_audience() = 0;
    virtual Said say_next() = 0;
};

/// Lets `source` speak on `server`. Lines that nobody hears do not count towards `Flow::lines`.
/// While the source has no audience it pauses, and does not catch up afterwards. Returns when all
/// is said.
boost::asio::awaitable<void> play(ChatServer& server, LineSource& source, Flow flow);

/// Chat made up by a Generator.
class GeneratedLines final : public LineSource {
  public:
    /// Whether channels without an audience are spoken to as well.
    enum class Where { joined, everywhere };

    /// Those who chat, and whose channels it is in, are among the server's users from then on.
    GeneratedLines(ChatServer& server, Generator generator, Where where);

    bool has_audience() override;
    Said say_next() override;

  private:
    void find_joined();

    ChatServer& server_;
    Generator generator_;
    Where where_;
    std::vector<std::size_t> among_;
    std::uint64_t room_changes_seen_ = 0;
};

/// Raw lines, each to the room that it names or, when it names none, to everybody.
class RecordedLines final : public LineSource {
  public:
    enum class Repeat { once, for_ever };

    /// Those who speak are among the server's users from then on.
    RecordedLines(ChatServer& server, std::vector<std::string> lines, Repeat repeat);

    bool has_audience() override;
    Said say_next() override;

  private:
    ChatServer& server_;
    std::vector<std::string> lines_;
    Repeat repeat_;
    std::size_t next_ = 0;
};

/// The file at `path`. Fails when it cannot be read, as a folder cannot.
Result<std::string> read_text(const std::string& path);

/// The lines of the file at `path` without the empty ones. Fails when it cannot be read.
Result<std::vector<std::string>> read_lines(const std::string& path);

}  // namespace coven::sim
