// The body of a request, at the desk of a broker that knows a connector and some topics.

#include "coven/temp_folder.hpp"
#include "coven/v1/bus.pb.h"
#include "coven/v1/request.pb.h"
#include "desk.hpp"
#include "target.hpp"

void look_at(std::string_view input) {
    using namespace coven::broker;
    coven::v1::Request request;
    if (!request.ParseFromArray(input.data(), static_cast<int>(input.size()))) return;
    const Moment now{Instant(std::chrono::hours(1)), 5'000'000};
    Drops drops;
    Router router(77, {}, drops);
    for (std::string text : {"twitch.chat.alpha.message", "twitch.chat.beta.message", "a"}) {
        text += '\0';
        router.take(text, Router::From::publisher, now);
    }
    const Connections connections;
    ConnectorTable connectors;
    WantedChannels wanted_channels;
    KindTable kinds(connectors, wanted_channels);
    kinds.begin(77, now);
    const Vitals vitals;
    ChannelTable channels;
    StateTable states(1'000'000);
    ConsumerTable consumers;
    static coven::TempFolder temporary;
    static auto folder = DataFolder::open(temporary.path());
    Storage storage({*folder, router, states}, nullptr);
    CallDesk calls(connectors, storage);
    Desk desk({router, connections, vitals, connectors, kinds, channels, wanted_channels, drops,
               states, consumers, storage, calls});
    auto reply = desk.answer(request, {"connection", "envelope"}, now).reply;
    if (const auto said = calls.take_reply()) reply = said->reply;
    const bool endless = request.id().size() > Desk::max_id_bytes;
    demand(reply.id() == (endless ? "" : request.id()), "a reply carries the id of its request");
    demand(!endless || reply.code() == "request_malformed", "and an endless id is refused");
    demand(reply.status() != coven::v1::Reply::STATUS_UNSPECIFIED, "a reply says how it went");
    demand(reply.status() == coven::v1::Reply::OK || !reply.code().empty(), "and why it failed");
    demand(reply.ByteSizeLong() <= max_reply_bytes, "a reply fits through the door");
    coven::v1::Reply again;
    demand(again.ParseFromString(reply.SerializeAsString()), "a reply can be read");
    for (const auto& presence : connectors.take_gone(now)) {
        demand(!presence.instance().empty(), "who is gone has a name");
    }
}
