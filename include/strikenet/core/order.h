#pragma once

#include <string_view>

#include "strikenet/core/quantity.h"

namespace strikenet {

/// How the laws of one underlying, over its forwards, stand to one another at two expiries that are neighbours in time.
/// With c(k) the price of a call struck at k forwards, undiscounted and over the forward:
enum class Order {
  after,         ///< the second settles later: c_2(k) >= c_1(k) at every k
  same_instant,  ///< both settle at one instant, under different roots: they are one law, c_2(k) = c_1(k) at every k
};

constexpr std::string_view to_string(Order order) { return order == Order::after ? "after" : "same instant"; }

/// By the times of two neighbours, the second not before the first. Times are equal or they are not: to the bit.
constexpr Order order_of(YearFraction first, YearFraction second) {
  return second > first ? Order::after : Order::same_instant;
}

}  // namespace strikenet
