#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <unordered_set>

#include "colour.hpp"
#include "coven/event.hpp"
#include "coven/one_copy.hpp"
#include "output.hpp"

namespace coven::cli {

enum class View { human, json, raw };
/// Of what several channels get that share a chat.
enum class Copies { all, one };

/// What came by while somebody looked.
struct Tally {
    std::uint64_t received = 0;
    std::uint64_t shown = 0;
    /// Losses that were reported, and the events that these are known to have cost.
    std::uint64_t losses = 0;
    std::uint64_t lost = 0;
    /// Times that events were not kept any more.
    std::uint64_t truncations = 0;
    std::unordered_set<std::string> channels;
};

/// Example: "600 events received, 600 shown, 3 channels, none lost, 2 duplicates dropped".
std::string describe(const Tally& tally, std::uint64_t duplicates);

/// Shows events on an output, counts them, and says when to stop.
class Viewer {
  public:
    struct Options {
        View view = View::human;
        Paint paint{Colours::none};
        /// Where the output goes: a terminal gets the raw view escaped.
        Place place = Place::elsewhere;
        /// Stop after so many shown events.
        std::optional<std::uint64_t> count;
        Copies copies = Copies::all;
    };
    enum class Step { go_on, enough, reader_gone, failed };

    /// `output` must outlive this.
    Viewer(Output& output, Options options) : output_(output), options_(options) {}

    Step show(const Event& event);
    const Tally& tally() const { return tally_; }

  private:
    void count(const Event& event);
    /// Nothing where this view has nothing to show.
    std::optional<std::string> line_of(const Event& event) const;

    Output& output_;
    Options options_;
    Tally tally_;
    OneCopy one_copy_;
};

}  // namespace coven::cli
