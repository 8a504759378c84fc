#pragma once

#include <memory>
#include <string>
#include <vector>

#include "coven/result.hpp"
#include "web_server.hpp"

namespace coven::sim {

/// A certificate authority for tests, made anew each time: who trusts its `certificate` trusts no
/// one else by that. Two of them do not know each other.
class CertificateAuthority {
  public:
    /// Fails with OpenSSL's words.
    static Result<CertificateAuthority> make();
    CertificateAuthority(CertificateAuthority&&) noexcept;
    CertificateAuthority& operator=(CertificateAuthority&&) noexcept;
    ~CertificateAuthority();

    /// Its own certificate, PEM.
    const std::string& certificate() const { return certificate_; }
    /// A server's certificate for `host_names`, names or addresses.
    Result<Credentials> issue(const std::vector<std::string>& host_names) const;

  private:
    struct Keys;
    CertificateAuthority(std::unique_ptr<Keys> keys, std::string certificate);

    std::unique_ptr<Keys> keys_;
    std::string certificate_;
};

}  // namespace coven::sim
