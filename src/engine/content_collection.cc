// SPDX-License-Identifier: Apache-2.0
#include "engine/content_collection.h"

#include <future>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace attacca::engine {
namespace {

constexpr std::size_t files_at_once = 1024;
// One transaction overwrites them all.
constexpr std::size_t bodies_at_once = 256;
constexpr std::uint64_t body_bytes_at_once = std::uint64_t{4} << 20U;
constexpr std::size_t bodies_listed = 1024;
constexpr std::string_view sealing_text = R"("seal":true)";
// How often it looks again at what was recorded meanwhile, before it leaves bodies for later.
constexpr int tries_max = 3;

// Holds what is pinned now fast until the end of the look.
class PinsHeld {
  public:
    explicit PinsHeld(ports::Content& content) : content_(content) { content_.begin_collection(); }
    ~PinsHeld() { content_.end_collection(); }
    PinsHeld(const PinsHeld&) = delete;
    PinsHeld& operator=(const PinsHeld&) = delete;

  private:
    ports::Content& content_;
};

}  // namespace

Result<core::ContentCollected> ContentCollection::look() {
    gone_ = {};
    const PinsHeld held(gateway_.content());  // before the ledger is read
    ++looks_;
    Marking marking(gateway_.reader(),
                    static_cast<std::uint64_t>(gateway_.clock().now().wall.us) + looks_, goes_on_);
    if (Result<void> marked = marking.run(); !marked) {
        return marked.error();
    }
    Result<void> done = collect_files(marking);
    if (done) {
        done = collect_bodies(marking);
    }
    return done ? Result<core::ContentCollected>(gone_) : done.error();
}

Result<void> ContentCollection::collect_files(const Marking& marking) {
    std::vector<ports::Content::File> unnamed;
    for (unsigned group = 0; group < ports::Content::file_groups; ++group) {
        if (!goes_on_()) {
            return fail(Problem::shutting_down, "the server stops");
        }
        ATTACCA_TRY(const std::vector<ports::Content::File> files,
                    gateway_.content().files(group));
        for (const ports::Content::File& file : files) {
            if (marking.is_needed(file.digest) || gateway_.content().is_pinned(file.digest)) {
                continue;
            }
            unnamed.push_back(file);
            if (unnamed.size() == files_at_once) {
                if (Result<void> done = remove(unnamed); !done) {
                    return done;
                }
            }
        }
    }
    return remove(unnamed);
}

// The record, and then the files. One that an attempt has left again meanwhile stays.
Result<void> ContentCollection::remove(std::vector<ports::Content::File>& files) {
    if (files.empty()) {
        return {};
    }
    core::CollectContent command;
    command.files = files.size();
    for (const ports::Content::File& file : files) {
        command.file_bytes += file.bytes;
    }
    if (Result<void> recorded = record(std::move(command)); !recorded) {
        return recorded;
    }
    for (const ports::Content::File& file : files) {
        ATTACCA_TRY(const bool is_gone, gateway_.content().remove(file.digest));
        if (is_gone) {
            ++gone_.files;
            gone_.bytes += file.bytes;
        }
    }
    files.clear();
    return {};
}

Result<void> ContentCollection::collect_bodies(Marking& marking) {
    std::vector<core::BodySize> unnamed;
    std::uint64_t bytes = 0;
    for (Sha256 after;;) {
        if (!goes_on_()) {
            return fail(Problem::shutting_down, "the server stops");
        }
        ATTACCA_TRY(const std::vector<core::BodySize> bodies,
                    gateway_.reader().bodies_after(after, bodies_listed));
        for (const core::BodySize& body : bodies) {
            if (marking.is_needed(body.digest)) {
                continue;
            }
            unnamed.push_back(body);
            bytes += body.bytes;
            if (unnamed.size() == bodies_at_once || bytes >= body_bytes_at_once) {
                bytes = 0;
                if (Result<void> done = remove(unnamed, marking); !done) {
                    return done;
                }
            }
        }
        if (bodies.size() < bodies_listed) {
            return remove(unnamed, marking);
        }
        after = bodies.back().digest;
    }
}

Result<void> ContentCollection::remove(std::vector<core::BodySize>& bodies, Marking& marking) {
    Result<void> recorded;
    for (int i = 0; i < tries_max && !bodies.empty(); ++i) {
        // What was stored since the look has its name by now.
        if (Result<void> marked = marking.run(); !marked) {
            return marked;
        }
        std::erase_if(bodies, [&marking](const core::BodySize& body) {
            return marking.is_needed(body.digest);
        });
        ATTACCA_TRY(bodies, without_sealing(bodies));
        core::CollectContent command;
        command.bodies = bodies;
        command.marked = marking.size();
        recorded = record(std::move(command));
        if (recorded || recorded.error().problem != Problem::state_conflict) {
            break;
        }
    }
    if (recorded) {
        gateway_.note_collection();
        gone_.bodies += bodies.size();
        for (const core::BodySize& body : bodies) {
            gone_.bytes += body.bytes;
        }
    }
    bodies.clear();
    return recorded;
}

// A definition that seals stays: by it alone a row tells that its job is sealed, and a sealed job
// can be erased for as long as it has a row, for the sake of copies elsewhere. Other texts with
// these letters stay as well.
Result<std::vector<core::BodySize>> ContentCollection::without_sealing(
    const std::vector<core::BodySize>& bodies) {
    std::vector<core::BodySize> others;
    for (const core::BodySize& body : bodies) {
        ATTACCA_TRY(const std::optional<std::string> text, gateway_.reader().body(body.digest));
        if (text && text->find(sealing_text) == std::string::npos) {
            others.push_back(body);
        }
    }
    return others;
}

Result<void> ContentCollection::record(core::CollectContent command) {
    auto answered = std::make_shared<std::promise<Result<void>>>();
    std::future<Result<void>> answer = answered->get_future();
    gateway_.submit(std::move(command), [answered](const core::Answer& given) {
        answered->set_value(given ? Result<void>() : Result<void>(given.error()));
    });
    return answer.get();
}

}  // namespace attacca::engine
