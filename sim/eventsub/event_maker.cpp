#include "event_maker.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>

#include "chat.hpp"
#include "coven/config.hpp"
#include "eventsub/types.hpp"
#include "time_text.hpp"

namespace json = boost::json;

namespace coven::sim::eventsub {
namespace {

constexpr std::string_view no_one = "null";

/// Whether `word` begins a field: a path, a '=', a value.
bool begins_field(std::string_view word) {
    const auto end = word.find('=');
    if (end == std::string_view::npos || end == 0) return false;
    return std::ranges::all_of(word.substr(0, end), [](char c) {
        const bool is_letter = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
        return is_letter || c == '_' || c == '.' || c == '+';
    });
}

/// What people are called in templates: "@user" and "@broadcaster_user" for "broadcaster".
json::value* person_in(json::object& event, const std::string& name) {
    for (const auto& key : {"@" + name + "_user", "@" + name}) {
        if (auto* const found = event.if_contains(key)) return found;
    }
    return nullptr;
}

std::optional<std::string> set_person(json::value& person, const std::string& login) {
    if (login == no_one) {
        person = nullptr;
        return std::nullopt;
    }
    if (!is_login(login)) return "a login, or null: '" + login + "'";
    person = login;
    return std::nullopt;
}

/// What stands at a part of a path; nullptr = nothing does.
json::value* part_of(json::value& value, std::string_view part) {
    // What was left out can be spelled out: reply.parent_message_id.
    if (value.is_null()) return &value.emplace_object()[part];
    if (value.is_object()) return value.get_object().if_contains(part);
    if (!value.is_array()) return nullptr;
    std::size_t place = 0;
    const auto read = std::from_chars(part.data(), part.data() + part.size(), place);
    auto& array = value.get_array();
    return read.ec == std::errc() && place < array.size() ? &array[place] : nullptr;
}

json::value* value_at(json::object& event, std::string_view path) {
    const auto end = path.find('.');
    auto* value = event.if_contains(path.substr(0, end));
    path = end == std::string_view::npos ? std::string_view() : path.substr(end + 1);
    each_word(path, '.', [&value](std::string_view part) {
        value = value == nullptr ? nullptr : part_of(*value, part);
    });
    return value;
}

/// A text stays one; else JSON is wanted, and what is none is a text where nothing was.
std::optional<std::string> set_value(json::value& value, const std::string& text) {
    const bool is_text = value.is_string() && text != no_one;
    boost::system::error_code fault;
    auto parsed = is_text ? json::value(text) : json::parse(text, fault);
    if (fault && !value.is_null()) return "JSON: '" + text + "'";
    value = fault ? json::value(text) : std::move(parsed);
    return std::nullopt;
}

std::optional<std::string> set_field(json::object& event, const Field& field) {
    if (field.name.starts_with('+')) {
        return set_value(event[field.name.substr(1)], field.value);
    }
    if (auto* const person = person_in(event, field.name)) {
        const auto fault = set_person(*person, field.value);
        return fault ? std::optional("'" + field.name + "' needs " + *fault) : std::nullopt;
    }
    auto* const value = value_at(event, field.name);
    if (value == nullptr) return "has no field '" + field.name + "'";
    const auto fault = set_value(*value, field.value);
    return fault ? std::optional("'" + field.name + "' needs " + *fault) : std::nullopt;
}

/// How far "$now+30s" is from now; nothing = that is no such text.
std::optional<std::chrono::milliseconds> offset_in(std::string_view text) {
    constexpr std::string_view now = "$now";
    if (!text.starts_with(now)) return std::nullopt;
    text.remove_prefix(now.size());
    if (text.empty()) return std::chrono::milliseconds(0);
    const auto time = parse_duration(text.substr(1));
    if (!time) return std::nullopt;
    return text.front() == '-' ? -*time : *time;
}

}  // namespace

Result<Fields> parse_fields(std::string_view text) {
    Fields fields;
    std::optional<std::string> stray;
    each_word(text, ' ', [&](std::string_view word) {
        if (begins_field(word)) {
            const auto end = word.find('=');
            fields.push_back({std::string(word.substr(0, end)), std::string(word.substr(end + 1))});
        } else if (fields.empty()) {
            stray = stray.value_or(std::string(word));
        } else {
            fields.back().value.append(" ").append(word);
        }
    });
    if (stray) return Error{"is no FIELD=VALUE: '" + *stray + "'"};
    return fields;
}

Result<json::object> EventMaker::make(const Template& from, const Fields& fields) {
    auto event = json::parse(json::string_view(from.text.data(), from.text.size())).as_object();
    for (const auto& field : fields) {
        if (const auto fault = set_field(event, field)) {
            return Error{std::string(from.type) + " " + *fault};
        }
    }
    return filled(event);
}

json::value EventMaker::filled(const json::value& value) {
    if (value.is_object()) return filled(value.get_object());
    if (value.is_string()) return filled_text(value.get_string());
    if (!value.is_array()) return value;
    json::array array;
    for (const auto& one : value.get_array()) array.push_back(filled(one));
    return array;
}

json::object EventMaker::filled(const json::object& object) {
    json::object result;
    for (const auto& [key, value] : object) {
        if (!key.starts_with('@')) {
            result.emplace(key, filled(value));
            continue;
        }
        const auto name = std::string(key.substr(1));
        const bool is_known = value.is_string();
        const auto* const user =
            is_known ? &users_.meet(std::string_view(value.get_string())) : nullptr;
        const auto text = [is_known](const std::string& part) {
            return is_known ? json::value(part) : json::value(nullptr);
        };
        result.emplace(name + "_id", text(user == nullptr ? "" : user->id));
        result.emplace(name + "_login", text(user == nullptr ? "" : user->login));
        result.emplace(name + "_name", text(user == nullptr ? "" : user->display_name));
    }
    return result;
}

json::value EventMaker::filled_text(std::string_view text) {
    if (text.starts_with("$id")) {
        auto& id = named_ids_[std::string(text)];
        if (id.empty()) id = ids_.uuid();
        return json::value(id);
    }
    const auto offset = offset_in(text);
    return offset ? json::value(rfc3339_precise(now_ + *offset)) : json::value(text);
}

}  // namespace coven::sim::eventsub
