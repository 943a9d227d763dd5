#pragma once

#include <limits>

#include "strikenet/report/calibration.h"

namespace strikenet::testing_support {

/// A calibration made up by hand, every number of which can be told from every other: two expiries, six quotes. What it
/// says is not true of its curves, so that a report that estimates something itself is found out.
struct SmallCalibration {
  Chain chain = {
      .file = "q.csv",
      .format = "generic",
      .underlying = "ABC",
      .as_of = parse_instant("2026-01-02T21:00Z"),
      .slices = {{{"2026-03-31", "A,\"B\""},
                  YearFraction(0.25),
                  Forward(100),
                  DiscountFactor(0.5),
                  {.pairs = 3, .forward_low = 99.5, .forward_high = 100.5}},
                 {{"2026-06-30"},
                  YearFraction(0.5),
                  Forward(101.5),
                  DiscountFactor(0.75),
                  {.pairs = 4, .forward_low = 102, .forward_high = 101, .violation = 0.125, .violated = {95, 105}},
                  true}},
      .quotes = {quote(2, 0, 100, OptionType::call, 2.25, 2.75), quote(3, 0, 90, OptionType::put, 0, 1e-5),
                 quote(5, 0, 110, OptionType::call, 3, 2, Drop::crossed),
                 quote(6, 0, 0.1, OptionType::put, 1.0 / 3, 0, Drop::no_ask), quote(7, 1, 101.5, OptionType::put, 1, 2),
                 quote(9, -1, 50, OptionType::call, 1, 2, Drop::expired)},
      .rules = {{Drop::stale, true, 7}, {Drop::duplicate, false}}};
  FitOptions options = {.activation = Activation::quadratic};
  SlicesFit fit = {
      .surface = {.as_of = "2026-01-02T21:00Z",
                  .underlying = "ABC",
                  .activation = Activation::quadratic,
                  .slices = {{chain.slices[0].key, YearFraction(0.25), Forward(100), DiscountFactor(0.5), curve()},
                             {chain.slices[1].key, YearFraction(0.5), Forward(101.5), DiscountFactor(0.75), curve()}}},
      .fits = {result(Termination::optimal, 1e-11, 25), result(Termination::stalled, 0.0625, 50)}};
  Certificate certificate = {.slices_proved = true,
                             .calendar = CalendarStatus::reported,
                             .inequalities = 9,
                             .largest_move = 0x1p-53,
                             .worst_calendar_gap = -0.25,
                             .violations = {{Violation::Kind::calendar, {"2026-06-30"}, 1.5, 0.25}},
                             .assumptions = {Assumption::one_underlying, Assumption::european_exercise}};
  Comparison comparison = {
      .quotes = {{2.5, 0.25, 0.225, 0.275, true, 0.001, 0.24},
                 {1.25, 0.5, std::nullopt, 0.375, false, std::nullopt},
                 {1.75, std::nullopt, 0.625, 0.125, std::nullopt, std::nullopt},
                 {0.0, std::nullopt, std::nullopt, std::nullopt, std::nullopt, std::nullopt},
                 {1.5, 0.3, 0.2, 0.4, true, 0.00125},
                 {}},
      .slices = {{4, 2, 2, 1, 1, 0.001, 0.001, 0, 2, 0.5}, {1, 1, 1, 1, 1, 0.00125, 0.00125, 4, 1}},
      .total = {6, 3, 3, 2, 2, 0.001125, 0.00125, 4, std::nullopt, 0.5}};
  FormulaCheck formula = {.largest_difference = 0x1p-50, .compared = 3};
  Stopwatch seconds = {.read = 0.5, .prepare = 0.25, .fit = 2, .certify = 0.125, .total = 2.875};

  Calibration calibration() const { return {chain, options, fit, certificate, comparison, formula, seconds}; }

  static Quote quote(long line, int slice, double strike, OptionType type, double bid, double ask,
                     Drop dropped = Drop::none) {
    const ExpiryKey keys[] = {{"2020-01-31", "OLD"}, {"2026-03-31", "A,\"B\""}, {"2026-06-30"}};
    return {.line = line,
            .slice = slice,
            .key = keys[slice + 1],
            .strike = strike,
            .type = type,
            .bid = bid,
            .ask = ask,
            .dropped = dropped};
  }
  static CallCurve curve() { return {Activation::quadratic, {0.25, 0.75, 1.25, 1.75}, {0.25, 0.5, 0.25}}; }
  static FitResult result(Termination termination, double optimality, int iterations) {
    return {.forward = Forward(100),
            .curve = curve(),
            .termination = termination,
            .message = "stalled: said so",
            .iterations = iterations,
            .optimality = optimality};
  }
};

}  // namespace strikenet::testing_support
