#pragma once

#include <memory>
#include <string>
#include <vector>

#include <boost/system/error_code.hpp>

#include "coven/result.hpp"
#include "web_server.hpp"

namespace boost::asio::ssl {
class context;
}

namespace coven::sim {

/// Lets a server show that it is whom `credentials` name. What went wrong, or nothing.
boost::system::error_code use(boost::asio::ssl::context& context, const Credentials& credentials);

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
