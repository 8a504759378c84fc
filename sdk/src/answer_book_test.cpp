#include "answer_book.hpp"

#include <string>

#include <google/protobuf/wrappers.pb.h>
#include <gtest/gtest.h>

#include "coven/command.hpp"

namespace coven {
namespace {

v1::Request call() {
    auto request = request_of("dice.roll");
    request.set_id("1-1");
    request.set_deadline_ms(1000);
    return request;
}

v1::Reply::Status refused(const AnswerBook& book, const v1::Request& request) {
    const auto refusal = book.refusal(request);
    return refusal ? refusal->status() : v1::Reply::OK;
}

TEST(AnswerBook, TakesWhatHasTimeLeft) {
    const AnswerBook book;
    EXPECT_EQ(refused(book, call()), v1::Reply::OK);
    auto late = call();
    late.set_deadline_ms(0);
    EXPECT_EQ(refused(book, late), v1::Reply::EXPIRED);
}

TEST(AnswerBook, TakesNothingAfterItWasToldToStop) {
    AnswerBook book;
    book.stop_taking();
    EXPECT_EQ(refused(book, call()), v1::Reply::NO_ROUTE);
}

TEST(AnswerBook, BeginsOnlyWhatItCanKeepTheOutcomeOf) {
    AnswerBook book;
    for (std::size_t i = 1; i < AnswerBook::max_unconfirmed; ++i) book.keep(10);
    EXPECT_EQ(refused(book, call()), v1::Reply::OK);
    book.begin();
    EXPECT_EQ(refused(book, call()), v1::Reply::RATE_LIMITED);
    book.end();
    book.keep(10);
    EXPECT_EQ(refused(book, call()), v1::Reply::RATE_LIMITED);
    book.confirm(10);
    EXPECT_EQ(refused(book, call()), v1::Reply::OK);
    EXPECT_FALSE(book.is_idle());
}

TEST(AnswerBook, CountsBytesToo) {
    AnswerBook book;
    book.keep(AnswerBook::max_unconfirmed_bytes);
    EXPECT_EQ(refused(book, call()), v1::Reply::RATE_LIMITED);
    book.confirm(AnswerBook::max_unconfirmed_bytes);
    EXPECT_TRUE(book.is_idle());
    EXPECT_EQ(refused(book, call()), v1::Reply::OK);
}

TEST(AnswerBook, TakesAsManyAtOnceAsItSays) {
    AnswerBook book;
    for (std::size_t i = 0; i < AnswerBook::max_running; ++i) book.begin();
    EXPECT_EQ(refused(book, call()), v1::Reply::RATE_LIMITED);
    book.end();
    EXPECT_EQ(refused(book, call()), v1::Reply::OK);
    EXPECT_EQ(book.numbers().taken, AnswerBook::max_running);
}

TEST(AnswerBook, LetsAnAnswerSayWhatBecameOfTheCall) {
    AnswerBook book;
    const auto reply = book.answer(call(), reply_of(v1::Reply::FAILED, "broken", "it broke"));
    EXPECT_EQ(reply.id(), "1-1");
    EXPECT_EQ(reply.code(), "broken");
    for (const auto status : {v1::Reply::STATUS_UNSPECIFIED, v1::Reply::ACCEPTED}) {
        const auto none = book.answer(call(), reply_of(status, "", ""));
        EXPECT_EQ(none.status(), v1::Reply::UNKNOWN) << status;
    }
    EXPECT_EQ(book.numbers().answered.at(v1::Reply::UNKNOWN), 2u);
}

TEST(AnswerBook, LeavesOutAPayloadThatNoFrameHolds) {
    AnswerBook book;
    google::protobuf::BytesValue payload;
    payload.set_value(std::string(AnswerBook::max_payload_bytes, 'x'));
    const auto reply = book.answer(call(), reply_with(payload));
    EXPECT_EQ(reply.status(), v1::Reply::OK);
    EXPECT_EQ(reply.code(), "answer_too_large");
    EXPECT_FALSE(reply.has_payload());
}

}  // namespace
}  // namespace coven
