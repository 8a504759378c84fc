#include "up_voice.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include "coven/log.hpp"
#include "safe_text.hpp"

namespace coven::cli {

namespace {

void log_as_one(UpVoice::Tone tone, std::string_view event, const std::vector<std::string>& lines) {
    std::string text;
    for (const auto& line : lines) {
        if (!text.empty()) text += "; ";
        text += line;
    }
    if (tone == UpVoice::Tone::failure) return log::error(event, {{"text", text}});
    if (tone == UpVoice::Tone::warning) return log::warn(event, {{"text", text}});
    log::info(event, {{"text", text}});
}

}  // namespace

UpVoice::UpVoice(Form form, Paint paint, std::size_t name_width)
    : form_(form), paint_(paint), name_width_(name_width), output_(STDERR_FILENO) {}

void UpVoice::print(const std::string& name, const std::string& text) {
    const auto prefix =
        paint_.name(fmt::format("{:<{}} |", name, name_width_), colour_of_login(name));
    // Nothing can be done, and nobody told, when even this fails.
    static_cast<void>(output_.line(prefix + " " + text));
}

void UpVoice::log(const std::string& name, const std::string& line) {
    if (form_ == Form::human) return print(name, safe_text(line));
    // Programs of ours write JSON by themselves.
    if (!line.starts_with('{')) return log::info("output", {{"instance", name}, {"line", line}});
    static_cast<void>(output_.line(safe_json(line)));
}

void UpVoice::remark(const std::string& name, const std::string& text) {
    if (form_ == Form::json) return log::warn("program", {{"instance", name}, {"text", text}});
    print(name, paint_.alarm(safe_text(text)));
}

void UpVoice::presence(const PresenceLines::Line& line) {
    if (form_ == Form::json) {
        return log::info("presence", {{"instance", line.instance}, {"text", line.text}});
    }
    const auto text = safe_text(line.text);
    const bool trouble = line.state == v1::Presence::STATE_DEGRADED;
    print(line.instance, trouble ? paint_.alarm(text) : text);
}

void UpVoice::tell(Tone tone, std::string_view event, const std::vector<std::string>& lines) {
    if (lines.empty()) return;
    if (form_ == Form::json) return log_as_one(tone, event, lines);
    for (const auto& line : lines) {
        const auto text = safe_text(line);
        const auto shown = tone == Tone::news ? text : paint_.alarm(text);
        static_cast<void>(output_.line("coven: " + shown));
    }
}

}  // namespace coven::cli
