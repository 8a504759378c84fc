#include "http_transfer.hpp"

#include <cstdlib>
#include <cstring>
#include <utility>

#include <curl/curl.h>

#include "coven/daemon.hpp"
#include "coven/log.hpp"
#include "coven/lower_case.hpp"
#include "form_text.hpp"

namespace coven {

namespace {

using Method = HttpRequest::Method;

constexpr std::size_t max_head_bytes = 64u << 10;
constexpr const char* own_addresses = "127.0.0.1,localhost,::1";
constexpr const char* no_answer = "the connection was closed without an answer";

std::string_view trimmed(std::string_view text) {
    constexpr std::string_view blanks = " \t\r\n";
    const auto from = text.find_first_not_of(blanks);
    if (from == std::string_view::npos) return {};
    return text.substr(from, text.find_last_not_of(blanks) + 1 - from);
}

const char* environment(const char* name) {
    const char* value = std::getenv(name);
    return value != nullptr && *value != '\0' ? value : nullptr;
}

bool may_be_repeated(HttpRequest::Method method) {
    return method != HttpRequest::Method::post && method != HttpRequest::Method::patch;
}

const char* content_type(const HttpRequest& request) {
    if (!request.json.empty()) return "Content-Type: application/json";
    const bool has_form = !request.form.empty() || !request.secret_form.empty();
    // libcurl would call any body a form.
    return has_form ? "Content-Type: application/x-www-form-urlencoded" : "Content-Type:";
}

}  // namespace

HeaderLines::~HeaderLines() {
    for (auto* line = first_; line != nullptr; line = line->next) {
        explicit_bzero(line->data, std::strlen(line->data));
    }
    curl_slist_free_all(first_);
}

void HeaderLines::add(const std::string& line) { first_ = curl_slist_append(first_, line.c_str()); }

void HeaderLines::add(const std::string& scheme, const Secret& token) {
    auto line = "Authorization: " + scheme + " ";
    // At once, since a text that grew would leave a copy behind.
    line.reserve(line.size() + token.reveal().size());
    line += token.reveal();
    add(line);
    explicit_bzero(line.data(), line.size());
}

struct HttpTransfer::Calls {
    static std::size_t on_head(char* bytes, std::size_t, std::size_t size, void* transfer) {
        auto& self = *static_cast<HttpTransfer*>(transfer);
        self.take_head({bytes, size});
        return self.ended_.empty() ? size : 0;
    }

    static std::size_t on_body(char* bytes, std::size_t, std::size_t size, void* transfer) {
        auto& self = *static_cast<HttpTransfer*>(transfer);
        const auto limit = self.options_.max_body_bytes;
        if (self.answer_.body.size() + size > limit) {
            self.ended_ = "the answer is longer than " + std::to_string(limit) + " bytes";
            return 0;
        }
        self.answer_.body.append(bytes, size);
        return size;
    }

