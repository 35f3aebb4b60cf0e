// SPDX-License-Identifier: Apache-2.0
#include "http/connection.h"

#include <algorithm>
#include <utility>

#include "http/problem.h"

namespace attacca::http {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using ErrorCode = boost::system::error_code;

// Parts of a chunked body that the parser cannot take yet: chunk sizes and trailers.
constexpr std::size_t untaken_bytes_max = 16 * 1024;
constexpr std::uint64_t uncounted_body_bytes = 64 * 1024;

std::chrono::microseconds micros(Duration duration) {
    return std::chrono::microseconds(duration.us);
}

// Turns answers from any thread into deliveries to the connection's lane.
class ConnectionSink : public ResponseSink {
  public:
    ConnectionSink(std::shared_ptr<Inbox> inbox, std::weak_ptr<Connection> connection)
        : inbox_(std::move(inbox)), connection_(std::move(connection)) {}

    void answer(std::uint64_t slot, Response response) override {
        inbox_->push({Delivery::Kind::answer, connection_, slot, std::move(response), {}, {}, {}});
    }
    void answer_made(std::uint64_t slot, std::function<Response()> make) override {
        inbox_->push({Delivery::Kind::answer, connection_, slot, {}, {}, {}, std::move(make)});
    }
    void begin(std::uint64_t slot,
               Response head,
               std::shared_ptr<Stream> stream,
               std::optional<std::uint64_t> length) override {
        stream->on_data([inbox = inbox_, connection = connection_, slot] {
            inbox->push({Delivery::Kind::data, connection, slot, {}, {}, {}, {}});
        });
        inbox_->push({Delivery::Kind::begin,
                      connection_,
                      slot,
                      std::move(head),
                      std::move(stream),
                      length,
                      {}});
    }

  private:
    std::shared_ptr<Inbox> inbox_;
    std::weak_ptr<Connection> connection_;
};

}  // namespace

Connection::Connection(Lane& lane, tcp::socket socket)
    : lane_(lane),
      limits_(lane.shared.limits),
      socket_(std::move(socket)),
      scanner_(limits_),
      parser_(limits_),
      phase_began_(std::chrono::steady_clock::now()),
      last_written_(phase_began_) {
    lane_.shared.connections.fetch_add(1);
}

Connection::~Connection() {
    if (lane_.shared.connections.fetch_sub(1) == 1) {
        lane_.shared.none_left.notify();
    }
}

void Connection::start() {
    ErrorCode ignored;
    socket_.non_blocking(true, ignored);
    socket_.set_option(tcp::no_delay(true), ignored);
    const tcp::endpoint peer = socket_.remote_endpoint(ignored);
    remote_ = ignored ? std::string() : peer.address().to_string();
    sink_ = std::make_shared<ConnectionSink>(lane_.inbox, weak_from_this());
    wait_readable();
}

void Connection::start_refusing() {
    ErrorCode ignored;
    socket_.non_blocking(true, ignored);
    is_input_over_ = true;
    refuse(fail(Problem::overloaded, "there are too many connections"));
    flush();
}

// --- Reading -------------------------------------------------------------------------------------

void Connection::wait_readable() {
    if (is_reading_ || is_closed_ || has_peer_ended_) {
        return;
    }
    // What cannot be taken now stays in the socket, so that the peer feels it.
    const bool is_full = !may_begin_request() && in_.size() >= limits_.head_bytes_max;
    if (!is_lingering_ && (is_input_over_ || is_full)) {
        return;
    }
    is_reading_ = true;
    socket_.async_wait(tcp::socket::wait_read, [self = shared_from_this()](const ErrorCode& error) {
        self->is_reading_ = false;
        if (!error) {
            self->on_readable();
        }
    });
}

