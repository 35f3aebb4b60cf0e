// SPDX-License-Identifier: Apache-2.0
#include "adapters/tools/junit_xml.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>

#include "adapters/tools/xml.h"
#include "base/bytes.h"
#include "base/check.h"

namespace attacca::tools {
namespace {

std::string cut(std::string_view text, std::size_t bytes_max) {
    return std::string(text.substr(0, text.size() <= bytes_max
                                          ? text.size()
                                          : utf8_prefix(text.substr(0, bytes_max))));
}

// Seconds with a fraction, as in `1.25` or `1,034.5`, in milliseconds; 0 for anything else.
std::int64_t milliseconds_of(std::string_view text) {
    constexpr std::int64_t seconds_max = 1'000'000'000;
    std::int64_t ms = 0;
    std::int64_t scale = 0;  // of the next digit behind the point; 0 = before it
    for (const char c : text) {
        if (c == '.' && scale == 0) {
            ms *= 1000;
            scale = 100;
        } else if (c >= '0' && c <= '9' && scale == 0 && ms < seconds_max) {
            ms = ms * 10 + (c - '0');
        } else if (c >= '0' && c <= '9' && scale > 0) {
            ms += (c - '0') * scale;
            scale = scale == 1 ? -1 : scale / 10;
        } else if (c != ',' && !(c >= '0' && c <= '9' && scale < 0)) {
            return 0;
        }
    }
    return scale == 0 ? ms * 1000 : ms;
}

class JunitReader {
  public:
    explicit JunitReader(XML_Parser parser) : parser_(parser) {}

    void start(std::string_view element, const char** attributes) {
        if (refusal_) {
            return;  // a stopped parser may still tell the rest of an element
        }
        if (++depth_ > junit_depth_max) {
            refuse("it is nested too deeply");
        } else if (depth_ == 1 && element != "testsuites" && element != "testsuite") {
            refuse("it is no JUnit report: it begins with <" + quoted(element) + ">");
        } else if (element == "testsuite") {
            suites_.push_back({depth_, cut(attribute(attributes, "name"), junit_name_bytes_max)});
        } else if (element == "testcase" && !case_) {
            begin_case(attributes);
        } else if (case_) {
            note_in_case(element, attributes);
        }
    }

    void end() {
        if (refusal_) {
            return;
        }
        if (case_ && depth_ == case_depth_) {
            cases_.push_back(std::move(*case_));
            case_.reset();
        }
        is_in_verdict_ = is_in_verdict_ && depth_ != case_depth_ + 1;
        if (!suites_.empty() && suites_.back().depth == depth_) {
            suites_.pop_back();
        }
        --depth_;
    }

    void characters(std::string_view text) {
        if (is_in_verdict_ && case_ && case_->text.size() < junit_text_bytes_max) {
            case_->text += cut(text, junit_text_bytes_max - case_->text.size());
        }
    }

    void refuse(std::string why) {
        if (!refusal_) {
            refusal_ = std::move(why);
        }
        XML_StopParser(parser_, XML_FALSE);
    }

    Result<std::vector<TestCase>> take(bool is_whole) {
        if (!refusal_ && !is_whole) {
            refusal_ = std::string(XML_ErrorString(XML_GetErrorCode(parser_))) + " in line " +
                       std::to_string(XML_GetCurrentLineNumber(parser_));
        }
        if (refusal_) {
            return fail(Problem::invalid_value, *refusal_);
        }
        return std::move(cases_);
    }

  private:
    struct Suite {
        std::size_t depth;
        std::string name;
    };

    void begin_case(const char** attributes) {
        if (cases_.size() >= junit_cases_max) {
            refuse("it holds more than " + std::to_string(junit_cases_max) + " tests");
            return;
        }
        TestCase& one = case_.emplace();
        case_depth_ = depth_;
        one.suite = suites_.empty() ? std::string() : suites_.back().name;
        one.name = cut(attribute(attributes, "name"), junit_name_bytes_max);
        one.class_name = cut(attribute(attributes, "classname"), junit_name_bytes_max);
        one.duration_ms = milliseconds_of(attribute(attributes, "time"));
        const std::string_view status = attribute(attributes, "status");
        if (status == "notrun" || status == "skipped") {
            one.status = TestStatus::skipped;  // as GoogleTest tells it
        }
    }

    // The first verdict counts: a test may fail, and fail once more when it is torn down.
    void note_in_case(std::string_view element, const char** attributes) {
        if (depth_ != case_depth_ + 1 || case_->status == TestStatus::failed ||
            case_->status == TestStatus::error) {
            return;
        }
        if (element == "failure") {
            case_->status = TestStatus::failed;
        } else if (element == "error") {
            case_->status = TestStatus::error;
        } else if (element == "skipped") {
            case_->status = TestStatus::skipped;
        } else {
            return;
        }
        is_in_verdict_ = true;
        case_->message = cut(attribute(attributes, "message"), junit_text_bytes_max);
        case_->text.clear();
    }

    XML_Parser parser_;
    std::size_t depth_ = 0;
    std::vector<Suite> suites_;
    std::optional<TestCase> case_;
    std::size_t case_depth_ = 0;
    bool is_in_verdict_ = false;
    std::optional<std::string> refusal_;
    std::vector<TestCase> cases_;
};

void on_junit_start(void* reader, const char* element, const char** attributes) {
    static_cast<JunitReader*>(reader)->start(element, attributes);
}

void on_junit_end(void* reader, const char* /*element*/) {
    static_cast<JunitReader*>(reader)->end();
}

void on_junit_text(void* reader, const char* text, int length) {
    static_cast<JunitReader*>(reader)->characters({text, static_cast<std::size_t>(length)});
}

// Reports have none; whoever writes one wants entities.
void on_junit_doctype(void* reader,
                const char* /*name*/,
                const char* /*system_id*/,
                const char* /*public_id*/,
                int /*has_internal_subset*/) {
    static_cast<JunitReader*>(reader)->refuse("it has a document type");
}

}  // namespace

std::string_view name_of(TestStatus status) {
    switch (status) {
        case TestStatus::passed:
            return "passed";
        case TestStatus::failed:
            return "failed";
        case TestStatus::error:
            return "error";
        case TestStatus::skipped:
            return "skipped";
    }
    ATTACCA_CHECK(false);
}

Result<std::vector<TestCase>> read_junit_xml(std::string_view xml) {
    const Parser parser(XML_ParserCreate(nullptr));
    ATTACCA_CHECK(parser != nullptr);
    JunitReader reader(parser.get());
    XML_SetUserData(parser.get(), &reader);
    XML_SetElementHandler(parser.get(), on_junit_start, on_junit_end);
    XML_SetCharacterDataHandler(parser.get(), on_junit_text);
    XML_SetStartDoctypeDeclHandler(parser.get(), on_junit_doctype);
    bool is_good = true;
    do {
        const std::string_view piece = xml.substr(0, xml_piece_bytes);
        xml.remove_prefix(piece.size());
        is_good = XML_Parse(parser.get(), piece.data(), static_cast<int>(piece.size()),
                            xml.empty() ? XML_TRUE : XML_FALSE) == XML_STATUS_OK;
    } while (is_good && !xml.empty());
    return reader.take(is_good);
}

}  // namespace attacca::tools