    /// libcurl sends a request again by itself when a connection that it had kept ends without an
    /// answer. The server may have done what it was asked for all the same.
    static curl_socket_t on_open(void* transfer, curlsocktype, curl_sockaddr* address) {
        auto& self = *static_cast<HttpTransfer*>(transfer);
        if (!may_be_repeated(self.request_.method) && self.requested_bytes() > 0) {
            self.ended_ = no_answer;
            return CURL_SOCKET_BAD;
        }
        return ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
    }
};

HttpTransfer::HttpTransfer(const HttpRequest& request, const HttpClient::Options& options)
    : request_(request),
      options_(options),
      easy_(curl_easy_init()),
      detail_(CURL_ERROR_SIZE, '\0') {
    set_rules();
    set_trust();
    set_request();
}

HttpTransfer::~HttpTransfer() { curl_easy_cleanup(easy_); }

void HttpTransfer::set_rules() {
    curl_easy_setopt(easy_, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(easy_, CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1);
    curl_easy_setopt(easy_, CURLOPT_ERRORBUFFER, detail_.data());
    curl_easy_setopt(easy_, CURLOPT_USERAGENT, ("coven/" + version()).c_str());
    // A look-up that hangs is left behind instead of being waited for.
    curl_easy_setopt(easy_, CURLOPT_QUICK_EXIT, 1L);
    curl_easy_setopt(easy_, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
    const char* none = environment("no_proxy");
    if (none == nullptr) none = environment("NO_PROXY");
    no_proxy_ = none == nullptr ? own_addresses : std::string(none) + "," + own_addresses;
    curl_easy_setopt(easy_, CURLOPT_NOPROXY, no_proxy_.c_str());
    curl_easy_setopt(easy_, CURLOPT_HEADERFUNCTION, &Calls::on_head);
    curl_easy_setopt(easy_, CURLOPT_HEADERDATA, this);
    curl_easy_setopt(easy_, CURLOPT_WRITEFUNCTION, &Calls::on_body);
    curl_easy_setopt(easy_, CURLOPT_WRITEDATA, this);
    curl_easy_setopt(easy_, CURLOPT_OPENSOCKETFUNCTION, &Calls::on_open);
    curl_easy_setopt(easy_, CURLOPT_OPENSOCKETDATA, this);
}

/// One file and no folder: libcurl then reads it once for all connections.
void HttpTransfer::set_trust() {
    curl_easy_setopt(easy_, CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2);
    curl_easy_setopt(easy_, CURLOPT_CAPATH, static_cast<const char*>(nullptr));
    const auto& own = options_.ca_file;
    const char* file = own.empty() ? environment("SSL_CERT_FILE") : own.c_str();
    if (file != nullptr) curl_easy_setopt(easy_, CURLOPT_CAINFO, file);
}

void HttpTransfer::set_request() {
    const auto query = form_text(request_.query);
    const auto url = query.empty() ? request_.url : request_.url + "?" + query;
    curl_easy_setopt(easy_, CURLOPT_URL, url.c_str());
    curl_easy_setopt(easy_, CURLOPT_CUSTOMREQUEST, method_name(request_.method));
    set_body();
    for (const auto& header : request_.headers) headers_.add(header.name + ": " + header.value);
    if (!request_.authorization.empty()) {
        headers_.add(request_.authorization_scheme, request_.authorization);
    }
    curl_easy_setopt(easy_, CURLOPT_HTTPHEADER, headers_.first());
}

void HttpTransfer::set_body() {
    form_ = form_text(request_.form, request_.secret_form);
    const auto body = request_.json.empty() ? form_.reveal() : std::string_view(request_.json);
    const bool is_usual = request_.method != Method::get && request_.method != Method::remove;
    if (body.empty() && !is_usual) return;
    curl_easy_setopt(easy_, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body.size()));
    // Not copied: it lives as long as this.
    curl_easy_setopt(easy_, CURLOPT_POSTFIELDS, body.data());
    headers_.add(content_type(request_));
    // Or libcurl asks for leave to send a long one.
    headers_.add("Expect:");
}

std::size_t HttpTransfer::requested_bytes() const {
    long size = 0;
    curl_easy_getinfo(easy_, CURLINFO_REQUEST_SIZE, &size);
    return static_cast<std::size_t>(size);
}

const char* HttpTransfer::step() const {
    if (head_bytes_ > 0) return "the answer has begun";
    if (requested_bytes() > 0) return "the request was sent";
    curl_off_t looked_up = 0;
    curl_easy_getinfo(easy_, CURLINFO_NAMELOOKUP_TIME_T, &looked_up);
    return looked_up == 0 ? "name look-up" : "TCP connection or TLS handshake";
}

std::string HttpTransfer::failure(int code) const {
    // libcurl takes a head that breaks off for a whole one.
    if (code == CURLE_OK && !head_ended_)
        return "the connection was closed in the middle of the head";
    if (code == CURLE_OK) return "";
    if (!ended_.empty()) return ended_;
    if (code == CURLE_GOT_NOTHING) return no_answer;
    const char* words = detail_.c_str();
    if (*words == '\0') words = curl_easy_strerror(static_cast<CURLcode>(code));
    auto detail = log::escaped(words);
    if (code == CURLE_PEER_FAILED_VERIFICATION) return "the certificate is not trusted: " + detail;
    return detail;
}

HttpResponse HttpTransfer::take_answer() {
    long status = 0;
    curl_easy_getinfo(easy_, CURLINFO_RESPONSE_CODE, &status);
    answer_.status = static_cast<int>(status);
    return std::move(answer_);
}

void HttpTransfer::take_head(std::string_view line) {
    head_bytes_ += line.size();
    if (head_bytes_ > max_head_bytes) {
        ended_ =
            "the head of the answer is longer than " + std::to_string(max_head_bytes) + " bytes";
        return;
    }
    // Of an interim answer (1xx) nothing is kept.
    if (line.starts_with("HTTP/")) {
        answer_.headers.clear();
        head_ended_ = false;
    }
    if (trimmed(line).empty()) head_ended_ = true;
    const auto colon = line.find(':');
    if (colon == std::string_view::npos) return;
    answer_.headers.push_back(
        {lower_case(trimmed(line.substr(0, colon))), std::string(trimmed(line.substr(colon + 1)))});
}

}  // namespace coven
