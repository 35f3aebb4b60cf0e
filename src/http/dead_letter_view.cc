// SPDX-License-Identifier: Apache-2.0
#include "http/dead_letter_view.h"

#include <memory>
#include <span>
#include <utility>
#include <variant>

#include "core/graph/input.h"

namespace attacca::http {
namespace {

constexpr std::string_view letter_keys[] = {"cause", "node", "name", "limit", "dry_run", "reason"};
constexpr std::size_t keys_without_reason = 5;
constexpr std::string_view letter_causes[] = {"poison", "exhausted"};

bool read_letter_request(const core::Input& input, LetterRequest& out, core::Faults& faults) {
    if (const auto cause = input.member("cause")) {
        std::size_t choice = 0;
        if (!core::read_choice(*cause, letter_causes, choice, faults)) {
            return false;
        }
        out.filter.cause = core::parked_of(letter_causes[choice]);
    }
    const auto text = [&](std::string_view key, std::string& into) {
        const auto value = input.member(key);
        return !value || core::read_text(*value, into, faults);
    };
    const auto limit = input.member("limit");
    std::int64_t count = out.limit;
    if (!text("node", out.filter.node) || !text("name", out.filter.name) ||
        !text("reason", out.reason) ||
        (limit && !core::read_integer(*limit, {1, letters_at_once}, count, faults))) {
        return false;
    }
    out.limit = static_cast<std::uint32_t>(count);
    const auto dry_run = input.member("dry_run");
    return !dry_run || core::read_bool(*dry_run, out.is_dry_run, faults);
}

}  // namespace

Json letter_json(const core::DeadLetter& letter) {
    Json out = Json::object();
    out.set("id", letter.job.text());
    out.set("state", core::name_of(letter.state));
    out.set("cause", core::name_of(letter.what.cause));
    out.set("name", letter.what.name);
    out.set("node", letter.what.node);
    if (letter.what.item) {
        out.set("item", std::int64_t{*letter.what.item});
    }
    out.set("attempts", std::int64_t{letter.what.attempts});
    out.set("parked", std::int64_t{letter.what.parked});
    out.set("since", rfc3339_ms(letter.at));
    if (letter.state != core::DeadLetterState::open) {
        out.set("closed_at", rfc3339_ms(letter.closed_at));
        out.set("closed_by", letter.closed_by);
    }
    if (letter.replay) {
        out.set("replayed_as", letter.replay->text());
    }
    if (!letter.reason.empty()) {
        out.set("reason", letter.reason);
    }
    return out;
}

Result<core::DeadLetter> find_letter(const Api& api, const std::string& tenant,
                                     std::string_view id) {
    const auto uuid = Uuid::parse(id);
    std::optional<ports::EntityHead> head;
    if (uuid) {
        ATTACCA_TRY(head, api.gateway.reader().entity(
                              core::dead_letter_entity(tenant, core::JobId{*uuid})));
    }
    if (!head || head->tenant != tenant) {
        return fail(Problem::not_found, "the job has no dead letter");
    }
    return core::load_dead_letter(head->image);
}

Error closed_letter(const core::DeadLetter& letter) {
    std::string why = "the dead letter was " + std::string(core::name_of(letter.state));
    why += letter.replay ? " as job " + letter.replay->text() : "";
    return fail(Problem::state_conflict, why + " by " + letter.closed_by);
}

void refuse_letter(const std::shared_ptr<Api>& api, const Reply& reply, const std::string& tenant,
                   const std::optional<core::JobId>& letter) {
    if (!letter) {
        reply.refuse(fail(Problem::changed_meanwhile,
                          "somebody else closed some of these dead letters; ask again"));
        return;
    }
    reply.send_made([api, reply, tenant, letter = *letter] {
        const Result<core::DeadLetter> found = find_letter(*api, tenant, letter.text());
        return reply.response_of(200, found ? closed_letter(*found) : found.error());
    });
}

Result<LetterRequest> parse_letter_request(std::string_view body, bool has_reason) {
    LetterRequest out;
    if (body.empty()) {
        return out;
    }
    ATTACCA_TRY(const Json json, parse_json(body));
    core::Faults faults;
    const core::Input input(json, "");
    const std::span<const std::string_view> keys(letter_keys);
    const core::Keys known{has_reason ? keys : keys.first(keys_without_reason)};
    if (!core::check_object(input, faults) || !core::check_keys(input, known, faults) ||
        !read_letter_request(input, out, faults)) {
        return faults.take();
    }
    return out;
}

Result<std::string> parse_reason(std::string_view body) {
    std::string reason;
    if (body.empty()) {
        return reason;
    }
    ATTACCA_TRY(const Json json, parse_json(body));
    core::Faults faults;
    const core::Input input(json, "");
    const core::Keys known{std::span<const std::string_view>(letter_keys).last(1)};
    if (!core::check_object(input, faults) || !core::check_keys(input, known, faults)) {
        return faults.take();
    }
    const auto text = input.member("reason");
    if (text && !core::read_text(*text, reason, faults)) {
        return faults.take();
    }
    return reason;
}

void read_letters(Api& api, const Reply& reply, core::ReadDeadLetters command,
                  const std::function<void(const core::DeadLetterPage&)>& then) {
    api.gateway.submit(std::move(command), [kept = api.shared_from_this(), reply,
                                            then](const core::Answer& given) {
        if (!given) {
            reply.refuse(given.error());
            return;
        }
        const auto page =
            std::make_shared<core::DeadLetterPage>(std::get<core::DeadLetterPage>(*given));
        if (!kept->pool.run([then, page] { then(*page); })) {
            reply.refuse(fail(Problem::overloaded, {}));
        }
    });
}

std::string letters_text(const core::DeadLetterPage& page) {
    Json items = Json::array();
    for (const core::DeadLetter& letter : page.letters) {
        items.push(letter_json(letter));
    }
    Json out = Json::object();
    out.set("items", std::move(items));
    if (page.has_more) {
        out.set("next_after", page.letters.back().job.text());
    }
    return out.text();
}

}  // namespace attacca::http
