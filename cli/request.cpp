#include "request.hpp"

#include <limits>
#include <string>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include "coven/bus.hpp"
#include "coven/race.hpp"
#include "coven/schema.hpp"
#include "print.hpp"
#include "request_pages.hpp"
#include "request_payload.hpp"
#include "request_status.hpp"
#include "run_on_bus.hpp"
#include "safe_text.hpp"

namespace asio = boost::asio;

namespace coven::cli {

namespace {

struct Call {
    v1::Request request;
    std::chrono::milliseconds deadline;
    /// Also the pages behind the first one.
    bool all = false;
};

Result<Call> call_of(const Invocation& invocation) {
    Call call{{}, invocation.duration("--deadline").value(), invocation.has("--all")};
    if (call.deadline.count() == 0) return Error("--deadline 0 leaves no time for an answer");
    auto words = invocation.arguments();
    auto& request = call.request;
    request.set_verb(words.front());
    words.erase(words.begin());
    auto payload = payload_of(request.verb(), words, invocation.text("--payload"));
    if (payload.has_error()) return payload.error();
    if (!payload->type_url().empty()) *request.mutable_payload() = std::move(*payload);
    request.set_target(invocation.text("--target"));
    request.set_idempotency_key(invocation.text("--key"));
    const auto priority = invocation.number("--priority").value_or(0);
    if (priority > std::numeric_limits<std::int32_t>::max()) {
        return Error("--priority is above 2147483647");
    }
    request.set_priority(static_cast<std::int32_t>(priority));
    return call;
}

/// The payload stands there as what it is, not as bytes of a type.
std::string json_of(v1::Reply reply) {
    const auto payload = reply.payload();
    reply.clear_payload();
    reply.clear_id();
    auto object = boost::json::parse(to_json(reply).value_or("{}")).as_object();
    object.erase("id");
    const auto& url = payload.type_url();
    object["payload_type"] = url.substr(url.rfind('/') + 1);
    const auto text = to_json(payload);
    object["payload"] = text ? boost::json::parse(*text) : boost::json::value();
    return safe_json(boost::json::serialize(object));
}

/// For people: what is to be done about it.
std::string advice(const v1::Reply& reply, const v1::Request& request) {
    if (reply.code() == "no_answer") return "; is `coven up` running?";
    if (reply.status() == v1::Reply::RATE_LIMITED) {
        return fmt::format("; ask again after {} ms", reply.retry_after_ms());
    }
    if (reply.status() != v1::Reply::UNKNOWN) return "";
    return request.idempotency_key().empty()
               ? "; with --key it could be asked for again without being done twice"
               : "; the same command asks again, and does nothing twice";
}

int show(const v1::Reply& reply, const v1::Request& request) {
    const int written = print_text(json_of(reply));
    if (written != 0) return written;
    const int status = exit_status_of(reply.status());
    if (status != 0) {
        const auto name = v1::Reply::Status_Name(reply.status());
        say(safe_text(name + ": " + reply.message() + advice(reply, request)));
    }
    return status;
}

asio::awaitable<int> send_all(Bus& bus, Call call) {
    for (;;) {
        const auto reply = co_await bus.call(call.request, call.deadline);
        const int status = show(reply, call.request);
        if (status != exit_ok || !call.all) co_return status;
        auto next = request_of_next_page(call.request, reply);
        if (next.has_error()) {
            say(next.error().message);
            co_return exit_failure;
        }
        if (!*next) co_return exit_ok;
        call.request = **std::move(next);
    }
}

asio::awaitable<int> send(Bus& bus, Call call, Endpoints) {
    Interruption interruption(co_await asio::this_coro::executor);
    const auto first = co_await race(send_all(bus, std::move(call)), interruption.wait());
    if (first.index() == 1) co_return status_interrupted;
    co_return std::get<0>(first);
}

}  // namespace

int request(const Invocation& invocation) { return run_on_bus(invocation, call_of, send); }

}  // namespace coven::cli
