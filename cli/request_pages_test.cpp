#include "request_pages.hpp"

#include <gtest/gtest.h>

#include "coven/v1/history.pb.h"

namespace coven::cli {
namespace {

v1::Request request_with(const std::string& verb, const google::protobuf::Message& question) {
    v1::Request request;
    request.set_verb(verb);
    request.set_idempotency_key("key");
    request.mutable_payload()->PackFrom(question);
    return request;
}

v1::Reply page_with(const google::protobuf::Message& answer) {
    v1::Reply reply;
    reply.set_more(true);
    reply.mutable_payload()->PackFrom(answer);
    return reply;
}

/// The payload of the request for the page behind `answer`.
template <class Question>
Question next_of(const v1::Request& request, const google::protobuf::Message& answer) {
    const auto next = request_of_next_page(request, page_with(answer)).value().value();
    EXPECT_EQ(next.verb(), request.verb());
    EXPECT_EQ(next.idempotency_key(), "key");
    Question question;
    EXPECT_TRUE(next.payload().UnpackTo(&question));
    return question;
}

TEST(RequestPages, BeginWhereTheOneBeforeEnded) {
    v1::ChannelsListRequest channels;
    channels.set_prefix("x");
    channels.set_limit(5);
    v1::ChannelsList list;
    list.set_next("xqc chat chat-1");
    const auto question =
        next_of<v1::ChannelsListRequest>(request_with("channels.list", channels), list);
    EXPECT_EQ(question.after(), "xqc chat chat-1");
    EXPECT_EQ(question.prefix(), "x");
    EXPECT_EQ(question.limit(), 5u);
}

TEST(RequestPages, OfTopicsBeginBehindTheLastTopic) {
    v1::TopicsList list;
    for (const char* topic : {"a.b", "a.c"}) list.add_topics()->mutable_head()->set_topic(topic);
    v1::Request request;
    request.set_verb("topics.list");
    request.set_idempotency_key("key");
    EXPECT_EQ(next_of<v1::TopicsListRequest>(request, list).after(), "a.c");
}

TEST(RequestPages, OfStoredEventsBeginAtAPositionInsteadOfATime) {
    v1::HistoryReadRequest history;
    history.add_patterns("a.>");
    history.set_since_us(5);
    v1::HistoryBatch batch;
    batch.mutable_next()->set_bus_epoch(7);
    batch.mutable_next()->set_offset(9);
    const auto question =
        next_of<v1::HistoryReadRequest>(request_with("history.read", history), batch);
    EXPECT_EQ(question.after().bus_epoch(), 7u);
    EXPECT_EQ(question.after().offset(), 9u);
    EXPECT_EQ(question.patterns(0), "a.>");
}

TEST(RequestPages, EndWithTheLastOne) {
    v1::Reply last;
    last.mutable_payload()->PackFrom(v1::TopicsList());
    EXPECT_FALSE(request_of_next_page(v1::Request(), last).value());
    const auto lost = request_of_next_page(v1::Request(), page_with(v1::TopicsList()));
    ASSERT_TRUE(lost.has_error());
    EXPECT_EQ(lost.error().message, "there is more, but the answer does not say where it begins");
}

}  // namespace
}  // namespace coven::cli
