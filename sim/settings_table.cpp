#include "settings.hpp"

namespace coven::sim {
namespace {

using Kind = Setting::Kind;

using Settings = std::vector<Setting>;

Settings doors() {
    return {
        {"sim.bind", Kind::text, "127.0.0.1", "address to listen on"},
        {"sim.chat_port", Kind::number, "0", "port of the chat server, ws://; 0 = any free one"},
        {"sim.chat_tls_port", Kind::number, "0", "its port for wss://; 0 = any free one"},
        {"sim.http_port", Kind::number, "0",
         "port of id.twitch.tv, Helix and EventSub, http:// and ws://; 0 = any free one"},
        {"sim.https_port", Kind::number, "0",
         "their port for https:// and wss://; 0 = any free one"},
        {"sim.certificates", Kind::path, "",
         "folder for the test authority's ca.pem, made anew at each start; empty = no TLS"},
        {"sim.host_names", Kind::list,
         "localhost,127.0.0.1,irc-ws.chat.twitch.tv,id.twitch.tv,api.twitch.tv,"
         "eventsub.wss.twitch.tv",
         "names and addresses in the servers' certificate"},
    };
}

Settings lines() {
    return {
        {"sim.channels", Kind::list, "", "channels that somebody chats in"},
        {"sim.channel_count", Kind::number, "0", "so many more, named sim_0001 and so on"},
        {"sim.rate", Kind::number, "10",
         "lines per second over all channels; 0 = as fast as they are read"},
        {"sim.lines", Kind::number, "0", "end after so many lines of chat; 0 = go on"},
        {"sim.everywhere", Kind::flag, "false", "chat also in channels that nobody has joined"},
        {"sim.wait_for_channels", Kind::number, "1",
         "channels that must be joined before the first line"},
        {"sim.seed", Kind::number, "1", "what the made-up chat starts from: same seed, same chat"},
        {"sim.file", Kind::file, "", "file of raw lines to play, at the same rate"},
        {"sim.file_loop", Kind::flag, "false", "play the file again and again"},
        {"sim.script", Kind::file, "", "file of timed steps to play"},
        {"sim.faults", Kind::text, "", "steps as in a script, with ';' between them"},
        {"sim.setup", Kind::text, "",
         "verbs that are done before anybody comes, with ';' between them: roles, modes, bans"},
        {"sim.control", Kind::text, usual_control,
         "address for `coven sim`; port 0 = any free one; none = no such port"},
        {"sim.end_when_done", Kind::flag, "false", "end when file and script are through"},
        {"sim.linger", Kind::duration, "0s", "how long to stay after the last line"},
        {"sim.sent_log", Kind::path, "", "file for every line that was sent, as JSON lines"},
        {"sim.said_log", Kind::path, "",
         "file for every line of chat, heard or not, as JSON lines"},
        {"sim.deed_log", Kind::path, "",
         "file for each message and ban that accounts sent or tried to, as JSON lines"},
    };
}

Settings limits() {
    return {
        {"sim.lines_per_frame", Kind::number, "20", "most lines in one WebSocket frame"},
        {"sim.outbox_bytes", Kind::number, "8388608",
         "unread bytes at which a client that does not read is cut"},
        {"sim.joins", Kind::number, "20", "joins of one account in sim.joins_per; more = cut"},
        {"sim.joins_per", Kind::duration, "10s", "see sim.joins"},
        {"sim.logins", Kind::number, "20", "logins of one account in sim.logins_per; more = cut"},
        {"sim.logins_per", Kind::duration, "10s", "see sim.logins"},
        {"sim.rooms", Kind::number, "100",
         "channels that one account can sit in, its own and those that it moderates aside"},
        {"sim.sends", Kind::number, "20",
         "messages of one account in sim.sends_per, IRC and Helix; more = silenced"},
        {"sim.sends_privileged", Kind::number, "100",
         "the same where it is moderator, VIP or broadcaster"},
        {"sim.sends_per", Kind::duration, "30s", "see sim.sends"},
        {"sim.silence", Kind::duration, "30m", "how long a silenced account is not heard"},
        {"sim.send_pause", Kind::duration, "1s",
         "from one message of an account in a channel to the next"},
        {"sim.duplicates", Kind::duration, "30s",
         "how long a text cannot be said again in the same channel"},
        {"sim.ping_every", Kind::duration, "5m", "how often clients are asked whether they live"},
        {"sim.reconnect_grace", Kind::duration, "10s", "from a RECONNECT to the hang-up"},
    };
}

Settings accounts() {
    return {
        {"sim.suspended", Kind::list, "", "channels that are suspended"},
        {"sim.unknown", Kind::list, "", "channels that do not exist"},
        {"sim.tokens", Kind::list, "",
         "login=token: access tokens with all scopes of chat, good for ever"},
        {"sim.any_token", Kind::flag, "false",
         "chat lets in any login with a token that nobody has issued"},
        {"sim.accounts", Kind::list, "coven_bot,streamer",
         "logins of the persons who approve device codes, one after the other"},
        {"sim.clients", Kind::list, "simpublic,simconfidential=simsecret",
         "client ids of applications, =secret behind those that have one"},
        {"sim.device_approval", Kind::text, "1s",
         "how long a person takes to approve a device code, or never"},
        {"sim.token_life", Kind::duration, "4h", "of an access token"},
        {"sim.helix_points", Kind::number, "800",
         "calls of Helix per minute of an application and user"},
        {"sim.request_log", Kind::path, "",
         "file for every call of id.twitch.tv and Helix, as JSON lines, without secrets"},
    };
}

Settings settings() {
    auto all = doors();
    for (const auto& more : {lines(), limits(), accounts()}) {
        all.insert(all.end(), more.begin(), more.end());
    }
    return all;
}

}  // namespace

Manifest manifest() {
    Manifest manifest;
    manifest.kind = "sim";
    manifest.summary = "a Twitch that runs on this machine, for tests and demos";
    manifest.settings = settings();
    manifest.examples = {
        {"coven-sim --channels demo --rate 5 --chat-port 8080", "five lines of chat a second"},
        {"coven-sim --channel-count 100 --rate 2000 --lines 100000",
         "load over a hundred channels, then end with a tally"},
        {"coven-sim --file lines.txt --end-when-done true", "play recorded lines"},
        {"coven-sim --channels demo --faults 'every 30s reconnect; every 500lines cut'",
         "a Twitch that fails now and then; `coven sim help` lists what else it can do"},
    };
    return manifest;
}

}  // namespace coven::sim
