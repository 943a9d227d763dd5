#include "strikenet/surface/call_curve.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "strikenet/core/result.h"
#include "surface/out_of_the_money.h"

namespace strikenet {
namespace {

void check(Activation activation, std::span<const double> knots, std::span<const double> weights) {
  const auto width = static_cast<std::size_t>(knots_per_unit(activation));
  require(knots.size() >= width, "CallCurve", "number of knots", static_cast<double>(knots.size()),
          "must be at least the knots of one unit");
  require(weights.size() == knots.size() - width + 1, "CallCurve", "number of weights",
          static_cast<double>(weights.size()), "must be one per unit");
  double previous = -1;
  for (const double knot : knots) {
    require(std::isfinite(knot) && knot >= 0 && knot > previous, "CallCurve", "knot", knot,
            "knots must be finite, at least 0 and strictly increasing");
    previous = knot;
  }
  for (const double weight : weights)
    require(std::isfinite(weight), "CallCurve", "weight", weight, "must be finite");
}

}  // namespace

CallCurve::CallCurve(Activation activation, std::vector<double> knots, std::vector<double> weights)
    : activation_(activation), knots_(std::move(knots)), weights_(std::move(weights)) {
  check(activation_, knots_, weights_);
  nodes_ = unit_nodes(activation_, knots_);
  const std::size_t n = weights_.size();
  mass_above_.assign(n + 1, 0.0);
  moment_above_.assign(n + 1, 0.0);
  mass_below_.assign(n + 1, 0.0);
  moment_below_.assign(n + 1, 0.0);
  for (std::size_t j = n; j-- > 0;) {
    mass_above_[j] = mass_above_[j + 1] + weights_[j];
    moment_above_[j] = moment_above_[j + 1] + weights_[j] * nodes_[j];
  }
  for (std::size_t j = 0; j < n; ++j) {
    mass_below_[j + 1] = mass_below_[j] + weights_[j];
    moment_below_[j + 1] = moment_below_[j] + weights_[j] * nodes_[j];
  }
}

// Units [first, last) have k inside their knots; those before lie wholly at or below k, those after wholly above.
struct CallCurve::Straddling {
  std::size_t first, last;
};

CallCurve::Straddling CallCurve::straddling(double k) const {
  const auto not_above = static_cast<std::size_t>(std::ranges::upper_bound(knots_, k) - knots_.begin());
  const auto smooth = static_cast<std::size_t>(knots_per_unit(activation_)) - 1;
  const std::size_t last = std::min(not_above, weights_.size());
  return {std::min(not_above > smooth ? not_above - smooth : 0, last), last};
}

template <class OfUnit>
double CallCurve::sum_over(Straddling units, OfUnit of_unit) const {
  const auto width = static_cast<std::size_t>(knots_per_unit(activation_));
  double sum = 0;
  for (std::size_t j = units.first; j < units.last; ++j)
    sum += weights_[j] * of_unit(std::span<const double>(knots_).subspan(j, width));
  return sum;
}

double CallCurve::call(double k) const {
  if (k >= knots_.back()) return 0;
  const Straddling units = straddling(k);
  return moment_above_[units.last] - mass_above_[units.last] * k +
         sum_over(units, [k](auto knots) { return unit_call(knots, k); });
}

double CallCurve::put(double k) const {
  const Straddling units = straddling(k);
  return mass_below_[units.first] * k - moment_below_[units.first] +
         sum_over(units, [k](auto knots) { return unit_put(knots, k); });
}

double CallCurve::above(double k) const {
  const Straddling units = straddling(k);
  return mass_above_[units.last] + sum_over(units, [k](auto knots) { return unit_above(knots, k); });
}

double CallCurve::below(double k) const {
  const Straddling units = straddling(k);
  return mass_below_[units.first] + sum_over(units, [k](auto knots) { return unit_below(knots, k); });
}

double CallCurve::density(double k) const {
  return sum_over(straddling(k), [k](auto knots) { return unit_density(knots, k); });
}

TotalVol implied_total_vol(const CallCurve& curve, double k) {
  if (!(k > curve.knots().front() && k < curve.knots().back()))
    return TotalVol(std::numeric_limits<double>::quiet_NaN());
  const OptionType type = k < 1 ? OptionType::put : OptionType::call;
  return total_vol_of(type, k, type == OptionType::put ? curve.put(k) : curve.call(k));
}

}  // namespace strikenet
