#pragma once

#include <string_view>
#include <vector>

#include "strikenet/core/expiry_key.h"
#include "strikenet/core/export.h"
#include "strikenet/core/option_type.h"

namespace strikenet {

/// One side of a trade: units of one European option bought (units > 0) or sold (units < 0) at a price.
struct TradeLeg {
  long line = 0;  ///< of the quote, in its file
  ExpiryKey key = {};
  double strike = 0;
  OptionType type = OptionType::call;
  double units = 0;
  double price = 0;  ///< discounted, currency per unit of underlying: the ask where bought, the bid where sold
};

/// What can be said of a position that is entered today and held to expiry.
enum class TradeKind {
  arbitrage,       ///< pays now, costs nothing later: model-independent
  weak_arbitrage,  ///< costs nothing, now or later, and pays somewhere: in every model that gives that a probability
  none,
};

STRIKENET_EXPORT std::string_view to_string(TradeKind kind);  ///< "arbitrage", "weak arbitrage", "none"

/// A proof in rational arithmetic, rounded for display.
struct TradeProof {
  TradeKind kind = TradeKind::none;
  double cost = 0;   ///< sum of units * price, today: negative where one is paid
  double floor = 0;  ///< least payoff over all prices of the underlying and all expiries; -infinity where it has none
};

/// Takes strikes, units and prices for the decimals that a file writes them as - 22.7 is 227/10 - and decides, without
/// a tolerance, with
///
///     cost = sum_i units_i price_i,   payoff_T(S) = sum over legs of expiry T of units_i (S - K_i)+ or (K_i - S)+:
///
///     arbitrage         cost < 0 and payoff_T(S) >= 0 for every expiry T and every S >= 0
///     weak arbitrage    cost = 0, the same, and payoff_T(S) > 0 somewhere
///
/// (Davis and Hobson 2007 call the two model-independent and weak.) A payoff is linear between strikes: it is looked at
/// at 0, at every strike, and along its last slope. What is paid at one expiry is not carried to another, so the proof
/// needs neither rates nor forwards; legs of one date and different roots settle apart and are apart. European exercise
/// is assumed. Throws PreconditionError where a number is not finite, or a strike negative.
STRIKENET_EXPORT TradeProof prove_trade(const std::vector<TradeLeg>& legs);

}  // namespace strikenet
