#include "coven/helix.hpp"

#include <set>
#include <utility>

#include "coven/log.hpp"
#include "helix_run.hpp"

namespace asio = boost::asio;

namespace coven {

namespace {

constexpr int most_empty_pages = 8;

std::string without_slash(std::string url) {
    while (!url.empty() && url.back() == '/') url.pop_back();
    return url;
}

}  // namespace

Helix::Helix(HttpClient& http, Clock& clock, TokenSource& tokens, Options options)
    : http_(http),
      clock_(clock),
      tokens_(tokens),
      options_({without_slash(std::move(options.base_url)), options.retries, options.longest_wait}),
      limits_(std::make_unique<Limits>()) {}

Helix::~Helix() = default;

const Helix::Numbers& Helix::numbers() const { return numbers_; }

asio::awaitable<HelixResult<JsonValue>> Helix::call(HelixCall call) {
    Run run(*this, std::move(call));
    co_return co_await run.result();
}

asio::awaitable<HelixResult<std::vector<JsonValue>>> Helix::pages(HelixCall call,
                                                                  std::size_t most) {
    std::vector<JsonValue> all;
    std::set<std::string> cursors;
    const auto query = call.query;
    int empty_pages = 0;
    for (;;) {
        const auto page = co_await this->call(call);
        if (page.has_error()) co_return page.error();
        const auto items = page->member("data").items();
        for (const auto& item : items) {
            if (all.size() < most) all.push_back(item);
        }
        const auto cursor = page->member("pagination").text_or("cursor");
        empty_pages = items.empty() ? empty_pages + 1 : 0;
        if (cursor.empty() || all.size() >= most) co_return all;
        if (!cursors.insert(cursor).second || empty_pages >= most_empty_pages) {
            log::warn("pages_go_round", {{"call", call.path}, {"items", all.size()}});
            co_return all;
        }
        call.query = query;
        call.query.push_back({"after", cursor});
    }
}

}  // namespace coven
