// SPDX-License-Identifier: Apache-2.0
#include "adapters/yaml/yaml_reader.h"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <exception>
#include <map>
#include <optional>
#include <set>
#include <sstream>
#include <string>
#include <utility>

#include "adapters/yaml/plain_scalar.h"
#include "base/bytes.h"
#include "base/check.h"

namespace attacca::yaml {
namespace {

Position position_of(const YAML::Mark& mark) {
    const auto from_one = [](int count) {
        return static_cast<std::uint32_t>(std::max(count, 0)) + 1;
    };
    return {from_one(mark.line), from_one(mark.column)};
}

// How much text an alias may repeat at the price of one value.
constexpr std::size_t bytes_of_one_value = 64;

// A value together with its place, and how many values it holds; a long text counts as several.
struct Built {
    Json json;
    Place place;
    std::size_t values = 1;
};

// Receives the events of the parser. After the first fault everything is ignored: stopping the
// library early would need an exception.
class Builder : public YAML::EventHandler {
  public:
    [[nodiscard]] bool has_failed() const { return error_.has_value(); }
    [[nodiscard]] Error& error() { return *error_; }
    [[nodiscard]] Position fault_at() const { return fault_at_; }
    [[nodiscard]] std::optional<Built>& root() { return root_; }

    void OnDocumentStart(const YAML::Mark&) override {}
    void OnDocumentEnd() override {}

    void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
        add(mark, anchor, {Json(), {position_of(mark), position_of(mark), {}}});
    }

    void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  const std::string& value) override {
        const bool is_plain = tag == "?";
        if (!is_plain && tag != "!" && tag != "tag:yaml.org,2002:str") {
            return refuse_tag(mark, tag);
        }
        if (!is_utf8(value)) {  // the library writes these two as one byte each (yaml-cpp 0.7)
            return refuse(mark, Problem::json_encoding,
                          "the escapes \\N and \\_ are not supported: write \\u0085 and \\u00A0");
        }
        if (awaits_key()) {
            return take_key(mark, value);
        }
        Built built{Json(value), {position_of(mark), position_of(mark), {}}};
        built.values += value.size() / bytes_of_one_value;
        if (is_plain) {
            auto scalar = plain_scalar(value);
            if (!scalar) {
                return refuse(mark, scalar.error().problem, scalar.error().detail);
            }
            built.json = std::move(*scalar);
        }
        add(mark, anchor, std::move(built));
    }

    void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                         YAML::EmitterStyle::value) override {
        open(mark, tag, anchor, Json::array());
    }
    void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                    YAML::EmitterStyle::value) override {
        open(mark, tag, anchor, Json::object());
    }
    void OnSequenceEnd() override { close(); }
    void OnMapEnd() override { close(); }

    void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
        const auto found = anchors_.find(anchor);
        if (found == anchors_.end()) {
            return refuse(mark, Problem::yaml_syntax, "an alias stands within its own anchor");
        }
        alias_values_ += found->second.values;
        if (alias_values_ > alias_values_max) {
            return refuse(mark, Problem::yaml_syntax, "the aliases stand for too many values");
        }
        Built copy = found->second;
        copy.place.key = position_of(mark);
        if (depth_of(copy.json) + open_.size() > json_depth_max) {
            return refuse_depth(mark);
        }
        add(mark, 0, std::move(copy));
    }

  private:
    struct Frame {
        Built built;
        YAML::anchor_t anchor = 0;
        bool has_key = false;
        std::string key = {};
        Position key_at = {};
        std::set<std::string, std::less<>> keys = {};
    };

    void refuse(const YAML::Mark& mark, Problem problem, std::string detail) {
        if (!error_) {
            error_ = fail(problem, std::move(detail));
            fault_at_ = position_of(mark);
            open_.clear();
        }
    }
    void refuse_tag(const YAML::Mark& mark, const std::string& tag) {
        refuse(mark, Problem::yaml_syntax, "the tag `" + quoted(tag) + "` is not supported");
    }
    void refuse_depth(const YAML::Mark& mark) {
        refuse(mark, Problem::json_depth,
               "nested more than " + std::to_string(json_depth_max) + " deep");
    }

    [[nodiscard]] bool awaits_key() const {
        return !open_.empty() && open_.back().built.json.is_object() && !open_.back().has_key;
    }

    void take_key(const YAML::Mark& mark, const std::string& key) {
        if (has_failed()) {
            return;
        }
        Frame& frame = open_.back();
        if (!frame.keys.insert(key).second) {
            return refuse(mark, Problem::json_duplicate_key,
                          "the key `" + quoted(key) + "` occurs twice");
        }
        frame.has_key = true;
        frame.key = key;
        frame.built.values += key.size() / bytes_of_one_value;
        frame.key_at = position_of(mark);
    }

    void open(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor, Json empty) {
        if (has_failed()) {
            return;
        }
        if (tag != "?" && tag != "!" && !tag.empty()) {
            return refuse_tag(mark, tag);
        }
        if (awaits_key()) {
            return refuse(mark, Problem::yaml_syntax, "a key must be a plain text");
        }
        if (open_.size() >= json_depth_max) {
            return refuse_depth(mark);
        }
        const Position at = position_of(mark);
        open_.push_back({{std::move(empty), {at, at, {}}}, anchor});
    }

    void close() {
        if (has_failed()) {
            return;
        }
        ATTACCA_CHECK(!open_.empty());
        Frame frame = std::move(open_.back());
        open_.pop_back();
        if (frame.anchor != 0) {
            anchors_[frame.anchor] = frame.built;
        }
        place_value(std::move(frame.built));
    }

    void add(const YAML::Mark& mark, YAML::anchor_t anchor, Built built) {
        if (has_failed()) {
            return;
        }
        if (awaits_key()) {
            return refuse(mark, Problem::yaml_syntax, "a key must be a plain text");
        }
        if (anchor != 0) {
            anchors_[anchor] = built;
        }
        place_value(std::move(built));
    }

    void place_value(Built built) {
        if (open_.empty()) {
            root_ = std::move(built);
            return;
        }
        Frame& frame = open_.back();
        frame.built.values += built.values;
        if (frame.built.json.is_object()) {
            ATTACCA_CHECK(frame.has_key);
            built.place.key = frame.key_at;
            frame.built.json.as_object().push_back({std::move(frame.key), std::move(built.json)});
            frame.has_key = false;
        } else {
            frame.built.json.push(std::move(built.json));
        }
        frame.built.place.children.push_back(std::move(built.place));
    }

    static std::size_t depth_of(const Json& json) {
        std::size_t deepest = 0;
        std::vector<std::pair<const Json*, std::size_t>> open = {{&json, 0}};
        while (!open.empty()) {
            const auto [value, depth] = open.back();
            open.pop_back();
            if (value->is_array() || value->is_object()) {
                deepest = std::max(deepest, depth + 1);
            }
            if (value->is_array()) {
                for (const Json& element : value->as_array()) {
                    open.emplace_back(&element, depth + 1);
                }
            } else if (value->is_object()) {
                for (const Json::Member& member : value->as_object()) {
                    open.emplace_back(&member.value, depth + 1);
                }
            }
        }
        return deepest;
    }

    std::vector<Frame> open_;
    std::map<YAML::anchor_t, Built> anchors_;
    std::size_t alias_values_ = 0;
    std::optional<Built> root_;
    std::optional<Error> error_;
    Position fault_at_;
};

