#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace coven::sim {

/// A line that a client sent, split. The views point into that line.
struct ClientLine {
    /// Between '@' and the first space, still escaped.
    std::string_view tags;
    std::string_view command;
    std::vector<std::string_view> params;

    /// The parameter at `index`, or nothing.
    std::string_view param(std::size_t index) const {
        return index < params.size() ? params[index] : std::string_view();
    }
};

/// Takes any bytes; a line without a command has an empty one.
ClientLine parse_client_line(std::string_view line);

/// The value of `key` in `tags` as it stands there, still escaped; empty when it is missing.
std::string_view tag_value(std::string_view tags, std::string_view key);

/// `value` as it must stand in a tag: `;`, space, `\`, CR and LF escaped after IRCv3.
std::string escape_tag(std::string_view value);

/// Which of Twitch's capabilities a connection has asked for.
struct Capabilities {
    bool tags = false;
    bool commands = false;
    bool membership = false;
};

/// A line to clients, looked at once however many hear it. The views point into that line.
class ServerLine {
  public:
    /// `line` has no CR LF at its end.
    explicit ServerLine(std::string_view line);

    /// The line as a connection with `asked` gets it; empty = it does not get it.
    std::string_view seen_with(const Capabilities& asked) const;
    std::string_view whole() const { return whole_; }
    /// The first parameter that begins with '#', without it; empty when there is none.
    std::string_view channel() const { return channel_; }

  private:
    std::string_view whole_;
    std::string_view untagged_;
    std::string_view channel_;
    bool of_twitch_ = false;
};

}  // namespace coven::sim
