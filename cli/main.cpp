#include <array>
#include <csignal>
#include <string_view>
#include <variant>

#include <unistd.h>

#include "channels.hpp"
#include "chat_window.hpp"
#include "command_line.hpp"
#include "completion_command.hpp"
#include "config_command.hpp"
#include "coven/standard_streams.hpp"
#include "demo.hpp"
#include "doctor.hpp"
#include "journal_purge.hpp"
#include "login.hpp"
#include "man_pages.hpp"
#include "output.hpp"
#include "pages.hpp"
#include "play.hpp"
#include "ready.hpp"
#include "record.hpp"
#include "request.hpp"
#include "say.hpp"
#include "sim_control.hpp"
#include "tail.hpp"
#include "token_command.hpp"
#include "topics.hpp"
#include "up.hpp"
#include "users.hpp"

namespace {

using coven::cli::Answer;
using coven::cli::Invocation;

struct Action {
    std::string_view command;
    int (*run)(const Invocation& invocation);
};

/// One for each row of the command table.
constexpr std::array actions = {
    Action{"up", coven::cli::up},
    Action{"demo", coven::cli::demo},
    Action{"tail", coven::cli::tail},
    Action{"record", coven::cli::record},
    Action{"play", coven::cli::play},
    Action{"doctor", coven::cli::doctor},
    Action{"status", coven::cli::status},
    Action{"connectors", coven::cli::connectors},
    Action{"channels", coven::cli::channels},
    Action{"channels list", coven::cli::channels},
    Action{"channels add", coven::cli::channels_add},
    Action{"channels remove", coven::cli::channels_remove},
    Action{"channels forget", coven::cli::channels_forget},
    Action{"topics", coven::cli::topics},
    Action{"login", coven::cli::login},
    Action{"token list", coven::cli::token_list},
    Action{"token show", coven::cli::token_show},
    Action{"token validate", coven::cli::token_validate},
    Action{"token refresh", coven::cli::token_refresh},
    Action{"token revoke", coven::cli::token_revoke},
    Action{"say", coven::cli::say_in_chat},
    Action{"chat", coven::cli::chat_window},
    Action{"users", coven::cli::users},
    Action{"journal purge", coven::cli::journal_purge},
    Action{"request", coven::cli::request},
    Action{"ready", coven::cli::ready},
    Action{"sim", coven::cli::sim},
    Action{"config check", coven::cli::config_check},
    Action{"config print", coven::cli::config_print},
    Action{"config schema", coven::cli::config_schema},
    Action{"config sample", coven::cli::config_sample},
    Action{"completion", coven::cli::completion},
    Action{"man", coven::cli::man},
    Action{"complete", coven::cli::complete},
};

int give(const Answer& answer) {
    std::string_view text = answer.text;
    while (text.ends_with('\n')) text.remove_suffix(1);
    coven::cli::Output output(answer.status == 0 ? STDOUT_FILENO : STDERR_FILENO);
    static_cast<void>(output.line(text));
    return answer.status;
}

}  // namespace

int main(int argc, char** argv) {
    coven::open_standard_streams();
    // A reader that went away shows as EPIPE at the write that it concerns.
    std::signal(SIGPIPE, SIG_IGN);
    const auto parsed = coven::cli::parse_command_line(argc, argv);
    if (const auto* answer = std::get_if<Answer>(&parsed)) return give(*answer);
    const auto& invocation = std::get<Invocation>(parsed);
    std::size_t chosen = 0;
    while (actions.at(chosen).command != invocation.command().name) ++chosen;
    return actions.at(chosen).run(invocation);
}
