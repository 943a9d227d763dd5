#pragma once

#include <nlohmann/json_fwd.hpp>

#include <string_view>

#include "core/problem_list.h"

namespace strikenet {

/// The text as JSON. Refused with a problem, and then null: lists and objects more than limits::json_depth within each
/// other, and a key that is there twice in one object, of which JSON readers keep one without a word. Throws what
/// nlohmann::json::parse throws where the text is no JSON.
nlohmann::json parse_json(std::string_view text, ProblemList& problems);

}  // namespace strikenet
