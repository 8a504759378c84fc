#include "api_server.hpp"

#include <algorithm>
#include <array>
#include <ctime>

#include "coven/bell.hpp"
#include "door_pair.hpp"
#include "id_api.hpp"

namespace asio = boost::asio;

namespace coven::sim {
namespace {

constexpr std::size_t most_calls_kept = 10'000;

DoorPair::Options doors(const ApiServer::Options& options) {
    return {options.bind, options.port, options.tls_port, options.tls};
}

/// As HTTP writes it: "Thu, 01 Jan 2026 00:00:00 GMT".
std::string http_date(Time time) {
    const auto seconds = std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
    const std::time_t plain = seconds;
    std::tm parts{};
    gmtime_r(&plain, &parts);
    std::string text(std::size_t{32}, '\0');
    text.resize(std::strftime(text.data(), text.size(), "%a, %d %b %Y %H:%M:%S GMT", &parts));
    return text;
}

/// The fields of `request` that are no secrets, see ApiCall.
WebFields open_fields(ApiHost host, const WebRequest& request) {
    if (host == ApiHost::helix) return request.query;
    WebFields fields = parse_form(request.body);
    std::erase_if(fields, [](const WebField& field) {
        return field.name != "grant_type" && field.name != "client_id";
    });
    return fields;
}

/// Where Twitch's own command line tool, as a server for tests, has the same things:
/// https://dev.twitch.tv/docs/cli/websocket-event-command/ (read 2026-11-22).
std::string usual_path(const std::string& path) {
    struct Row {
        std::string_view theirs;
        std::string_view usual;
    };
    static constexpr std::array<Row, 3> rows = {
        {{"/eventsub/", "/helix/eventsub/"}, {"/mock/", "/helix/"}, {"/auth/", "/oauth2/"}}};
    for (const auto& [theirs, usual] : rows) {
        if (path.starts_with(theirs)) return std::string(usual) + path.substr(theirs.size());
    }
    return path;
}

/// One more at once while it lives.
class Presence {
  public:
    explicit Presence(ApiTally& tally) : tally_(tally) {
        tally_.most_at_once = std::max(tally_.most_at_once, ++tally_.at_once);
    }
    Presence(const Presence&) = delete;
    Presence& operator=(const Presence&) = delete;
    ~Presence() { --tally_.at_once; }

  private:
    ApiTally& tally_;
};

}  // namespace

std::uint64_t ApiTally::calls_of(ApiHost host) const {
    std::uint64_t count = 0;
    for (const auto& [what, times] : calls) count += what.first == host ? times : 0;
    return count;
}

class ApiServer::State {
  public:
    State(asio::io_context& io, Clock& clock, Users& users, Options options)
        : options_(std::move(options)),
          clock_(clock),
          users_(users),
          accounts_(options_.accounts, users, clock),
          eventsub_(io.get_executor(), options_.eventsub, users, clock),
          id_(accounts_, users),
          helix_(options_.helix, accounts_, users, clock),
          changed_(io.get_executor()) {
        helix_.set_eventsub(eventsub_);
    }

    Result<void> open(asio::io_context& io) {
        if (!options_.request_log.empty()) {
            auto log = ApiLog::open(options_.request_log);
            if (!log) return log.error();
            log_.emplace(std::move(*log));
        }
        return doors_.open(io, clock_, doors(options_));
    }

    asio::awaitable<void> run() {
        WebServer::Service service;
        service.web_socket = [this](ServerSocket& socket) { return eventsub_.serve(socket); };
        service.web_socket_refusal = [this](std::string_view target) {
            return eventsub_.refusal(target);
        };
        service.request = [this](WebRequest request) { return answer(std::move(request)); };
        co_await doors_.run(std::move(service));
    }

    void refuse(Duration time) {
        doors_.shut(time);
        doors_.cut_requests();
    }

    void set_chat(Chat& chat) { helix_.set_chat(chat); }

