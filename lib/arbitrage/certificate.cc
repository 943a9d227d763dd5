#include "strikenet/arbitrage/certificate.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <boost/multiprecision/cpp_int.hpp>
#include <cmath>
#include <cstdint>
#include <iterator>
#include <limits>
#include <span>
#include <utility>

#include "arbitrage/law_order.h"
#include "strikenet/core/order.h"
#include "strikenet/core/result.h"

namespace strikenet {
namespace {

// Doubles are integers over powers of two, so after one common scaling everything here is an integer: nothing is
// divided, no fraction is ever reduced. The first 512 bits need no allocation.
using Integer =
    boost::multiprecision::number<boost::multiprecision::cpp_int_backend<512>, boost::multiprecision::et_off>;

constexpr std::int64_t kMovesInOne = 1'000'000'000'000;  // a weight may be moved by at most 1 / this

/// value = mantissa * 2^exponent, the mantissa odd or 0.
struct Dyadic {
  std::int64_t mantissa;
  int exponent;
};

Dyadic dyadic(double value) {
  int exponent = 0;
  const auto mantissa = static_cast<std::int64_t>(std::ldexp(std::frexp(value, &exponent), 53));
  if (mantissa == 0) return {0, 0};
  const int zeros = std::countr_zero(static_cast<std::uint64_t>(mantissa));
  return {mantissa >> zeros, exponent - 53 + zeros};
}

/// The smallest number of binary places after the point that holds all of them exactly.
int binary_places(std::span<const double> values) {
  int places = 0;
  for (const double value : values)
    places = std::max(places, -dyadic(value).exponent);
  return places;
}

/// value * 2^places, which is an integer.
Integer scaled(double value, int places) {
  const auto [mantissa, exponent] = dyadic(value);
  return mantissa == 0 ? Integer(0) : Integer(mantissa) << static_cast<unsigned>(exponent + places);
}

/// numerator / denominator, both positive, to the nearest double; never 0 and never infinite.
double positive_ratio(Integer numerator, Integer denominator) {
  const int shift = 63 - static_cast<int>(msb(numerator)) + static_cast<int>(msb(denominator));
  (shift > 0 ? numerator : denominator) <<= static_cast<unsigned>(std::abs(shift));
  Integer quotient, remainder;
  divide_qr(numerator, denominator, quotient, remainder);
  if (remainder != 0) quotient |= 1;  // rounds as the whole fraction would
  const double ratio = std::ldexp(static_cast<double>(static_cast<std::uint64_t>(quotient)), -shift);
  return std::clamp(ratio, std::numeric_limits<double>::denorm_min(), std::numeric_limits<double>::max());
}

double ratio(const Integer& numerator, const Integer& denominator) {
  return numerator == 0 ? 0.0 : positive_ratio(numerator, denominator);
}

/// One scale for a whole surface.
struct Scale {
  int knot_places = 0;
  int weight_places = 0;
  Integer node = 1;    ///< what a node of 1 is
  Integer weight = 1;  ///< what a weight of 1 is, before its slice is stretched
};

Scale scale_of(const Surface& surface) {
  Scale scale;
  for (const SurfaceSlice& slice : surface.slices) {
    scale.knot_places = std::max(scale.knot_places, binary_places(slice.curve.knots()));
    scale.weight_places = std::max(scale.weight_places, binary_places(slice.curve.weights()));
  }
  scale.node = Integer(knots_per_unit(surface.activation)) << static_cast<unsigned>(scale.knot_places);
  scale.weight = Integer(1) << static_cast<unsigned>(scale.weight_places);
  return scale;
}

/// One slice in integers. A node of 1 is scale.node, a weight of 1 is scale.weight * stretch.
struct ExactSlice {
  std::vector<Integer> nodes;
  std::vector<Integer> weights;
  Integer stretch = 1;
};

std::vector<Integer> exact_nodes(const CallCurve& curve, const Scale& scale) {
  std::vector<Integer> nodes(curve.weights().size());
  for (std::size_t i = 0; i < curve.knots().size(); ++i) {
    const Integer knot = scaled(curve.knots()[i], scale.knot_places);
    const auto width = static_cast<std::size_t>(knots_per_unit(curve.activation()));
    const std::size_t first = i + 1 < width ? 0 : i + 1 - width;
    for (std::size_t j = first; j <= i && j < nodes.size(); ++j)
      nodes[j] += knot;
  }
  return nodes;
}

ExactSlice exact_slice(const CallCurve& curve, const Scale& scale) {
  ExactSlice slice{.nodes = exact_nodes(curve, scale), .weights = {}};
  for (const double weight : curve.weights())
    slice.weights.push_back(scaled(weight, scale.weight_places));
  return slice;
}

/// How far mass and mean are from 1: over scale.weight, and over scale.weight * scale.node.
struct Missing {
  Integer mass;
  Integer mean;
};

Missing missing_from(const ExactSlice& slice, const Scale& scale) {
  Missing missing{scale.weight, scale.weight * scale.node};
  for (std::size_t j = 0; j < slice.nodes.size(); ++j) {
    missing.mass -= slice.weights[j];
    missing.mean -= slice.weights[j] * slice.nodes[j];
  }
  return missing;
}

/// The first and the last weight that are at least a tenth of the largest; one and the same when there are not two.
struct Pair {
  std::size_t a, b;
};

Pair large_pair(const std::vector<Integer>& weights) {
  const Integer largest = *std::ranges::max_element(weights);
  const auto large = [&](const Integer& weight) { return weight > 0 && 10 * weight >= largest; };
  const auto first = std::ranges::find_if(weights, large);
  if (first == weights.end()) return {0, 0};
  const auto last = std::find_if(weights.rbegin(), weights.rend(), large);
  return {static_cast<std::size_t>(first - weights.begin()), static_cast<std::size_t>(weights.rend() - last) - 1};
}

/// Moves two weights until mass and mean are exactly 1, and returns the larger move, over scale.weight * stretch. With
/// M and Q the missing mass and mean, b gains (Q - M node_a) / (node_b - node_a) and a the rest of M; stretching the
/// slice by node_b - node_a keeps that an integer.
Integer make_moments_exact(ExactSlice& slice, Pair pair, const Missing& missing) {
  slice.stretch = slice.nodes[pair.b] - slice.nodes[pair.a];
  for (Integer& weight : slice.weights)
    weight *= slice.stretch;
  const Integer to_b = missing.mean - missing.mass * slice.nodes[pair.a];
  const Integer to_a = missing.mass * slice.stretch - to_b;
  slice.weights[pair.a] += to_a;
  slice.weights[pair.b] += to_b;
  return std::max<Integer>(abs(to_a), abs(to_b));
}

void prove_moments(const ExpiryKey& key, ExactSlice& slice, const Scale& scale, Certificate& certificate) {
  constexpr double kNoNode = std::numeric_limits<double>::quiet_NaN();
  const Missing missing = missing_from(slice, scale);
  const Pair pair = large_pair(slice.weights);
  if (pair.a == pair.b) {
    const double by =
        std::max(ratio(abs(missing.mass), scale.weight), ratio(abs(missing.mean), scale.weight * scale.node));
    certificate.violations.push_back({Violation::Kind::moments, key, kNoNode, by});
    return;
  }
  const Integer move = make_moments_exact(slice, pair, missing), one = scale.weight * slice.stretch;
  certificate.largest_move = std::max(certificate.largest_move, ratio(move, one));
  if (move * kMovesInOne > one)
    certificate.violations.push_back({Violation::Kind::moments, key, kNoNode, ratio(move, one)});
}

void prove_weights(const ExpiryKey& key, const ExactSlice& slice, const Scale& scale, Certificate& certificate) {
  for (std::size_t j = 0; j < slice.nodes.size(); ++j)
    if (slice.weights[j] < 0)
      certificate.violations.push_back({Violation::Kind::weight, key, ratio(slice.nodes[j], scale.node),
                                        ratio(-slice.weights[j], scale.weight * slice.stretch)});
  certificate.inequalities += slice.weights.size();
}

/// g at increasing points that include all nodes, over scale.weight * stretch * scale.node. At the last point it is 0;
/// from one point down to the next it rises by the mass above times the distance.
std::vector<Integer> hinge_sums(const std::vector<Integer>& points, const ExactSlice& slice) {
  std::vector<Integer> sums(points.size());
  Integer mass = 0;
  std::size_t above = slice.nodes.size();
  for (std::size_t i = points.size(); i-- > 1;) {
    if (above > 0 && slice.nodes[above - 1] == points[i]) mass += slice.weights[--above];
    sums[i - 1] = sums[i] + mass * (points[i] - points[i - 1]);
  }
  return sums;
}

/// A slice as a law to be compared, its calls over scale.weight * scale.node times both stretches.
struct Stretched {
  const ExactSlice& slice;
  const Integer& by;  ///< the other's stretch: neither is divided

