#include "completion_command.hpp"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <utility>

#include <boost/asio/awaitable.hpp>
#include <fmt/format.h>
#include <unistd.h>

#include "ask.hpp"
#include "complete.hpp"
#include "coven/race.hpp"
#include "coven/token_store.hpp"
#include "neighbours.hpp"
#include "output.hpp"
#include "print.hpp"
#include "run.hpp"
#include "safe_text.hpp"
#include "setup.hpp"
#include "shell_scripts.hpp"

namespace asio = boost::asio;

namespace coven::cli {

namespace {

using Words = std::vector<std::string>;

/// Nobody who types waits for longer.
constexpr std::chrono::milliseconds topics_limit{400};

asio::awaitable<int> ask_for_topics(Bus& bus, const std::string& beginning, Words& topics) {
    v1::TopicsListRequest question;
    question.set_prefix(beginning);
    v1::TopicsList page;
    const auto first =
        co_await race(ask(bus, "topics.list", question, page), bus.clock().sleep(topics_limit));
    if (first.index() == 1) co_return exit_failure;
    for (const auto& topic : page.topics()) topics.push_back(topic.head().topic());
    co_return exit_ok;
}

Words topics_beginning(const Invocation& invocation, const std::string& beginning) {
    Words topics;
    const auto endpoints = endpoints_of(invocation);
    if (endpoints.has_error()) return topics;
    Loop loop;
    Bus bus(loop.io, *endpoints, loop.clock, identity());
    static_cast<void>(run(loop, bus, ask_for_topics(bus, beginning, topics)));
    return topics;
}

Words accounts(const Invocation& invocation) {
    const auto config = common_config(invocation);
    if (config.has_error()) return {};
    const auto folder = token_folder_of(*config);
    std::error_code ignored;
    // To open it would make it.
    if (folder.has_error() || !std::filesystem::exists(*folder, ignored)) return {};
    const auto store = TokenStore::open(*folder);
    if (store.has_error()) return {};
    auto logins = store->logins();
    return logins.has_value() ? std::move(*logins) : Words();
}

}  // namespace

int complete(const Invocation& invocation) {
    const Sources sources = {
        [&](const std::string& beginning) { return topics_beginning(invocation, beginning); },
        [] { return our_neighbours().programs; }, [&] { return accounts(invocation); }};
    auto words = invocation.arguments();
    const auto completion = complete(words, sources);
    Output output(STDOUT_FILENO);
    for (const auto& candidate : completion.candidates) {
        static_cast<void>(
            output.line(safe_text(candidate.word) + "\t" + safe_text(candidate.help)));
    }
    if (completion.files == Completion::Files::files) static_cast<void>(output.line(":files"));
    return exit_ok;
}

int completion(const Invocation& invocation) {
    const auto& shell = invocation.arguments().front();
    Words programs = {"coven"};
    for (const auto& program : our_neighbours().programs) programs.push_back(program.program());
    const auto script = completion_script(shell, programs);
    if (!invocation.has("--to")) return print_text(script);
    const auto folder = invocation.text("--to") + "/";
    // zsh reads at its start which programs a file is for; the others look for a program's name.
    if (shell == "zsh") return write_text(folder + "_coven", script);
    const auto* ending = shell == "fish" ? ".fish" : "";
    int status = exit_ok;
    for (const auto& program : programs) {
        status = std::max(status, write_text(folder + program + ending, script));
    }
    return status;
}

}  // namespace coven::cli
