#include "strikenet/replication/variance_swap.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>
#include <utility>

#include "strikenet/core/result.h"

namespace strikenet {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kDavis =
    1.30692973;  // Davis 1976: the smallest zero of the confluent hypergeometric M(-1/2, 1/2, z^2/2), rounded up

/// int from low to high of g, by Gauss and Legendre on eight points.
template <class Function>
double gauss(double low, double high, const Function& g) {
  static constexpr std::array<double, 4> kAt = {0.1834346424956498, 0.5255324099163290, 0.7966664774136267,
                                                0.9602898564975363};
  static constexpr std::array<double, 4> kWeight = {0.3626837833783620, 0.3137066458778873, 0.2223810344533745,
                                                    0.1012285362903763};
  const double middle = (low + high) / 2, half = (high - low) / 2;
  double sum = 0;
  for (std::size_t i = 0; i < 4; ++i)
    sum += kWeight[i] * (g(middle - half * kAt[i]) + g(middle + half * kAt[i]));
  return sum * half;
}

/// int over [low, high] of the out-of-the-money price times `weight`, in units of the forward. Between knots the price
/// is a polynomial; pieces are short against their distance from 0, where weights have their pole.
template <class Weight>
double out_of_the_money_integral(const CallCurve& curve, double low, double high, const Weight& weight) {
  constexpr double kNearZero = 1e-15, kRatio = 1.25;
  if (curve.activation() == Activation::relu && curve.knots().front() == 0 && curve.weights().front() != 0 &&
      low == 0 && std::isinf(weight(0.0)))
    return kInfinity;
  const double from = std::max({low, curve.knots().front(), kNearZero}), to = std::min(high, curve.knots().back());
  std::vector<double> ends{from, to, 1};
  ends.insert(ends.end(), curve.knots().begin(), curve.knots().end());
  std::erase_if(ends, [&](double k) { return k < from || k > to; });
  std::ranges::sort(ends);
  double sum = 0;
  for (std::size_t i = 0; i + 1 < ends.size(); ++i)
    for (double left = ends[i]; left < ends[i + 1];) {
      const double right = std::min(ends[i + 1], left * kRatio);
      sum += gauss(left, right, [&](double k) { return (k < 1 ? curve.put(k) : curve.call(k)) * weight(k); });
      left = right;
    }
  return sum;
}

double variance_between(const SurfaceSlice& slice, double low, double high) {
  const double forward = slice.forward.value();
  return 2 / slice.t.value() *
         out_of_the_money_integral(slice.curve, low / forward, high / forward, [](double k) { return 1 / (k * k); });
}

// --- strips ----------------------------------------------------------------------------------------------------------

/// 2/t (S/S* - 1 - ln(S/S*)) and its slope, without cancellation near S*.
struct LogPayoff {
  double boundary, t;
  double value(double spot) const {
    const double x = (spot - boundary) / boundary;
    return 2 / t * (x - std::log1p(x));
  }
  double slope(double spot) const { return 2 / t * (1 / boundary - 1 / spot); }
};

/// Of one side, from the boundary outwards: units of the strikes, ends[i] being what follows strike i.
std::vector<double> side_units(const std::vector<double>& strikes, std::optional<double> end, const LogPayoff& log,
                               StripWeights weights) {
  std::vector<double> all = strikes, units;
  if (end) all.push_back(*end);
  double slope = 0;
  for (std::size_t i = 0; i < strikes.size(); ++i) {
    const bool last = i + 1 == all.size();
    if (weights == StripWeights::trapezoid) {
      const double inner = i == 0 ? all[0] : all[i - 1], outer = last ? all[i] : all[i + 1];
      units.push_back(2 / log.t * std::abs(outer - inner) / 2 / (all[i] * all[i]));
      continue;
    }
    const double next = last ? slope : std::abs((log.value(all[i + 1]) - log.value(all[i])) / (all[i + 1] - all[i]));
    units.push_back(next - slope);
    slope = next;
  }
  return units;
}

struct Sides {
  std::vector<double> puts, calls;  // strikes from the boundary outwards
};

Sides sides_of(std::span<const double> strikes, double boundary) {
  Sides sides;
  for (const double strike : strikes) {
    if (strike <= boundary) sides.puts.insert(sides.puts.begin(), strike);
    if (strike >= boundary) sides.calls.push_back(strike);
  }
  return sides;
}

void check(std::span<const double> strikes, Strike boundary, YearFraction t, const StripOptions& options) {
  constexpr std::string_view kWhere = "variance_strip";
  double before = 0;
  for (const double strike : strikes) {
    require(strike > before && std::isfinite(strike), kWhere, "strike", strike,
            "strikes must be positive, finite and strictly increasing");
    before = strike;
  }
  require(std::ranges::binary_search(strikes, boundary.value()), kWhere, "boundary", boundary.value(),
          "must be one of the strikes");
  require(t.value() > 0 && std::isfinite(t.value()), kWhere, "t", t.value(), "must be positive and finite");
  const double low = options.low_end.value_or(strikes.front() / 2), high = options.high_end.value_or(2 * before);
  require(low > 0 && low < strikes.front(), kWhere, "low end", low, "must be above 0 and below the strikes");
  require(high > before && std::isfinite(high), kWhere, "high end", high, "must be finite and above the strikes");
}

/// What the tails can add, undiscounted prices of the last put and call given.
double tails(const Sides& sides, const std::vector<StripLeg>& legs, const StripOptions& options, const LogPayoff& log,
             double last_put, double last_call) {
  const double two_over_t = 2 / log.t, low = sides.puts.back(), high = sides.calls.back();
  if (options.weights == StripWeights::trapezoid) return two_over_t * (last_put / low + last_call / high);
  double puts = 0, calls = 0;
  for (const StripLeg& leg : legs)
    (leg.type == OptionType::put ? puts : calls) += leg.units;
  const double low_end = options.low_end.value_or(low);
  const double kink = -log.slope(low_end) - puts;
  return last_put * (std::max(0.0, kink) + two_over_t / low_end) +
         last_call * std::max(0.0, two_over_t / log.boundary - calls);
}

/// The largest distance of a chord from the log.
double convexity_of(const Sides& sides, const StripOptions& options, const LogPayoff& log) {
  std::vector<double> all(sides.puts.rbegin(), sides.puts.rend());
  all.insert(all.end(), sides.calls.begin() + 1, sides.calls.end());
  if (options.low_end) all.insert(all.begin(), *options.low_end);
  if (options.high_end) all.push_back(*options.high_end);
  double largest = 0;
  for (std::size_t i = 0; i + 1 < all.size(); ++i) {
    const double chord = (log.value(all[i + 1]) - log.value(all[i])) / (all[i + 1] - all[i]);
    const double touching = 1 / (1 / log.boundary - chord * log.t / 2);  // where the log has that slope
    largest = std::max(largest, log.value(all[i]) + chord * (touching - all[i]) - log.value(touching));
  }
  return largest;
}

using Quotes = std::map<double, HedgeQuote>;  // by strike

/// What can be in a strip: quotes with a bid.
std::pair<Quotes, Quotes> puts_and_calls(const HedgeMarket& market) {
  Quotes puts, calls;
  for (const HedgeQuote& quote : market.quotes)
    if (quote.bid > 0) (quote.type == OptionType::put ? puts : calls).emplace(quote.strike.value(), quote);
  return {puts, calls};
}

}  // namespace

