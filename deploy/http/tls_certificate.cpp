// SPDX-License-Identifier: Apache-2.0
#include "deploy/http/tls_certificate.h"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <fmt/format.h>
#include <memory>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>
#include <optional>

namespace tintype::http {
namespace {

template <auto release>
struct Release {
    template <class T>
    void operator()(T* object) const
    {
        release(object);
    }
};
using Certificate = std::unique_ptr<X509, Release<X509_free>>;
using Key = std::unique_ptr<EVP_PKEY, Release<EVP_PKEY_free>>;
using Memory = std::unique_ptr<BIO, Release<BIO_free_all>>;
using Extension = std::unique_ptr<X509_EXTENSION, Release<X509_EXTENSION_free>>;
using Names = std::unique_ptr<GENERAL_NAMES, Release<GENERAL_NAMES_free>>;

constexpr long kDay = 24 * 60 * 60;
constexpr long kAuthorityDays = 3650;
constexpr long kServerDays = 825; ///< the longest that Apple's systems take from a private authority
constexpr int kSerialBytes = 16;
constexpr std::size_t kMaxCommonName = 64;

template <class Write>
std::string text(Write write)
{
    const Memory memory(BIO_new(BIO_s_mem()));
    if (!memory || write(memory.get()) != 1)
        return {};
    char* data = nullptr;
    const long size = BIO_get_mem_data(memory.get(), &data);
    return {data, static_cast<std::size_t>(size)};
}

Memory reader(const std::string& pem)
{
    return Memory(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
}

Certificate parseCertificate(const std::string& pem)
{
    return Certificate(PEM_read_bio_X509(reader(pem).get(), nullptr, nullptr, nullptr));
}

Key parseKey(const std::string& pem)
{
    char none = '\0'; // a passphrase that is not asked for
    return Key(PEM_read_bio_PrivateKey(reader(pem).get(), nullptr, nullptr, &none));
}

KeyPair asPem(X509* certificate, EVP_PKEY* key)
{
    return {text([&](BIO* out) { return PEM_write_bio_X509(out, certificate); }),
        text([&](BIO* out) { return PEM_write_bio_PKCS8PrivateKey(out, key, nullptr, nullptr, 0, nullptr, nullptr); })};
}

std::optional<std::string> addressBytes(const std::string& name)
{
    std::array<char, sizeof(in6_addr)> bytes{};
    if (::inet_pton(AF_INET, name.c_str(), bytes.data()) == 1)
        return std::string(bytes.data(), sizeof(in_addr));
    if (::inet_pton(AF_INET6, name.c_str(), bytes.data()) == 1)
        return std::string(bytes.data(), sizeof(in6_addr));
    return std::nullopt;
}

std::string addressText(const unsigned char* bytes, int size)
{
    std::array<char, INET6_ADDRSTRLEN> written{};
    ::inet_ntop(size == sizeof(in_addr) ? AF_INET : AF_INET6, bytes, written.data(), written.size());
    return written.data();
}

bool setSerial(X509* certificate)
{
    std::array<unsigned char, kSerialBytes> bytes{};
    if (RAND_bytes(bytes.data(), kSerialBytes) != 1)
        return false;
    bytes[0] &= 0x7f; // positive
    BIGNUM* const number = BN_bin2bn(bytes.data(), kSerialBytes, nullptr);
    const bool done = number && BN_to_ASN1_INTEGER(number, X509_get_serialNumber(certificate));
    BN_free(number);
    return done;
}

bool setName(X509* certificate, std::string name)
{
    name.resize(std::min(name.size(), kMaxCommonName));
    return X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate), "CN", MBSTRING_UTF8,
               reinterpret_cast<const unsigned char*>(name.data()), static_cast<int>(name.size()), -1, 0)
        == 1;
}

bool addExtension(X509* certificate, X509* issuer, int id, const char* value)
{
    X509V3_CTX context;
    X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
    const Extension extension(X509V3_EXT_conf_nid(nullptr, &context, id, value));
    return extension && X509_add_ext(certificate, extension.get(), -1) == 1;
}

/// Built as a structure, not as text: a name may hold what OpenSSL's configuration syntax would read as more names.
bool addNames(X509* certificate, const std::vector<std::string>& names)
{
    const Names list(GENERAL_NAMES_new());
    for (const std::string& name : names) {
        const auto address = addressBytes(name);
        const std::string bytes = address.value_or(name);
        GENERAL_NAME* const entry = GENERAL_NAME_new();
        ASN1_STRING* const value = address ? ASN1_OCTET_STRING_new() : ASN1_IA5STRING_new();
        ASN1_STRING_set(value, bytes.data(), static_cast<int>(bytes.size()));
        GENERAL_NAME_set0_value(entry, address ? GEN_IPADD : GEN_DNS, value);
        sk_GENERAL_NAME_push(list.get(), entry);
    }
    return X509_add1_ext_i2d(certificate, NID_subject_alt_name, list.get(), 0, X509V3_ADD_DEFAULT) == 1;
}

/// Everything but the extensions. A certificate without issuer issues itself.
Certificate draft(const std::string& name, EVP_PKEY* key, X509* issuer, long days)
{
    Certificate certificate(X509_new());
    const bool done = certificate && X509_set_version(certificate.get(), X509_VERSION_3) == 1
        && setSerial(certificate.get()) && setName(certificate.get(), name)
        && X509_set_issuer_name(certificate.get(), X509_get_subject_name(issuer ? issuer : certificate.get())) == 1
        && X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -kDay) // clocks differ
        && X509_gmtime_adj(X509_getm_notAfter(certificate.get()), days * kDay)
        && X509_set_pubkey(certificate.get(), key) == 1;
    return done ? std::move(certificate) : nullptr;
}

