#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "coven/clock.hpp"
#include "coven/config.hpp"
#include "coven/result.hpp"
#include "coven/secret.hpp"

namespace coven {

/// One account's tokens as they lie on the disk.
struct StoredToken {
    /// Lower-case login, the name of its file. Example: "xqc".
    std::string login;
    /// Twitch's numeric id. Example: "71092938".
    std::string user_id;
    /// Of the application that they were given to.
    std::string client_id;
    std::vector<std::string> scopes;
    Secret access;
    /// Empty: there is none, so a person must log in when `access` ends.
    Secret refresh;
    /// When the pair was given to us; two pairs of an account differ in it.
    Time obtained_at{};
    /// `Time::max()` = never.
    Time expires_at{};
    /// When Twitch last said that `access` is good; the epoch = not yet.
    Time validated_at{};
    /// The pair before, until the one above has been validated. Empty = none.
    Secret previous_access;
    Secret previous_refresh;
};

/// A folder with one file per account, LOGIN.json, of mode 0600. `coven-token` and `coven login`
/// write it, every program of the same user reads it. Each change is whole or not there at all,
/// whatever crashes. Errors say what to do; none holds a part of a token.
class TokenStore {
  public:
    /// What a change goes through, in this order.
    enum class Step { made, written, synced, renamed, folder_synced };
    enum class Replaced {
        done,
        /// Somebody else has changed the account since: nothing was written.
        outdated,
    };
    /// Held by `coven-token` while it runs: nobody else refreshes these accounts.
    class Ownership {
      public:
        Ownership(Ownership&& other) noexcept;
        Ownership& operator=(Ownership&&) = delete;
        ~Ownership();

      private:
        friend class TokenStore;
        explicit Ownership(int lock) : lock_(lock) {}

        int lock_;
    };

    /// Makes the folder (0700) if it is not there. Refuses a folder that is another user's, that
    /// others may enter, or that is a symbolic link; so do `read` and the rest with files.
    static Result<TokenStore> open(const std::string& folder);
    TokenStore(TokenStore&&) noexcept;
    ~TokenStore();

    /// Those that have a file, in order.
    Result<std::vector<std::string>> logins() const;
    /// Nothing if there is no such account.
    Result<std::optional<StoredToken>> read(const std::string& login) const;

    /// On the disk when this returns: a temporary file in the same folder, synced, renamed, and the
    /// folder synced. Waits 200 ms for whoever else is writing, then fails: try again soon.
    Result<void> write(const StoredToken& token);
    /// `write`, if the account still has the pair that `before` has.
    Result<Replaced> replace(const StoredToken& token, const StoredToken& before);
    /// Whether there was one.
    Result<bool> remove(const std::string& login);
    /// Whether `write` of it would succeed now, with nothing changed.
    Result<void> try_write(const StoredToken& token);
    /// Finishes a change that was cut short after its temporary file was whole, and removes what is
    /// left of others. Only for who holds the Ownership.
    Result<void> recover();
    /// Fails while another process has it. A crash gives it back.
    Result<Ownership> own();

    const std::string& folder() const;

    /// For tests: called after each step of each change.
    void after_each_step(std::function<void(Step)> look);

  private:
    class Parts;
    explicit TokenStore(std::unique_ptr<Parts> parts);

    std::unique_ptr<Parts> parts_;
};

/// What keeps `text` from being the login of an account, if anything does.
std::optional<Error> login_fault(std::string_view text);

/// `twitch.token_folder`, or its default: $STATE_DIRECTORY/tokens (systemd), else
/// $XDG_STATE_HOME/coven/tokens, else ~/.local/state/coven/tokens. Fails when there is none of all.
Result<std::string> token_folder_of(const Config& config);

}  // namespace coven
