#pragma once

#include <optional>
#include <span>
#include <vector>

#include "strikenet/market/chain.h"

namespace strikenet {

/// A quote at which one can buy, or at which one can sell.
struct QuoteSide {
  const Quote* quote = nullptr;
  bool ask = false;  ///< one buys at the ask, sells at the bid
  double price = 0;
};

/// A discounted law of the underlying at one expiry: weights[0] at 0, weights[1 + j] at strikes[j], and above the last
/// strike a mass of `tail` that makes a call struck there worth `last_call`. All are positive, so every put and every
/// call can gain.
struct SmileLaw {
  std::vector<double> strikes, weights;
  double tail = 0, last_call = 0;
};

/// Whether the law's exact prices lie within all sides: doubles of the law as the rationals they are, prices and
/// strikes of the quotes as decimals.
bool prices_within(const SmileLaw& law, std::span<const QuoteSide> sides);

/// The same where quotes have no spread, and a law's prices can only be theirs: call prices at the strikes, the
/// discounted forward and the discount factor. Prices of locked quotes are taken from the quotes; then everything has
/// to hold exactly, and strictly: convexity, slopes above -discount at first and below 0 at last, a last price above 0.
struct SmilePrices {
  std::vector<double> strikes, calls;
  double forward = 0, discount = 0;
};

bool prices_within(const SmilePrices& prices, std::span<const QuoteSide> sides);

/// A law near the middle of all sides, or the sides that contradict each other.
struct SmileVerdict {
  /// Half spreads by which every quote has to give way for a law to exist; 0 where one does. Not exact.
  double missed = 0;
  std::optional<SmileLaw> law = {};           ///< the best there is: not proved
  std::optional<SmilePrices> prices = {};     ///< its prices
  std::vector<QuoteSide> contradiction = {};  ///< what a trade is made of, where missed > 0 or the law touches a side
};

/// Two linear programs: by how much the worst quote has to give way, then how far from all sides a law can stay.
SmileVerdict judge_smile(std::span<const QuoteSide> sides);

}  // namespace strikenet
