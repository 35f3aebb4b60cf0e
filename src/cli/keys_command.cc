// SPDX-License-Identifier: Apache-2.0
#include <string>

#include "cli/client.h"
#include "cli/commands.h"
#include "cli/job_event.h"
#include "cli/text.h"

// keys list, rotate.

namespace attacca::cli {
namespace {

constexpr std::string_view keys_path = "/api/v1/evidence/keys";

// `name+id+key` is long: the id tells keys apart.
std::string id_of_vkey(const std::string& vkey) {
    const std::size_t first = vkey.find('+');
    const std::size_t second = vkey.find('+', first + 1);
    return second == std::string::npos ? vkey : vkey.substr(first + 1, second - first - 1);
}

std::string keys_table(const Json& keys, bool has_header) {
    TextTable table({"KEY", "FROM SIZE", "TO SIZE", "NOT AFTER", "SIGNS"});
    if (const Json* items = keys.find("items"); items != nullptr && items->is_array()) {
        for (const Json& item : items->as_array()) {
            const Json* is_current = item.find("is_current");
            const bool signs =
                is_current != nullptr && is_current->is_bool() && is_current->as_bool();
            table.add({printable(id_of_vkey(text_member(item, "key"))),
                       std::to_string(number_member(item, "from_size", 0)),
                       std::to_string(number_member(item, "to_size", 0)),
                       printable(text_member(item, "not_after")), signs ? "now" : "-"});
        }
    }
    return table.text(has_header) + "root " + printable(text_member(keys, "root")) + "\n";
}

}  // namespace

int keys_command(Context& context) {
    const Result<Client> client = Client::find(context);
    if (!client) {
        return context.refuse(client.error());
    }
    const bool is_rotation = context.in.command->name == "keys rotate";
    const Result<Json> answer =
        is_rotation ? client->send("POST", std::string(keys_path) + "/rotate", "")
                    : client->get(std::string(keys_path));
    if (!answer) {
        return context.refuse(answer.error());
    }
    if (!context.is_human()) {
        context.answer(*answer);
    } else if (is_rotation) {
        context.out("the server was asked to hand over: `attacca keys list` tells\n");
    } else {
        context.out(keys_table(*answer, !context.in.has("no-headers")));
    }
    return 0;
}

}  // namespace attacca::cli
