#include "coven/http.hpp"

#include <utility>

#include "coven/log.hpp"
#include "coven/lower_case.hpp"
#include "http_loop.hpp"
#include "http_transfer.hpp"
#include "turnstile.hpp"

namespace asio = boost::asio;

namespace coven {

namespace {

bool fits_in_a_header(std::string_view text) {
    for (const char character : text) {
        const auto byte = static_cast<unsigned char>(character);
        if (byte < ' ' || byte == 0x7f) return false;
    }
    return true;
}

/// Scheme, host and port: up to the path.
std::string_view origin(std::string_view url) {
    const auto host = url.find("://");
    return url.substr(0, url.find_first_of("/?#", host == std::string_view::npos ? 0 : host + 3));
}

/// For messages. What stands before an `@` may be a password.
std::string shown(std::string_view url) {
    const auto place = url.substr(0, url.find_first_of("?#"));
    const auto at = origin(place).rfind('@');
    if (at == std::string_view::npos) return std::string(place);
    return "…" + std::string(place.substr(at));
}

/// What keeps a request from being sent, if anything does.
std::string fault(const HttpRequest& request) {
    if (!request.url.starts_with("https://") && !request.url.starts_with("http://"))
        return "the URL is not https:// or http://";
    if (origin(request.url).find('@') != std::string_view::npos)
        return "the URL must not hold a user name";
    if (request.url.find_first_of("?#") != std::string::npos)
        return "the URL must not hold a query or a fragment";
    // Whoever could end a line here could add headers of their own.
    if (!fits_in_a_header(request.authorization.reveal()) ||
        !fits_in_a_header(request.authorization_scheme))
        return "the token holds a control character";
    for (const auto& header : request.headers) {
        if (!fits_in_a_header(header.name + header.value))
            return "header '" + log::escaped(header.name) + "' holds a control character";
    }
    return "";
}

}  // namespace

const char* method_name(HttpRequest::Method method) {
    switch (method) {
        case HttpRequest::Method::get:
            return "GET";
        case HttpRequest::Method::post:
            return "POST";
        case HttpRequest::Method::put:
            return "PUT";
        case HttpRequest::Method::patch:
            return "PATCH";
        case HttpRequest::Method::remove:
            break;
    }
    return "DELETE";
}

std::optional<std::string_view> HttpResponse::header(std::string_view name) const {
    const auto wanted = lower_case(name);
    for (auto field = headers.rbegin(); field != headers.rend(); ++field) {
        if (field->name == wanted) return field->value;
    }
    return std::nullopt;
}

struct HttpClient::Parts {
    Parts(const asio::any_io_executor& executor, Clock& time, Options given)
        : options(std::move(given)),
          clock(time),
          loop(std::make_shared<HttpLoop>(executor)),
          places(executor, options.max_in_flight) {}

    static asio::awaitable<HttpResponse> send(std::shared_ptr<Parts> parts, HttpRequest request);

    const Options options;
    Clock& clock;
    /// Shared with its own waits, see there.
    std::shared_ptr<HttpLoop> loop;
    Turnstile places;
};

asio::awaitable<HttpResponse> HttpClient::Parts::send(std::shared_ptr<Parts> parts,
                                                      HttpRequest request) {
    const auto name = method_name(request.method) + (" " + shown(request.url)) + ": ";
    auto reason = fault(request);
    if (parts->places.waiting() >= parts->options.max_waiting) reason = "too many requests wait";
    if (!reason.empty()) throw LinkLost(name + reason);
    const auto pass = co_await parts->places.enter();
    HttpTransfer transfer(request, parts->options);
    try {
        auto run = parts->loop->run(transfer.easy());
        const auto code = co_await within(parts->clock, request.limit, "answer", std::move(run));
        reason = transfer.failure(code);
    } catch (const TimedOut& late) {
        reason = late.what() + (" (" + std::string(transfer.step())) + ")";
    }
    if (!reason.empty()) throw LinkLost(name + reason);
    co_return transfer.take_answer();
}

HttpClient::HttpClient(const asio::any_io_executor& executor, Clock& clock, Options options)
    : parts_(std::make_shared<Parts>(executor, clock, std::move(options))) {}

HttpClient::~HttpClient() = default;

asio::awaitable<HttpResponse> HttpClient::send(HttpRequest request) {
    return Parts::send(parts_, std::move(request));
}

std::size_t HttpClient::pending() const {
    return parts_->places.inside() + parts_->places.waiting();
}

}  // namespace coven
