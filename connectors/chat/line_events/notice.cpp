#include "line_events/notice.hpp"

#include "coven/lower_case.hpp"
#include "line_events/notice_detail.hpp"

namespace chat {

namespace {

using twitch::v1::ChatMessage;
using twitch::v1::ChatNotice;

void name_user(const std::string& login, ChatMessage& message) {
    message.set_user_login(coven::lower_case(login));
    if (message.display_name().empty()) message.set_display_name(message.user_login());
}

/// The message's facts that say what the notice is about.
void lift(const ChatMessage& message, ChatNotice& notice) {
    notice.set_id(message.id());
    notice.set_channel_id(message.channel_id());
    notice.set_channel_login(message.channel_login());
    notice.set_user_id(message.user_id());
    notice.set_user_login(message.user_login());
    notice.set_display_name(message.display_name());
    notice.set_msg_id(message.msg_id());
    notice.set_sent_us(message.sent_us());
}

}  // namespace

ChatNotice NoticeReader::read(const IrcLine& line) {
    ChatNotice notice;
    auto& message = *notice.mutable_message();
    const auto encoded = writer_.write_said(line).encoded;
    message.ParseFromArray(encoded.data(), static_cast<int>(encoded.size()));
    TagBag tags(message.other_tags());
    message.clear_other_tags();
    // The prefix names the server: who it is about stands in a tag.
    name_user(tags.take("login"), message);
    lift(message, notice);
    notice.set_system_message(tags.take("system-msg"));
    const auto original = tags.take("source-msg-id");
    notice.set_kind(original.empty() ? notice.msg_id() : original);
    auto params = tags.take_all("msg-param-");
    params.pour_into(*notice.mutable_params());
    tags.pour_into(*message.mutable_other_tags());
    read_detail(std::move(params), notice);
    return notice;
}

}  // namespace chat
