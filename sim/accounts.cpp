#include "accounts.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace coven::sim {
namespace {

// Sizes and times as Twitch's documentation shows them,
// https://dev.twitch.tv/docs/authentication/getting-tokens-oauth/ (read 2026-11-22).
constexpr std::size_t access_token_size = 30;
constexpr std::size_t refresh_token_size = 50;
constexpr std::size_t device_code_size = 40;
constexpr std::size_t user_code_size = 8;
constexpr auto device_code_life = std::chrono::minutes(30);
constexpr auto device_interval = std::chrono::seconds(5);
constexpr auto public_refresh_life = std::chrono::hours(24 * 30);
/// About 58 days.
constexpr auto app_token_life = std::chrono::seconds(5'011'271);
/// Of one grant; one more, and the oldest dies.
constexpr std::size_t most_access_tokens = 50;
/// Devices that wait; one more, and one of them is forgotten.
constexpr std::size_t most_devices = 1000;
constexpr std::string_view everybody = "all";

Instant far_away() { return Instant(Duration(std::numeric_limits<Duration::rep>::max())); }

}  // namespace

Accounts::Accounts(Options options, Users& users, Clock& clock)
    : options_(std::move(options)), users_(users), clock_(clock), random_(options_.seed) {
    for (const auto& login : options_.approvers) users_.meet(login);
}

const Application* Accounts::application(std::string_view client_id) const {
    const auto& all = options_.applications;
    const auto found = std::ranges::find(all, client_id, &Application::client_id);
    return found == all.end() ? nullptr : &*found;
}

StartedDevice Accounts::start_device(const Application& application, Scopes scopes) {
    forget_what_has_ended();
    if (devices_.size() >= most_devices) devices_.erase(devices_.begin());
    StartedDevice code;
    code.device_code = random_text(device_code_size);
    code.user_code = random_text(user_code_size);
    std::ranges::transform(code.user_code, code.user_code.begin(),
                           [](char c) { return c >= 'a' ? static_cast<char>(c - 'a' + 'A') : c; });
    code.expires_in = device_code_life;
    code.interval = device_interval;
    const auto now = clock_.instant();
    devices_[code.device_code] =
        Device{.user_code = code.user_code,
               .client_id = application.client_id,
               .scopes = std::move(scopes),
               .approved_at = options_.approval ? now + *options_.approval : far_away(),
               .ends_at = now + device_code_life,
               .login = {}};
    return code;
}

Result<IssuedPair> Accounts::redeem_device(const Application& application,
                                           const std::string& device_code, const Scopes& scopes) {
    forget_what_has_ended();
    const auto place = devices_.find(device_code);
    const bool is_known =
        place != devices_.end() && place->second.client_id == application.client_id;
    if (!is_known) return Error{"invalid device code"};
    auto& device = place->second;
    if (device.scopes != scopes) return Error{"invalid scopes"};
    if (device.approved_at > clock_.instant()) return Error{"authorization_pending"};
    const auto login = device.login.empty() ? next_approver() : device.login;
    Grant grant{.client_id = device.client_id,
                .user_id = users_.meet(login).id,
                .scopes = std::move(device.scopes)};
    devices_.erase(place);
    return issue_for(std::move(grant), random_text(refresh_token_size));
}

Result<IssuedPair> Accounts::refresh(const Application& application,
                                     const std::string& refresh_token) {
    forget_what_has_ended();
    const auto place = grants_.find(refresh_token);
    const bool is_good = place != grants_.end() && place->second.client_id == application.client_id;
    if (!is_good) return Error{"Invalid refresh token"};
    auto grant = std::move(place->second);
    grants_.erase(place);
    const bool rotates = application.is_public();
    return issue_for(std::move(grant), rotates ? random_text(refresh_token_size) : refresh_token);
}

IssuedPair Accounts::issue_to_application(const Application& application) {
    forget_what_has_ended();
    IssuedPair pair;
    pair.access = random_text(access_token_size);
    pair.expires_in = app_token_life;
    tokens_[pair.access] = IssuedToken{.client_id = application.client_id,
                                       .user_id = {},
                                       .scopes = {},
                                       .ends_at = clock_.instant() + app_token_life};
    return pair;
}

std::optional<IssuedPair> Accounts::issue_implicitly(const Application& application,
                                                     Scopes scopes) {
    forget_what_has_ended();
    if (!options_.approval) return std::nullopt;
    const Grant grant{.client_id = application.client_id,
                      .user_id = users_.meet(next_approver()).id,
                      .scopes = std::move(scopes)};
    return issue_access(grant);
}

IssuedPair Accounts::issue_access(const Grant& grant) {
    IssuedPair pair;
    pair.access = random_text(access_token_size);
    pair.expires_in = options_.token_life;
    pair.scopes = grant.scopes;
    tokens_[pair.access] = IssuedToken{.client_id = grant.client_id,
                                       .user_id = grant.user_id,
                                       .scopes = grant.scopes,
                                       .ends_at = clock_.instant() + options_.token_life};
    return pair;
}

