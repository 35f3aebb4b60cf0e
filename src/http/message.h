// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// What a handler sees of HTTP: a whole request, and one chance to answer it.
//
// A Responder may be kept and used from any thread; the first answer counts, later ones are
// dropped. When the last copy goes without an answer, the client gets a 500, so that no request
// can be forgotten.

namespace attacca::http {

enum class Method { get, head, post, put, patch, remove, options, trace, connect, other };

[[nodiscard]] std::string_view name_of(Method method);

struct Header {
    std::string name;  // lower case in a request
    std::string value;
};

struct Request {
    Method method = Method::get;
    std::string path;   // as sent: not decoded, not normalised
    std::string query;  // without the question mark, as sent
    std::vector<Header> headers;
    std::string body;
    std::string remote;  // the peer's address
    bool has_body = false;

    // The first field of this name (lower case), or nullptr.
    [[nodiscard]] const std::string* header(std::string_view name) const;
};

struct Response {
    int status = 200;
    std::string content_type = "application/json";  // none when empty
    std::vector<Header> headers = {};
    std::string body = {};
    std::string version = {};  // of the resource, where it has versions: part of its entity tag
    bool closes = false;  // the connection ends after this answer
};

// An answer's body that is written in pieces over time (events, logs). Safe from any thread.
//
// What is written waits in memory until the peer reads it: a producer keeps `pending()` below a
// limit of its own and goes on when `on_room` says so. The server closes a connection whose peer
// reads nothing for a while.
class Stream {
  public:
    // Adds bytes; false when the peer is gone.
    bool write(std::string_view bytes);
    // No more follows.
    void end();
    [[nodiscard]] bool is_open() const;
    // Bytes that the peer's socket has not taken yet.
    [[nodiscard]] std::size_t pending() const;
    // Called on the server's thread after bytes were taken, and when the peer is gone. Set it
    // before the first write; it must not block.
    void on_room(std::function<void()> listener);

    // --- The connection's side ---
    void on_data(std::function<void()> listener);
    // Up to `bytes_max` of what was written; they stay pending until taken() counts them out.
    [[nodiscard]] std::string take(std::size_t bytes_max);
    void taken(std::size_t bytes);
    // Everything was taken and no more follows.
    [[nodiscard]] bool is_finished() const;
    void close();

  private:
    mutable std::mutex mutex_;
    std::string queue_;
    std::size_t taken_from_ = 0;  // how much of queue_ is gone already
    std::size_t in_flight_ = 0;
    bool is_ended_ = false;
    bool is_closed_ = false;
    std::function<void()> on_room_;
    std::function<void()> on_data_;
};

// Where answers go: the connection that the request came from.
class ResponseSink {
  public:
    virtual ~ResponseSink() = default;
    virtual void answer(std::uint64_t slot, Response response) = 0;
    // `make` runs on the connection's thread.
    virtual void answer_made(std::uint64_t slot, std::function<Response()> make) = 0;
    // `length` is the body's, where it is known; otherwise the body is chunked.
    virtual void begin(std::uint64_t slot,
                       Response head,
                       std::shared_ptr<Stream> stream,
                       std::optional<std::uint64_t> length) = 0;
};

class Responder {
  public:
    Responder(std::shared_ptr<ResponseSink> sink, std::uint64_t slot);

    void send(Response response) const;
    // For an answer that takes reading: it is made on the server's thread, not on the caller's.
    void send_made(std::function<Response()> make) const;
    // Answers with `head` (its body is ignored) and returns the body's stream.
    [[nodiscard]] std::shared_ptr<Stream> stream(
        Response head, std::optional<std::uint64_t> length = std::nullopt) const;

  private:
    struct State;
    std::shared_ptr<State> state_;
};

}  // namespace attacca::http
