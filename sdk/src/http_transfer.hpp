#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

#include "coven/http.hpp"

struct curl_slist;

namespace coven {

/// Header lines, one of which may hold a token: wiped when they die.
class HeaderLines {
  public:
    HeaderLines() = default;
    HeaderLines(const HeaderLines&) = delete;
    HeaderLines& operator=(const HeaderLines&) = delete;
    ~HeaderLines();

    void add(const std::string& line);
    /// `Authorization: <scheme> <token>`.
    void add(const std::string& scheme, const Secret& token);
    curl_slist* first() const { return first_; }

  private:
    curl_slist* first_ = nullptr;
};

/// One request in libcurl's words, and what has come of its answer.
class HttpTransfer {
  public:
    /// Both must outlive it.
    HttpTransfer(const HttpRequest& request, const HttpClient::Options& options);
    HttpTransfer(const HttpTransfer&) = delete;
    HttpTransfer& operator=(const HttpTransfer&) = delete;
    ~HttpTransfer();

    /// A CURL*, for `HttpLoop`.
    void* easy() { return easy_; }
    /// What it is doing, for the message when it takes too long.
    const char* step() const;
    /// Why there is no answer, given libcurl's code; empty = there is one.
    std::string failure(int code) const;
    /// Once, at the end.
    HttpResponse take_answer();

  private:
    /// Its functions are what libcurl calls.
    struct Calls;

    void set_rules();
    void set_trust();
    void set_request();
    void set_body();
    void take_head(std::string_view line);
    std::size_t requested_bytes() const;

    const HttpRequest& request_;
    const HttpClient::Options& options_;
    void* easy_;
    HeaderLines headers_;
    std::string no_proxy_;
    Secret form_;
    /// libcurl's words for what went wrong.
    std::string detail_;
    HttpResponse answer_;
    std::size_t head_bytes_ = 0;
    bool head_ended_ = false;
    /// Why we have ended it; empty = we have not.
    std::string ended_;
};

}  // namespace coven