double fair_variance(const SurfaceSlice& slice) { return variance_between(slice, 0, kInfinity); }

double fair_gamma_variance(const SurfaceSlice& slice) {
  return 2 / slice.t.value() *
         out_of_the_money_integral(slice.curve, 0, kInfinity, [](double k) { return k > 0 ? 1 / k : 0; });
}

double fair_corridor_variance(const SurfaceSlice& slice, double low, double high) {
  require(low >= 0 && std::isfinite(low), "fair_corridor_variance", "low", low, "must be finite and at least 0");
  require(high > low, "fair_corridor_variance", "high", high, "must be above low");
  return variance_between(slice, low, high);
}

VolSwapBounds vol_swap_bounds(const SurfaceSlice& slice) {
  // E[(ln X)+] = int_1^inf call(k) d(-1/k) + call(1) = call(1) - int call/k^2: from (ln x)' = 1/x, (ln x)'' = -1/x^2.
  const double above =
      slice.curve.call(1) - out_of_the_money_integral(slice.curve, 1, kInfinity, [](double k) { return 1 / (k * k); });
  const double root = std::sqrt(slice.t.value());
  return {2 * above / (kDavis * root), implied_total_vol(slice.curve, 1).value() / root,
          std::sqrt(fair_variance(slice))};
}

