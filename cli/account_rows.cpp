#include "account_rows.hpp"

namespace coven::cli {

using Kind = Flag::Kind;

namespace {

const Flag json{"--json", Kind::toggle, "", "print JSON, one object a line"};
const Argument account{"LOGIN", "of the account", Argument::Count::exactly_one, "",
                       Values::accounts};
const Flag reveal{"--reveal", Kind::toggle, "", "show the token itself"};

}  // namespace

Command login_row() {
    return {
        .name = "login",
        .summary = "log a Twitch account in and store its token",
        .arguments = {},
        .flags =
            {
                {"--client-id", Kind::text, "ID",
                 "of the application; instead of twitch.client_id"},
                {"--scopes", Kind::list, "A,B",
                 "what the token is to be good for; instead of what the configured connectors "
                 "need"},
                {"--paste", Kind::toggle, "",
                 "by an address that is opened in a browser and one that is pasted here; such a "
                 "token cannot be refreshed"},
                {"--token-file", Kind::file, "FILE", "take the token that stands in a file"},
            },
        .examples = {{"coven login", "with a code that is typed in on twitch.tv"},
                     {"coven login --paste", "as PyWitch does, for some weeks"},
                     {"coven login --token-file token.txt", "a token that you have"}},
        .statuses = {{1, "Twitch refused, the code ended, or the token could not be stored"}},
    };
}

Command token_list_row() {
    return {
        .name = "token list",
        .summary = "list the accounts that are logged in",
        .arguments = {},
        .flags = {json},
        .examples = {{"coven token list", "a table"}},
        .statuses = {{1, "the token store cannot be read"}},
    };
}

Command token_show_row() {
    return {
        .name = "token show",
        .summary = "show what the token store has of an account",
        .arguments = {account},
        .flags = {reveal},
        .examples = {{"coven token show some_login", "scopes and times"},
                     {"coven token show some_login --reveal | jq -r .access_token",
                      "the token itself, for another program"}},
        .statuses = {{1, "it is not logged in, or the token store cannot be read"}},
    };
}

Command token_validate_row() {
    return {
        .name = "token validate",
        .summary = "ask Twitch what a token is good for; print that and the headers for Helix",
        .arguments =
            {{"TOKEN|LOGIN",
              "an account that is logged in, a token, or - for a token on stdin (others on "
              "this machine can see a command line); else the only account",
              Argument::Count::at_most_one, "", Values::accounts}},
        .flags = {reveal},
        .examples = {{"coven token validate some_login", "of an account"},
                     {"coven token validate - < token.txt", "of any token"}},
        .statuses = {{1, "Twitch calls it bad, or is out of reach"}},
    };
}

Command token_refresh_row() {
    return {
        .name = "token refresh",
        .summary = "have coven-token get a new token for an account",
        .arguments = {account},
        .flags = {},
        .examples = {{"coven token refresh some_login", "now, instead of before it ends"}},
        .statuses = {{1, "coven-token does not run, or Twitch gave none"}},
    };
}

Command token_revoke_row() {
    return {
        .name = "token revoke",
        .summary = "log an account out: Twitch voids its token, and the store forgets it",
        .arguments = {account},
        .flags = {{"--only-here", Kind::toggle, "", "forget it without telling Twitch"}},
        .examples = {{"coven token revoke some_login", "both"}},
        .statuses = {{1, "Twitch is out of reach, or the store cannot be written"}},
    };
}

}  // namespace coven::cli
