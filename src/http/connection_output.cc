// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <utility>

#include "http/connection.h"
#include "http/wire.h"

// The second half of Connection: answers, in the order of the requests, into one output buffer.

namespace attacca::http {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using ErrorCode = boost::system::error_code;

constexpr std::size_t stream_piece = 64 * 1024;

}  // namespace

void Connection::deliver(Delivery& delivery) {
    if (is_closed_ || delivery.slot < first_slot_ || delivery.slot - first_slot_ >= slots_.size()) {
        if (delivery.stream) {
            delivery.stream->close();
        }
        return;
    }
    Slot& slot = slots_[delivery.slot - first_slot_];
    if (delivery.kind != Delivery::Kind::data) {
        slot.response = delivery.make ? delivery.make() : std::move(delivery.response);
        slot.stream = std::move(delivery.stream);
        slot.length = delivery.length;
        slot.is_ready = true;
    }
    advance();
}

// Moves finished answers, in order, to the output.
void Connection::advance() {
    while (!slots_.empty() && slots_.front().is_ready && !is_closed_) {
        Slot& slot = slots_.front();
        if (!slot.has_begun) {
            write_head(slot);
        }
        if (slot.stream != nullptr && !pump_stream(slot)) {
            return;
        }
        finish_slot();
    }
}

void Connection::write_head(Slot& slot) {
    slot.has_begun = true;
    if (slot.response.closes) {
        slot.keeps_alive = false;
        is_input_over_ = true;
    }
    BodyForm form;
    form.is_chunked = slot.stream != nullptr && !slot.length && slot.is_version_11;
    form.is_until_close = slot.stream != nullptr && !slot.length && !slot.is_version_11;
    form.length = slot.stream == nullptr ? slot.response.body.size() : slot.length.value_or(0);
    slot.keeps_alive = slot.keeps_alive && !form.is_until_close;
    append_response_head(out_, slot.response, form, {lane_.date, slot.keeps_alive});
    if (slot.stream == nullptr && !slot.is_head) {
        out_ += slot.response.body;
    }
    if (slot.stream != nullptr) {
        // A small socket buffer, so that a peer that does not read is noticed.
        ErrorCode ignored;
        socket_.set_option(asio::socket_base::send_buffer_size(64 * 1024), ignored);
    }
    if (slot.stream != nullptr && slot.is_head) {
        slot.stream->close();
        slot.stream = nullptr;
    }
}

// True when the stream is finished.
bool Connection::pump_stream(Slot& slot) {
    const bool is_chunked = slot.is_version_11 && !slot.length;
    while (out_of_stream_ < stream_piece) {
        const std::string piece = slot.stream->take(stream_piece);
        if (piece.empty()) {
            break;
        }
        if (is_chunked) {
            append_chunk(out_, piece);
        } else {
            out_ += piece;
        }
        out_of_stream_ += piece.size();
    }
    if (!slot.stream->is_finished()) {
        // A stop leaves the body without its last chunk: the peer sees that it is not whole.
        slot.keeps_alive = slot.keeps_alive && !lane_.is_stopping;
        return lane_.is_stopping;
    }
    if (is_chunked) {
        out_ += "0\r\n\r\n";
    }
    return true;
}

void Connection::finish_slot() {
    Slot& slot = slots_.front();
    lane_.shared.body_bytes.fetch_sub(slot.body_bytes);
    if (slot.stream != nullptr) {
        slot.stream->close();
        out_of_stream_ = 0;
    }
    if (!slot.keeps_alive) {
        closes_ = true;
        is_input_over_ = true;
    }
    slots_.pop_front();
    ++first_slot_;
    has_served_ = true;
    if (phase_ == Phase::head) {
        phase_began_ = std::chrono::steady_clock::now();
    }
}

void Connection::flush() {
    if (is_closed_ || is_writing_) {
        return;
    }
    while (out_sent_ < out_.size()) {
        ErrorCode error;
        const std::size_t count = socket_.write_some(
            asio::buffer(out_.data() + out_sent_, out_.size() - out_sent_), error);
        if (is_blocked(error)) {
            wait_writable();
            return;
        }
        if (error) {
            close();
            return;
        }
        out_sent_ += count;
        last_written_ = std::chrono::steady_clock::now();
        if (out_sent_ == out_.size()) {
            on_all_written();
        }
    }
    const bool is_over = closes_ || (has_peer_ended_ && !is_consuming_);
    if (is_over && slots_.empty() && out_.empty() && !is_lingering_) {
        // A close with unread input would reset the connection and could take the answer with it.
        is_lingering_ = true;
        phase_began_ = std::chrono::steady_clock::now();
        ErrorCode ignored;
        socket_.shutdown(tcp::socket::shutdown_send, ignored);
        if (has_peer_ended_) {
            close();
            return;
        }
        wait_readable();
    }
}

void Connection::on_all_written() {
    if (out_.capacity() > stream_piece) {
        out_ = std::string();
    } else {
        out_.clear();
    }
    out_sent_ = 0;
    if (out_of_stream_ > 0 && !slots_.empty() && slots_.front().stream != nullptr) {
        slots_.front().stream->taken(std::exchange(out_of_stream_, 0));
        advance();
    }
    // There is room again for requests that had to wait.
    consume();
    wait_readable();
}

void Connection::wait_writable() {
    is_writing_ = true;
    last_written_ = std::chrono::steady_clock::now();
    socket_.async_wait(tcp::socket::wait_write,
                       [self = shared_from_this()](const ErrorCode& error) {
                           self->is_writing_ = false;
                           if (!error) {
                               self->flush();
                           }
                       });
}

// --- The end -------------------------------------------------------------------------------------

void Connection::begin_stop() {
    // A request that has not arrived whole is not begun any more.
    const bool is_quiet = slots_.empty() && out_.empty();
    if (is_quiet && !is_lingering_) {
        close();
        return;
    }
    closes_ = closes_ || slots_.empty();
    for (Slot& slot : slots_) {
        slot.keeps_alive = slot.has_begun && slot.keeps_alive;
    }
    advance();
    flush();
}

void Connection::close() {
    if (std::exchange(is_closed_, true)) {
        return;
    }
    end_input();
    for (Slot& slot : slots_) {
        lane_.shared.body_bytes.fetch_sub(slot.body_bytes);
        if (slot.stream) {
            slot.stream->close();
        }
    }
    slots_.clear();
    ErrorCode ignored;
    socket_.close(ignored);
    lane_.connections.erase(shared_from_this());
}

}  // namespace attacca::http
