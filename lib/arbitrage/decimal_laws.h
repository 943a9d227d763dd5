#pragma once

#include <vector>

#include "arbitrage/law_program.h"

namespace strikenet {

/// The levels of a solution as decimals: its expiries, with the forward and discount factor at which the solution's r
/// and s are 1, of so few digits that the price of a put by parity at every strike with a call and a put is a decimal
/// of at most fifteen digits, which a double keeps. Their sides are the same.
std::vector<LawExpiry> with_decimal_levels(const LawProgram& program, const LinearSolution& solution);

/// Whether some strike has a call and a put.
bool has_pair(const std::vector<QuoteSide>& sides);

/// A price of a quote, which is one price.
struct DecimalPrice {
  const Quote* quote = nullptr;
  double price = 0;
};

/// The prices of a solution at levels that are decimals, as decimals: of a quote that gives way by nothing the price
/// that it has, but where its call and its put both do and contradict each other in the last digits; of the others the
/// solution's, to the fifteenth digit of the forward, put and call agreeing exactly.
std::vector<DecimalPrice> decimal_prices(const LawProgram& program, const LinearSolution& solution, std::size_t expiry);

}  // namespace strikenet
