#include "coven/log.hpp"

#include <chrono>
#include <ctime>
#include <memory>

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include "log_text.hpp"

namespace coven::log {

namespace {

struct Settings {
    std::string program = "coven";
    Format format = Format::human;
    std::shared_ptr<spdlog::logger> logger = spdlog::stderr_logger_st("coven");

    Settings() { logger->set_pattern("%v"); }
};

/// Set once at the start of main, before anything is logged.
Settings& settings() {
    static Settings all;
    return all;
}

std::string timestamp(const char* seconds_format) {
    const auto now = std::chrono::system_clock::now();
    const auto since =
        std::chrono::duration_cast<std::chrono::milliseconds>(now.time_since_epoch());
    const auto whole = fmt::gmtime(std::chrono::system_clock::to_time_t(now));
    return fmt::format(fmt::runtime(fmt::format("{{:{}}}.{{:03}}", seconds_format)), whole,
                       since.count() % 1000);
}

spdlog::level::level_enum level_of(Level level) {
    switch (level) {
        case Level::debug:
            return spdlog::level::debug;
        case Level::info:
            return spdlog::level::info;
        case Level::warn:
            return spdlog::level::warn;
        case Level::error:
            return spdlog::level::err;
    }
    return spdlog::level::info;
}

void write(Level level, std::string_view event, Fields fields) {
    const auto& all = settings();
    if (!all.logger->should_log(level_of(level))) return;
    const auto line =
        all.format == Format::json
            ? json_line(timestamp("%Y-%m-%dT%H:%M:%S") + "Z", level, all.program, event, fields)
            : human_line(timestamp("%H:%M:%S"), level, all.program, event, fields);
    all.logger->log(level_of(level), line);
}

}  // namespace

void start(std::string program, Level level, Format format) {
    auto& all = settings();
    all.program = std::move(program);
    const bool terminal = isatty(STDERR_FILENO) != 0;
    const auto automatic = terminal ? Format::human : Format::json;
    all.format = format == Format::automatic ? automatic : format;
    all.logger->set_level(level_of(level));
    all.logger->flush_on(spdlog::level::debug);
}

void debug(std::string_view event, Fields fields) { write(Level::debug, event, fields); }
void info(std::string_view event, Fields fields) { write(Level::info, event, fields); }
void warn(std::string_view event, Fields fields) { write(Level::warn, event, fields); }
void error(std::string_view event, Fields fields) { write(Level::error, event, fields); }

}  // namespace coven::log
