// SPDX-License-Identifier: Apache-2.0
#include "http/api.h"

#include <utility>

namespace attacca::http {
namespace {

constexpr std::size_t pool_threads = 2;
constexpr std::size_t pool_waiting_max = 512;

}  // namespace

Api::Api(engine::Gateway& to, std::shared_ptr<Observer> observed_by, Options given)
    : gateway(to),
      observer(std::move(observed_by)),
      options(std::move(given)),
      definitions(to.reader(), DefinitionCache::nodes_held_max, [&to] { return to.collections(); }),
      jobs(to.opening_reader(), definitions),
      tenants(to.reader()),
      batches(to.reader()),
      ends(std::make_shared<EndWatch>(batches, [this] { return ledger_size.load(); })),
      pool(pool_threads, pool_waiting_max),
      started_at(to.clock().now().mono) {
    pump.add(ends);
    listener_ = gateway.add_listener([this](std::uint64_t size) { note_size(size); });
    note_size(gateway.status().ledger_size);
}

// The first size may be older than the listener's: sizes only grow.
void Api::note_size(std::uint64_t size) {
    std::uint64_t known = ledger_size.load();
    while (known < size && !ledger_size.compare_exchange_weak(known, size)) {
    }
    pump.commit();
}

Api::~Api() {
    stop();
}

void Api::stop() {
    if (std::exchange(is_stopped_, true)) {
        return;
    }
    gateway.remove_listener(listener_);
    pool.stop();
    pump.stop();
    // Whoever waits still keeps this object alive; the last step lets go of all.
    ends->end_all();
    static_cast<void>(ends->step());
}

}  // namespace attacca::http
