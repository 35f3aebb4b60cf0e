// SPDX-License-Identifier: Apache-2.0
#include "base/timestamp.h"

#include <cstring>
#include <ctime>
#include <memory>

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ts.h>
#include <openssl/x509.h>

#include "base/check.h"
#include "base/digest.h"

namespace attacca {
namespace {

template <auto function>
struct Freer {
    template <typename T>
    void operator()(T* object) const {
        function(object);
    }
};
template <typename T, auto function>
using Owned = std::unique_ptr<T, Freer<function>>;

using OwnedRequest = Owned<TS_REQ, TS_REQ_free>;
using OwnedResponse = Owned<TS_RESP, TS_RESP_free>;
using OwnedVerify = Owned<TS_VERIFY_CTX, TS_VERIFY_CTX_free>;

const unsigned char* der_of(std::string_view bytes) {
    return reinterpret_cast<const unsigned char*>(bytes.data());
}

OwnedRequest request_of(std::string_view der) {
    const unsigned char* at = der_of(der);
    OwnedRequest request(d2i_TS_REQ(nullptr, &at, static_cast<long>(der.size())));
    return at == der_of(der) + der.size() ? std::move(request) : nullptr;
}

OwnedResponse response_of(std::string_view der) {
    const unsigned char* at = der_of(der);
    OwnedResponse response(d2i_TS_RESP(nullptr, &at, static_cast<long>(der.size())));
    return at == der_of(der) + der.size() ? std::move(response) : nullptr;
}

bool is_sha256_of(TS_MSG_IMPRINT* imprint, std::string_view text) {
    const X509_ALGOR* algorithm = TS_MSG_IMPRINT_get_algo(imprint);
    const ASN1_OBJECT* name = nullptr;
    X509_ALGOR_get0(&name, nullptr, nullptr, algorithm);
    const ASN1_OCTET_STRING* digest = TS_MSG_IMPRINT_get_msg(imprint);
    const Sha256 expected = sha256(text);
    return OBJ_obj2nid(name) == NID_sha256 &&
           ASN1_STRING_length(digest) == static_cast<int>(expected.bytes.size()) &&
           std::memcmp(ASN1_STRING_get0_data(digest), expected.bytes.data(),
                       expected.bytes.size()) == 0;
}

// OpenSSL's newest reason; leaves its queue empty for whoever comes next.
Error refusal_of(std::string_view what) {
    const unsigned long code = ERR_peek_last_error();
    const char* reason = code == 0 ? nullptr : ERR_reason_error_string(code);
    std::string detail(what);
    if (reason != nullptr) {
        detail += std::string(": ") + reason;
    }
    ERR_clear_error();
    return fail(Problem::corrupt, std::move(detail));
}

Result<Timestamp> stated_by(TS_TST_INFO* info) {
    std::tm at{};
    if (ASN1_TIME_to_tm(TS_TST_INFO_get_time(info), &at) != 1) {
        return fail(Problem::corrupt, "the time stamp's time cannot be read");
    }
    // Days since 1970 of the proleptic calendar; ::timegm is no part of the language.
    const std::int64_t year = at.tm_year + 1900 - (at.tm_mon < 2 ? 1 : 0);
    const std::int64_t month = (at.tm_mon + 10) % 12;
    const std::int64_t days = year * 365 + year / 4 - year / 100 + year / 400 +
                              (month * 153 + 2) / 5 + at.tm_mday - 1 - 719'468;
    Timestamp stamp;
    stamp.at.us = (((days * 24 + at.tm_hour) * 60 + at.tm_min) * 60 + at.tm_sec) * 1'000'000;
    const ASN1_INTEGER* serial = TS_TST_INFO_get_serial(info);
    stamp.serial = hex(std::string_view(
        reinterpret_cast<const char*>(ASN1_STRING_get0_data(serial)),
        static_cast<std::size_t>(ASN1_STRING_length(serial))));
    return stamp;
}

struct Parts {
    OwnedRequest request;
    OwnedResponse response;
    Timestamp stamp;
};

Result<Parts> parts_of(std::string_view text, std::string_view query, std::string_view response) {
    Parts parts{request_of(query), response_of(response), {}};
    ERR_clear_error();
    if (parts.request == nullptr || parts.response == nullptr) {
        return fail(Problem::corrupt, "the time stamp is no request and response of RFC 3161");
    }
    TS_TST_INFO* info = TS_RESP_get_tst_info(parts.response.get());
    if (info == nullptr) {
        return fail(Problem::corrupt, "the authority granted no time stamp");
    }
    if (!is_sha256_of(TS_REQ_get_msg_imprint(parts.request.get()), text) ||
        !is_sha256_of(TS_TST_INFO_get_msg_imprint(info), text)) {
        return fail(Problem::corrupt, "the time stamp is of another text");
    }
    const OwnedVerify verify(TS_REQ_to_TS_VERIFY_CTX(parts.request.get(), nullptr));
    ATTACCA_CHECK(verify != nullptr);
    // Who signed is another question.
    TS_VERIFY_CTX_set_flags(verify.get(), TS_VFY_VERSION | TS_VFY_IMPRINT | TS_VFY_NONCE);
    if (TS_RESP_verify_response(verify.get(), parts.response.get()) != 1) {
        return refusal_of("the time stamp does not answer its request");
    }
    ATTACCA_TRY(parts.stamp, stated_by(info));
    return parts;
}

// Trusts each certificate of the text; nothing when there is none. Judges as of `at`.
X509_STORE* store_of(std::string_view pem, WallTime at) {
    const Owned<BIO, BIO_free_all> bio(
        BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
    Owned<X509_STORE, X509_STORE_free> store(X509_STORE_new());
    ATTACCA_CHECK(bio != nullptr && store != nullptr);
    int count = 0;
    while (const Owned<X509, X509_free> certificate{
        PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr)}) {
        ATTACCA_CHECK(X509_STORE_add_cert(store.get(), certificate.get()) == 1);
        ++count;
    }
    ERR_clear_error();
    X509_VERIFY_PARAM_set_time(X509_STORE_get0_param(store.get()), at.us / 1'000'000);
    X509_STORE_set_flags(store.get(), X509_V_FLAG_PARTIAL_CHAIN);
    return count == 0 ? nullptr : store.release();
}

}  // namespace

std::string timestamp_query(std::string_view text, std::uint64_t nonce) {
    const OwnedRequest request(TS_REQ_new());
    const Owned<TS_MSG_IMPRINT, TS_MSG_IMPRINT_free> imprint(TS_MSG_IMPRINT_new());
    const Owned<X509_ALGOR, X509_ALGOR_free> algorithm(X509_ALGOR_new());
    const Owned<ASN1_INTEGER, ASN1_INTEGER_free> number(ASN1_INTEGER_new());
    ATTACCA_CHECK(request != nullptr && imprint != nullptr && algorithm != nullptr &&
                  number != nullptr);
    Sha256 digest = sha256(text);
    const int length = static_cast<int>(digest.bytes.size());
    ATTACCA_CHECK(X509_ALGOR_set0(algorithm.get(), OBJ_nid2obj(NID_sha256), V_ASN1_NULL,
                                  nullptr) == 1);
    ATTACCA_CHECK(TS_MSG_IMPRINT_set_algo(imprint.get(), algorithm.get()) == 1);
    ATTACCA_CHECK(TS_MSG_IMPRINT_set_msg(imprint.get(), digest.bytes.data(), length) == 1);
    ATTACCA_CHECK(ASN1_INTEGER_set_uint64(number.get(), nonce) == 1);
    ATTACCA_CHECK(TS_REQ_set_version(request.get(), 1) == 1);
    ATTACCA_CHECK(TS_REQ_set_msg_imprint(request.get(), imprint.get()) == 1);
    ATTACCA_CHECK(TS_REQ_set_nonce(request.get(), number.get()) == 1);
    ATTACCA_CHECK(TS_REQ_set_cert_req(request.get(), 1) == 1);
    unsigned char* der = nullptr;
    const int bytes = i2d_TS_REQ(request.get(), &der);
    ATTACCA_CHECK(bytes > 0);
    std::string out(reinterpret_cast<const char*>(der), static_cast<std::size_t>(bytes));
    OPENSSL_free(der);
    return out;
}

Result<Timestamp> read_timestamp(std::string_view text, std::string_view query,
                                 std::string_view response) {
    ATTACCA_TRY(const Parts parts, parts_of(text, query, response));
    return parts.stamp;
}

Result<Timestamp> verify_timestamp(std::string_view text, std::string_view query,
                                   std::string_view response, std::string_view trusted) {
    ATTACCA_TRY(const Parts parts, parts_of(text, query, response));
    X509_STORE* store = store_of(trusted, parts.stamp.at);
    if (store == nullptr) {
        return fail(Problem::invalid_value, "there is no certificate of an authority to trust");
    }
    const OwnedVerify verify(TS_REQ_to_TS_VERIFY_CTX(parts.request.get(), nullptr));
    ATTACCA_CHECK(verify != nullptr);
    TS_VERIFY_CTX_set_store(verify.get(), store);  // takes it
    TS_VERIFY_CTX_add_flags(verify.get(), TS_VFY_SIGNATURE);
    if (TS_RESP_verify_response(verify.get(), parts.response.get()) != 1) {
        return refusal_of("no trusted authority signed the time stamp");
    }
    return parts.stamp;
}

}  // namespace attacca
