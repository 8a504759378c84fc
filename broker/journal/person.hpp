#pragma once

#include <string>
#include <string_view>

#include "coven/result.hpp"
#include "coven/v1/privacy.pb.h"
#include "journal/payload_texts.hpp"

namespace coven::broker {

/// A user of Twitch, by one of the two names that events have for him.
struct Person {
    enum class By { id, login };
    By by = By::id;
    /// Digits, or a login in lower case.
    std::string text;
};

/// Fails when nobody is named, or what is no id or login.
Result<Person> person_in(const v1::JournalPurgeRequest& request);

/// Tells which events are a person's: those whose payload names him as who acted, in a text field
/// `<who>_id` or `<who>_login`, where `<who>` is one of
///
///     user  chatter_user  moderator_user  from_user  from_broadcaster_user
///
/// as EventSub calls them and our messages do. The broadcaster of a channel has not acted in each
/// of its events, and who is only mentioned, replied to or aimed at, as `target_user_id`, has not.
class OwnEvents {
  public:
    enum class Answer {
        no,
        yes,
        /// The frame holds his name, and a payload that cannot be read.
        unreadable,
    };

    /// `texts` must outlive this.
    OwnEvents(Person person, PayloadTexts& texts);

    /// False: none of the events that these bytes hold is his.
    bool may_be_in(std::string_view bytes) const;
    Answer owns(std::string_view frame);

  private:
    Person person_;
    PayloadTexts& texts_;
};

}  // namespace coven::broker
