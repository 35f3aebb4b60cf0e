// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "core/ledger/codec.h"
#include "core/ledger/hash.h"
#include "core/ledger/profile.h"

namespace attacca::core {
namespace {

const LedgerName golden_ledger{"evidence.example/ledger/1", "node-1"};

constexpr WallTime golden_start{1'767'225'600'000'000};  // 2026-01-01T00:00:00Z

Place place_of(std::uint64_t gseq, std::uint64_t eseq, const Sha256& prev) {
    Place place{gseq, eseq, prev, {}};
    place.nonce.fill(static_cast<std::uint8_t>(gseq));
    return place;
}

// The golden vector of the ledger's specification, 4.1: nobody may change these bytes.
TEST(Encode, WritesTheGoldenRecords) {
    const Sha256 genesis_a = genesis_hash(golden_ledger.origin, "acme", "job/A");
    const Sha256 genesis_b = genesis_hash(golden_ledger.origin, "acme", "job/B");
    std::string r0;
    append_envelope(r0, {"session_created", "job/A", "acme", "svc:engine", golden_start}, "{}",
                    place_of(0, 0, genesis_a), golden_ledger);
    std::string r1;
    append_envelope(r1,
                    {"session_created", "job/B", "acme", "svc:engine", golden_start + seconds(1)},
                    "{}", place_of(1, 0, genesis_b), golden_ledger);
    std::string r2;
    append_envelope(r2, {"job_started", "job/A", "acme", "svc:engine", golden_start + seconds(2)},
                    R"({"attempt":1})", place_of(2, 1, leaf_hash(r0)), golden_ledger);
    EXPECT_EQ(
        r0,
        R"({"@":"attacca-evidence/1","act":"svc:engine","ent":"job/A","eseq":0,"gseq":0,)"
        R"("n":"AAAAAAAAAAAAAAAAAAAAAA==","org":"evidence.example/ledger/1","p":{},)"
        R"("prev":"rYKdgX4NbE5W8gIFq+TqH4Ev2cj/FqhPQ3Hq+1RLuY8=","res":"ok","src":"node-1",)"
        R"("t":"2026-01-01T00:00:00.000000Z","ten":"acme","tgt":"job/A","typ":"session_created"})");
    EXPECT_EQ(
        r1,
        R"({"@":"attacca-evidence/1","act":"svc:engine","ent":"job/B","eseq":0,"gseq":1,)"
        R"("n":"AQEBAQEBAQEBAQEBAQEBAQ==","org":"evidence.example/ledger/1","p":{},)"
        R"("prev":"nQmW+tvfbq+MJf3XLdTjIfbsq1lUxNkp55a8ezLqSng=","res":"ok","src":"node-1",)"
        R"("t":"2026-01-01T00:00:01.000000Z","ten":"acme","tgt":"job/B","typ":"session_created"})");
    EXPECT_EQ(
        r2, R"({"@":"attacca-evidence/1","act":"svc:engine","ent":"job/A","eseq":1,"gseq":2,)"
            R"("n":"AgICAgICAgICAgICAgICAg==","org":"evidence.example/ledger/1","p":{"attempt":1},)"
            R"("prev":"9A9xuYK6F63GWiPmE2sT6/Qk5yOmnO15T55aNC20KAw=","res":"ok","src":"node-1",)"
            R"("t":"2026-01-01T00:00:02.000000Z","ten":"acme","tgt":"job/A","typ":"job_started"})");
    EXPECT_EQ(hex(leaf_hash(r0)),
              "f40f71b982ba17adc65a23e6136b13ebf424e723a69ced794f9e5a342db4280c");
    EXPECT_EQ(hex(leaf_hash(r1)),
              "03045799d6532697b48a12cb120d52f56cd0529c8088ed9098fe4d05d6d2f695");
    EXPECT_EQ(hex(leaf_hash(r2)),
              "a1e54adb010e305e07b27af2d63f4888413d5e917fe62c1c4764cfc30b4321b1");
}

std::string payload_of(const Payload& payload) {
    std::string out;
    encode_record(out, {{{}, "ledger"}, "acme", "svc:engine", {0}, payload}, {}, golden_ledger);
    const Result<RecordHeader> header = read_header(out);
    EXPECT_TRUE(header) << out;
    return std::string(header->payload);
}

Sha256 digest_of(std::uint8_t byte) {
    Sha256 digest;
    digest.bytes.fill(byte);
    return digest;
}
const JobId some_job{*Uuid::parse("017f22e2-79b0-7cc3-98c4-dc0c0c07398f")};

TEST(Encode, WritesTheSettingsOfATenant) {
    EXPECT_EQ(payload_of(TenantSet{}), R"({"weight":1000})");
    TenantSettings all;
    all.weight = 7;
    all.max_concurrency = 4;
    all.max_queued = 5;
    all.rate_limit = RateLimit{100, 60000, 20};
    all.start_rate = RateLimit{1, 1000, 1};
    all.jobs_per_day = 8;
    all.slot_seconds_per_day = 9;
    EXPECT_EQ(payload_of(TenantSet{all}),
              R"({"jobs_per_day":8,"max_concurrency":4,"max_queued":5,)"
              R"("rate_limit":{"burst":20,"count":100,"per_ms":60000},"slot_seconds_per_day":9,)"
              R"("start_rate":{"burst":1,"count":1,"per_ms":1000},"weight":7})");
}

TEST(Encode, WritesTheLedgersOwnRecords) {
    EXPECT_EQ(payload_of(LedgerStarted{"1.2", 0, "", 60}),
              R"({"size":0,"tick_s":60,"version":"1.2"})");
    EXPECT_EQ(payload_of(LedgerTick{}), "{}");
    EXPECT_EQ(payload_of(LedgerTick{"clock"}), R"({"why":"clock"})");
    const std::string zeros(64, '0');
    EXPECT_EQ(payload_of(LedgerRestored{"ops", "a.example/x", 5, {}, 9, {}, "disk lost"}),
              R"({"by":"ops","former":"a.example/x","kept_root":")" + zeros +
                  R"(","kept_size":5,"lost_root":")" + zeros +
                  R"(","lost_size":9,"reason":"disk lost"})");
    EXPECT_EQ(payload_of(ContentCollected{2, 300, 1}), R"({"bodies":2,"bytes":300,"files":1})");
}

// The other golden bytes: every member of every type once. A change here is a change of format.
TEST(Encode, WritesEachTypeAsTheFormatSays) {
    const std::string hex_11(64, '1');
    const std::string hex_22(64, '2');
    const std::string hex_33(64, '3');
    JobCreated created{
        digest_of(0x11), "scan \"all\"", Priority::high, {"{}", {}}, {}, {}, {}, {}, 1, {}};
    EXPECT_EQ(payload_of(created), R"({"definition":")" + hex_11 +
                                       R"(","details":"{}","name":"scan \"all\"",)"
                                       R"("priority":"high","sem":1})");
    created.details = {{}, digest_of(0x22)};
    created.kept = {"[]", {}};
    created.key_hash = digest_of(0x22);
    created.request_hash = digest_of(0x33);
    created.retry_of = some_job;
    created.scheduled_at = golden_start;
    created.parent = ParentRef{some_job, "p", 4, {9}};
    EXPECT_EQ(payload_of(created), R"({"definition":")" + hex_11 + R"(","details_body":")" +
                                       hex_22 + R"(","kept":"[]","key_hash":")" + hex_22 +
                                       R"(","name":"scan \"all\"","parent":{"fence":9,"item":4,)" +
                                       R"("job":"017f22e2-79b0-7cc3-98c4-dc0c0c07398f",)" +
                                       R"("node":"p"},)" +
                                       R"("priority":"high","request_hash":")" + hex_33 +
                                       R"(","retry_of":"017f22e2-79b0-7cc3-98c4-dc0c0c07398f",)" +
                                       R"("scheduled_at":"2026-01-01T00:00:00.000000Z","sem":1})");
    EXPECT_EQ(payload_of(AttemptStarted{"a", 7, 2, {9}, 60'000, "local", true, golden_start,
                                        "host:a", "Go?"}),
              R"({"attempt":2,"fence":9,"item":7,"lock":"host:a","message":"Go?","node":"a",)"
              R"("tr":["queued","scheduled","running"],)"
              R"("ttl_ms":60000,"until":"2026-01-01T00:00:00.000000Z","worker":"local"})");
    EXPECT_EQ(payload_of(AttemptStarted{"a", {}, 1, {std::uint64_t{1} << 53U}, 1, "w", false, {},
                                        {}}),
              R"({"attempt":1,"fence":"9007199254740992","node":"a","ttl_ms":1,"worker":"w"})");
    EXPECT_EQ(payload_of(ApprovalGiven{"a", 2, Ruling::rejected, "usr:1", "no"}),
              R"({"by":"usr:1","comment":"no","decision":"rejected","item":2,"node":"a"})");
    EXPECT_EQ(payload_of(RecoveryTaken{"a", {}, OnFailure::skip_node}),
              R"({"action":"skip_node","node":"a"})");
    EXPECT_EQ(payload_of(
                  AttemptEnded{"a", {}, 1, {9}, Outcome::succeeded, 0, "", {}, {"{}", {}}, {}, {}}),
              R"({"attempt":1,"exit_code":0,"fence":9,"node":"a","outcome":"succeeded",)"
              R"("output":"{}"})");
    EXPECT_EQ(payload_of(AttemptEnded{"a",
                                      3,
                                      1,
                                      {9},
                                      Outcome::error,
                                      -1,
                                      "no",
                                      250,
                                      {},
                                      Artifact{"o", digest_of(0x22), 70'000, "text/plain", true},
                                      {}}),
              R"({"attempt":1,"detail":"no","exit_code":-1,"fence":9,"item":3,"node":"a",)"
              R"("outcome":"error","output_file":{"d":"sha256:)" +
                  hex_22 + R"(","m":"text/plain","n":"o","s":70000,"t":true},"retry_in_ms":250})");
    EXPECT_EQ(payload_of(MapExpanded{"m", 4, digest_of(0x11)}),
              R"({"body":")" + hex_11 + R"(","count":4,"node":"m"})");
    EXPECT_EQ(payload_of(JobPaused{}), "{}");
    EXPECT_EQ(payload_of(JobResumed{}), "{}");
    EXPECT_EQ(payload_of(CancelRequested{CancelCause::deadline}), R"({"cause":"deadline"})");
    EXPECT_EQ(payload_of(JobEnded{JobState::failed,
                                  JobReason::node_failed,
                                  {JobState::scheduled, JobState::running},
                                  {{}, digest_of(0x11)}}),
              R"({"fin":true,"output_body":")" + hex_11 +
                  R"(","reason":"node_failed","state":"failed","tr":["scheduled","running"]})");
    EXPECT_EQ(payload_of(JobEnded{}), R"({"fin":true,"state":"completed"})");
    EXPECT_EQ(payload_of(LedgerStarted{"0.1.0", 5, "cm9vdA=="}),
              R"({"root":"cm9vdA==","size":5,"version":"0.1.0"})");
    EXPECT_EQ(payload_of(LedgerStopped{}), "{}");
    EXPECT_EQ(payload_of(Quarantined{"row", "torn"}), R"({"what":"row","why":"torn"})");
}

