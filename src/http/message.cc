// SPDX-License-Identifier: Apache-2.0
#include "http/message.h"

#include <algorithm>
#include <atomic>
#include <utility>

#include "base/error.h"
#include "http/problem.h"

namespace attacca::http {

std::string_view name_of(Method method) {
    switch (method) {
        case Method::get:
            return "GET";
        case Method::head:
            return "HEAD";
        case Method::post:
            return "POST";
        case Method::put:
            return "PUT";
        case Method::patch:
            return "PATCH";
        case Method::remove:
            return "DELETE";
        case Method::options:
            return "OPTIONS";
        case Method::trace:
            return "TRACE";
        case Method::connect:
            return "CONNECT";
        case Method::other:
            return "other";
    }
    return "other";
}

const std::string* Request::header(std::string_view name) const {
    for (const Header& field : headers) {
        if (field.name == name) {
            return &field.value;
        }
    }
    return nullptr;
}

bool Stream::write(std::string_view bytes) {
    std::function<void()> listener;
    {
        const std::lock_guard lock(mutex_);
        if (is_closed_ || is_ended_) {
            return false;
        }
        if (taken_from_ == queue_.size()) {
            queue_.clear();
            taken_from_ = 0;
        }
        queue_ += bytes;
        listener = on_data_;
    }
    if (listener) {
        listener();
    }
    return true;
}

void Stream::end() {
    std::function<void()> listener;
    {
        const std::lock_guard lock(mutex_);
        is_ended_ = true;
        listener = on_data_;
    }
    if (listener) {
        listener();
    }
}

bool Stream::is_open() const {
    const std::lock_guard lock(mutex_);
    return !is_closed_ && !is_ended_;
}

std::size_t Stream::pending() const {
    const std::lock_guard lock(mutex_);
    return queue_.size() - taken_from_ + in_flight_;
}

void Stream::on_room(std::function<void()> listener) {
    const std::lock_guard lock(mutex_);
    on_room_ = std::move(listener);
}

void Stream::on_data(std::function<void()> listener) {
    const std::lock_guard lock(mutex_);
    on_data_ = std::move(listener);
}

std::string Stream::take(std::size_t bytes_max) {
    const std::lock_guard lock(mutex_);
    const std::size_t count = std::min(bytes_max, queue_.size() - taken_from_);
    std::string bytes = queue_.substr(taken_from_, count);
    taken_from_ += count;
    in_flight_ += count;
    if (taken_from_ == queue_.size()) {
        // The memory goes back: thousands of quiet streams hold none.
        queue_ = std::string();
        taken_from_ = 0;
    }
    return bytes;
}

void Stream::taken(std::size_t bytes) {
    std::function<void()> listener;
    {
        const std::lock_guard lock(mutex_);
        in_flight_ -= std::min(bytes, in_flight_);
        listener = on_room_;
    }
    if (listener) {
        listener();
    }
}

bool Stream::is_finished() const {
    const std::lock_guard lock(mutex_);
    return is_ended_ && taken_from_ == queue_.size();
}

void Stream::close() {
    std::function<void()> listener;
    {
        const std::lock_guard lock(mutex_);
        if (is_closed_) {
            return;
        }
        is_closed_ = true;
        queue_ = std::string();
        taken_from_ = 0;
        in_flight_ = 0;
        listener = std::move(on_room_);
        on_room_ = nullptr;
        on_data_ = nullptr;
    }
    if (listener) {
        listener();
    }
}

struct Responder::State {
    std::shared_ptr<ResponseSink> sink;
    std::uint64_t slot = 0;
    std::atomic<bool> is_answered{false};

    State(std::shared_ptr<ResponseSink> to, std::uint64_t number)
        : sink(std::move(to)), slot(number) {}
    State(const State&) = delete;
    State& operator=(const State&) = delete;
    ~State() {
        if (!is_answered.exchange(true)) {
            sink->answer(slot, problem_response(fail(Problem::internal), RequestIds::fresh()));
        }
    }
};

Responder::Responder(std::shared_ptr<ResponseSink> sink, std::uint64_t slot)
    : state_(std::make_shared<State>(std::move(sink), slot)) {}

void Responder::send(Response response) const {
    if (!state_->is_answered.exchange(true)) {
        state_->sink->answer(state_->slot, std::move(response));
    }
}

void Responder::send_made(std::function<Response()> make) const {
    if (!state_->is_answered.exchange(true)) {
        state_->sink->answer_made(state_->slot, std::move(make));
    }
}

std::shared_ptr<Stream> Responder::stream(Response head,
                                          std::optional<std::uint64_t> length) const {
    auto stream = std::make_shared<Stream>();
    if (state_->is_answered.exchange(true)) {
        stream->close();
        return stream;
    }
    state_->sink->begin(state_->slot, std::move(head), stream, length);
    return stream;
}

}  // namespace attacca::http
