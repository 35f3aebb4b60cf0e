// SPDX-License-Identifier: Apache-2.0
#include <memory>
#include <utility>

#include "adapters/sqlite/sqlite_reader.h"
#include "adapters/system/data_dir.h"
#include "adapters/system/file_content.h"
#include "adapters/system/seal_key_files.h"
#include "app/commands.h"
#include "app/verify/verify_directory.h"
#include "engine/unsealing.h"

namespace attacca::app {
namespace {

class StoredDirectory final : public cli::Stored {
  public:
    StoredDirectory(system::DataDir directory,
                    std::unique_ptr<sqlite::SqliteReader> reader,
                    std::unique_ptr<system::FileContent> content)
        : directory_(std::move(directory)),
          reader_(std::move(reader)),
          content_(std::move(content)),
          seal_keys_(directory_.seals()),
          opening_(*reader_, &seal_keys_) {}
    [[nodiscard]] ports::StoreReader& reader() override { return *reader_; }
    [[nodiscard]] ports::StoreReader& opening_reader() override { return opening_; }
    [[nodiscard]] ports::SealKeys* seal_keys() override { return &seal_keys_; }
    [[nodiscard]] ports::Content& content() override { return *content_; }
    [[nodiscard]] Result<core::NoteKey> key() override {
        return verify::load_verifier_key(directory_);
    }

  private:
    system::DataDir directory_;
    std::unique_ptr<sqlite::SqliteReader> reader_;
    std::unique_ptr<system::FileContent> content_;
    system::SealKeyFiles seal_keys_;
    engine::UnsealingReader opening_;
};

}  // namespace

Result<std::unique_ptr<cli::Stored>> open_stored(const std::string& data) {
    const system::DataDir directory = system::DataDir::at(data);
    ATTACCA_TRY(auto reader, sqlite::open_read_only(directory.root()));
    return std::unique_ptr<cli::Stored>(std::make_unique<StoredDirectory>(
        directory, std::move(reader), system::FileContent::at(directory.cas())));
}

}  // namespace attacca::app
