#include "send/replies.hpp"

#include <algorithm>

namespace chat {

using coven::v1::Reply;

namespace {

std::string joined(const std::vector<std::string>& words, const char* between) {
    std::string text;
    for (const auto& word : words) text += (text.empty() ? "" : between) + word;
    return text;
}

}  // namespace

Reply not_able(const std::string& code, const std::string& message) {
    return coven::reply_of(Reply::NO_ROUTE, code, message);
}

Reply scope_missing(const std::string& login, std::vector<std::string> granted,
                    const std::vector<std::string>& wanted) {
    // A login grants what it asks for and nothing else.
    auto all = std::move(granted);
    all.push_back(wanted.front());
    std::sort(all.begin(), all.end());
    all.erase(std::unique(all.begin(), all.end()), all.end());
    return not_able("scope_missing",
                    "account '" + login + "' has not granted " + joined(wanted, " or ") +
                        "; log in again: coven login --scopes " + joined(all, ","));
}

Reply rate_limited(const std::string& code, const std::string& message,
                   coven::Duration retry_after) {
    using std::chrono::milliseconds;
    auto reply = coven::reply_of(Reply::RATE_LIMITED, code, message);
    const auto wait = std::max(std::chrono::ceil<milliseconds>(retry_after), milliseconds(1));
    reply.set_retry_after_ms(static_cast<std::uint64_t>(wait.count()));
    return reply;
}

Reply reply_of_attempt(const Attempt& attempt) {
    switch (attempt.kind) {
        case Attempt::Kind::sent:
            return coven::reply_of(Reply::OK, "", "");
        case Attempt::Kind::refused: {
            auto reply = coven::reply_of(Reply::FAILED, attempt.code, attempt.message);
            const auto pause = std::chrono::ceil<std::chrono::milliseconds>(attempt.pause);
            reply.set_retry_after_ms(static_cast<std::uint64_t>(pause.count()));
            return reply;
        }
        case Attempt::Kind::unknown:
            return coven::reply_of(Reply::UNKNOWN, attempt.code, attempt.message);
        case Attempt::Kind::impossible:
            return not_able(attempt.code, attempt.message);
        case Attempt::Kind::not_written:
            break;
    }
    return rate_limited(attempt.code, attempt.message, attempt.pause);
}

}  // namespace chat
