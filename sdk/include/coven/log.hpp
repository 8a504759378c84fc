#pragma once

#include <concepts>
#include <initializer_list>
#include <string>
#include <string_view>

namespace coven::log {

enum class Level { debug, info, warn, error };
/// `automatic` is `human` on a terminal and `json` elsewhere.
enum class Format { automatic, human, json };

/// One `key=value` of a log line. Values may be hostile: control characters and bytes that are no
/// UTF-8 are escaped when the line is written.
struct Field {
    std::string_view key;
    std::string value;

    Field(std::string_view name, std::string text) : key(name), value(std::move(text)) {}
    Field(std::string_view name, std::string_view text) : key(name), value(text) {}
    Field(std::string_view name, const char* text) : key(name), value(text) {}
    template <std::integral T>
    Field(std::string_view name, T number) : key(name), value(std::to_string(number)) {}
};
using Fields = std::initializer_list<Field>;

/// Once at the start of main. `program` is the instance's name, e.g. "chat-1".
void start(std::string program, Level level, Format format);

/// One line on stderr, one fact a line; quiet when all is well. `event` is one or a few words
/// joined by '_', e.g. "connected".
void debug(std::string_view event, Fields fields = {});
/// Started, connected, lost, stopped.
void info(std::string_view event, Fields fields = {});
/// Something was dropped or is degraded.
void warn(std::string_view event, Fields fields = {});
/// A person must act.
void error(std::string_view event, Fields fields = {});

/// `text` with everything that could move a cursor, forge a line or is no UTF-8 written as an
/// escape (\n, \u001b, \u202e, \xff), fit to stand between double quotes.
std::string escaped(std::string_view text);

}  // namespace coven::log