TEST(Encode, WritesWhatIsSaidOfKeys) {
    const std::string key = std::string(43, 'A') + "=";
    EXPECT_EQ(payload_of(KeyRotated{"note\n", {}, {}, {}, {}, {}}),
              R"({"delegation":"note\n","key":")" + key + R"(","next":")" + std::string(64, '0') +
                  R"(","old_key":")" + key + R"(","old_signature":")" + std::string(86, 'A') +
                  R"(==","signature":")" + std::string(86, 'A') + R"(=="})");
    EXPECT_EQ(payload_of(SignerDegraded{"away"}), R"({"why":"away"})");
    EXPECT_EQ(payload_of(SignerRestored{}), "{}");
}

TEST(Encode, ATimeStampNamesItsCheckpointAndWhatWasAskedAndAnswered) {
    const std::string ones(64, '1');
    EXPECT_EQ(payload_of(AnchorTimestamped{golden_start, digest_of(0x11), digest_of(0x11), 3, "t"}),
              R"({"at":"2026-01-01T00:00:00.000000Z","query_body":")" + ones +
                  R"(","reply_body":")" + ones + R"(","size":3,"tsa":"t"})");
}

TEST(Encode, PutsArtifactsOnTheFirstLevel) {
    AttemptEnded ended;
    ended.node = "a";
    ended.artifacts = {{"out", digest_of(0x11), 1, "text/plain", false},
                       {"err", digest_of(0x22), 2, "text/plain", true}};
    std::string out;
    encode_record(out, {{some_job, {}}, "acme", "svc:engine", {0}, ended}, {}, golden_ledger);
    const Result<RecordHeader> header = read_header(out);
    ASSERT_TRUE(header);
    EXPECT_EQ(header->artifacts, R"([{"d":"sha256:)" + std::string(64, '1') +
                                     R"(","m":"text/plain","n":"out","s":1},{"d":"sha256:)" +
                                     std::string(64, '2') +
                                     R"(","m":"text/plain","n":"err","s":2,"t":true}])");
    EXPECT_EQ(header->entity, "job/017f22e2-79b0-7cc3-98c4-dc0c0c07398f");
}

