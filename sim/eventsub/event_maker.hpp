#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json/object.hpp>

#include "coven/clock.hpp"
#include "coven/result.hpp"
#include "eventsub/ids.hpp"
#include "eventsub/templates.hpp"
#include "users.hpp"

namespace coven::sim::eventsub {

/// A wish about an event: "reward.cost" and "500", "user" and a login.
struct Field {
    std::string name;
    std::string value;
};
using Fields = std::vector<Field>;

/// "user=xqc reward.title=Drink some water bits=5": a word with '=' begins a field, others go on
/// with the one before. Fails with the word that belongs to none.
Result<Fields> parse_fields(std::string_view text);

/// Makes events out of templates. Those that one maker makes of the same event in several versions
/// have the same ids and times.
class EventMaker {
  public:
    /// All of them must outlive it.
    EventMaker(Users& users, Ids& ids, Time now) : users_(users), ids_(ids), now_(now) {}

    /// Fails with the field that the template does not have, or what its value should have been.
    /// "user=fan" sets all that tells of a user; "+name=JSON" adds what no template has.
    Result<boost::json::object> make(const Template& from, const Fields& fields);

  private:
    boost::json::value filled(const boost::json::value& value);
    boost::json::object filled(const boost::json::object& object);
    boost::json::value filled_text(std::string_view text);

    Users& users_;
    Ids& ids_;
    Time now_;
    std::map<std::string, std::string, std::less<>> named_ids_;
};

}  // namespace coven::sim::eventsub
