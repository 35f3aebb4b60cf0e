// SPDX-License-Identifier: Apache-2.0
#include "core/dead_letter/dead_letter.h"

#include <array>
#include <utility>

#include "core/image_json.h"

namespace attacca::core {
namespace {

constexpr std::string_view letters_prefix = "dead-letter/";

constexpr std::array<std::string_view, parked_count> parked_names = {"no", "poison", "exhausted"};
constexpr std::array<std::string_view, 3> letter_states = {"open", "replayed", "discarded"};

template <typename Enum, std::size_t size>
std::optional<Enum> named(const std::array<std::string_view, size>& names, std::string_view name) {
    for (std::size_t i = 0; i < size; ++i) {
        if (names[i] == name) {
            return static_cast<Enum>(i);
        }
    }
    return std::nullopt;
}

}  // namespace

std::string_view name_of(Parked parked) {
    return parked_names[static_cast<std::size_t>(parked)];
}

std::optional<Parked> parked_of(std::string_view name) {
    return named<Parked>(parked_names, name);
}

std::string_view name_of(DeadLetterState state) {
    return letter_states[static_cast<std::size_t>(state)];
}

std::optional<DeadLetterState> dead_letter_state_of(std::string_view name) {
    return named<DeadLetterState>(letter_states, name);
}

std::string dead_letter_prefix(std::string_view tenant) {
    return std::string(letters_prefix) + std::string(tenant) + "/";
}

std::string dead_letter_entity(std::string_view tenant, const JobId& job) {
    return dead_letter_prefix(tenant) + job.text();
}

std::optional<JobId> job_of_dead_letter(std::string_view entity, std::string_view tenant) {
    const std::string prefix = dead_letter_prefix(tenant);
    if (!entity.starts_with(prefix)) {
        return std::nullopt;
    }
    const std::string_view id = entity.substr(prefix.size());
    const auto uuid = Uuid::parse(id);
    const bool is_plain = uuid && JobId{*uuid}.text() == id;
    return is_plain ? std::optional(JobId{*uuid}) : std::nullopt;
}

bool matches(const DeadLetterFilter& filter, const DeadLetter& letter) {
    return (!filter.cause || letter.what.cause == *filter.cause) &&
           (filter.node.empty() || letter.what.node == filter.node) &&
           letter.what.name.find(filter.name) != std::string::npos;
}

bool is_closed_dead_letter(std::string_view entity, std::string_view image) {
    if (!entity.starts_with(letters_prefix)) {
        return false;
    }
    const Result<DeadLetter> letter = load_dead_letter(image);
    return letter && letter->state != DeadLetterState::open;
}

std::string image_of(const DeadLetter& letter) {
    Json out = Json::object();
    out.set("tenant", letter.tenant);
    out.set("job", letter.job.text());
    out.set("name", letter.what.name);
    out.set("cause", name_of(letter.what.cause));
    out.set("node", letter.what.node);
    if (letter.what.item) {
        out.set("item", std::int64_t{*letter.what.item});
    }
    out.set("attempts", std::int64_t{letter.what.attempts});
    out.set("parked", std::int64_t{letter.what.parked});
    out.set("at", letter.at.us);
    out.set("state", name_of(letter.state));
    if (letter.state != DeadLetterState::open) {
        out.set("closed_at", letter.closed_at.us);
        out.set("closed_by", letter.closed_by);
        out.set("reason", letter.reason);
    }
    if (letter.replay) {
        out.set("replay", letter.replay->text());
    }
    return out.text();
}

Result<DeadLetter> load_dead_letter(std::string_view image) {
    ATTACCA_TRY(const Json json, parse_json(image));
    ImageReader reader(json);
    DeadLetter out;
    out.tenant = reader.text("tenant");
    out.job = reader.job("job");
    out.what.name = reader.text("name");
    const auto cause = parked_of(reader.text("cause"));
    out.what.node = reader.text("node");
    if (reader.has("item")) {
        out.what.item = static_cast<std::uint32_t>(reader.number("item"));
    }
    out.what.attempts = static_cast<std::uint32_t>(reader.number("attempts"));
    out.what.parked = static_cast<std::uint32_t>(reader.number("parked"));
    out.at = {reader.number("at")};
    const auto state = dead_letter_state_of(reader.text("state"));
    reader.require(cause.has_value() && state.has_value());
    if (reader.is_good() && *state != DeadLetterState::open) {
        out.closed_at = {reader.number("closed_at")};
        out.closed_by = reader.text("closed_by");
        out.reason = reader.text("reason");
    }
    if (reader.has("replay")) {
        out.replay = reader.job("replay");
    }
    if (!reader.is_good()) {
        return fail(Problem::corrupt, "the image of a dead letter cannot be read");
    }
    out.what.cause = *cause;
    out.state = *state;
    return out;
}

}  // namespace attacca::core
