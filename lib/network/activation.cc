#include "strikenet/network/activation.h"

#include <algorithm>
#include <numeric>

namespace strikenet {
namespace {

double cube(double x) { return x * x * x; }

/// E[(X - k)+] for k in the upper part of the support, where it is one polynomial: k >= a, and k >= m for a hat.
double upper_part(std::span<const double> knots, double k) {
  const double a = knots.front(), b = knots.back();
  if (knots.size() == 2) return (b - k) * (b - k) / (2 * (b - a));
  return cube(b - k) / (3 * (b - knots[1]) * (b - a));
}

/// E[(k - X)+] for k in the lower part: k <= b, and k <= m for a hat.
double lower_part(std::span<const double> knots, double k) {
  const double a = knots.front(), b = knots.back();
  if (knots.size() == 2) return (k - a) * (k - a) / (2 * (b - a));
  return cube(k - a) / (3 * (knots[1] - a) * (b - a));
}

double mean(std::span<const double> knots) {
  return std::accumulate(knots.begin(), knots.end(), 0.0) / static_cast<double>(knots.size());
}

bool in_lower_half(std::span<const double> knots, double k) { return knots.size() == 3 && k < knots[1]; }

}  // namespace

std::string_view to_string(Activation activation) {
  switch (activation) {
    case Activation::relu: return "relu";
    case Activation::quadratic: return "quadratic";
    case Activation::cubic: return "cubic";
  }
  return "?";
}

std::optional<Activation> parse_activation(std::string_view text) {
  for (const Activation activation : {Activation::relu, Activation::quadratic, Activation::cubic})
    if (to_string(activation) == text) return activation;
  return std::nullopt;
}

double unit_call(std::span<const double> knots, double k) {
  if (k >= knots.back()) return 0;
  if (k <= knots.front()) return mean(knots) - k;
  return in_lower_half(knots, k) ? mean(knots) - k + lower_part(knots, k) : upper_part(knots, k);
}

double unit_put(std::span<const double> knots, double k) {
  if (k <= knots.front()) return 0;
  if (k >= knots.back()) return k - mean(knots);
  if (knots.size() == 2 || in_lower_half(knots, k)) return lower_part(knots, k);
  return k - mean(knots) + upper_part(knots, k);
}

double unit_above(std::span<const double> knots, double k) {
  const double a = knots.front(), b = knots.back();
  if (k >= b) return 0;
  if (k < a) return 1;
  if (knots.size() == 2) return (b - k) / (b - a);
  if (in_lower_half(knots, k)) return 1 - unit_below(knots, k);
  return (b - k) * (b - k) / ((b - knots[1]) * (b - a));
}

double unit_below(std::span<const double> knots, double k) {
  const double a = knots.front(), b = knots.back();
  if (k >= b) return 1;
  if (k < a) return 0;
  if (knots.size() == 2) return (k - a) / (b - a);
  if (in_lower_half(knots, k)) return (k - a) * (k - a) / ((knots[1] - a) * (b - a));
  return 1 - unit_above(knots, k);
}

double unit_density(std::span<const double> knots, double k) {
  const double a = knots.front(), b = knots.back();
  if (knots.size() == 1 || k < a || k >= b) return 0;
  if (knots.size() == 2) return 1 / (b - a);
  return in_lower_half(knots, k) ? 2 * (k - a) / ((knots[1] - a) * (b - a)) : 2 * (b - k) / ((b - knots[1]) * (b - a));
}

std::vector<double> unit_nodes(Activation activation, std::span<const double> knots) {
  const auto width = static_cast<std::size_t>(knots_per_unit(activation));
  std::vector<double> nodes;
  for (std::size_t j = 0; j + width <= knots.size(); ++j)
    nodes.push_back(mean(knots.subspan(j, width)));
  return nodes;
}

}  // namespace strikenet