    asio::awaitable<void> until(std::function<bool()> holds) {
        while (!holds()) co_await changed_.wait();
    }

    Options options_;
    Clock& clock_;
    Users& users_;
    Accounts accounts_;
    ApiFaults faults_;
    ApiTally tally_;
    std::deque<ApiCall> calls_;
    DoorPair doors_;
    eventsub::Server eventsub_;

  private:
    asio::awaitable<WebAnswer> answer(WebRequest request) {
        const Presence presence(tally_);
        request.path = usual_path(request.path);
        const auto host = host_of(request.path);
        if (!host) co_return helix_refusal(404, "");
        auto taken = faults_.take(*host);
        if (taken.pause.count() > 0) co_await clock_.sleep(taken.pause);
        auto answer = taken.answer  ? std::move(*taken.answer)
                      : taken.limit ? helix_.limited(request, *taken.limit)
                                    : true_answer(*host, request);
        answer.headers.push_back({"Date", http_date(clock_.now())});
        note(*host, request, answer.status);
        co_return answer;
    }

    WebAnswer true_answer(ApiHost host, const WebRequest& request) {
        return host == ApiHost::id ? id_.answer(request) : helix_.answer(request);
    }

    void note(ApiHost host, const WebRequest& request, unsigned status) {
        ++tally_.calls[{host, status}];
        ApiCall call;
        call.time = clock_.now();
        call.host = host;
        call.method = request.method;
        call.path = request.path;
        call.fields = open_fields(host, request);
        call.status = status;
        if (const auto* token = accounts_.find(token_in(request))) {
            call.client_id = token->client_id;
            const auto* const user = users_.with_id(token->user_id);
            if (user != nullptr) call.login = user->login;
        }
        if (log_) log_->write(call);
        calls_.push_back(std::move(call));
        if (calls_.size() > most_calls_kept) calls_.pop_front();
        changed_.ring();
    }

    IdApi id_;
    HelixApi helix_;
    std::optional<ApiLog> log_;
    /// Rung after each call.
    Bell changed_;
};

Result<std::unique_ptr<ApiServer>> ApiServer::listen(asio::io_context& io, Clock& clock,
                                                     Users& users, Options options) {
    auto state = std::make_unique<State>(io, clock, users, std::move(options));
    if (const auto opened = state->open(io); !opened) return opened.error();
    return std::unique_ptr<ApiServer>(new ApiServer(std::move(state)));
}

ApiServer::ApiServer(std::unique_ptr<State> state) : state_(std::move(state)) {}

ApiServer::~ApiServer() = default;

asio::awaitable<void> ApiServer::run() { return state_->run(); }

std::string ApiServer::url(ApiHost host) const {
    return state_->doors_.url("http") + std::string(path_of(host));
}

std::string ApiServer::tls_url(ApiHost host, std::string_view name) const {
    const auto url = state_->doors_.tls_url("https", name);
    return url.empty() ? url : url + std::string(path_of(host));
}

std::string ApiServer::eventsub_url() const {
    return state_->doors_.url("ws") + std::string(eventsub::Server::path);
}

std::string ApiServer::eventsub_tls_url(std::string_view name) const {
    const auto url = state_->doors_.tls_url("wss", name);
    return url.empty() ? url : url + std::string(eventsub::Server::path);
}

void ApiServer::set_chat(Chat& chat) { state_->set_chat(chat); }

Accounts& ApiServer::accounts() { return state_->accounts_; }

Users& ApiServer::users() { return state_->users_; }

ApiFaults& ApiServer::faults() { return state_->faults_; }

eventsub::Server& ApiServer::eventsub() { return state_->eventsub_; }

void ApiServer::refuse(Duration time) { state_->refuse(time); }

const ApiTally& ApiServer::tally() const { return state_->tally_; }

const std::deque<ApiCall>& ApiServer::calls() const { return state_->calls_; }

asio::awaitable<void> ApiServer::until(std::function<bool()> holds) {
    return state_->until(std::move(holds));
}

}  // namespace coven::sim
