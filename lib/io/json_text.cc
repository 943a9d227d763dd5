#include "io/json_text.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

#include "strikenet/core/limits.h"

namespace strikenet {
namespace {

using nlohmann::json;

/// Ends the parsing: what follows in the text is of no account.
struct Refused {
  std::string what;
};

class Gate {
 public:
  bool operator()(int depth, json::parse_event_t event, json& value) {
    const auto level = static_cast<std::size_t>(depth);
    if (level > limits::json_depth)
      throw Refused{fmt::format("lists and objects are more than {} deep", limits::json_depth)};
    if (event == json::parse_event_t::object_start) keys_.resize(level + 2);
    if (event == json::parse_event_t::object_start) keys_[level + 1].clear();
    if (event != json::parse_event_t::key) return true;
    const auto& key = value.get_ref<const std::string&>();
    if (!keys_[level].insert(key).second)
      throw Refused{fmt::format("key '{}' is there twice in one object", printable(key))};
    return true;
  }

 private:
  std::vector<std::set<std::string>> keys_ = {};
};

}  // namespace

json parse_json(std::string_view text, ProblemList& problems) try {
  return json::parse(text, Gate());
} catch (const Refused& refused) {
  problems.add(0, refused.what + ", but must not be");
  return {};
}

}  // namespace strikenet