TEST(Encode, AppendsAndLeavesWhatIsThere) {
    std::string one;
    encode_record(one, {{{}, "ledger"}, "acme", "svc", {0}, JobPaused{}}, {}, golden_ledger);
    std::string two = "before ";
    encode_record(two, {{{}, "ledger"}, "acme", "svc", {0}, JobPaused{}}, {}, golden_ledger);
    EXPECT_EQ(two, "before " + one);
}

TEST(Encode, TellsBeforehandWhatFits) {
    AttemptEnded ended;
    EXPECT_TRUE(fits_in_record(ended));
    ended.detail = "\xff";
    EXPECT_FALSE(fits_in_record(ended));
    ended.detail.clear();
    for (int i = 0; i < 1000; ++i) {
        ended.artifacts.push_back({"name", digest_of(0x11), 1, "text/plain", false});
    }
    EXPECT_FALSE(fits_in_record(ended));
    ended.artifacts.resize(400);
    EXPECT_TRUE(fits_in_record(ended));
    std::string out;
    encode_record(out, {{some_job, {}}, "acme", "svc:engine", {0}, ended}, {}, golden_ledger);
    EXPECT_LE(out.size(), record_bytes_max);
}

void encode_with(const std::string& tenant, std::uint64_t gseq, std::size_t detail_bytes) {
    AttemptEnded ended;
    ended.detail = std::string(detail_bytes, 'x');
    std::string out;
    Place place;
    place.gseq = gseq;
    encode_record(out, {{some_job, {}}, tenant, "svc:engine", {0}, ended}, place, golden_ledger);
}

TEST(EncodeDeathTest, StopsOnWhatNoVerifierWouldAccept) {
    encode_with("acme", record_integer_max, 60'000);
    EXPECT_DEATH(encode_with("acme\n", 0, 0), "check failed");
    EXPECT_DEATH(encode_with("", 0, 0), "check failed");
    EXPECT_DEATH(encode_with("acme", record_integer_max + 1, 0), "check failed");
    EXPECT_DEATH(encode_with("acme", 0, record_bytes_max), "check failed");
}

}  // namespace
}  // namespace attacca::core
