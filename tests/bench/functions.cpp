// What a line of chat costs: cut at its separators, taken apart, and made an event.
#include <benchmark/benchmark.h>

#include "chat_events.hpp"
#include "chat_lines.hpp"
#include "split.hpp"

namespace {

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

void event(benchmark::State& state) {
    chat::ChatEvents events(chat::RawLines::keep);
    std::string encoded;
    const coven::Time received{std::chrono::seconds(1'790'000'000)};
    over_all_lines(state, [&](const std::string& text) {
        const auto line = chat::IrcLine::parse(text);
        auto* made = events.read(*line, received).value();
        made->SerializeToString(&encoded);
        benchmark::DoNotOptimize(encoded);
    });
}

BENCHMARK(split);
BENCHMARK(parts);
BENCHMARK(event);

}  // namespace
