#include "certificates.hpp"

#include <memory>
#include <utility>

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ssl/context.hpp>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

namespace coven::sim {
namespace {

template <auto release>
struct Release {
    template <class T>
    void operator()(T* thing) const {
        release(thing);
    }
};
using Key = std::unique_ptr<EVP_PKEY, Release<EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, Release<X509_free>>;
using Bio = std::unique_ptr<BIO, Release<BIO_free_all>>;
using Extension = std::unique_ptr<X509_EXTENSION, Release<X509_EXTENSION_free>>;

/// Clocks of the two sides may differ a little.
constexpr long an_hour_ago = -3600;
constexpr long in_ten_days = 10L * 24 * 3600;

Error failure(const char* step) {
    char text[256] = "no reason given";
    if (const auto code = ERR_get_error()) ERR_error_string_n(code, text, sizeof text);
    return Error{std::string("cannot make a certificate: ") + step + ": " + text};
}

std::string text_of(const Bio& bio) {
    char* bytes = nullptr;
    const auto size = BIO_get_mem_data(bio.get(), &bytes);
    return std::string(bytes, static_cast<std::size_t>(size));
}

std::string to_pem(X509* certificate) {
    const Bio bio(BIO_new(BIO_s_mem()));
    PEM_write_bio_X509(bio.get(), certificate);
    return text_of(bio);
}

std::string to_pem(EVP_PKEY* key) {
    const Bio bio(BIO_new(BIO_s_mem()));
    PEM_write_bio_PrivateKey(bio.get(), key, nullptr, nullptr, 0, nullptr, nullptr);
    return text_of(bio);
}

/// Whom a certificate is for, and who vouches for it.
struct Naming {
    X509* certificate;
    X509* issuer;
};

bool add_extension(const Naming& naming, int kind, const std::string& value) {
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, naming.issuer, naming.certificate, nullptr, nullptr, 0);
    const Extension extension(X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str()));
    return extension && X509_add_ext(naming.certificate, extension.get(), -1) == 1;
}

void set_random_serial(X509* certificate) {
    std::uint64_t serial = 1;
    RAND_bytes(reinterpret_cast<unsigned char*>(&serial), sizeof serial);
    ASN1_INTEGER_set_uint64(X509_get_serialNumber(certificate), serial >> 1);
}

/// A certificate without extensions and signature.
Certificate blank(EVP_PKEY* key, const std::string& name) {
    Certificate certificate(X509_new());
    X509_set_version(certificate.get(), X509_VERSION_3);
    set_random_serial(certificate.get());
    X509_gmtime_adj(X509_getm_notBefore(certificate.get()), an_hour_ago);
    X509_gmtime_adj(X509_getm_notAfter(certificate.get()), in_ten_days);
    X509_set_pubkey(certificate.get(), key);
    const auto* const text = reinterpret_cast<const unsigned char*>(name.c_str());
    X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate.get()), "CN", MBSTRING_UTF8, text,
                               -1, -1, 0);
    return certificate;
}

std::string alternative_names(const std::vector<std::string>& host_names) {
    std::string list;
    for (const auto& name : host_names) {
        boost::system::error_code is_name;
        boost::asio::ip::make_address(name, is_name);
        list.append(list.empty() ? "" : ",").append(is_name ? "DNS:" : "IP:").append(name);
    }
    return list;
}

bool extend_as_authority(X509* certificate) {
    const Naming naming{.certificate = certificate, .issuer = certificate};
    return add_extension(naming, NID_basic_constraints, "critical,CA:TRUE") &&
           add_extension(naming, NID_key_usage, "critical,keyCertSign,cRLSign") &&
           add_extension(naming, NID_subject_key_identifier, "hash");
}

bool extend_as_server(const Naming& naming, const std::vector<std::string>& host_names) {
    return add_extension(naming, NID_basic_constraints, "critical,CA:FALSE") &&
           add_extension(naming, NID_key_usage, "critical,digitalSignature") &&
           add_extension(naming, NID_ext_key_usage, "serverAuth") &&
           add_extension(naming, NID_subject_key_identifier, "hash") &&
           add_extension(naming, NID_authority_key_identifier, "keyid") &&
           add_extension(naming, NID_subject_alt_name, alternative_names(host_names));
}

}  // namespace

boost::system::error_code use(boost::asio::ssl::context& context, const Credentials& credentials) {
    namespace asio = boost::asio;
    boost::system::error_code error;
    const auto& [certificate, key] = credentials;
    context.use_certificate_chain(asio::buffer(certificate), error);
    if (error) return error;
    context.use_private_key(asio::buffer(key), asio::ssl::context::pem, error);
    return error;
}

struct CertificateAuthority::Keys {
    Key key;
    Certificate certificate;
};

Result<CertificateAuthority> CertificateAuthority::make() {
    Key key(EVP_EC_gen("P-256"));
    if (!key) return failure("key");
    auto certificate = blank(key.get(), "Coven test authority");
    X509_set_issuer_name(certificate.get(), X509_get_subject_name(certificate.get()));
    if (!extend_as_authority(certificate.get())) return failure("extension");
    if (X509_sign(certificate.get(), key.get(), EVP_sha256()) == 0) return failure("signature");
    auto pem = to_pem(certificate.get());
    auto keys = std::make_unique<Keys>(Keys{std::move(key), std::move(certificate)});
    return CertificateAuthority(std::move(keys), std::move(pem));
}

Result<Credentials> CertificateAuthority::issue(const std::vector<std::string>& host_names) const {
    if (host_names.empty()) return Error{"a certificate needs a host name"};
    const Key key(EVP_EC_gen("P-256"));
    if (!key) return failure("key");
    const auto certificate = blank(key.get(), "Coven test server");
    auto* const issuer = keys_->certificate.get();
    X509_set_issuer_name(certificate.get(), X509_get_subject_name(issuer));
    const Naming naming{.certificate = certificate.get(), .issuer = issuer};
    if (!extend_as_server(naming, host_names)) return failure("extension");
    if (X509_sign(certificate.get(), keys_->key.get(), EVP_sha256()) == 0) {
        return failure("signature");
    }
    return Credentials{.certificate = to_pem(certificate.get()), .key = to_pem(key.get())};
}

CertificateAuthority::CertificateAuthority(std::unique_ptr<Keys> keys, std::string certificate)
    : keys_(std::move(keys)), certificate_(std::move(certificate)) {}

CertificateAuthority::CertificateAuthority(CertificateAuthority&&) noexcept = default;
CertificateAuthority& CertificateAuthority::operator=(CertificateAuthority&&) noexcept = default;
CertificateAuthority::~CertificateAuthority() = default;

}  // namespace coven::sim
