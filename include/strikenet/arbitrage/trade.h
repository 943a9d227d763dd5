#pragma once

#include <string_view>
#include <vector>

#include "strikenet/core/expiry_key.h"
#include "strikenet/core/export.h"
#include "strikenet/core/option_type.h"
#include "strikenet/core/order.h"

namespace strikenet {

/// One side of a trade: units of one European option bought (units > 0) or sold (units < 0) at a price.
struct TradeLeg {
  long line = 0;  ///< of the quote, in its file
  ExpiryKey key = {};
  double strike = 0;
  OptionType type = OptionType::call;
  double units = 0;
  double price = 0;  ///< discounted, currency per unit of underlying: the ask where bought, the bid where sold
  double size = 0;   ///< contracts that are quoted at this price; 0 where the file says nothing
};

/// What a trade across expiries assumes of one of them: a forward and a discount factor, as the decimals that they are
/// printed as. Only the ratios between expiries matter.
struct AssumedForward {
  ExpiryKey key = {};
  double forward = 0;
  double discount = 0;
  Order order = Order::after;  ///< how it stands to the one before it; of the first nothing
};

/// What a trade across expiries does at one of them: forwards on the next expiry of the trade, bought (> 0) or sold at
/// no cost, at the price S forward_to / forward_from, where S is the price of the underlying then.
struct ForwardHedge {
  struct Step {
    double spot = 0;  ///< from here on, until the next step
    double forwards = 0;
  };

  ExpiryKey from = {}, to = {};
  std::vector<Step> steps = {};  ///< by spot; the first at 0
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

/// The same for a trade across expiries, with what it does in between, along every path S_1, S_2, ... >= 0 of the
/// underlying at the expiries `assumed`, which stand in the order of time. Rates are deterministic and dividends
/// proportional, so that forwards move with the underlying:
///
///     payoff = sum_i D_i P_i(S_i) + sum_i D_j h_i(S_i) (S_j - S_i F_j / F_i),   j the next expiry of the trade
///
/// in today's money, with P_i what the legs of expiry i pay, and h_i the forwards of its hedge, D_i and F_i assumed.
/// Where j settles at the same instant as i, under another root, no time passes: S_j = S_i F_j / F_i, and there is
/// nothing to hedge.
///
/// `floor` is the least payoff over all paths: by going backwards from the last expiry, the least over S_j of a
/// function that is linear between finitely many points, exactly. Throws PreconditionError also where an expiry of a
/// leg or hedge is not assumed, a hedge does not lead to the next expiry of the trade, at a later instant, or has no
/// step at 0, a forward or discount factor is not above 0, or discount factors of one instant differ.
STRIKENET_EXPORT TradeProof prove_trade(const std::vector<TradeLeg>& legs, const std::vector<ForwardHedge>& hedges,
                                        const std::vector<AssumedForward>& assumed);

}  // namespace strikenet
