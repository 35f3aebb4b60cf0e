// SPDX-License-Identifier: Apache-2.0
#include "core/graph/pipeline.h"

#include "adapters/yaml/yaml_reader.h"
#include "base/bytes.h"
#include "fuzz.h"

// Pipeline files, from the text of a person to a definition. An accepted one is stored and loaded
// again; each fault of a refused one has a place in the file.

namespace attacca::core {
namespace {

void test(std::string_view input) {
    yaml::Position fault_at;
    const auto file = yaml::parse_yaml(input, fault_at);
    if (!file) {
        return;
    }
    const auto pipeline = parse_pipeline(file->json);
    if (!pipeline) {
        ATTACCA_CHECK(class_of(pipeline.error().problem) != ErrorClass::internal);
        ATTACCA_CHECK(is_utf8(pipeline.error().detail));
        for (const FieldError& field : pipeline.error().fields) {
            ATTACCA_CHECK(file->find(field.pointer, yaml::Part::value).line >= 1);
        }
        return;
    }
    ATTACCA_CHECK(is_pipeline_name(pipeline->name));
    const auto loaded = load_definition(pipeline->definition.body);
    ATTACCA_CHECK(loaded.has_value());
    ATTACCA_CHECK(loaded->digest == pipeline->definition.digest);
    ATTACCA_CHECK(loaded->nodes.size() == pipeline->definition.nodes.size());
}

}  // namespace
}  // namespace attacca::core

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    attacca::core::test(attacca::fuzz::text_of(data, size));
    return 0;
}