IssuedPair Accounts::issue_for(Grant grant, std::string refresh_token) {
    auto pair = issue_access(grant);
    pair.refresh = std::move(refresh_token);
    grant.access_tokens.push_back(pair.access);
    if (grant.access_tokens.size() > most_access_tokens) {
        tokens_.erase(grant.access_tokens.front());
        grant.access_tokens.pop_front();
    }
    const auto* const owner = application(grant.client_id);
    const bool is_public = owner != nullptr && owner->is_public();
    if (is_public) grant.ends_at = clock_.instant() + public_refresh_life;
    grants_[pair.refresh] = std::move(grant);
    return pair;
}

const IssuedToken* Accounts::find(std::string_view token) const {
    const auto found = tokens_.find(token);
    if (found == tokens_.end()) return nullptr;
    const auto& [text, known] = *found;
    const bool has_ended = known.ends_at && *known.ends_at <= clock_.instant();
    return has_ended ? nullptr : &known;
}

std::chrono::seconds Accounts::time_left(const IssuedToken& token) const {
    if (!token.ends_at) return std::chrono::seconds(0);
    return std::chrono::ceil<std::chrono::seconds>(*token.ends_at - clock_.instant());
}

std::optional<Scopes> Accounts::granted(std::string_view client_id,
                                        std::string_view user_id) const {
    std::optional<Scopes> all;
    const auto add = [&](const auto& one) {
        if (one.client_id != client_id || one.user_id != user_id) return;
        if (!all) all.emplace();
        all->insert(all->end(), one.scopes.begin(), one.scopes.end());
    };
    for (const auto& [text, token] : tokens_) {
        if (!token.ends_at || *token.ends_at > clock_.instant()) add(token);
    }
    for (const auto& [text, grant] : grants_) add(grant);
    return all;
}

bool Accounts::revoke(const Application& application, std::string_view token) {
    const auto* const known = find(token);
    if (known == nullptr || known->client_id != application.client_id) return false;
    tokens_.erase(tokens_.find(token));
    return true;
}

bool Accounts::approve(std::string_view user_code, std::string_view login) {
    forget_what_has_ended();
    const auto place = std::ranges::find_if(
        devices_, [user_code](const auto& entry) { return entry.second.user_code == user_code; });
    if (place == devices_.end()) return false;
    place->second.approved_at = clock_.instant();
    place->second.login = login;
    return true;
}

IssuedPair Accounts::issue(std::string_view login, Scopes scopes) {
    Grant grant{.client_id = options_.applications.front().client_id,
                .user_id = users_.meet(login).id,
                .scopes = std::move(scopes)};
    return issue_for(std::move(grant), random_text(refresh_token_size));
}

void Accounts::import(std::string token, std::string_view login, Scopes scopes) {
    tokens_[std::move(token)] = IssuedToken{.client_id = options_.applications.front().client_id,
                                            .user_id = users_.meet(login).id,
                                            .scopes = std::move(scopes),
                                            .ends_at = std::nullopt};
}

std::size_t Accounts::expire(std::string_view login) {
    return std::erase_if(tokens_, [this, login](const auto& entry) {
        return belongs_to(entry.second.user_id, login);
    });
}

std::size_t Accounts::revoke_all(std::string_view login) {
    const auto grants = std::erase_if(grants_, [this, login](const auto& entry) {
        return belongs_to(entry.second.user_id, login);
    });
    return grants + expire(login);
}

std::vector<std::string> Accounts::waiting_user_codes() const {
    std::vector<std::string> codes;
    const auto now = clock_.instant();
    for (const auto& [code, device] : devices_) {
        if (device.approved_at > now && device.ends_at > now) codes.push_back(device.user_code);
    }
    return codes;
}

std::string Accounts::random_text(std::size_t size) {
    constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyz0123456789";
    std::string text;
    while (text.size() < size) text += letters[random_() % letters.size()];
    return text;
}

std::string Accounts::next_approver() {
    const auto& all = options_.approvers;
    return all[approvals_++ % all.size()];
}

void Accounts::forget_what_has_ended() {
    const auto now = clock_.instant();
    const auto ended = [now](const auto& entry) {
        return entry.second.ends_at && *entry.second.ends_at <= now;
    };
    std::erase_if(devices_, [now](const auto& entry) { return entry.second.ends_at <= now; });
    std::erase_if(grants_, ended);
    std::erase_if(tokens_, ended);
}

bool Accounts::belongs_to(std::string_view user_id, std::string_view login) const {
    if (login == everybody) return true;
    const auto* const user = users_.with_login(login);
    return user != nullptr && user->id == user_id;
}

}  // namespace coven::sim
