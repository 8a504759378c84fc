#pragma once

#include <array>
#include <cstddef>
#include <iterator>
#include <span>
#include <string>
#include <string_view>

#include "coven/result.hpp"

namespace chat {

/// A tag as it stands on the wire: `value` is still escaped.
struct IrcTag {
    std::string_view name;
    /// Empty where there is none; IRCv3 makes no difference.
    std::string_view value;
    /// False: no tag of the line has an escape, `value` is the text already.
    bool may_be_escaped = false;
};

/// The tags of a line, read while they are iterated over. Tags without a name are passed over.
class IrcTags {
  public:
    class Iterator {
      public:
        using value_type = IrcTag;
        using difference_type = std::ptrdiff_t;

        explicit Iterator(const IrcTags& tags) : rest_(tags.text_) {
            tag_.may_be_escaped = tags.may_be_escaped_;
            step();
        }
        const IrcTag& operator*() const { return tag_; }
        const IrcTag* operator->() const { return &tag_; }
        Iterator& operator++() {
            step();
            return *this;
        }
        void operator++(int) { step(); }
        bool operator==(std::default_sentinel_t) const { return tag_.name.empty(); }

      private:
        void step();

        std::string_view rest_;
        IrcTag tag_;
    };

    IrcTags() = default;
    /// `text` without the leading '@'.
    explicit IrcTags(std::string_view text)
        : text_(text), may_be_escaped_(text.find('\\') != std::string_view::npos) {}

    Iterator begin() const { return Iterator(*this); }
    std::default_sentinel_t end() const { return std::default_sentinel; }
    bool empty() const { return begin() == end(); }
    /// The escaped value of the last tag of that name (IRCv3: the last one counts), or empty.
    std::string_view find(std::string_view name) const;

  private:
    std::string_view text_;
    bool may_be_escaped_ = false;
};

/// One line of IRC taken apart: `['@' tags] [':' prefix] command parameters…`. Every view points
/// into the text that was parsed.
///
/// https://ircv3.net/specs/extensions/message-tags (read 2026-11-22)
class IrcLine {
  public:
    /// The last one takes the rest of the line (RFC 2812, 2.3.1).
    static constexpr std::size_t max_parameters = 15;

    /// `text` without its line end. Fails when there is no command.
    static coven::Result<IrcLine> parse(std::string_view text);

    /// All of it.
    std::string_view text() const { return text_; }
    const IrcTags& tags() const { return tags_; }
    /// Without the colon. Example: "pajlada!pajlada@pajlada.tmi.twitch.tv".
    std::string_view prefix() const { return prefix_; }
    /// The part of the prefix before '!'. Empty for a server.
    std::string_view nick() const;
    std::string_view command() const { return command_; }
    std::span<const std::string_view> parameters() const { return {parameters_.data(), count_}; }
    /// Empty where there is none.
    std::string_view parameter(std::size_t index) const {
        return index < count_ ? parameters_[index] : std::string_view();
    }
    /// From the parameter `index` to the end of the line, for text that lacks its colon.
    std::string_view rest_from(std::size_t index) const;

  private:
    IrcLine() = default;
    void take_parameters(std::string_view rest);

    std::string_view text_;
    IrcTags tags_;
    std::string_view prefix_;
    std::string_view command_;
    std::size_t count_ = 0;
    std::array<std::string_view, max_parameters> parameters_;
};

/// The value of a tag with its escapes resolved: `value` itself where it has none, else a view of
/// `scratch`, whose content is replaced.
std::string_view unescape(std::string_view value, std::string& scratch);
inline std::string_view unescape(const IrcTag& tag, std::string& scratch) {
    return tag.may_be_escaped ? unescape(tag.value, scratch) : tag.value;
}

}  // namespace chat
