#pragma once

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

#include "strikenet/arbitrage/certificate.h"
#include "strikenet/core/result.h"
#include "strikenet/surface/call_surface.h"
#include "strikenet/surface/surface.h"
#include "strikenet/testing/grid_check.h"

/// Tests of tests with GoogleTest, which who includes this header finds and links.
///
///     EXPECT_ARBITRAGE_FREE(surface);                      a Surface or CallSurface: exact
///     EXPECT_ARBITRAGE_FREE(calls_on(grid, call));         any function of k and t: on a grid, to a tolerance
///     EXPECT_ARBITRAGE_FREE(vols_on(grid, vol));
///     EXPECT_ARBITRAGE_FREE(vols_on(grid, *handle, forward));   a BlackVolTermStructure of QuantLib
///
/// A surface of strikenet's passes if prove_arbitrage_free() proves it, in rational arithmetic and without a tolerance.
/// One that it refuses - without slices, or with a forward that is not positive - fails with its sentence.
/// Whatever else passes breaks no relation at the grid's points by more than the grid's tolerance: see check_on_grid(),
/// which says what that leaves unseen. A failure says which relation breaks, where, by how much and at what prices.
#define EXPECT_ARBITRAGE_FREE(...) EXPECT_PRED_FORMAT1(::strikenet::assert_arbitrage_free, (__VA_ARGS__))
/// The same, and leaves the test where it fails.
#define ASSERT_ARBITRAGE_FREE(...) ASSERT_PRED_FORMAT1(::strikenet::assert_arbitrage_free, (__VA_ARGS__))

namespace strikenet {

/// Call prices to be tested, and where.
struct CallsOnGrid {
  CheckGrid grid;
  std::function<double(double k, double t)> call;
};

/// call(k, t): undiscounted price over the forward, k = strike / forward, t in years.
inline CallsOnGrid calls_on(CheckGrid grid, std::function<double(double k, double t)> call) {
  return {std::move(grid), std::move(call)};
}

/// vol(k, t): Black's implied vol, decimal: 0.2 is 20 %.
inline CallsOnGrid vols_on(CheckGrid grid, std::function<double(double k, double t)> vol) {
  return {std::move(grid), [vol = std::move(vol)](double k, double t) { return call_of_vol(k, t, vol(k, t)); }};
}

/// A BlackVolTermStructure of QuantLib, whose strikes are in currency, with the forward of each time. Any type will do
/// that has its `blackVariance(time, strike, extrapolate)`, total variance, so this header needs none of QuantLib's. It
/// is asked with extrapolation. It is held by reference, and has to live until the expectation is done.
template <class BlackVolTermStructure>
CallsOnGrid vols_on(CheckGrid grid, const BlackVolTermStructure& vols, std::function<double(double t)> forward) {
  return {std::move(grid), [&vols, forward = std::move(forward)](double k, double t) {
            return call_of_vol(k, t, std::sqrt(vols.blackVariance(t, k * forward(t), true) / t));
          }};
}

/// What EXPECT_ARBITRAGE_FREE calls: the words of the argument, in the brackets that the macro adds, and its value.
inline ::testing::AssertionResult assert_arbitrage_free(std::string_view words, const Surface& surface) {
  constexpr std::size_t kShown = 5;
  Certificate certificate;
  try {
    certificate = prove_arbitrage_free(surface);
  } catch (const PreconditionError& refused) {
    return ::testing::AssertionFailure() << words << " cannot be proved arbitrage-free\n  " << refused.what();
  }
  if (certificate.arbitrage_free()) return ::testing::AssertionSuccess();
  ::testing::AssertionResult failure = ::testing::AssertionFailure();
  failure << words << " is " << status(certificate) << ", but must be arbitrage-free";
  for (std::size_t i = 0; i < certificate.violations.size() && i < kShown; ++i)
    failure << "\n  " << sentence(certificate.violations[i]);
  if (certificate.violations.size() > kShown)
    failure << "\n  and " << certificate.violations.size() - kShown << " more";
  return failure;
}

inline ::testing::AssertionResult assert_arbitrage_free(std::string_view words, const CallSurface& surface) {
  return assert_arbitrage_free(words, surface.surface());
}

inline ::testing::AssertionResult assert_arbitrage_free(std::string_view words, const CallsOnGrid& calls) {
  const GridCheck check = check_on_grid(calls.grid, calls.call);
  if (check.arbitrage_free()) return ::testing::AssertionSuccess();
  return ::testing::AssertionFailure() << words << " has static arbitrage\n" << in_words(check, calls.grid);
}

}  // namespace strikenet
