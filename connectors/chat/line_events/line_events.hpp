#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "chat_events.hpp"
#include "line_events/clear.hpp"
#include "line_events/notice.hpp"
#include "line_events/room_book.hpp"

namespace chat {

/// What becomes of a line that is no chat message: an event for
/// `twitch.chat.<channel>.<last_word>`.
struct LineEvent {
    /// Lower-case login, or "-" where the line names none.
    std::string channel;
    std::string last_word;
    coven::v1::Event event;
};

/// Makes events of all lines but chat messages (`ChatEvents` does those), typed by their command;
/// what has no type of its own, or lacks what makes it one, travels as `.raw`. What only the
/// conversation with the server is about (login, PING, numbered replies …) becomes nothing.
class LineEvents {
  public:
    struct Options {
        RawLines raw = RawLines::keep;
        DeletedText deleted_text = DeletedText::tell;
        /// Tell who joins and parts. Twitch says so to who asks for it.
        bool membership = false;
        /// Tell what was written to the account alone.
        bool whispers = false;
    };

    explicit LineEvents(Options options) : options_(options) {}

    /// `own_login` is the account of the connection that heard the line.
    std::optional<LineEvent> read(const IrcLine& line, coven::Time received,
                                  std::string_view own_login);
    /// The room is not heard any more: its state is over. Nothing when none was told.
    std::optional<LineEvent> forget(std::string_view channel, coven::Time now);

  private:
    /// A line on its way to become an event.
    struct Reading;
    enum class Outcome { told, nothing, unreadable };

    Outcome read_typed(Reading& reading);
    Outcome read_in_channel(Reading& reading);
    Outcome read_notice(Reading& reading);
    Outcome read_deleted(Reading& reading) const;
    Outcome read_room(Reading& reading);
    Outcome read_member(Reading& reading) const;
    Outcome read_whisper(Reading& reading) const;

    Options options_;
    NoticeReader notices_;
    RoomBook rooms_;
};

}  // namespace chat
