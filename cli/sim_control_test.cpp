#include "sim_control.hpp"

#include <gtest/gtest.h>

namespace coven::cli {
namespace {

using Words = std::vector<const char*>;

Result<std::string> line_for(Words words) {
    words.insert(words.begin(), {"coven", "sim"});
    const auto parsed = parse_command_line(static_cast<int>(words.size()), words.data());
    if (const auto* answer = std::get_if<Answer>(&parsed)) return Error(answer->text);
    return sim_line(std::get<Invocation>(parsed));
}

TEST(SimControl, SpeaksTheLanguageOfItsScripts) {
    struct Row {
        Words words;
        const char* line;
    };
    for (const auto& row :
         {Row{{"status"}, "status"}, Row{{"cut"}, "cut"},
          Row{{"cut", "--channel", "xqc"}, "cut #xqc"}, Row{{"cut", "#xqc"}, "cut #xqc"},
          Row{{"half-open", "--connection", "3"}, "half-open 3"},
          Row{{"say", "xqc", "hello", "there"}, "say xqc somebody hello there"},
          Row{{"say", "xqc", "hi", "--as", "me"}, "say xqc me hi"}, Row{{"say", "xqc"}, "say xqc"},
          Row{{"split", "7", "--channel", "xqc"}, "split 7 #xqc"},
          Row{{"cut", "--after", "500lines"}, "plan 500lines cut"},
          Row{{"cut", "--every", "2s"}, "plan every 2s cut"},
          Row{{"cut", "--every", "2s", "--times", "3"}, "plan every 2s x3 cut"}}) {
        const auto line = line_for(row.words);
        ASSERT_TRUE(line.has_value()) << row.line << line.error().message;
        EXPECT_EQ(*line, row.line);
    }
}

TEST(SimControl, RefusesWhatMakesNoSense) {
    struct Row {
        Words words;
        const char* message;
    };
    for (const auto& row :
         {Row{{"cut", "--channel", "a", "--connection", "1"},
              "--channel and --connection: only one of them"},
          Row{{"cut", "--after", "1s", "--every", "1s"}, "--after and --every: only one of them"},
          Row{{"cut", "--times", "2"}, "--times goes with --every"},
          Row{{"say", "a", "b\ncut"}, "a simulator takes one line at a time"}}) {
        const auto line = line_for(row.words);
        ASSERT_TRUE(line.has_error()) << row.message;
        EXPECT_EQ(line.error().message, row.message);
    }
}

TEST(SimControl, ShowsWhoDidWhatToWhom) {
    const auto shown = sim_answer_lines(
        "deeds",
        R"({"ok":true,"deeds":[{"time_us":0,"account":"bot","transport":"helix","channel":"xqc",)"
        R"("kind":"timeout","text":"troll","outcome":"done","id":"","privileged":true},)"
        R"({"account":"bot","transport":"irc","channel":"ann","kind":"message",)"
        R"("text":"\u001b[2J hi","outcome":"msg_banned"},7]})");
    ASSERT_TRUE(shown.has_value()) << shown.error().message;
    EXPECT_EQ(*shown,
              (std::vector<std::string>{
                  "TIME      ACCOUNT  CHANNEL  DID      OUTCOME     OVER   WHAT OR TO WHOM",
                  "--:--:--  bot      xqc      timeout  done        helix  troll",
                  "--:--:--  bot      ann      message  msg_banned  irc    \\u{1b}[2J hi"}));
    const auto none = sim_answer_lines("deeds", R"({"ok":true,"deeds":[]})");
    EXPECT_EQ(none.value(), std::vector<std::string>{"no account has done anything"});
}

TEST(SimControl, ShowsTheAnswer) {
    const auto done = sim_answer_lines("cut", R"({"ok":true,"connections":1})");
    EXPECT_EQ(done.value(), std::vector<std::string>{"cut: 1 connection"});
    const auto expired = sim_answer_lines("expire", R"({"ok":true,"tokens":2})");
    EXPECT_EQ(expired.value(), std::vector<std::string>{"expire: 2 tokens"});
    const auto token = sim_answer_lines("token", R"({"ok":true,"tokens":1,"access_token":"abc"})");
    EXPECT_EQ(token.value(), std::vector<std::string>{"abc"}) << "to be used in a shell";
    const auto planned = sim_answer_lines("plan", R"({"ok":true,"connections":0})");
    EXPECT_EQ(planned.value(), std::vector<std::string>{"planned"});
    const auto help = sim_answer_lines("help", R"({"ok":true,"help":"a\nb\u001b[2J\n"})");
    EXPECT_EQ(help.value(), (std::vector<std::string>{"a", "b\\u{1b}[2J"}));
    const auto status = sim_answer_lines(
        "status", R"({"ok":true,"chat_url":"ws://x","connected":1,"faults":{"cut":2},)"
                  R"("connections":[{"number":3,"login":"a\u001b","channels":1}]})");
    ASSERT_EQ(status->size(), 6u);
    EXPECT_EQ(status->at(0), "chat at ws://x");
    EXPECT_EQ(status->at(3), "done on demand: cut 2");
    EXPECT_EQ(status->at(5).find("3       a\\u{1b}"), 0u) << status->at(5);
}

TEST(SimControl, ShowsCallsAndWaitingCodes) {
    const auto status = sim_answer_lines(
        "status", R"({"ok":true,"id_url":"http://x/oauth2","helix_url":"http://x/helix",)"
                  R"("calls":{"helix 200":3,"id 401":1},"waiting_codes":["ABCDEFGH"]})");
    ASSERT_EQ(status->size(), 7u);
    EXPECT_EQ(status->at(4), "tokens at http://x/oauth2, Helix at http://x/helix");
    EXPECT_EQ(status->at(5), "calls answered: helix 200 3, id 401 1");
    EXPECT_EQ(status->at(6), "device codes that wait: ABCDEFGH");
}

TEST(SimControl, SaysWhyNot) {
    auto refused = sim_answer_lines("dance", R"({"ok":false,"error":"no such verb: 'dance'"})");
    EXPECT_EQ(
        refused.error().message,
        "the simulator refuses: no such verb: 'dance' (`coven sim help` lists what it takes)");
    for (const char* answer : {"", "HTTP/1.1 400 Bad Request", "[]", "{}", "{\"ok\":1}"}) {
        EXPECT_TRUE(sim_answer_lines("cut", answer).has_error()) << answer;
    }
}

}  // namespace
}  // namespace coven::cli
