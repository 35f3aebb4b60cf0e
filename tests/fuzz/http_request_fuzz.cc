// SPDX-License-Identifier: Apache-2.0
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "fuzz.h"
#include "http/framing.h"
#include "http/parser.h"

// Where one request ends and the next begins. The bytes of a connection give the same requests
// however they arrive in pieces, and a plain reader of RFC 9112 finds each of them in the same
// place: what two readers saw differently could be smuggled past one of them.

namespace attacca::http {
namespace {

struct Seen {
    std::string target;
    std::string body;
    std::size_t end = 0;  // where it ends in the connection's bytes
    friend bool operator==(const Seen&, const Seen&) = default;
};

// How far a refused connection is read before the refusal depends on the pieces: the parser waits
// for the end of a chunk extension that it could refuse. So only the requests are compared.
struct Outcome {
    std::vector<Seen> requests;
    bool is_refused = false;
};

Limits small_limits() {
    Limits limits;
    limits.head_bytes_max = 512;
    limits.fields_max = 8;
    limits.target_bytes_max = 64;
    limits.body_bytes_max = 256;
    return limits;
}

// Reads as a connection does (connection.cc), without one.
class Reader {
  public:
    void put(std::string_view bytes) {
        in_ += bytes;
        bool goes_on = true;
        while (goes_on && !outcome_.is_refused && !in_.empty()) {
            goes_on = is_in_body_ ? read_body() : read_head();
        }
    }
    [[nodiscard]] const Outcome& outcome() const { return outcome_; }

  private:
    bool read_head() {
        if (in_.starts_with("\r\n")) {
            drop(2);
            return true;
        }
        const HeadScanner::State state = scanner_.scan(in_);
        if (state != HeadScanner::State::complete) {
            outcome_.is_refused = state == HeadScanner::State::refused;
            return false;
        }
        const std::size_t size = scanner_.head_bytes();
        ATTACCA_CHECK(size <= in_.size() && size <= limits_.head_bytes_max);
        const auto request = parser_.put_head(std::string_view(in_).substr(0, size));
        if (!request) {
            return refuse();
        }
        const auto length = parser_.content_length();
        if (request->has_body && length && *length > limits_.body_bytes_max) {
            return refuse();
        }
        drop(size);
        scanner_.reset();
        target_ = request->path + (request->query.empty() ? "" : "?" + request->query);
        is_in_body_ = request->has_body;
        ATTACCA_CHECK(is_in_body_ == !parser_.is_done());
        if (!is_in_body_) {
            end_request();
        }
        return true;
    }

    bool read_body() {
        const auto taken = parser_.put_body(in_);
        if (!taken) {
            return refuse();
        }
        ATTACCA_CHECK(*taken <= in_.size());
        drop(*taken);
        if (parser_.is_done()) {
            end_request();
            is_in_body_ = false;
            return true;
        }
        return *taken > 0;
    }

    void end_request() {
        static_cast<void>(parser_.keeps_alive());
        outcome_.requests.push_back({target_, parser_.take_body(), dropped_});
        ATTACCA_CHECK(outcome_.requests.back().body.size() <= limits_.body_bytes_max);
    }

    bool refuse() {
        outcome_.is_refused = true;
        return false;
    }

    void drop(std::size_t count) {
        in_.erase(0, count);
        dropped_ += count;
    }

    const Limits limits_ = small_limits();
    HeadScanner scanner_{limits_};
    RequestParser parser_{limits_};
    std::string in_;
    std::size_t dropped_ = 0;
    bool is_in_body_ = false;
    std::string target_;
    Outcome outcome_;
};

// The same by the letter of RFC 9112, from the whole of the bytes. Nothing when a request is cut
// off or malformed.
class PlainReader {
  public:
    explicit PlainReader(std::string_view bytes) : bytes_(bytes) {}

    std::optional<Seen> next() {
        while (bytes_.substr(at_).starts_with("\r\n")) {
            at_ += 2;
        }
        const auto request_line = line();
        std::size_t length = 0;
        bool is_chunked = false;
        while (true) {
            const auto field = line();
            if (!request_line || !field) {
                return std::nullopt;
            }
            if (field->empty()) {
                break;
            }
            const std::string name = lower(field->substr(0, field->find(':')));
            const std::string value = lower(trimmed(field->substr(field->find(':') + 1)));
            is_chunked = is_chunked || (name == "transfer-encoding" && value == "chunked");
            length = name == "content-length" ? std::stoull(value) : length;
        }
        Seen seen;
        seen.target = target_in(*request_line);
        const bool is_read = is_chunked ? chunks(seen.body) : take(length, seen.body);
        seen.end = at_;
        return is_read ? std::optional(seen) : std::nullopt;
    }

  private:
    static std::string lower(std::string_view text) {
        std::string out(text);
        std::transform(out.begin(), out.end(), out.begin(), [](char c) {
            return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
        });
        return out;
    }
    static std::string_view trimmed(std::string_view text) {
        const std::size_t first = std::min(text.find_first_not_of(" \t"), text.size());
        return text.substr(first, text.find_last_not_of(" \t") - first + 1);
    }
    static std::string target_in(std::string_view line) {
        const std::size_t first = line.find(' ') + 1;
        std::string_view target = line.substr(first, line.rfind(' ') - first);
        for (const std::string_view scheme : {"http://", "https://"}) {
            if (target.starts_with(scheme)) {
                const std::size_t slash = target.find('/', scheme.size());
                target = slash == target.npos ? "/" : target.substr(slash);
            }
        }
        return std::string(target.ends_with('?') && target.find('?') == target.size() - 1
                               ? target.substr(0, target.size() - 1)
                               : target);
    }

    std::optional<std::string_view> line() {
        const std::size_t end = bytes_.find("\r\n", at_);
        if (end == bytes_.npos) {
            return std::nullopt;
        }
        const std::string_view line = bytes_.substr(at_, end - at_);
        at_ = end + 2;
        return line.find_first_of("\r\n") == line.npos ? std::optional(line) : std::nullopt;
    }
    bool take(std::size_t count, std::string& out) {
        if (count > bytes_.size() - at_) {
            return false;
        }
        out += bytes_.substr(at_, count);
        at_ += count;
        return true;
    }
    bool chunks(std::string& out) {
        while (true) {
            const auto head = line();
            const std::size_t end =
                head ? std::min(head->find_first_not_of("0123456789abcdefABCDEF"), head->size())
                     : 0;
            if (end == 0 || end > 15) {
                return false;
            }
            const std::size_t size = std::stoull(std::string(head->substr(0, end)), nullptr, 16);
            if (size == 0) {
                break;
            }
            if (!take(size, out) || line() != "") {
                return false;
            }
        }
        while (const auto trailer = line()) {
            if (trailer->empty()) {
                return true;
            }
        }
        return false;
    }

    std::string_view bytes_;
    std::size_t at_ = 0;
};

void test(std::string_view input) {
    Reader whole;
    whole.put(input);

    Reader pieces;
    fuzz::Draw sizes(input);
    std::string_view rest = input;
    while (!rest.empty()) {
        const std::string_view piece = rest.substr(0, 1 + sizes.below(16));
        rest.remove_prefix(piece.size());
        pieces.put(piece);
    }
    ATTACCA_CHECK(whole.outcome().requests == pieces.outcome().requests);

    PlainReader plain(input);
    for (const Seen& seen : whole.outcome().requests) {
        ATTACCA_CHECK(plain.next() == seen);
    }
}

}  // namespace
}  // namespace attacca::http

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    attacca::http::test(attacca::fuzz::text_of(data, size));
    return 0;
}