Error opensslFailed(std::string_view what)
{
    return {ErrorCode::Internal, fmt::format("{} cannot be made: OpenSSL refused", what), {}};
}

} // namespace

Result<KeyPair> makeAuthority(const std::string& name)
{
    const Key key(EVP_EC_gen("P-256"));
    const Certificate certificate = key ? draft(name, key.get(), nullptr, kAuthorityDays) : nullptr;
    X509* const raw = certificate.get();
    if (!raw || !addExtension(raw, raw, NID_basic_constraints, "critical,CA:TRUE,pathlen:0")
        || !addExtension(raw, raw, NID_key_usage, "critical,keyCertSign,cRLSign")
        || !addExtension(raw, raw, NID_subject_key_identifier, "hash") || X509_sign(raw, key.get(), EVP_sha256()) == 0)
        return tl::unexpected(opensslFailed("a certificate authority"));
    return asPem(raw, key.get());
}

Result<KeyPair> makeServerCertificate(const KeyPair& authority, const std::vector<std::string>& names)
{
    const Certificate issuer = parseCertificate(authority.certificate);
    const Key issuerKey = parseKey(authority.key);
    if (!issuer || !issuerKey || !belongTogether(authority))
        return fail(
            ErrorCode::Corrupt, "the certificate authority and its key cannot be read or do not belong together");
    const Key key(EVP_EC_gen("P-256"));
    const std::string name = names.empty() ? "localhost" : names.front();
    const Certificate certificate = key ? draft(name, key.get(), issuer.get(), kServerDays) : nullptr;
    X509* const raw = certificate.get();
    if (!raw || !addExtension(raw, issuer.get(), NID_basic_constraints, "critical,CA:FALSE")
        || !addExtension(raw, issuer.get(), NID_key_usage, "critical,digitalSignature")
        || !addExtension(raw, issuer.get(), NID_ext_key_usage, "serverAuth")
        || !addExtension(raw, issuer.get(), NID_subject_key_identifier, "hash")
        || !addExtension(raw, issuer.get(), NID_authority_key_identifier, "keyid:always") || !addNames(raw, names)
        || X509_sign(raw, issuerKey.get(), EVP_sha256()) == 0)
        return tl::unexpected(opensslFailed("a server certificate"));
    return asPem(raw, key.get());
}

Result<CertificateFacts> readCertificate(const std::string& pem)
{
    const Certificate certificate = parseCertificate(pem);
    std::tm end{};
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned size = 0;
    if (!certificate || ASN1_TIME_to_tm(X509_get0_notAfter(certificate.get()), &end) != 1
        || X509_digest(certificate.get(), EVP_sha256(), digest.data(), &size) != 1)
        return fail(ErrorCode::Corrupt, "not a certificate in PEM");
    CertificateFacts facts{
        .names = {}, .ends = std::chrono::system_clock::from_time_t(timegm(&end)), .fingerprint = {}};
    for (unsigned at = 0; at < size; ++at)
        facts.fingerprint += fmt::format("{}{:02X}", at == 0 ? "" : ":", digest[at]);
    const Names names(
        static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(certificate.get(), NID_subject_alt_name, nullptr, nullptr)));
    for (int at = 0; names && at < sk_GENERAL_NAME_num(names.get()); ++at) {
        int type = 0;
        const auto* const value
            = static_cast<const ASN1_STRING*>(GENERAL_NAME_get0_value(sk_GENERAL_NAME_value(names.get(), at), &type));
        const unsigned char* const bytes = ASN1_STRING_get0_data(value);
        if (type == GEN_DNS)
            facts.names.emplace_back(reinterpret_cast<const char*>(bytes), ASN1_STRING_length(value));
        else if (type == GEN_IPADD)
            facts.names.push_back(addressText(bytes, ASN1_STRING_length(value)));
    }
    return facts;
}

bool belongTogether(const KeyPair& pair)
{
    const Certificate certificate = parseCertificate(pair.certificate);
    const Key key = parseKey(pair.key);
    return certificate && key && X509_check_private_key(certificate.get(), key.get()) == 1;
}

bool isSignedBy(const std::string& certificate, const std::string& authority)
{
    const Certificate signedOne = parseCertificate(certificate);
    const Certificate issuer = parseCertificate(authority);
    return signedOne && issuer && X509_verify(signedOne.get(), X509_get0_pubkey(issuer.get())) == 1;
}

std::string canonicalName(const std::string& name)
{
    if (const auto bytes = addressBytes(name))
        return addressText(reinterpret_cast<const unsigned char*>(bytes->data()), static_cast<int>(bytes->size()));
    std::string lower = name;
    std::transform(lower.begin(), lower.end(), lower.begin(),
        [](char byte) { return byte >= 'A' && byte <= 'Z' ? static_cast<char>(byte - 'A' + 'a') : byte; });
    return lower;
}

} // namespace tintype::http