  const std::vector<Integer>& nodes() const { return slice.nodes; }
  std::vector<Integer> calls_at(const std::vector<Integer>& points) const {
    std::vector<Integer> calls = hinge_sums(points, slice);
    for (Integer& call : calls)
      call *= by;
    return calls;
  }
};

/// A slice, and what it is compared with.
struct Neighbour {
  const SurfaceSlice& slice;
  const ExactSlice& exact;
};

/// What stands against the order of two neighbours: every gap, and at one instant, where cash paid under either root is
/// the same cash, a discount factor that differs.
void prove_order(const Neighbour& first, const Neighbour& second, const Scale& scale, Certificate& certificate) {
  const Order order = order_of(first.slice.t, second.slice.t);
  const auto add = [&](Violation::Kind kind, double node, double by) {
    certificate.violations.push_back({kind, second.slice.key, node, by, first.slice.key});
    certificate.calendar = CalendarStatus::reported;
  };
  const double discount = second.slice.discount.value(), discount_before = first.slice.discount.value();
  if (order == Order::same_instant && discount != discount_before)
    add(Violation::Kind::discount, std::numeric_limits<double>::quiet_NaN(), std::abs(discount - discount_before));
  const Integer one = scale.weight * scale.node * second.exact.stretch * first.exact.stretch;
  certificate.inequalities +=
      compare(order, Stretched{first.exact, second.exact.stretch}, Stretched{second.exact, first.exact.stretch},
              [&](const Integer& node, const Integer& gap) {
                const double by = ratio(abs(gap), one);
                const bool after = order == Order::after;
                add(after ? Violation::Kind::calendar : Violation::Kind::same_instant, ratio(node, scale.node), by);
                certificate.worst_calendar_gap = std::min(certificate.worst_calendar_gap, -by);
              });
}

void require_positive(double value, std::string_view what, const SurfaceSlice& slice) {
  require(value > 0 && std::isfinite(value), "prove_arbitrage_free",
          std::string(what) + " of slice " + to_string(slice.key), value, "must be positive and finite");
}

/// Of slices at the instant of this one, that come before it, none has its root.
void check_roots(const Surface& surface, std::size_t slice) {
  const SurfaceSlice& own = surface.slices[slice];
  for (std::size_t i = slice; i-- > 0 && surface.slices[i].t == own.t;)
    if (surface.slices[i].key.root == own.key.root)
      throw PreconditionError(
          fmt::format("prove_arbitrage_free: t of slice {} is {}, but must be above that of {}, "
                      "which has the same root",
                      to_string(own.key), own.t.value(), to_string(surface.slices[i].key)));
}

void check(const Surface& surface) {
  constexpr std::string_view kWhere = "prove_arbitrage_free";
  require(!surface.slices.empty(), kWhere, "number of slices", 0, "must be at least 1");
  double previous = 0;
  for (std::size_t i = 0; i < surface.slices.size(); ++i) {
    const SurfaceSlice& slice = surface.slices[i];
    const double t = slice.t.value();
    require(t > 0 && t >= previous && std::isfinite(t), kWhere, "t", t,
            "must be positive and finite and not fall from slice to slice");
    previous = t;
    check_roots(surface, i);
    require_positive(slice.forward.value(), "forward", slice);
    require_positive(slice.discount.value(), "discount factor", slice);
    require_positive(slice.forward.value() * slice.discount.value(), "forward times discount factor", slice);
    require(!slice.curve.weights().empty(), kWhere, "number of units of a slice", 0, "must be at least 1");
    require(slice.curve.activation() == surface.activation, kWhere, "number of knots per unit of a slice",
            knots_per_unit(slice.curve.activation()), "must be that of the surface");
    require(surface.activation == Activation::relu ||
                std::ranges::equal(slice.curve.knots(), surface.slices.front().curve.knots()),
            kWhere, "t of a slice with its own knots", slice.t.value(), "only 'relu' slices may have their own");
  }
}

std::vector<Assumption> assumptions_of(const Surface& surface, bool ordered) {
  std::vector<Assumption> assumptions;
  if (ordered)
    assumptions = {Assumption::one_underlying, Assumption::order_of_instants, Assumption::ratios};
  else if (surface.slices.size() > 1)
    assumptions = {Assumption::several_underlyings};
  assumptions.push_back(Assumption::forwards_and_discounts);
  assumptions.push_back(Assumption::european_exercise);
  return assumptions;
}

}  // namespace

std::string_view to_string(CalendarStatus status) {
  switch (status) {
    case CalendarStatus::proved: return "proved";
    case CalendarStatus::reported: return "reported";
    case CalendarStatus::not_applicable: return "not applicable";
  }
  return "?";
}

std::string_view to_string(Assumption assumption) {
  switch (assumption) {
    case Assumption::one_underlying: return "one underlying";
    case Assumption::several_underlyings: return "expiries on different underlyings, without order in time";
    case Assumption::order_of_instants: return "the order of instants";
    case Assumption::ratios: return "ratios of forwards and of discount factors that stay";
    case Assumption::forwards_and_discounts: return "forwards and discount factors as given";
    case Assumption::european_exercise: return "European exercise";
  }
  return "?";
}

std::string in_words(const std::vector<Assumption>& assumptions) {
  std::string words;
  for (const Assumption assumption : assumptions)
    words.append(words.empty() ? "" : "; ").append(to_string(assumption));
  return words;
}

std::string_view to_string(Violation::Kind kind) {
  switch (kind) {
    case Violation::Kind::weight: return "weight";
    case Violation::Kind::moments: return "moments";
    case Violation::Kind::calendar: return "calendar";
    case Violation::Kind::same_instant: return "same instant";
    case Violation::Kind::discount: return "discount";
  }
  return "?";
}

std::string sentence(const Violation& violation) {
  const std::string key = to_string(violation.key);
  switch (violation.kind) {
    case Violation::Kind::weight:
      return fmt::format("{}: weight at k = {:.6g} is negative by {:.3g}", key, violation.node, violation.by);
    case Violation::Kind::moments:
      return fmt::format(
          "{}: mass and mean are not 1, and moving two weights by at most 1e-12 does not mend it: off by {:.3g}", key,
          violation.by);
    case Violation::Kind::calendar:
      return fmt::format("{}: a call at k = {:.6g} is cheaper than at the expiry before by {:.3g} forwards", key,
                         violation.node, violation.by);
    case Violation::Kind::same_instant:
      return fmt::format("{}: a call at k = {:.6g} differs from that of {} at the same instant by {:.3g} forwards", key,
                         violation.node, to_string(violation.other), violation.by);
    case Violation::Kind::discount:
      return fmt::format("{}: the discount factor differs from that of {} at the same instant by {:.3g}", key,
                         to_string(violation.other), violation.by);
  }
  return key;
}

std::string_view status(const Certificate& certificate) {
  if (certificate.arbitrage_free()) return "arbitrage-free";
  return certificate.slices_proved ? "slices-arbitrage-free" : "not-proved";
}

Certificate prove_arbitrage_free(const Surface& surface) {
  check(surface);
  const Scale scale = scale_of(surface);
  const bool ordered = surface.calendar && surface.slices.size() > 1;
  Certificate certificate{.slices_proved = true,
                          .calendar = ordered ? CalendarStatus::proved : CalendarStatus::not_applicable,
                          .assumptions = assumptions_of(surface, ordered)};
  ExactSlice previous;
  for (std::size_t i = 0; i < surface.slices.size(); ++i) {
    const SurfaceSlice& slice = surface.slices[i];
    ExactSlice exact = exact_slice(slice.curve, scale);
    const std::size_t known = certificate.violations.size();
    prove_moments(slice.key, exact, scale, certificate);
    prove_weights(slice.key, exact, scale, certificate);
    if (certificate.violations.size() > known) certificate.slices_proved = false;
    if (ordered && i > 0) prove_order({surface.slices[i - 1], previous}, {slice, exact}, scale, certificate);
    previous = std::move(exact);
  }
  return certificate;
}

}  // namespace strikenet
