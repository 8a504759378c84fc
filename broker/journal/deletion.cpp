#include "journal/deletion.hpp"

#include <string>

#include <string.h>

#include "coven/v1/event.pb.h"
#include "journal/tail_view.hpp"
#include "wire_reader.hpp"

namespace coven::broker {

namespace {

constexpr std::string_view message_word = "message";

std::string_view last_word(std::string_view topic) { return topic.substr(topic.rfind('.') + 1); }

std::string_view text_of(const v1::StoredDeletion& deletion) {
    switch (deletion.which_case()) {
        case v1::StoredDeletion::kMessageId:
            return deletion.message_id();
        case v1::StoredDeletion::kUserId:
            return deletion.user_id();
        case v1::StoredDeletion::kUserLogin:
            return deletion.user_login();
        case v1::StoredDeletion::WHICH_NOT_SET:
            return deletion.topic();
    }
    return {};
}

bool names_message(std::string_view name) {
    return name == "message_id" || name == "target_message_id";
}

/// Takes over what one field of a `.clear` says. False: it names a user whom we do not know to be
/// the one who is cleared.
bool take_user(std::string_view name, std::string_view text, v1::StoredDeletion& deletion) {
    const bool is_id = name.ends_with("user_id");
    const bool is_login = name.ends_with("user_login");
    if (text.empty() || !(is_id || is_login) || name.starts_with("broadcaster_")) return true;
    if (name.starts_with("moderator_")) return true;
    if (name.starts_with("target_")) name.remove_prefix(std::string_view("target_").size());
    if (name == "user_id") deletion.set_user_id(std::string(text));
    if (name == "user_login" && !deletion.has_user_id()) {
        deletion.set_user_login(std::string(text));
    }
    return name == "user_id" || name == "user_login";
}

std::string_view id_of(std::string_view frame) {
    WireReader reader(frame.substr(topic_in(frame).size() + 1));
    while (!reader.left().empty()) {
        const auto field = reader.next();
        if (!field) break;
        if (field->number == v1::Event::kIdFieldNumber) return field->bytes;
    }
    return {};
}

}  // namespace

bool deletes_messages(std::string_view topic) {
    const auto word = last_word(topic);
    return word == "deleted" || word == "clear" || word == "cleared";
}

std::optional<v1::StoredDeletion> deletion_in(std::string_view frame, PayloadTexts& texts) {
    const auto topic = topic_in(frame);
    const auto word = last_word(topic);
    v1::StoredDeletion deletion;
    deletion.set_topic(std::string(topic.substr(0, topic.size() - word.size())));
    deletion.mutable_topic()->append(message_word);
    const bool one = word == "deleted";
    bool clear = true;
    const bool readable = texts.visit(frame, [&](std::string_view name, std::string_view text) {
        if (one && names_message(name) && !text.empty()) deletion.set_message_id(std::string(text));
        if (!one && !take_user(name, text, deletion)) clear = false;
    });
    if (!readable || !clear || (one && !deletion.has_message_id())) return std::nullopt;
    return deletion;
}

bool may_be_in(const v1::StoredDeletion& deletion, std::string_view bytes) {
    const auto text = text_of(deletion);
    return memmem(bytes.data(), bytes.size(), text.data(), text.size()) != nullptr;
}

bool is_deleted(const v1::StoredDeletion& deletion, std::string_view frame, PayloadTexts& texts) {
    if (topic_in(frame) != deletion.topic()) return false;
    const auto which = deletion.which_case();
    if (which == v1::StoredDeletion::WHICH_NOT_SET) return true;
    const auto wanted = text_of(deletion);
    if (which == v1::StoredDeletion::kMessageId && id_of(frame) == wanted) return true;
    const std::string_view field = which == v1::StoredDeletion::kMessageId ? "id"
                                   : which == v1::StoredDeletion::kUserId  ? "user_id"
                                                                           : "user_login";
    bool found = false;
    texts.visit(frame, [&](std::string_view name, std::string_view text) {
        const bool same = name == field || name == "chatter_" + std::string(field) ||
                          (field == "id" && names_message(name));
        if (same && text == wanted) found = true;
    });
    return found;
}

}  // namespace coven::broker
