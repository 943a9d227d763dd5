#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "strikenet/core/result.h"

namespace strikenet::app {

/// Which numbers an option takes: from `low` to `high`, as `words` say.
struct ListRule {
  std::string_view option;  // "--strike"
  double low, high;
  std::string_view words;  // "a number from 0 to 1e12"
};

/// Numbers as the user lists them, "2800,2850,2900", with ranges among them: "2500:3500:50" is from, to and step, both
/// ends included. The numbers of a range are those that their decimals say: 0.8:1.2:0.05 contains 0.95. Whatever is
/// wrong goes to the problems.
std::vector<double> numbers_of(const std::vector<std::string>& lists, const ListRule& rule, Problems& problems);

/// The whole of the text as a number; NaN, which no rule allows, where it is none.
double number_of(std::string_view text);

/// The parts of a list between commas, without the blanks around them.
std::vector<std::string> parts_of(std::string_view list, char separator = ',');

}  // namespace strikenet::app