void Connection::on_readable() {
    if (is_closed_) {
        return;
    }
    ErrorCode error;
    std::string& scratch = lane_.scratch;
    const std::size_t count =
        socket_.read_some(asio::buffer(scratch.data(), scratch.size()), error);
    if (is_blocked(error)) {
        wait_readable();
        return;
    }
    if (error == asio::error::eof && !is_lingering_) {
        // The peer may have closed only its sending half: answers under way still go out.
        has_peer_ended_ = true;
        if (!slots_.empty() && slots_.front().stream != nullptr) {
            close();
        } else {
            flush();
        }
        return;
    }
    if (error) {
        close();
        return;
    }
    if (!is_lingering_ && !is_input_over_) {
        if (in_.empty() && phase_ == Phase::head) {
            phase_began_ = std::chrono::steady_clock::now();
        }
        in_.append(scratch.data(), count);
        consume();
        flush();
    }
    wait_readable();
}

// Takes as many requests from what was received as may run now.
void Connection::consume() {
    if (is_consuming_) {
        return;
    }
    is_consuming_ = true;
    bool goes_on = true;
    while (goes_on && !is_input_over_ && !is_closed_) {
        goes_on = phase_ == Phase::head ? consume_head() : consume_body();
    }
    is_consuming_ = false;
}

bool Connection::may_begin_request() const {
    return slots_.size() < limits_.pipeline_max &&
           out_.size() - out_sent_ <= limits_.unsent_bytes_max && !closes_;
}

bool Connection::consume_head() {
    if (in_.empty() || !may_begin_request()) {
        return false;
    }
    if (in_.size() >= 2 && in_[0] == '\r' && in_[1] == '\n') {
        in_.erase(0, 2);  // RFC 9112 2.2: an empty line before a request is skipped
        return true;
    }
    switch (scanner_.scan(in_)) {
        case HeadScanner::State::needs_more:
            return false;
        case HeadScanner::State::refused:
            refuse(scanner_.error());
            return false;
        case HeadScanner::State::complete:
            break;
    }
    const std::string_view head = std::string_view(in_).substr(0, scanner_.head_bytes());
    Result<Request> parsed = parser_.put_head(head);
    if (!parsed) {
        refuse(parsed.error());
        return false;
    }
    // RFC 9112 9.3.2: only safe requests may overtake each other.
    const bool is_safe = parsed->method == Method::get || parsed->method == Method::head;
    if (!slots_.empty() && slots_.back().is_safe != is_safe) {
        scanner_.reset();
        return false;
    }
    in_.erase(0, scanner_.head_bytes());
    scanner_.reset();
    accept_head(std::move(*parsed));
    return true;
}

void Connection::accept_head(Request request) {
    request_ = std::move(request);
    request_.remote = remote_;
    phase_began_ = std::chrono::steady_clock::now();
    body_received_ = 0;
    body_counted_ = 0;
    if (std::optional<Response> refusal = lane_.shared.handlers.judge_head(request_)) {
        Slot& slot = open_slot(request_);
        slot.is_ready = true;
        slot.response = std::move(*refusal);
        if (request_.has_body) {
            slot.keeps_alive = false;
            closes_ = true;
            end_input();
        } else {
            static_cast<void>(parser_.take_body());
        }
        request_ = Request{};
        advance();
        return;
    }
    if (!request_.has_body) {
        dispatch();
        return;
    }
    want_body();
}

void Connection::want_body() {
    const std::optional<std::uint64_t> length = parser_.content_length();
    if (length && *length > limits_.body_bytes_max) {
        refuse(fail(Problem::body_too_large,
                    "the body is limited to " + std::to_string(limits_.body_bytes_max) + " bytes"));
        return;
    }
    phase_ = Phase::body;
    const std::string* expects = request_.header("expect");
    if (expects != nullptr && in_.empty() && parser_.is_version_11() && slots_.empty()) {
        out_ += "HTTP/1.1 100 Continue\r\n\r\n";
    }
}

