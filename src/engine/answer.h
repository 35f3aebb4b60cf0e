// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>

#include "core/command.h"

namespace attacca::engine {

// Called once, on a thread of the engine's (gateway.h): it must neither block nor throw.
using AnswerHandler = std::function<void(core::Answer)>;

// An answer that may go out when what it tells of is durable.
struct Answered {
    AnswerHandler handler;
    core::Answer answer;
};

}  // namespace attacca::engine
