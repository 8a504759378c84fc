#include "recording.hpp"

#include <sstream>

#include <gtest/gtest.h>

#include "coven/event.hpp"

namespace coven::cli {
namespace {

const std::string long_frame = "a.c" + std::string(1, '\0') + std::string(300, 'x');
const std::string short_frame = std::string("a.b\0!", 5);

std::string sample() {
    return recording_start("tcp://127.0.0.1:5556", 1'795'340'459'000'000) + recorded(short_frame) +
           recorded(long_frame);
}

/// What can be read of `bytes`, and why no more.
struct Read {
    explicit Read(const std::string& bytes) {
        std::istringstream in(bytes);
        auto reader = RecordingReader::open(in);
        if (reader.has_error()) {
            fault = reader.error().message;
            return;
        }
        for (;;) {
            const auto next = reader->next();
            if (next.has_error()) fault = next.error().message;
            if (next.has_error() || !*next) return;
            frames.push_back(**next);
        }
    }
    std::vector<std::string> frames;
    std::string fault;
};

TEST(Recording, HasTheFormatThatIsDocumented) {
    const std::string golden =
        "coven recording 1\n"
        "frames: varint length, topic, NUL, coven.v1.Event (CloudEvents 1.0, protobuf)\n"
        "recorded: 2026-11-22T09:40:59.000000Z\n"
        "broker: tcp://127.0.0.1:5556\n"
        "\n"
        "\x05" +
        short_frame + "\xb0\x02" + long_frame;
    EXPECT_EQ(sample(), golden);
}

TEST(Recording, GivesBackWhatWasRecorded) {
    const Read read(sample());
    EXPECT_EQ(read.frames, (std::vector<std::string>{short_frame, long_frame}));
    EXPECT_EQ(read.fault, "");
}

TEST(Recording, IsReadAsFarAsItGoes) {
    const auto whole = sample();
    for (const std::size_t missing : {1u, 100u, 304u, 305u}) {
        const Read read(whole.substr(0, whole.size() - missing));
        EXPECT_EQ(read.frames, std::vector<std::string>{short_frame}) << missing;
        EXPECT_EQ(read.fault, "is damaged after 1 events: it ends within an event") << missing;
    }
    const Read damaged(whole + std::string(12, '\xff'));
    EXPECT_EQ(damaged.frames.size(), 2u);
    EXPECT_EQ(damaged.fault, "is damaged after 2 events: what follows is no length");
}

TEST(Recording, IsToldFromOtherFiles) {
    EXPECT_EQ(Read("").fault, "is no recording of coven");
    EXPECT_EQ(Read("PNG").fault, "is no recording of coven");
    EXPECT_EQ(Read("coven recording 1\nframes: x\n").fault, "ends within its header");
    EXPECT_EQ(Read("coven recording 2\n\n").fault,
              "is a recording of version '2', this program reads 1");
}

}  // namespace
}  // namespace coven::cli
