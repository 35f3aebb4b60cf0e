// SPDX-License-Identifier: Apache-2.0
#include "adapters/spawner/message.h"

#include "fuzz.h"

// Messages between server and spawner: a decoded one is written with the same bytes, and one that
// was made comes back.

namespace attacca::spawner {
namespace {

void check_read(std::string_view input) {
    if (const auto request = decode_request(input)) {
        ATTACCA_CHECK(encode(*request) == input);
    }
    if (const auto ended = decode_ended(input)) {
        ATTACCA_CHECK(encode(*ended) == input);
    }
}

std::vector<std::string> draw_list(fuzz::Draw& draw) {
    std::vector<std::string> list(draw.below(8));
    for (std::string& text : list) {
        text = std::string(draw.take(draw.below(32)));
    }
    return list;
}

void check_written(std::string_view input) {
    fuzz::Draw draw(input);
    const Request spawn = SpawnRequest{draw.u64(),
                                       draw_list(draw),
                                       draw_list(draw),
                                       std::string(draw.take(draw.below(32))),
                                       std::string(draw.take(draw.below(32))),
                                       std::string(draw.take(draw.below(32))),
                                       draw.u64()};
    std::string bytes = encode(spawn);
    ATTACCA_CHECK(decode_request(bytes) == spawn);
    ATTACCA_CHECK(!decode_request(std::string_view(bytes).substr(0, bytes.size() - 1)));
    ATTACCA_CHECK(!decode_request(bytes + "x"));

    const Ended ended{draw.u64(), NotStarted{static_cast<StartStage>(draw.below(5)),
                                             static_cast<std::uint32_t>(draw.u64())}};
    ATTACCA_CHECK(decode_ended(encode(ended)) == ended);

    bytes[draw.u64() % bytes.size()] = static_cast<char>(draw.byte());
    check_read(bytes);
}

}  // namespace
}  // namespace attacca::spawner

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view input = attacca::fuzz::text_of(data, size);
    attacca::spawner::check_read(input);
    attacca::spawner::check_written(input);
    return 0;
}
