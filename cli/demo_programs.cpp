#include "demo_programs.hpp"

#include <utility>
#include <vector>

namespace coven::cli {

namespace {

void add_doors(std::vector<std::string>& command, const Endpoints& doors) {
    for (const auto& word :
         {std::string("--bus.publish"), doors.publish, std::string("--bus.subscribe"),
          doors.subscribe, std::string("--bus.request"), doors.request}) {
        command.push_back(word);
    }
}

void add(std::vector<std::string>& command, const char* flag, std::string value) {
    command.emplace_back(flag);
    command.push_back(std::move(value));
}

}  // namespace

DemoPrograms::DemoPrograms(const Invocation& invocation, Addresses addresses, std::string folder,
                           std::string data)
    : addresses_(std::move(addresses)),
      folder_(std::move(folder)),
      data_(std::move(data)),
      channels_(invocation.text("--channels")),
      rate_(invocation.text("--rate")),
      log_level_(invocation.has("--verbose") ? "info" : "warn") {}

Program DemoPrograms::program(const std::string& kind) const {
    Program program;
    program.name = kind;
    program.command = {folder_ + "/coven-" + kind, "--instance", kind + "-1"};
    program.environment = {
        {"COVEN_CONFIG", ""},
        {"COVEN_LOG_LEVEL", log_level_},
        {"COVEN_LOG_FORMAT", "human"},
        {"COVEN_METRICS_LISTEN", "127.0.0.1:0"},
    };
    return program;
}

Program DemoPrograms::sim() const {
    auto sim = program("sim");
    // Named, so that it is the same after a restart.
    add(sim.command, "--sim.chat_port", std::to_string(addresses_.chat_port));
    add(sim.command, "--sim.channels", channels_);
    add(sim.command, "--sim.rate", rate_);
    return sim;
}

Program DemoPrograms::broker() const {
    auto broker = program("broker");
    broker.tier = 1;
    // Doors that are taken stay taken.
    broker.first_start = Program::FirstStart::decisive;
    add_doors(broker.command, addresses_.doors);
    add(broker.command, "--broker.data", data_);
    return broker;
}

Program DemoPrograms::chat(const std::string& chat_url) const {
    auto chat = program("chat");
    chat.tier = 2;
    add_doors(chat.command, addresses_.doors);
    add(chat.command, "--twitch.chat_url", chat_url);
    add(chat.command, "--chat.channels", channels_);
    return chat;
}

}  // namespace coven::cli
