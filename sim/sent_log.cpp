#include "sent_log.hpp"

#include <utility>

namespace coven::sim {
namespace {

void append_json(std::string& out, std::string_view text) {
    constexpr std::string_view digits = "0123456789abcdef";
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte < 0x20) {
            out.append("\\u00").append(1, digits[byte >> 4]).append(1, digits[byte & 15]);
            continue;
        }
        if (c == '"' || c == '\\') out += '\\';
        out += c;
    }
}

}  // namespace

Result<SentLog> SentLog::open(const std::string& path) {
    std::ofstream file(path, std::ios::binary | std::ios::trunc);
    if (!file) return Error{"cannot write the log of sent lines '" + path + "'"};
    return SentLog(std::move(file));
}

void SentLog::write(const Entry& entry) {
    text_ = "{\"connection\":" + std::to_string(entry.connection) + ",\"login\":\"";
    append_json(text_, entry.login);
    text_.append("\",\"time_us\":").append(std::to_string(microseconds_since_epoch(entry.time)));
    text_.append(",\"line\":\"");
    append_json(text_, entry.line);
    text_.append("\"}\n");
    file_ << text_;
}

}  // namespace coven::sim
