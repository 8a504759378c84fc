#include "coven/token_store.hpp"

#include <algorithm>
#include <utility>

#include <poll.h>

#include "coven/in_quotes.hpp"
#include "coven/state_folder.hpp"
#include "private_folder.hpp"
#include "token_file.hpp"

namespace coven {

namespace {

constexpr std::string_view ending = ".json";
/// Twitch's logins are ASCII and at most so long; some old ones are as short as one letter.
constexpr std::size_t longest_login = 25;
/// Others hold the lock for as long as a write and its syncs take, as ours block the loop, too.
constexpr int lock_tries = 20;
constexpr int lock_pause_ms = 10;

std::string name_of(const std::string& login) { return login + std::string(ending); }

Error unreadable(const std::string& path, const std::string& why) {
    return Error("'" + path + "' cannot be used: " + why +
                 "; log in again with `coven login`, which replaces it");
}

/// The same pair, whatever else was noted about it.
bool same_pair(const StoredToken& one, const StoredToken& other) {
    return one.obtained_at == other.obtained_at && one.access.reveal() == other.access.reveal() &&
           one.refresh.reveal() == other.refresh.reveal();
}

}  // namespace

TokenStore::Ownership::Ownership(Ownership&& other) noexcept
    : lock_(std::exchange(other.lock_, -1)) {}

TokenStore::Ownership::~Ownership() { static_cast<void>(OwnedDescriptor(lock_)); }

class TokenStore::Parts {
  public:
    explicit Parts(PrivateFolder opened) : folder(std::move(opened)) {}

    /// So that what was read under it is still so when it is written.
    Result<OwnedDescriptor> lock() {
        for (int i = 0; i < lock_tries; ++i) {
            if (i > 0) ::poll(nullptr, 0, lock_pause_ms);
            auto held = folder.lock("lock");
            if (held.has_error()) return held.error();
            if (*held) return std::move(**held);
        }
        return Error("another program is writing into the token store '" + folder.path() +
                     "': try again; if it stays so, `fuser " + folder.path() +
                     "/lock` names the program, which must be ended");
    }
    Result<void> write(const StoredToken& token) {
        const auto name = name_of(token.login);
        const auto written = folder.write_beside(name, token_text(token).reveal(), look());
        if (written.has_error()) return written.error();
        return folder.put_in_place(name, look());
    }
    /// Of a file that is no account: nothing. The file may be one that was never put in place.
    Result<std::optional<StoredToken>> read(const std::string& name) const {
        auto text = folder.read(name);
        if (text.has_error()) return text.error();
        if (!*text) return std::optional<StoredToken>();
        const Secret whole(*std::exchange(*text, std::nullopt));
        auto token = parse_token(whole.reveal());
        if (token.has_error()) {
            return unreadable(folder.path() + "/" + name, token.error().message);
        }
        return std::optional<StoredToken>(std::move(*token));
    }
    /// Puts an unfinished file in place if it is whole, else removes it.
    Result<void> recover(const std::string& name) {
        const auto end = name.substr(0, name.size() - PrivateFolder::unfinished.size());
        const auto fresh = read(name);
        const bool whole = fresh && *fresh && name_of((*fresh)->login) == end;
        const auto present = read(end);
        const bool older =
            whole && present && *present && (*fresh)->obtained_at < (*present)->obtained_at;
        if (!whole || older) {
            const auto removed = folder.remove(name);
            if (removed.has_error()) return removed.error();
            return {};
        }
        const auto synced = folder.sync(name);
        if (synced.has_error()) return synced.error();
        return folder.put_in_place(end, {});
    }
    PrivateFolder::Look look() const {
        if (!after_step) return {};
        return [this](PrivateFolder::Step step) { after_step(static_cast<Step>(step)); };
    }