std::string_view to_string(StripWeights weights) { return weights == StripWeights::chords ? "chords" : "trapezoid"; }

std::optional<StripWeights> parse_strip_weights(std::string_view word) {
  for (const StripWeights weights : {StripWeights::chords, StripWeights::trapezoid})
    if (word == to_string(weights)) return weights;
  return std::nullopt;
}

std::vector<StripLeg> variance_strip(std::span<const double> strikes, Strike boundary, YearFraction t,
                                     const StripOptions& options) {
  check(strikes, boundary, t, options);
  const Sides sides = sides_of(strikes, boundary.value());
  const LogPayoff log{boundary.value(), t.value()};
  const std::vector<double> puts = side_units(sides.puts, options.low_end, log, options.weights);
  const std::vector<double> calls = side_units(sides.calls, options.high_end, log, options.weights);
  std::vector<StripLeg> legs;
  for (std::size_t i = puts.size(); i-- > 0;)
    legs.push_back({OptionType::put, Strike(sides.puts[i]), puts[i]});
  for (std::size_t i = 0; i < calls.size(); ++i)
    legs.push_back({OptionType::call, Strike(sides.calls[i]), calls[i]});
  return legs;
}

std::optional<VarianceSwap> variance_swap(const HedgeMarket& market, YearFraction t, const StripOptions& options) {
  const double forward = market.forward.value_or(Forward(kInfinity)).value(), discount = market.discount.value();
  require(forward > 0 && std::isfinite(forward), "variance_swap", "forward", forward, "must be positive and finite");
  const auto [puts, calls] = puts_and_calls(market);
  std::optional<double> boundary;
  for (const auto& [strike, quote] : puts)
    if (strike <= forward && calls.contains(strike)) boundary = strike;
  if (!boundary) return std::nullopt;
  std::vector<double> strikes;
  for (const auto& [strike, quote] : puts)
    if (strike <= *boundary) strikes.push_back(strike);
  for (const auto& [strike, quote] : calls)
    if (strike > *boundary) strikes.push_back(strike);
  if (strikes.front() == *boundary || strikes.back() == *boundary) return std::nullopt;

  const LogPayoff log{*boundary, t.value()};
  const std::vector<StripLeg> legs = variance_strip(strikes, Strike(*boundary), t, options);
  VarianceSwap swap{.boundary = *boundary};
  const double ratio = (forward - *boundary) / *boundary;
  double bid = 0, ask = 0;
  for (const auto& [type, strike, units] : legs) {
    const HedgeQuote& quote = (type == OptionType::put ? puts : calls).at(strike.value());
    bid += units * quote.bid / discount;
    ask += units * quote.ask / discount;
    if (units != 0) swap.legs.push_back({type, strike, units, (quote.bid + quote.ask) / 2});
  }
  const double correction = 2 / t.value() * (std::log1p(ratio) - ratio);
  swap.bid_variance = bid + correction;
  swap.ask_variance = ask + correction;
  swap.fair_variance = (bid + ask) / 2 + correction;
  swap.fair_vol = std::sqrt(std::max(0.0, swap.fair_variance));
  const Sides sides = sides_of(strikes, *boundary);
  swap.truncation_error = tails(sides, legs, options, log, puts.at(strikes.front()).ask / discount,
                                calls.at(strikes.back()).ask / discount);
  if (options.weights == StripWeights::chords) swap.convexity = convexity_of(sides, options, log);
  return swap;
}

}  // namespace strikenet
