#include "sending.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "coven/lower_case.hpp"
#include "coven/utf8.hpp"
#include "emotes.hpp"
#include "irc_line.hpp"

namespace coven::sim {
namespace {

using std::chrono::ceil;
using std::chrono::seconds;

/// https://dev.twitch.tv/docs/chat/irc/ (read 2026-11-22)
constexpr std::size_t most_code_points = 500;
/// What the unique mode remembers of a channel.
constexpr std::size_t most_texts = 1000;
/// U+E0000, which clients put behind a text to say it twice; stripped since August 2025.
constexpr std::string_view invisible_tag = "\xF3\xA0\x80\x80";

/// One line, whatever came: Helix takes any JSON string.
std::string cleaned(std::string_view given) {
    auto text = to_utf8(given);
    for (auto place = text.find(invisible_tag); place != std::string::npos;
         place = text.find(invisible_tag)) {
        text.erase(place, invisible_tag.size());
    }
    std::ranges::replace_if(
        text, [](char c) { return c == '\r' || c == '\n' || c == '\0'; }, ' ');
    text.erase(std::min(text.find_last_not_of(' ') + 1, text.size()));
    return text;
}

struct Words {
    ChatMessage::Voice voice = ChatMessage::Voice::plain;
    std::string text;
    bool is_command = false;
};

/// What a client means with `text`.
Words words_of(std::string text) {
    for (const std::string_view prefix : {"\1ACTION ", "/me ", ".me "}) {
        if (!text.starts_with(prefix)) continue;
        text.erase(0, prefix.size());
        if (text.ends_with('\x01')) text.pop_back();
        return {.voice = ChatMessage::Voice::action, .text = std::move(text)};
    }
    const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
    const bool has_dot = text.size() > 1 && text.front() == '.' && is_letter(text[1]);
    const bool is_command = text.starts_with('/') || has_dot;
    return {.text = std::move(text), .is_command = is_command};
}

/// One message on its way through all that may stop it.
class Passage {
  public:
    Passage(Chat& chat, const Draft& draft)
        : chat_(chat),
          draft_(draft),
          words_(words_of(cleaned(draft.text))),
          rules_(chat.book.look(draft.channel)),
          author_(chat.person_in(draft.channel, draft.login)),
          is_privileged_(is_privileged(chat.book.role(draft.channel, draft.login))),
          now_(chat.clock.instant()) {}

    Sent run() {
        if (words_.text.empty()) return {.kind = Sent::Kind::ignored};
        auto sent = pass();
        note(sent);
        return sent;
    }

  private:
    using Check = bool (Passage::*)();

    Sent pass() {
        using Place = SendLimits::Place;
        const auto place = is_privileged_ ? Place::privileged : Place::ordinary;
        if (!chat_.limits.counts(author_.id, place, now_)) return ignored("silenced");
        if (count_code_points(words_.text) > most_code_points) return ignored("too_long");
        const bool is_name = is_login(lower_case(draft_.channel));
        if (!is_name || chat_.rules.unknown.contains(draft_.channel)) return ignored("no_channel");
        static constexpr std::array<Check, 9> checks = {
            &Passage::is_command,  &Passage::is_suspended, &Passage::is_banned,
            &Passage::is_demanded, &Passage::is_too_soon,  &Passage::is_against_modes,
            &Passage::is_not_fan,  &Passage::is_repeated,  &Passage::is_known_text};
        for (const auto check : checks) {
            if ((this->*check)()) return refused();
        }
        return say();
    }

    bool is_command() {
        if (!words_.is_command) return false;
        refusal_ = {.code = "unrecognized_cmd", .text = "Unrecognized command: " + words_.text};
        return true;
    }

    bool is_suspended() {
        return chat_.rules.suspended.contains(draft_.channel) && refuse("msg_channel_suspended");
    }

    bool is_banned() {
        const auto left = ban_left(rules_, draft_.login, now_);
        if (!left) return false;
        if (left->count() == 0) return refuse("msg_banned");
        return refuse("msg_timedout", ceil<seconds>(*left).count());
    }

    bool is_demanded() {
        const auto code = chat_.refusals.take(draft_.channel, draft_.login);
        return code && refuse(*code);
    }