bool Connection::consume_body() {
    if (in_.empty()) {
        return false;
    }
    Result<std::size_t> taken = parser_.put_body(in_);
    if (!taken) {
        refuse(taken.error());
        return false;
    }
    body_received_ += *taken;
    in_.erase(0, *taken);
    if (body_received_ > uncounted_body_bytes) {
        count_body(body_received_ - uncounted_body_bytes);
    }
    if (lane_.shared.body_bytes.load() > limits_.bodies_bytes_max) {
        refuse(fail(Problem::overloaded, "too many large requests are under way"));
        return false;
    }
    if (parser_.is_done()) {
        phase_ = Phase::head;
        dispatch();
        return true;
    }
    if (in_.size() > untaken_bytes_max) {
        refuse(fail(Problem::bad_request_framing, "a chunk's header is too long"));
        return false;
    }
    return *taken > 0;
}

// Keeps the shared sum of large bodies: `bytes` is this request's part so far.
void Connection::count_body(std::uint64_t bytes) {
    lane_.shared.body_bytes.fetch_add(bytes - body_counted_);
    body_counted_ = bytes;
}

Connection::Slot& Connection::open_slot(const Request& request) {
    Slot& slot = slots_.emplace_back();
    slot.is_head = request.method == Method::head;
    slot.is_safe = slot.is_head || request.method == Method::get;
    slot.keeps_alive = parser_.keeps_alive() && !lane_.is_stopping;
    slot.is_version_11 = parser_.is_version_11();
    slot.body_bytes = std::exchange(body_counted_, 0);
    if (!slot.keeps_alive) {
        // Whatever follows is not served: the peer said that this is its last request.
        closes_ = true;
        is_input_over_ = true;
    }
    return slot;
}

void Connection::dispatch() {
    open_slot(request_);
    request_.body = parser_.take_body();
    const std::uint64_t number = first_slot_ + slots_.size() - 1;
    phase_began_ = std::chrono::steady_clock::now();
    lane_.shared.handlers.handle(std::move(request_), Responder(sink_, number));
    request_ = Request{};
}

// Answers what cannot be a request, after the answers under way, and reads no more.
void Connection::refuse(const Error& error) {
    if (lane_.shared.handlers.on_refusal) {
        lane_.shared.handlers.on_refusal(error);
    }
    Slot& slot = slots_.emplace_back();
    slot.is_ready = true;
    slot.keeps_alive = false;
    slot.response = problem_response(error, RequestIds::of(request_));
    closes_ = true;
    end_input();
    advance();
}

void Connection::end_input() {
    is_input_over_ = true;
    in_ = std::string();
    lane_.shared.body_bytes.fetch_sub(body_counted_);
    body_counted_ = 0;
}

// --- Deadlines -----------------------------------------------------------------------

std::optional<Error> Connection::overdue(Instant now) const {
    const auto elapsed = now - phase_began_;
    if (is_input_over_) {
        return std::nullopt;
    }
    if (phase_ == Phase::body) {
        const auto seconds_gone = std::chrono::duration_cast<std::chrono::seconds>(elapsed).count();
        const bool is_slow =
            elapsed > micros(limits_.body_grace) &&
            body_received_ < limits_.body_rate_min * static_cast<std::uint64_t>(seconds_gone);
        if (is_slow || elapsed > micros(limits_.body_timeout)) {
            return fail(Problem::request_timeout, "the body arrives too slowly");
        }
    } else if (!in_.empty() && may_begin_request() && elapsed > micros(limits_.head_timeout) &&
               slots_.empty()) {
        return fail(Problem::request_timeout, "the header arrives too slowly");
    }
    return std::nullopt;
}

void Connection::check_deadlines(Instant now) {
    if (is_closed_) {
        return;
    }
    if (is_lingering_) {
        if (now - phase_began_ > micros(limits_.linger)) {
            close();
        }
        return;
    }
    if (out_sent_ < out_.size() && now - last_written_ > micros(limits_.write_timeout)) {
        close();
        return;
    }
    if (const std::optional<Error> error = overdue(now)) {
        refuse(*error);
        flush();
        return;
    }
    const bool is_idle = slots_.empty() && in_.empty() && phase_ == Phase::head && out_.empty();
    // A connection that never sent anything gets only the time of a head.
    const Duration idle_max = has_served_ ? limits_.idle_timeout : limits_.head_timeout;
    if (is_idle && now - phase_began_ > micros(idle_max)) {
        close();
    }
}

}  // namespace attacca::http
