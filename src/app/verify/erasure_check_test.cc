// SPDX-License-Identifier: Apache-2.0
#include "app/verify/erasure_check.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "adapters/system/files.h"
#include "adapters/system/temporary_directory_for_test.h"

namespace attacca::verify {
namespace {

const core::JobId sealed_job{uuid_v7({1'000}, 1, 1)};

class ErasureCheckTest : public testing::Test {
  protected:
    void tell(core::Payload payload, const std::string& tenant = "default") {
        core::StoredRecord stored;
        if (std::holds_alternative<core::JobCreated>(payload)) {
            stored.record.entity.job = sealed_job;
        }
        stored.record.tenant = tenant;
        stored.record.payload = std::move(payload);
        stored.place.gseq = told_++;
        check_.check(stored);
    }
    void finish() { check_.finish(directory_.path()); }
    static core::JobCreated created() {
        core::JobCreated created;
        created.seal = sealed_job;
        return created;
    }

    system::TemporaryDirectory directory_;
    std::vector<std::string> found_;
    std::uint64_t told_ = 0;
    ErasureCheck check_{directory_.path() + "/sealed",
                        [this](core::Fault fault, std::optional<std::uint64_t> gseq, std::string) {
                            found_.push_back(std::string(core::code_of(fault)) + " " +
                                             std::to_string(gseq.value()));
                        }};
};

TEST_F(ErasureCheckTest, AnErasureUnderHoldIsAFault) {
    tell(core::HoldPlaced{std::nullopt, "M", "c"}, "other");
    tell(core::Erased{sealed_job, "u", "r"});
    tell(core::HoldPlaced{sealed_job, "M", "c"});
    tell(core::HoldPlaced{std::nullopt, "N", "c"});
    tell(core::HoldReleased{sealed_job, "M", "c"});
    tell(core::Erased{sealed_job, "u", "r"});
    tell(core::HoldReleased{std::nullopt, "N", "c"});
    tell(core::Erased{sealed_job, "u", "r"});
    EXPECT_EQ(found_, std::vector<std::string>{"E_HOLD 5"});
    EXPECT_EQ(check_.erased(), 3U);
}

TEST_F(ErasureCheckTest, AKeyThatIsGoneNeedsARecord) {
    tell(created());
    finish();
    EXPECT_TRUE(found_.empty());  // a copy without keys
    ASSERT_TRUE(system::make_directory(directory_.path() + "/sealed"));
    finish();
    EXPECT_EQ(found_, std::vector<std::string>{"E_MISSING 0"});
    tell(core::Erased{sealed_job, "u", "r"});
    finish();
    EXPECT_EQ(found_.size(), 1U);
}

TEST_F(ErasureCheckTest, AKeyThatIsThereIsNoFault) {
    ASSERT_TRUE(system::make_directory(directory_.path() + "/sealed"));
    ASSERT_TRUE(system::write_file(
        directory_.path() + "/sealed/" + sealed_job.text() + ".seal", "key"));
    tell(created());
    finish();
    EXPECT_TRUE(found_.empty());
}

}  // namespace
}  // namespace attacca::verify
