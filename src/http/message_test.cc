// SPDX-License-Identifier: Apache-2.0
#include "http/message.h"

#include <utility>

#include <gtest/gtest.h>

namespace attacca::http {
namespace {

struct Recorder : ResponseSink {
    std::vector<int> statuses;
    void answer(std::uint64_t, Response response) override { statuses.push_back(response.status); }
    void answer_made(std::uint64_t, std::function<Response()> make) override {
        statuses.push_back(make().status);
    }
    void begin(std::uint64_t,
               Response head,
               std::shared_ptr<Stream>,
               std::optional<std::uint64_t>) override {
        statuses.push_back(head.status);
    }
};

TEST(Responder, OnlyTheFirstAnswerCounts) {
    const auto recorder = std::make_shared<Recorder>();
    {
        const Responder responder(recorder, 0);
        const Responder copy = responder;
        copy.send(Response{.status = 202});
        responder.send(Response{.status = 404});
        EXPECT_FALSE(responder.stream(Response{})->is_open());
    }
    EXPECT_EQ(recorder->statuses, std::vector<int>{202});
}

TEST(Responder, ARequestThatNobodyAnswersGetsA500) {
    const auto recorder = std::make_shared<Recorder>();
    { const Responder responder(recorder, 0); }
    EXPECT_EQ(recorder->statuses, std::vector<int>{500});
}

TEST(Stream, CountsWhatIsNotYetTaken) {
    Stream stream;
    EXPECT_TRUE(stream.write("hello"));
    EXPECT_EQ(stream.take(3), "hel");
    EXPECT_EQ(stream.pending(), 5U) << "taken out, but not on the way yet";
    stream.taken(3);
    EXPECT_EQ(stream.pending(), 2U);
    stream.end();
    EXPECT_FALSE(stream.is_finished());
    EXPECT_EQ(stream.take(10), "lo");
    EXPECT_TRUE(stream.is_finished());
    EXPECT_FALSE(stream.write("more"));
}

TEST(Stream, TellsItsProducerOnceThatThePeerIsGone) {
    Stream stream;
    int calls = 0;
    stream.on_room([&] { ++calls; });
    stream.write("hello");
    stream.close();
    stream.close();
    EXPECT_EQ(calls, 1);
    EXPECT_EQ(stream.pending(), 0U);
    EXPECT_FALSE(stream.is_open());
}

TEST(Method, HasAName) {
    for (const auto& [method, name] : {std::pair{Method::get, "GET"},
                                       {Method::head, "HEAD"},
                                       {Method::post, "POST"},
                                       {Method::put, "PUT"},
                                       {Method::patch, "PATCH"},
                                       {Method::remove, "DELETE"},
                                       {Method::options, "OPTIONS"},
                                       {Method::trace, "TRACE"},
                                       {Method::connect, "CONNECT"},
                                       {Method::other, "other"}}) {
        EXPECT_EQ(name_of(method), name);
    }
}

}  // namespace
}  // namespace attacca::http
