// SPDX-License-Identifier: Apache-2.0
#include <utility>

#include "adapters/system/files.h"
#include "app/commands.h"
#include "app/local_engine.h"

namespace attacca::app {
namespace {

class LocalEmbedded final : public cli::Embedded {
  public:
    explicit LocalEmbedded(std::unique_ptr<LocalEngine> engine) : engine_(std::move(engine)) {}
    // The job that was watched has ended, or nobody wants to wait for it. What else runs here is
    // left from earlier runs: it is stopped, recorded so, and goes on with the next run.
    ~LocalEmbedded() override { engine_->stop(Duration{0}); }
    [[nodiscard]] engine::Gateway& gateway() override { return engine_->host(); }
    [[nodiscard]] bool is_healthy() const override { return engine_->is_healthy(); }

  private:
    std::unique_ptr<LocalEngine> engine_;
};

}  // namespace

Result<std::unique_ptr<cli::Embedded>> run_embedded(const std::string& data,
                                                    std::uint32_t slots,
                                                    const std::function<void()>& on_wait) {
    LocalEngineOptions options;
    options.on_lock_wait = on_wait;
    options.data = data;
    options.slots = slots;
    // A server that says where it listens holds the lock for good: the job goes there at once.
    if (system::file_exists(system::DataDir::at(data).server_file())) {
        options.lock_wait = Duration{0};
    }
    ATTACCA_TRY(std::unique_ptr<LocalEngine> engine, LocalEngine::open(options));
    return std::unique_ptr<cli::Embedded>(std::make_unique<LocalEmbedded>(std::move(engine)));
}

}  // namespace attacca::app
