// SPDX-License-Identifier: Apache-2.0
#include "http/stored_file.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>

#include "base/digest.h"
#include "engine/unsealing.h"
#include "http/conditions.h"
#include "http/content_source.h"

namespace attacca::http {
namespace {

// Up to here a file is one answer; beyond, it goes out in pieces.
constexpr std::uint64_t whole_bytes_max = 256 * 1024;
constexpr std::uint64_t hashed_at_once = 1024 * 1024;

// Errors: corrupt, when the file is not what its name says; not_found, io_error.
Result<void> check_whole(const ports::Content& content, const StoredFile& file) {
    if (file.bytes == 0) {
        return {};
    }
    Sha256Stream stream;
    for (std::uint64_t offset = 0; offset < file.bytes;) {
        Result<std::string> piece = content.read(
            file.digest, offset, std::min<std::uint64_t>(hashed_at_once, file.bytes - offset));
        if (!piece) {
            return piece.error();
        }
        if (piece->empty()) {
            return fail(Problem::corrupt, "the file " + hex(file.digest) + " is cut short");
        }
        stream.update(*piece);
        offset += piece->size();
    }
    ATTACCA_TRY(const std::uint64_t size, content.size(file.digest));
    if (stream.finish() != file.digest || size != file.bytes) {
        return fail(Problem::corrupt, "the file " + hex(file.digest) + " was changed");
    }
    return {};
}

// A range of something else than the client has seen is of no use to it (RFC 9110, 13.1.5).
bool wants_whole(const Request& request, const std::string& tag) {
    const std::string* condition = request.header("if-range");
    return condition != nullptr && *condition != tag;
}

// Of a sealed job: the whole file is opened at once, so its answer is of one piece.
void send_opened(Api& api, const Call& call, StoredFile file, const std::string& tag) {
    Result<std::string> bytes = engine::opened_file(api.gateway.content(), api.gateway.seal_keys(),
                                                    file.digest, file.bytes);
    if (!bytes) {
        call.reply.refuse(bytes.error());
        return;
    }
    ByteRange range{0, bytes->size()};
    Request plain;  // without a range
    Result<Response> head =
        part_head(wants_whole(call.request, tag) ? plain : call.request, file.content_type,
                  bytes->size(), range);
    if (!head) {
        refuse_range(call, head.error(), bytes->size());
        return;
    }
    head->headers.push_back({"ETag", tag});
    for (Header& header : file.headers) {
        head->headers.push_back(std::move(header));
    }
    head->body = bytes->substr(range.offset, range.length);
    call.reply.send(std::move(*head));
}

}  // namespace

Result<Response> part_head(const Request& request, std::string_view content_type,
                           std::uint64_t size, ByteRange& range) {
    Response head;
    head.content_type = content_type;
    head.headers.push_back({"Accept-Ranges", "bytes"});
    const std::string* field = request.header("range");
    ATTACCA_TRY(const std::optional<ByteRange> part,
                field == nullptr ? Result<std::optional<ByteRange>>(std::optional<ByteRange>())
                                 : parse_range(*field, size));
    range = part.value_or(ByteRange{0, size});
    if (part) {
        head.status = 206;
        head.headers.push_back({"Content-Range", content_range(*part, size)});
    }
    return head;
}

void refuse_range(const Call& call, const Error& error, std::uint64_t size) {
    Response response = problem_response(error, call.reply.ids());
    response.headers.push_back({"Content-Range", "bytes */" + std::to_string(size)});
    call.reply.send(std::move(response));
}

void send_stored(Api& api, const Call& call, StoredFile file) {
    const std::string tag = "\"" + hex(file.digest) + "\"";
    if (file.is_sealed) {
        send_opened(api, call, std::move(file), tag);
        return;
    }
    const std::string* known = call.request.header("if-none-match");
    if (known != nullptr && names_tag(*known, tag)) {
        Response unchanged;
        unchanged.status = 304;
        unchanged.content_type.clear();
        unchanged.headers.push_back({"ETag", tag});
        call.reply.send(std::move(unchanged));
        return;
    }
    ByteRange range{0, file.bytes};
    Request plain;  // without a range
    Result<Response> head =
        part_head(wants_whole(call.request, tag) ? plain : call.request, file.content_type,
                  file.bytes, range);
    if (!head) {
        refuse_range(call, head.error(), file.bytes);
        return;
    }
    const ports::Content& content = api.gateway.content();
    if (Result<void> checked = check_whole(content, file); !checked) {
        call.reply.refuse(checked.error());
        return;
    }
    head->headers.push_back({"ETag", tag});
    for (Header& header : file.headers) {
        head->headers.push_back(std::move(header));
    }
    if (range.length <= whole_bytes_max) {
        Result<std::string> bytes = range.length == 0
                                        ? Result<std::string>(std::string())
                                        : content.read(file.digest, range.offset, range.length);
        if (!bytes) {
            call.reply.refuse(bytes.error());
            return;
        }
        head->body = std::move(*bytes);
        call.reply.send(std::move(*head));
        return;
    }
    const std::shared_ptr<Stream> stream = call.reply.stream(std::move(*head), range.length);
    auto source = std::make_shared<ContentSource>(
        content, ContentSource::Part{file.digest, range.offset, range.length}, stream);
    stream->on_room([&api, weak = std::weak_ptr<ContentSource>(source)] {
        if (const std::shared_ptr<ContentSource> alive = weak.lock()) {
            api.pump.wake(*alive);
        }
    });
    api.pump.add(std::move(source));
}

}  // namespace attacca::http
