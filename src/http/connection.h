// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include "http/framing.h"
#include "http/limits.h"
#include "http/message.h"
#include "http/parser.h"
#include "http/server.h"

// The inside of the server: one Connection per client, and the Lane (a thread's worth of them).
// Only connection.cc and server.cc include this.
//
// Everything of a Connection happens on its lane's thread. Answers from other threads pass through
// the lane's inbox: the first one wakes the lane, which then takes all of them at once.

namespace attacca::http {

using Instant = std::chrono::steady_clock::time_point;

class Connection;

// A door to wait at, for stop().
class Signal {
  public:
    void notify();
    // False when the time passed first.
    bool wait(Duration length, const std::function<bool()>& holds);

  private:
    std::mutex mutex_;
    std::condition_variable condition_;
};

// What all lanes share.
struct Shared {
    Limits limits;
    Handlers handlers;
    std::atomic<std::size_t> connections{0};
    std::atomic<std::uint64_t> body_bytes{0};  // of large requests under way
    Signal none_left;                          // when the last connection goes
};

// An answer, or news of a stream, on its way to a connection.
struct Delivery {
    enum class Kind { answer, begin, data } kind = Kind::answer;
    std::weak_ptr<Connection> connection;
    std::uint64_t slot = 0;
    Response response;
    std::shared_ptr<Stream> stream;
    std::optional<std::uint64_t> length;
    std::function<Response()> make;  // instead of `response`
};

// Outlives its lane: responders hold it. After close() deliveries are dropped.
class Inbox {
  public:
    explicit Inbox(boost::asio::io_context& io) : io_(&io) {}
    void push(Delivery delivery);
    [[nodiscard]] std::vector<Delivery> take_all();
    void on_mail(std::function<void()> drain) { drain_ = std::move(drain); }
    void close();

  private:
    std::mutex mutex_;
    boost::asio::io_context* io_;  // null after close()
    std::vector<Delivery> mail_;
    std::function<void()> drain_;
};

struct Lane {
    explicit Lane(Shared& shared_by_all);
    void drain();
    void sweep();  // looks at every connection's deadlines, then arms itself again
    void begin_stop();
    void end();

    Shared& shared;
    boost::asio::io_context io{1};
    std::shared_ptr<Inbox> inbox;
    boost::asio::steady_timer timer;
    std::set<std::shared_ptr<Connection>> connections;
    std::string date;  // of the Date field, at most a tick old
    bool is_stopping = false;
    std::string scratch;  // where reads land; its content is consumed before the next read
};

class Connection : public std::enable_shared_from_this<Connection> {
  public:
    Connection(Lane& lane, boost::asio::ip::tcp::socket socket);
    ~Connection();

    void start();
    // Answers 503 at once: there are too many connections.
    void start_refusing();
    void deliver(Delivery& delivery);
    void flush();
    void check_deadlines(Instant now);
    void begin_stop();
    void close();

  private:
    enum class Phase { head, body };
    // One request under way, in the order of arrival.
    struct Slot {
        bool is_ready = false;
        bool is_head = false;  // the method: no body is sent
        bool is_safe = false;
        bool keeps_alive = true;
        bool is_version_11 = true;
        bool has_begun = false;  // the head of a streamed answer is out
        std::uint64_t body_bytes = 0;
        Response response;
        std::shared_ptr<Stream> stream;
        std::optional<std::uint64_t> length;
    };

    void wait_readable();
    void on_readable();
    void consume();
    bool consume_head();
    bool consume_body();
    bool may_begin_request() const;
    void accept_head(Request request);
    void want_body();
    void dispatch();
    Slot& open_slot(const Request& request);
    void refuse(const Error& error);
    void end_input();
    void advance();
    void write_head(Slot& slot);
    bool pump_stream(Slot& slot);
    void finish_slot();
    void wait_writable();
    void on_all_written();
    std::optional<Error> overdue(Instant now) const;
    void count_body(std::uint64_t bytes);

    Lane& lane_;
    const Limits& limits_;
    boost::asio::ip::tcp::socket socket_;
    std::shared_ptr<ResponseSink> sink_;
    std::string remote_;

    std::string in_;  // received, not consumed
    Phase phase_ = Phase::head;
    HeadScanner scanner_;
    RequestParser parser_;
    Request request_;
    std::uint64_t body_received_ = 0;
    std::uint64_t body_counted_ = 0;

    std::deque<Slot> slots_;
    std::uint64_t first_slot_ = 0;  // the number of slots_.front()
    std::string out_;
    std::size_t out_sent_ = 0;
    std::size_t out_of_stream_ = 0;  // bytes of out_ that the front stream counts as pending

    bool is_reading_ = false;
    bool is_writing_ = false;
    bool is_consuming_ = false;
    bool is_input_over_ = false;   // nothing more is taken from the peer
    bool has_peer_ended_ = false;  // the peer sends no more
    bool closes_ = false;          // after what is under way
    bool is_lingering_ = false;
    bool is_closed_ = false;
    bool has_served_ = false;
    Instant phase_began_;
    Instant last_written_;
};

// The socket can do nothing now; it says when it can.
[[nodiscard]] inline bool is_blocked(const boost::system::error_code& error) {
    return error == boost::asio::error::would_block || error == boost::asio::error::try_again;
}

}  // namespace attacca::http
