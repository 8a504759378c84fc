#include "web_socket_url.hpp"

#include <cstdlib>

#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

namespace coven {

Result<WebSocketUrl> parse_web_socket_url(const std::string& text) {
    const auto parsed = boost::urls::parse_uri(text);
    const auto wrong = [&](const char* what) {
        const auto at = text.rfind('@');
        const auto shown = at == std::string::npos ? text : "…" + text.substr(at);
        return Error(std::string("URL ") + what + ": '" + shown + "'");
    };
    if (parsed.has_error()) return wrong("is malformed, expected ws://host or wss://host");
    if (parsed->scheme() != "ws" && parsed->scheme() != "wss")
        return wrong("is not ws:// or wss://");
    if (parsed->host_address().empty()) return wrong("has no host");
    if (parsed->has_userinfo()) return wrong("must not hold a user name");
    if (parsed->has_fragment()) return wrong("must not hold a fragment (#…)");
    WebSocketUrl url;
    url.secure = parsed->scheme() == "wss";
    url.host = parsed->host_address();
    const std::string scheme_port = url.secure ? "443" : "80";
    url.port = parsed->has_port() ? std::string(parsed->port()) : scheme_port;
    // Boost.URL takes any number of digits for a port.
    const auto port = std::strtoul(url.port.c_str(), nullptr, 10);
    if (port < 1 || port > 65535) return wrong("has a port that is not from 1 to 65535");
    url.target = std::string(parsed->encoded_target());
    if (url.target.empty() || url.target.front() != '/') url.target.insert(0, "/");
    url.host_header = std::string(parsed->encoded_host());
    if (url.port != scheme_port) url.host_header += ":" + url.port;
    return url;
}

}  // namespace coven
