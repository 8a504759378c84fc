#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include "coven/clock.hpp"
#include "coven/secret.hpp"
#include "coven/web_socket.hpp"

namespace coven {

struct HttpField {
    std::string name;
    std::string value;
};

struct HttpSecretField {
    std::string name;
    Secret value;
};

/// Texts are sent percent-encoded where that is due.
struct HttpRequest {
    enum class Method { get, post, put, patch, remove };

    Method method = Method::get;
    /// http:// or https://, without query.
    std::string url;
    /// Seen by proxies and logged by servers: no secrets.
    std::vector<HttpField> query = {};
    std::vector<HttpField> headers = {};
    /// Sent as `Authorization: <scheme> <authorization>`, unless it is empty.
    std::string authorization_scheme = "Bearer";
    Secret authorization = {};
    /// The body: a form of both kinds of fields…
    std::vector<HttpField> form = {};
    std::vector<HttpSecretField> secret_form = {};
    /// …or JSON.
    std::string json = {};
    /// For everything from the name look-up to the last byte, by the client's clock.
    std::chrono::milliseconds limit{15000};
};

struct HttpResponse {
    int status = 0;
    std::string body = {};
    /// Names in lower case, in the order of the answer.
    std::vector<HttpField> headers = {};

    /// The last one of that name, whatever the case of its letters; valid while this lives.
    std::optional<std::string_view> header(std::string_view name) const;
};

/// HTTP/1.1 with and without TLS, over libcurl; no call blocks the loop. Peer and host name are
/// verified. Redirects are answers like any other; there are no cookies and no compression. What
/// may not be done twice (POST, PATCH) is sent once: libcurl repeats it by itself only when nothing
/// of it has left. Proxies are those of the environment (https_proxy, http_proxy, all_proxy,
/// no_proxy), but this machine's own addresses are always dialled directly. Not thread-safe.
class HttpClient {
  public:
    struct Options {
        /// PEM file that replaces the system's certificates; empty = the system's, or those of
        /// SSL_CERT_FILE.
        std::string ca_file;
        /// More wait until one of these has ended, in the order in which they came.
        std::size_t max_in_flight = 8;
        /// One more is LinkLost.
        std::size_t max_waiting = 1000;
        /// A longer answer is LinkLost.
        std::size_t max_body_bytes = 4u << 20;
    };

    /// `clock` must outlive the client and what it sends.
    HttpClient(const boost::asio::any_io_executor& executor, Clock& clock, Options options);
    HttpClient(const HttpClient&) = delete;
    HttpClient& operator=(const HttpClient&) = delete;
    ~HttpClient();

    /// Any status is an answer. Throws LinkLost when there is none: it names method, URL (without
    /// query) and the reason. Cancelling it ends the transfer.
    boost::asio::awaitable<HttpResponse> send(HttpRequest request);
    /// Requests under way, with those that wait. A test that moves the clock waits for 0 first.
    std::size_t pending() const;

  private:
    struct Parts;
    /// Shared with the requests under way, whose frames may die after the client.
    std::shared_ptr<Parts> parts_;
};

/// "GET", "POST", …; `remove` is "DELETE".
const char* method_name(HttpRequest::Method method);

}  // namespace coven
