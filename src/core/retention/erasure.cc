// SPDX-License-Identifier: Apache-2.0
#include "core/retention/erasure.h"

#include <utility>

#include "core/image_json.h"

namespace attacca::core {

std::string erasure_entity(const JobId& job) { return std::string(erasure_prefix) + job.text(); }

std::string image_of(const Erasure& erasure) {
    Json out = Json::object();
    if (erasure.erased_at) {
        out.set("by", erasure.by);
        out.set("erased_at", erasure.erased_at->us);
        out.set("reason", erasure.reason);
    }
    out.set("refused", std::int64_t{erasure.refused});
    return out.text();
}

Result<Erasure> load_erasure(std::string_view image) {
    ATTACCA_TRY(const Json json, parse_json(image));
    ImageReader reader(json);
    Erasure out;
    out.refused = static_cast<std::uint32_t>(reader.number("refused"));
    if (json.find("erased_at") != nullptr) {
        out.erased_at = WallTime{reader.number("erased_at")};
        out.by = reader.text("by");
        out.reason = reader.text("reason");
    }
    if (!reader.is_good()) {
        return fail(Problem::corrupt, "the image of an erasure cannot be read");
    }
    return out;
}

}  // namespace attacca::core
