#include "chain_smiles.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "knots.h"
#include "market/valid_chain.h"
#include "strike_band.h"
#include "strikenet/core/order.h"
#include "strikenet/core/result.h"

namespace strikenet {
namespace {

/// Knots for all slices at once.
std::vector<double> common_knots(const Chain& chain, const Smiles& smiles, const FitOptions& options) {
  std::optional<KnotRange> range;
  for (std::size_t i = 0; i < smiles.size(); ++i) {
    const std::vector<StrikeBand> bands = strike_bands(smiles[i], chain.slices[i].forward);
    const double vol = at_the_money_total_vol(bands);
    if (!range) range = {bands.front().k, bands.back().k, vol, vol};
    range->lowest_quote = std::min(range->lowest_quote, bands.front().k);
    range->highest_quote = std::max(range->highest_quote, bands.back().k);
    range->shortest = std::min(range->shortest, vol);
    range->longest = std::max(range->longest, vol);
  }
  return sinh_knots(*range, options.activation, options.units);
}

}  // namespace

Smiles smiles_of(const Chain& chain) {
  Smiles smiles(chain.slices.size());
  for (const Quote& quote : chain.quotes) {
    if (!quote.used()) continue;
    const auto slice = static_cast<std::size_t>(quote.slice);
    const double discount = chain.slices[slice].discount.value();
    smiles[slice].push_back(
        {Strike(quote.strike), quote.type, Price(quote.bid / discount), Price(quote.ask / discount)});
  }
  return smiles;
}

std::vector<std::size_t> instants_of(const Chain& chain) {
  std::vector<std::size_t> instants(chain.slices.size(), 0);
  for (std::size_t i = 1; i < instants.size(); ++i)
    instants[i] = instants[i - 1] + (order_of(chain.slices[i - 1].t, chain.slices[i].t) == Order::after);
  return instants;
}

Smiles by_instant(const Chain& chain, const Smiles& smiles) {
  const std::vector<std::size_t> instants = instants_of(chain);
  Smiles result;
  double forward = 0;
  for (std::size_t i = 0; i < smiles.size(); ++i) {
    const double own = chain.slices[i].forward.value();
    if (instants[i] == result.size()) {
      result.emplace_back();
      forward = own;
    }
    const double unit = forward / own;
    for (const SmileQuote& quote : smiles[i])
      result.back().push_back({Strike(quote.strike.value() * unit), quote.type, Price(quote.bid.value() * unit),
                               Price(quote.ask.value() * unit)});
  }
  return result;
}

FitOptions with_common_knots(const Chain& chain, const Smiles& smiles, FitOptions options) {
  const bool at_the_strikes = options.activation == Activation::relu && (options.units == 0 || options.train_strikes);
  if (at_the_strikes || !options.knots.empty()) return options;
  options.knots = common_knots(chain, smiles, options);
  options.units = 0;
  return options;
}

SlicesFit without_slices(const Chain& chain, const FitOptions& options) {
  return {.surface = {.as_of = chain.as_of ? to_string(*chain.as_of) : std::string(),
                      .underlying = chain.underlying,
                      .activation = options.activation}};
}

void add_slice(const ChainSlice& slice, const std::vector<SmileQuote>& quotes, FitResult fit, SlicesFit& result) {
  const auto [lowest, highest] = std::ranges::minmax(quotes, {}, &SmileQuote::strike);
  result.surface.slices.push_back({slice.key, slice.t, slice.forward, slice.discount, fit.curve,
                                   QuotedStrikes{lowest.strike.value(), highest.strike.value()}});
  result.fits.push_back(std::move(fit));
}

void require_fittable(const Chain& chain, const FitOptions& options, int threads) {
  for (const std::string& problem : options.problems())
    throw PreconditionError(problem);
  require(!chain.slices.empty(), "fit_slices", "number of slices", 0, "must be at least 1");
  require(threads >= 1, "fit_slices", "threads", threads, "must be at least 1");
  for (std::size_t i = 1; i < chain.slices.size(); ++i) {
    const ChainSlice& slice = chain.slices[i];
    require(slice.t >= chain.slices[i - 1].t, "fit_slices", "t of slice " + to_string(slice.key), slice.t.value(),
            "must not be before that of the slice before it");
    for (std::size_t j = i; j-- > 0 && chain.slices[j].t == slice.t;)
      require(chain.slices[j].key.root != slice.key.root, "fit_slices", "t of slice " + to_string(slice.key),
              slice.t.value(),
              "must be later than that of " + to_string(chain.slices[j].key) + ", which has the same root");
  }
  require_valid(chain);
  for (const Quote& quote : chain.quotes) {
    if (!quote.used()) continue;
    require(quote.slice >= 0, "fit_slices", "slice of a used quote", quote.slice, "must be at least 0");
    require(quote.bid <= quote.ask, "fit_slices", "bid of a used quote", quote.bid, "must be at most its ask");
  }
}

}  // namespace strikenet