    bool is_too_soon() {
        const auto& last = said().last;
        if (is_privileged_ || !last) return false;
        const auto slow_end = *last + seconds(rules_.modes.slow);
        if (now_ < slow_end) return refuse("msg_slowmode", ceil<seconds>(slow_end - now_).count());
        return now_ < *last + chat_.limits.rules().pause && refuse("msg_ratelimit");
    }

    bool is_against_modes() {
        if (is_privileged_) return false;
        if (rules_.modes.emote_only && !is_emotes_only(words_.text)) return refuse("msg_emoteonly");
        return rules_.modes.subs_only && !is_subscriber() && refuse("msg_subsonly");
    }

    bool is_not_fan() {
        const auto minutes = rules_.modes.followers_only;
        if (minutes < 0 || is_privileged_ || is_subscriber()) return false;
        const auto since = rules_.followers.find(draft_.login);
        if (since == rules_.followers.end()) {
            return refuse(minutes == 0 ? "msg_followersonly_zero" : "msg_followersonly", minutes);
        }
        const auto end = since->second + std::chrono::minutes(minutes);
        if (now_ >= end) return false;
        return refuse("msg_followersonly_followed", ceil<seconds>(end - now_).count());
    }

    bool is_repeated() {
        return !is_privileged_ && chat_.limits.is_repeated(said(), words_.text, now_) &&
               refuse("msg_duplicate");
    }

    bool is_known_text() {
        return rules_.modes.unique && !is_privileged_ && rules_.texts.contains(words_.text) &&
               refuse("msg_r9k");
    }

    bool is_subscriber() const { return rules_.subscribers.contains(draft_.login); }

    SendLimits::Said& said() { return chat_.limits.said(author_.id, draft_.channel); }

    bool refuse(std::string_view code, std::int64_t number = 0) {
        refusal_ = refusal(code, draft_.channel, number);
        return true;
    }

    Sent refused() const { return {.kind = Sent::Kind::refused, .refusal = refusal_}; }

    static Sent ignored(std::string why) {
        return {.kind = Sent::Kind::ignored, .refusal = {.code = std::move(why), .text = {}}};
    }

    Sent say() {
        remember();
        ChatMessage message;
        message.from = author_;
        message.channel = draft_.channel;
        message.text = words_.text;
        message.voice = words_.voice;
        message.client_nonce = draft_.client_nonce;
        add_parent(message);
        message.emotes = emotes_in(message.text);
        chat_.say(message, draft_.speaker);
        return {.kind = Sent::Kind::done, .id = message.id};
    }

    void remember() {
        auto& past = said();
        past.last = now_;
        past.texts.emplace_back(now_, words_.text);
        if (!rules_.modes.unique) return;
        auto& texts = chat_.book.of(draft_.channel).texts;
        if (texts.size() < most_texts) texts.insert(words_.text);
    }

    /// Twitch puts the name of whom a reply answers before its text.
    void add_parent(ChatMessage& message) {
        if (draft_.reply_to.empty()) return;
        const auto* const parent = chat_.recent.find(draft_.channel, draft_.reply_to);
        if (parent == nullptr) {
            message.more_tags = "reply-parent-msg-id=" + escape_tag(draft_.reply_to);
            return;
        }
        message.parent = Parent{.id = parent->id,
                                .login = parent->login,
                                .display_name = parent->display_name,
                                .user_id = parent->user_id,
                                .text = parent->text};
        const auto name = "@" + parent->display_name + " ";
        if (!message.text.starts_with(name)) message.text.insert(0, name);
    }

    void note(const Sent& sent) {
        Deed deed;
        deed.time = chat_.clock.now();
        deed.account = draft_.login;
        deed.transport = draft_.transport;
        deed.channel = draft_.channel;
        deed.text = words_.text;
        if (sent.kind != Sent::Kind::done) deed.outcome = sent.refusal.code;
        deed.id = sent.id;
        deed.is_privileged = is_privileged_;
        chat_.deeds.note(std::move(deed));
    }

    Chat& chat_;
    const Draft& draft_;
    Words words_;
    const RoomRules& rules_;
    Person author_;
    bool is_privileged_;
    Instant now_;
    Refusal refusal_;
};

}  // namespace

Sent send(Chat& chat, const Draft& draft) { return Passage(chat, draft).run(); }

}  // namespace coven::sim
