#include "send/sent_history.hpp"

#include <utility>

#include "coven/command.hpp"
#include "coven/result_of.hpp"
#include "coven/v1/history.pb.h"
#include "twitch/v1/chat_commands.pb.h"

namespace asio = boost::asio;

namespace chat {

namespace {

using coven::v1::HistoryBatch;
using Lines = std::vector<SendPast::Line>;

constexpr auto answer_limit = std::chrono::seconds(3);
/// Thirty seconds of one account are a hundred lines; so many pages have other reasons.
constexpr int most_pages = 20;

coven::Time time_of(std::uint64_t us) {
    return coven::Time(std::chrono::microseconds(static_cast<std::int64_t>(us)));
}

coven::Result<void> take(const HistoryBatch& batch, const std::string& account, Lines& lines) {
    for (const auto& record : batch.records()) {
        if (record.has_truncated()) return coven::Error("the broker does not keep all of it");
        const auto event = coven::Event::parse(record.frame());
        if (event.has_error()) continue;
        const auto sent = event->payload_as<twitch::v1::ChatSent>();
        if (!sent || sent->account() != account) continue;
        lines.push_back({time_of(sent->written_us()), time_of(sent->settled_us())});
    }
    return {};
}

}  // namespace

asio::awaitable<coven::Result<Lines>> sent_history(coven::Bus& bus, std::string account,
                                                   coven::Time since) {
    coven::v1::HistoryReadRequest question;
    question.add_patterns("twitch.chat.*.sent");
    question.set_since_us(coven::microseconds_since_epoch(since));
    Lines lines;
    for (int page = 0; page < most_pages; ++page) {
        auto request = coven::request_of("history.read", question);
        const auto reply = co_await coven::result_of(bus.request(std::move(request), answer_limit));
        if (reply.has_error()) co_return reply.error();
        HistoryBatch batch;
        if (reply->status() != coven::v1::Reply::OK || !reply->payload().UnpackTo(&batch)) {
            co_return coven::Error("history.read: " + reply->message());
        }
        const auto taken = take(batch, account, lines);
        if (taken.has_error()) co_return taken.error();
        const bool at_end = batch.next().bus_epoch() >= batch.committed().bus_epoch() &&
                            batch.next().offset() >= batch.committed().offset();
        if (at_end) co_return lines;
        *question.mutable_after() = batch.next();
    }
    co_return coven::Error("history.read does not come to an end");
}

}  // namespace chat