    PrivateFolder folder;
    std::function<void(Step)> after_step;
};

TokenStore::TokenStore(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
TokenStore::TokenStore(TokenStore&&) noexcept = default;
TokenStore::~TokenStore() = default;

Result<TokenStore> TokenStore::open(const std::string& folder) {
    auto opened = PrivateFolder::open(folder);
    if (opened.has_error()) return opened.error();
    return TokenStore(std::make_unique<Parts>(std::move(*opened)));
}

Result<std::vector<std::string>> TokenStore::logins() const {
    const auto names = parts_->folder.names();
    if (names.has_error()) return names.error();
    std::vector<std::string> logins;
    for (const auto& name : *names) {
        if (!name.ends_with(ending)) continue;
        auto login = name.substr(0, name.size() - ending.size());
        if (!login_fault(login)) logins.push_back(std::move(login));
    }
    return logins;
}

Result<std::optional<StoredToken>> TokenStore::read(const std::string& login) const {
    if (auto fault = login_fault(login)) return *std::move(fault);
    auto token = parts_->read(name_of(login));
    if (token.has_error() || !*token || (*token)->login == login) return token;
    return unreadable(folder() + "/" + name_of(login), "it is of another account");
}

Result<void> TokenStore::write(const StoredToken& token) {
    if (auto fault = login_fault(token.login)) return *std::move(fault);
    const auto lock = parts_->lock();
    if (lock.has_error()) return lock.error();
    return parts_->write(token);
}

Result<TokenStore::Replaced> TokenStore::replace(const StoredToken& token,
                                                 const StoredToken& before) {
    if (auto fault = login_fault(token.login)) return *std::move(fault);
    const auto lock = parts_->lock();
    if (lock.has_error()) return lock.error();
    const auto present = read(token.login);
    if (present.has_error()) return present.error();
    if (!*present || !same_pair(**present, before)) return Replaced::outdated;
    const auto written = parts_->write(token);
    if (written.has_error()) return written.error();
    return Replaced::done;
}

Result<bool> TokenStore::remove(const std::string& login) {
    if (auto fault = login_fault(login)) return *std::move(fault);
    const auto lock = parts_->lock();
    if (lock.has_error()) return lock.error();
    // What a crash has left beside it must not come back.
    const auto left =
        parts_->folder.remove(name_of(login) + std::string(PrivateFolder::unfinished));
    if (left.has_error()) return left.error();
    return parts_->folder.remove(name_of(login));
}

Result<void> TokenStore::try_write(const StoredToken& token) {
    if (auto fault = login_fault(token.login)) return *std::move(fault);
    const auto lock = parts_->lock();
    if (lock.has_error()) return lock.error();
    // As long as the real one will be, with a pair before it.
    auto longer = token;
    longer.previous_access = token.access;
    longer.previous_refresh = token.refresh;
    // Under a name that `recover` takes for no account.
    const auto name = name_of(token.login) + ".try";
    const auto written = parts_->folder.write_beside(name, token_text(longer).reveal(), {});
    if (written.has_error()) return written.error();
    const auto removed = parts_->folder.remove(name + std::string(PrivateFolder::unfinished));
    if (removed.has_error()) return removed.error();
    return {};
}

Result<void> TokenStore::recover() {
    const auto lock = parts_->lock();
    if (lock.has_error()) return lock.error();
    const auto names = parts_->folder.names();
    if (names.has_error()) return names.error();
    for (const auto& name : *names) {
        if (!name.ends_with(PrivateFolder::unfinished)) continue;
        const auto recovered = parts_->recover(name);
        if (recovered.has_error()) return recovered.error();
    }
    return {};
}

Result<TokenStore::Ownership> TokenStore::own() {
    auto held = parts_->folder.lock("owner");
    if (held.has_error()) return held.error();
    if (*held) return Ownership((*held)->release());
    return Error("another coven-token looks after the token store '" + folder() +
                 "': end it, or set [twitch] token_folder to another folder");
}

const std::string& TokenStore::folder() const { return parts_->folder.path(); }

void TokenStore::after_each_step(std::function<void(Step)> look) {
    parts_->after_step = std::move(look);
}

std::optional<Error> login_fault(std::string_view text) {
    const auto fits = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
    };
    if (text.empty() || text.size() > longest_login ||
        !std::all_of(text.begin(), text.end(), fits)) {
        return Error("no login of Twitch: " + in_quotes(text) +
                     "; it has 1 to 25 of a-z, 0-9 and '_'");
    }
    return std::nullopt;
}

Result<std::string> token_folder_of(const Config& config) {
    const auto& folder = config.text("twitch.token_folder");
    if (!folder.empty()) return {boost::system::in_place_value, folder};
    auto ours = state_folder("tokens");
    if (ours) return {boost::system::in_place_value, std::move(*ours)};
    return Error("twitch.token_folder: there is no folder for tokens: set it");
}

}  // namespace coven
