// Bytes from Twitch's chat, as they leave the WebSocket: lines, tags, messages, what else is told,
// and the dialogue.

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

#include "chat_message.hpp"
#include "coven/topic.hpp"
#include "dialogue.hpp"
#include "irc_line.hpp"
#include "line_events/line_events.hpp"
#include "line_splitter.hpp"
#include "target.hpp"

namespace {

constexpr std::size_t max_line_bytes = 600;

std::vector<std::string> lines_of(const std::vector<std::string_view>& frames) {
    chat::LineSplitter splitter(max_line_bytes);
    std::vector<std::string> lines;
    for (const auto frame : frames) {
        splitter.feed(frame);
        while (const auto line = splitter.next()) lines.emplace_back(*line);
    }
    return lines;
}

/// The same lines, wherever the frames are cut.
std::vector<std::string> lines_of(std::string_view input) {
    auto whole = lines_of(std::vector{input});
    const auto cut = input.empty() ? 0 : static_cast<unsigned char>(input.back()) % input.size();
    const auto in_two = lines_of(std::vector{input.substr(0, cut), input.substr(cut)});
    demand(whole == in_two, "lines do not depend on where frames are cut");
    return whole;
}

bool lies_in(const twitch::v1::Span& span, std::string_view text) {
    return span.first_byte() < span.end_byte() && span.end_byte() <= text.size();
}

void look_at_message(std::string_view encoded) {
    twitch::v1::ChatMessage message;
    // protobuf refuses texts that are no UTF-8, too.
    demand(message.ParseFromString(std::string(encoded)), "what was written can be read");
    demand(message.GetReflection()->GetUnknownFields(message).empty(),
           "nothing was written that no field stands for");
    for (const auto& emote : message.emotes()) {
        for (const auto& span : emote.spans()) {
            demand(lies_in(span, message.text()), "emotes lie in the text");
        }
    }
}

/// Nothing is in it that no field stands for, and all texts are UTF-8.
void look_at_payload(const google::protobuf::Any& payload) {
    const auto type = payload.type_url().substr(payload.type_url().rfind('/') + 1);
    const auto* descriptor =
        google::protobuf::DescriptorPool::generated_pool()->FindMessageTypeByName(type);
    demand(descriptor != nullptr, "a payload has a type");
    auto& factory = *google::protobuf::MessageFactory::generated_factory();
    const std::unique_ptr<google::protobuf::Message> message(
        factory.GetPrototype(descriptor)->New());
    demand(message->ParseFromString(payload.value()), "a payload can be read");
    demand(message->GetReflection()->GetUnknownFields(*message).empty(),
           "a payload has no field that nothing stands for");
}

void look_at_event(const chat::LineEvent& told) {
    const auto topic = coven::Topic::parse("twitch.chat." + told.channel + "." + told.last_word);
    demand(topic.has_value(), "an event has a topic");
    demand(told.event.type() == "tv.twitch.chat." + told.last_word,
           "its type is that of the topic");
    look_at_payload(told.event.proto_data());
}

void look_at_tags(const chat::IrcLine& line) {
    std::string scratch;
    for (const auto& tag : line.tags()) {
        const auto value = chat::unescape(tag, scratch);
        demand(!tag.name.empty(), "a tag has a name");
        demand(value.size() <= tag.value.size(), "a value grows shorter without its escapes");
    }
}

}  // namespace

void look_at(std::string_view input) {
    chat::JoinQueue queue({});
    chat::Roster roster({}, queue);
    for (const char* channel : {"alpha", "beta"}) roster.want(channel, chat::JoinQueue::Turn::last);
    const coven::Instant start(std::chrono::hours(1));
    chat::Dialogue::Settings settings;
    settings.nick = "justinfan12345";
    chat::Dialogue dialogue(settings, std::move(roster), start);
    chat::ChatMessageWriter writer;
    chat::LineEvents events({.membership = true, .whispers = true});
    auto now = start;
    for (const auto& text : lines_of(input)) {
        const auto line = chat::IrcLine::parse(text);
        if (!line) continue;
        look_at_tags(*line);
        if (const auto written = writer.write(*line)) look_at_message((*written)->encoded);
        if (const auto told = events.read(*line, {}, "justinfan12345")) look_at_event(*told);
        now += std::chrono::milliseconds(300);
        dialogue.hear(*line, now);
        dialogue.advance(now);
        const auto output = dialogue.take_output();
        demand(output.empty() || output.ends_with("\r\n"), "what is sent are whole lines");
        demand(output.find('\0') == std::string::npos, "no zero byte is sent");
    }
}