// Control characters are not allowed in YAML, and would make the library guess another encoding.
// A carriage return alone ends a line (YAML 1.2, 5.4), but the library reads on: a comment would
// swallow what follows.
std::optional<std::size_t> control_character(std::string_view text) {
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        const bool is_alone = c == '\r' && text.substr(i + 1, 1) != "\n";
        const bool is_control = static_cast<unsigned char>(c) < 0x20U && c != '\n' && c != '\r' &&
                                c != '\t';
        if (is_alone || is_control) {
            return i;
        }
    }
    return std::nullopt;
}

Position position_at(std::string_view text, std::size_t offset) {
    const std::string_view before = text.substr(0, offset);
    const auto lines = std::count(before.begin(), before.end(), '\n');
    const std::size_t line_start = before.rfind('\n') + 1;  // npos + 1 is 0
    return {static_cast<std::uint32_t>(lines + 1),
            static_cast<std::uint32_t>(offset - line_start + 1)};
}

Result<Located> refuse_at(Position at, Error error, Position& fault_at) {
    fault_at = at;
    return error;
}

// The library takes the end of the file for the closing quote of a string when a line ends there
// (yaml-cpp 0.7); a last line that is a comment and has no end makes it notice.
std::string with_guard(std::string_view text) {
    std::string out(text);
    out += out.empty() || out.ends_with('\n') ? "#" : "\n#";
    return out;
}

// The library's own recursion is bounded by its depth guard.
Result<Located> read_documents(std::string_view text, Position& fault_at) {
    std::istringstream stream(with_guard(text));
    YAML::Parser parser(stream);
    Builder builder;
    const bool has_first = parser.HandleNextDocument(builder);
    if (builder.has_failed()) {
        return refuse_at(builder.fault_at(), std::move(builder.error()), fault_at);
    }
    Builder second;
    if (has_first && parser.HandleNextDocument(second)) {
        const Position at = second.root() ? second.root()->place.value : Position{};
        return refuse_at(at, fail(Problem::yaml_syntax, "the file holds more than one document"),
                         fault_at);
    }
    if (!builder.root()) {
        return Located{};
    }
    return Located{std::move(builder.root()->json), std::move(builder.root()->place)};
}

}  // namespace

Result<Located> parse_yaml(std::string_view text, Position& fault_at) {
    fault_at = {};
    if (text.size() > yaml_bytes_max) {
        return fail(Problem::yaml_syntax, "the file is larger than 32 MiB");
    }
    const std::size_t valid = utf8_prefix(text);
    if (valid < text.size()) {
        return refuse_at(position_at(text, valid),
                         fail(Problem::json_encoding, "the file is not valid UTF-8"), fault_at);
    }
    if (const auto at = control_character(text)) {
        return refuse_at(position_at(text, *at),
                         fail(Problem::yaml_syntax,
                              text[*at] == '\r' ? "a carriage return has no line feed behind it"
                                                : "a control character stands in the file"),
                         fault_at);
    }
    try {
        return read_documents(text, fault_at);
    } catch (const YAML::Exception& exception) {
        // The message may hold the first byte of a longer character.
        return refuse_at(position_of(exception.mark),
                         fail(Problem::yaml_syntax, quoted(exception.msg)), fault_at);
    } catch (const std::exception& exception) {
        return fail(Problem::yaml_syntax, exception.what());
    }
}

}  // namespace attacca::yaml
