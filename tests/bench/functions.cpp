// What a line of chat costs: cut at its separators, taken apart, and made an event.
#include <benchmark/benchmark.h>

#include "chat_events.hpp"
#include "chat_lines.hpp"
#include "coven/event.hpp"
#include "split.hpp"

namespace {

const std::string topic = "twitch.chat.streamer00.message";

const bench::ChatLines& corpus() {
    static const auto lines = bench::chat_lines();
    return lines;
}

/// Runs `work` over every line once per iteration; reports the time of one line.
template <class Work>
void over_all_lines(benchmark::State& state, Work work) {
    const auto& lines = corpus().lines;
    std::size_t next = 0;
    for (auto _ : state) {
        work(lines[next]);
        if (++next == lines.size()) next = 0;
    }
    state.SetLabel(corpus().origin);
}

void split(benchmark::State& state) {
    bench::Pieces pieces;
    over_all_lines(state, [&](const std::string& text) {
        bench::split(text, pieces);
        benchmark::DoNotOptimize(pieces);
    });
}

void parts(benchmark::State& state) {
    std::string scratch;
    over_all_lines(state, [&](const std::string& text) {
        auto line = chat::IrcLine::parse(text);
        for (const auto& tag : line->tags()) {
            auto name = tag.name;
            auto value = chat::unescape(tag, scratch);
            benchmark::DoNotOptimize(name);
            benchmark::DoNotOptimize(value);
        }
        benchmark::DoNotOptimize(line);
    });
}

/// What `Bus::publish` writes into an event before it goes out.
void finish(coven::v1::Event& event, std::uint64_t seq) {
    event.set_source("/coven/chat/chat-1");
    event.set_spec_version("1.0");
    coven::set_tail(event, 1, seq);
}

void event(benchmark::State& state) {
    chat::ChatEvents events(chat::RawLines::keep);
    std::uint64_t seq = 0;
    const coven::Time received{std::chrono::seconds(1'790'000'000)};
    over_all_lines(state, [&](const std::string& text) {
        const auto line = chat::IrcLine::parse(text);
        auto* made = events.read(*line, received).value();
        finish(*made, ++seq);
        auto frame = coven::frame_of(topic, *made);
        benchmark::DoNotOptimize(frame);
    });
}

BENCHMARK(split);
BENCHMARK(parts);
BENCHMARK(event);

}  // namespace
