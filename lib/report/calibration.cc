#include "strikenet/report/calibration.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "strikenet/core/black.h"

namespace strikenet {
namespace {

constexpr double kInsideSlack = 1e-9;  // forwards

/// The Black vol of a discounted price on a slice, from the out-of-the-money side; empty when it has none.
std::optional<double> vol_of(const ChainSlice& slice, OptionType type, double strike, double price) {
  const double forward = slice.forward.value();
  const OptionType side = strike < forward ? OptionType::put : OptionType::call;
  double undiscounted = price / slice.discount.value();
  if (type != side) undiscounted -= std::abs(forward - strike);
  if (!(undiscounted > 0)) return std::nullopt;
  const ImpliedVol implied = implied_total_vol(side, slice.forward, Strike(strike), Price(undiscounted));
  if (implied.broken != PriceBound::none) return std::nullopt;
  return implied.vol.value() / std::sqrt(slice.t.value());
}

std::optional<double> model_vol(const SurfaceSlice& slice, double strike) {
  const double vol = implied_total_vol(slice.curve, strike / slice.forward.value()).value();
  return std::isnan(vol) ? std::nullopt : std::optional(vol / std::sqrt(slice.t.value()));
}

std::optional<double> mid_vol(const ChainSlice& slice, const Quote& quote) {
  if (quote.bid_vol && quote.ask_vol) return (*quote.bid_vol + *quote.ask_vol) / 2;
  return vol_of(slice, quote.type, quote.strike, (quote.bid + quote.ask) / 2);
}

bool out_of_the_money(const ChainSlice& slice, const Quote& quote) {
  return (quote.strike < slice.forward.value()) == (quote.type == OptionType::put);
}

QuoteComparison compare(const ChainSlice& market, const SurfaceSlice& fitted, bool has_spread, const Quote& quote) {
  QuoteComparison result;
  result.model = price(fitted, quote.type, Strike(quote.strike));
  result.model_vol = model_vol(fitted, quote.strike);
  result.bid_vol = quote.bid_vol ? quote.bid_vol : vol_of(market, quote.type, quote.strike, quote.bid);
  result.ask_vol = quote.ask_vol ? quote.ask_vol : vol_of(market, quote.type, quote.strike, quote.ask);
  if (quote.bid > 0) result.mid_vol = mid_vol(market, quote);
  if (!quote.used()) return result;
  if (has_spread) {
    const double slack = kInsideSlack * market.forward.value();
    result.inside = *result.model >= quote.bid - slack && *result.model <= quote.ask + slack;
  }
  if (out_of_the_money(market, quote) && result.mid_vol && result.model_vol)
    result.vol_error = std::abs(*result.model_vol - *result.mid_vol);
  return result;
}

/// Adds one quote to a tally whose vol_error_rms holds the sum of squares for now.
void add(SliceComparison& tally, const Quote& quote, const QuoteComparison& comparison, std::size_t index) {
  ++tally.quotes;
  tally.used += quote.used();
  tally.with_spread += comparison.inside.has_value();
  tally.inside += comparison.inside.value_or(false);
  if (comparison.inside == false && quote.ask > quote.bid)
    tally.outside +=
        std::max(quote.bid - *comparison.model, *comparison.model - quote.ask) / ((quote.ask - quote.bid) / 2);
  if (!comparison.vol_error) return;
  const double error = *comparison.vol_error;
  ++tally.vol_errors;
  tally.vol_error_rms += error * error;
  if (!tally.worst || error > tally.vol_error_max) {
    tally.worst = index;
    tally.vol_error_max = error;
  }
}

void finish(SliceComparison& tally) {
  if (tally.vol_errors > 0) tally.vol_error_rms = std::sqrt(tally.vol_error_rms / tally.vol_errors);
}

/// Local maxima of the density above 1 % of the peak. Between knots the density is constant or linear, so its values
/// inside boxes and at the peaks of hats are all there is.
std::optional<int> density_maxima(const CallCurve& curve) {
  if (curve.activation() == Activation::relu) return std::nullopt;
  const auto knots = curve.knots();
  const std::size_t peak = static_cast<std::size_t>(knots_per_unit(curve.activation())) - 1;
  std::vector<double> density{0};
  for (std::size_t j = 0; j < curve.weights().size(); ++j) {
    const double at = peak == 1 ? (knots[j] + knots[j + 1]) / 2 : knots[j + 1];
    if (const double value = curve.density(at); value != density.back()) density.push_back(value);
  }
  density.push_back(0);
  const double least = std::ranges::max(density) / 100;
  int count = 0;
  for (std::size_t i = 1; i + 1 < density.size(); ++i)
    count += density[i] > density[i - 1] && density[i] > density[i + 1] && density[i] > least;
  return count;
}

}  // namespace

Comparison compare(const Chain& chain, const Surface& surface) {
  Comparison result;
  result.slices.resize(chain.slices.size());
  for (std::size_t i = 0; i < chain.quotes.size(); ++i) {
    const Quote& quote = chain.quotes[i];
    const auto slice = static_cast<std::size_t>(quote.slice);
    result.quotes.push_back(quote.slice < 0
                                ? QuoteComparison{}
                                : compare(chain.slices[slice], surface.slices[slice], chain.has_spread, quote));
    if (quote.slice >= 0) add(result.slices[slice], quote, result.quotes.back(), i);
    add(result.total, quote, result.quotes.back(), i);
  }
  for (std::size_t i = 0; i < result.slices.size(); ++i) {
    finish(result.slices[i]);
    result.slices[i].density_maxima = density_maxima(surface.slices[i].curve);
  }
  finish(result.total);
  return result;
}

std::vector<std::pair<Drop, int>> dropped_by_reason(const Chain& chain) {
  std::map<Drop, int> counts;
  for (const Quote& quote : chain.quotes)
    if (!quote.used()) ++counts[quote.dropped];
  return {counts.begin(), counts.end()};
}

}  // namespace strikenet
