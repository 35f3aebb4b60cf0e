// SPDX-License-Identifier: Apache-2.0
#include "adapters/tools/nmap_xml.h"

#include <algorithm>
#include <initializer_list>
#include <memory>
#include <optional>
#include <utility>

#include "adapters/tools/xml.h"
#include "base/bytes.h"
#include "base/check.h"

namespace attacca::tools {
namespace {

// Collects what the parser sees. The elements that matter stand in known places, so the path from
// the root tells them from others of the same name, such as <hosthint><address/></hosthint>.
class NmapReader {
  public:
    explicit NmapReader(XML_Parser parser) : parser_(parser) {}

    void start(std::string_view element, const char** attributes) {
        if (refusal_) {
            return;  // a stopped parser may still tell the rest of an element
        }
        if (path_.size() >= xml_depth_max) {
            refuse("it is nested too deeply");
            return;
        }
        for (const char** each = attributes; *each != nullptr; ++each) {
            if (std::string_view(*each).size() > xml_text_bytes_max) {
                refuse("an attribute is too long");
                return;
            }
        }
        if (path_.empty() && element != "nmaprun") {
            refuse("it is not a result of nmap");
            return;
        }
        path_.emplace_back(element);
        note(attributes);
    }

    void end() {
        if (refusal_) {
            return;
        }
        if (is_at({"nmaprun", "host"}) && host_) {
            flush_host();
        } else if (is_at({"nmaprun", "host", "ports", "port"})) {
            if (is_open_ && host_) {
                host_->open.push_back(std::move(service_));
            }
            service_ = {};
            is_open_ = false;
        }
        path_.pop_back();
        is_closed_ = path_.empty();
    }

    void refuse(std::string why) {
        if (!refusal_) {
            refusal_ = std::move(why);
        }
        XML_StopParser(parser_, XML_FALSE);
    }

    Result<NmapResult> take() {
        if (refusal_) {
            return fail(Problem::invalid_value, "the XML cannot be read: " + *refusal_);
        }
        if (host_) {
            flush_host();  // the document broke off inside it
        }
        result_.is_finished = is_closed_ && is_success_;
        return std::move(result_);
    }

  private:
    [[nodiscard]] bool is_at(std::initializer_list<std::string_view> path) const {
        return std::equal(path_.begin(), path_.end(), path.begin(), path.end());
    }

    void note(const char** attributes) {
        if (is_at({"nmaprun", "host"})) {
            host_ = NmapHost{};
            host_->is_timed_out = attribute(attributes, "timedout") == "true";
        } else if (is_at({"nmaprun", "runstats", "finished"})) {
            is_success_ = attribute(attributes, "exit") == "success";
            result_.error_message = attribute(attributes, "errormsg");
        } else if (is_at({"nmaprun", "runstats", "hosts"})) {
            result_.hosts_total = parse_u64(attribute(attributes, "total")).value_or(0);
        } else if (host_) {
            note_in_host(attributes);
        }
    }

    void note_in_host(const char** attributes) {
        if (is_at({"nmaprun", "host", "status"})) {
            host_->state = attribute(attributes, "state");
        } else if (is_at({"nmaprun", "host", "address"})) {
            // The first one counts: what comes later could take a host away that was told already.
            if (host_->address.empty() && attribute(attributes, "addrtype").starts_with("ipv")) {
                host_->address = attribute(attributes, "addr");
            }
        } else if (is_at({"nmaprun", "host", "hostnames", "hostname"})) {
            host_->names.emplace_back(attribute(attributes, "name"));
        } else if (is_at({"nmaprun", "host", "ports", "port"})) {
            service_.protocol = attribute(attributes, "protocol");
            const std::uint64_t port = parse_u64(attribute(attributes, "portid")).value_or(0);
            service_.port = port <= 65535 ? static_cast<std::uint32_t>(port) : 0;
        } else if (is_at({"nmaprun", "host", "ports", "port", "state"})) {
            is_open_ = attribute(attributes, "state") == "open";
        } else if (is_at({"nmaprun", "host", "ports", "port", "service"})) {
            service_.name = attribute(attributes, "name");
            service_.has_tls = attribute(attributes, "tunnel") == "ssl";
            service_.product = attribute(attributes, "product");
            service_.version = attribute(attributes, "version");
        }
    }

    void flush_host() {
        if (!host_->address.empty()) {
            result_.hosts.push_back(std::move(*host_));
        }
        host_.reset();
    }

    XML_Parser parser_;
    std::vector<std::string> path_;
    std::optional<NmapHost> host_;
    NmapService service_;
    bool is_open_ = false;
    bool is_success_ = false;
    bool is_closed_ = false;
    std::optional<std::string> refusal_;
    NmapResult result_;
};

void on_nmap_start(void* reader, const char* element, const char** attributes) {
    static_cast<NmapReader*>(reader)->start(element, attributes);
}

void on_nmap_end(void* reader, const char* /*element*/) {
    static_cast<NmapReader*>(reader)->end();
}

// nmap writes `<!DOCTYPE nmaprun>` and declares nothing: a declaration is an attack.
void on_nmap_doctype(void* reader,
                const char* /*name*/,
                const char* system_id,
                const char* /*public_id*/,
                int has_internal_subset) {
    if (has_internal_subset != 0 || system_id != nullptr) {
        static_cast<NmapReader*>(reader)->refuse("it has declarations of its own");
    }
}

}  // namespace

Result<NmapResult> read_nmap_xml(std::string_view xml) {
    const Parser parser(XML_ParserCreate("UTF-8"));
    ATTACCA_CHECK(parser != nullptr);
    NmapReader reader(parser.get());
    XML_SetUserData(parser.get(), &reader);
    XML_SetElementHandler(parser.get(), on_nmap_start, on_nmap_end);
    XML_SetStartDoctypeDeclHandler(parser.get(), on_nmap_doctype);
    bool is_good = true;
    while (is_good) {
        const std::string_view piece = xml.substr(0, xml_piece_bytes);
        xml.remove_prefix(piece.size());
        // Only the final piece makes the parser tell all that it holds back; that it then complains
        // about a document without an end is expected here.
        is_good = XML_Parse(parser.get(), piece.data(), static_cast<int>(piece.size()),
                            xml.empty() ? XML_TRUE : XML_FALSE) == XML_STATUS_OK &&
                  !xml.empty();
    }
    return reader.take();
}

}  // namespace attacca::tools
