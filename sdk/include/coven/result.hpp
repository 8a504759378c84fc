#pragma once

#include <string>
#include <utility>

#include <boost/system/result.hpp>

namespace coven {

/// What went wrong, for people: what, where and what was expected, lower case, no full stop,
/// values in quotes. Example: "topic has an empty word: 'twitch..chat'".
struct Error {
    std::string message;

    Error() = default;
    Error(std::string text) : message(std::move(text)) {}
    Error(const char* text) : message(text) {}
};

/// A value or the reason why there is none. Ignoring one warns.
template <class T>
using Result = boost::system::result<T, Error>;

/// Called by Boost when `value()` is asked of a Result that holds an Error: throws
/// std::runtime_error with its message.
[[noreturn]] void throw_exception_from_error(const Error& error, const boost::source_location&);

}  // namespace coven
