#pragma once

#include <optional>
#include <span>
#include <vector>

#include "strikenet/core/export.h"
#include "strikenet/core/quantity.h"
#include "strikenet/market/chain.h"
#include "strikenet/replication/hedge.h"

namespace strikenet {

/// One option of a strip, and what it adds to the sum: width / strike^2 * exp(rate t) * price.
struct VixOption {
  double strike;
  double price;  ///< in the middle of bid and ask; at K0 the mean of put and call
  double width = 0, contribution = 0;
};

/// Variance of one expiry by the rules of Cboe's VIX (Cboe Volatility Index: methodology, 2022):
///
///     variance = 2/t sum_i dK_i / K_i^2 exp(rate t) Q(K_i) - 1/t (F / K0 - 1)^2
///
/// dK half the distance between the neighbours, at the ends the distance to the one neighbour.
struct VixTerm {
  YearFraction t{0};
  double forward = 0;
  double k0 = 0;
  double strip = 0;     ///< the sum, without 2/t
  double variance = 0;  ///< per year
  std::vector<VixOption> options = {};
};

/// From options that are already selected. Throws PreconditionError unless there are two, strikes are positive and
/// strictly increasing and K0 among them, prices are at least 0, and t, forward are positive and finite.
STRIKENET_EXPORT VixTerm vix_term(std::vector<VixOption> options, double k0, Forward forward, YearFraction t,
                                  double rate);

/// Selects them first. The forward is K + exp(rate t) (call - put) at the strike where the middle of call and put are
/// nearest to each other, K0 the highest strike at or below it. Then puts below K0, from there down, and calls above,
/// from there up: those without a bid are passed over, and after two such strikes in a row nothing further counts.
/// Empty where no strike has a call and a put with bids, or where fewer than two options are left.
STRIKENET_EXPORT std::optional<VixTerm> vix_term(std::span<const HedgeQuote> quotes, YearFraction t, double rate);

/// 100 times the root of the variance of 30 days, straight in time between those of the two expiries:
///
///     100 sqrt( (t1 v1 (N2 - N30) / (N2 - N1) + t2 v2 (N30 - N1) / (N2 - N1)) N365 / N30 ),   N in minutes
///
/// NaN where that variance is negative. Throws PreconditionError unless 0 < near.t < next.t.
STRIKENET_EXPORT double vix_index(const VixTerm& near, const VixTerm& next);

/// The slices that stand around 30 days: the last that expires by then, and the first after - of one root, or of any
/// where none is named, as Cboe takes SPX and SPXW. Empty where one of them is missing.
struct VixSlices {
  std::size_t near, next;
};
STRIKENET_EXPORT std::optional<VixSlices> vix_slices(const Chain& chain, std::string_view root = {});

/// All quotes of a slice that tell whether there is a bid: the used ones, and those left out because nobody bids or
/// asks. Where the file quotes vols, each is that of a put and of a call.
STRIKENET_EXPORT std::vector<HedgeQuote> vix_quotes(const Chain& chain, std::size_t slice);

}  // namespace strikenet
