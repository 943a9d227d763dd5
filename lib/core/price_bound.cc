#include "strikenet/core/price_bound.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "strikenet/core/result.h"

namespace strikenet {
namespace {

std::string shortest(double x) {
  std::array<char, 32> text{};
  const auto end = std::to_chars(text.data(), text.data() + text.size(), x).ptr;
  return {text.data(), end};
}

}  // namespace

std::string price_bound_problem(std::string_view where, PriceBound broken, OptionType type, Forward forward,
                                Strike strike, Price price) {
  require(broken != PriceBound::none, "price_bound_problem", "broken bound", 0, "must not be none");
  const bool call = type == OptionType::call;
  const double f = forward.value(), k = strike.value(), intrinsic = std::max(call ? f - k : k - f, 0.0);
  const std::string rule = broken == PriceBound::below_intrinsic ? "at least the intrinsic value " + shortest(intrinsic)
                           : call                                ? "below the forward " + shortest(f)
                                                                 : "below the strike " + shortest(k);
  return std::string(where) + ": price is " + shortest(price.value()) + ", but must be " + rule;
}

}  // namespace strikenet
