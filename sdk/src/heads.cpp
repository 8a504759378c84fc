#include "heads.hpp"

#include <stdexcept>

namespace asio = boost::asio;

namespace coven {

namespace {

constexpr auto heads_limit = std::chrono::seconds(3);

}  // namespace

asio::awaitable<void> fetch_heads(std::shared_ptr<Bus::Core> core,
                                  std::vector<std::string> prefixes,
                                  std::shared_ptr<std::vector<v1::HeadBeacon>> heads) {
    for (const auto& prefix : prefixes) {
        v1::TopicsListRequest page;
        page.set_prefix(prefix);
        for (bool more = true; more;) {
            v1::Request request;
            request.set_verb("topics.list");
            request.mutable_payload()->PackFrom(page);
            const auto reply = co_await core->requester().request(request, heads_limit);
            v1::TopicsList list;
            const bool understood =
                reply.status() == v1::Reply::OK && reply.payload().UnpackTo(&list);
            if (!understood) throw std::runtime_error("topics.list failed: " + reply.message());
            for (const auto& topic : list.topics()) heads->push_back(topic.head());
            more = reply.more() && list.topics_size() > 0;
            if (more) page.set_after(list.topics().rbegin()->head().topic());
        }
    }
}

}  // namespace coven
