#include "market/parity.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>
#include <vector>

#include "strikenet/io/read_chain.h"
#include "support/shared_data.h"

namespace strikenet {
namespace {

using testing_support::has_shared;
using testing_support::shared_folder;
using testing_support::skip_text;

constexpr double kRounding = 1e-9;  // relative, of differences of prices divided by differences of strikes
constexpr double kSearch = 1e-5;    // prices: what is left of a grid after it has been refined

/// A pair whose band is `below` and `above` around D (F - strike).
ParityPair pair_at(double strike, double discount, double forward, double below, double above) {
  const double value = discount * (forward - strike);
  return {strike, value - below, value + above};
}

std::vector<ParityPair> pairs_at(const std::vector<double>& strikes, double discount, double forward, double half) {
  std::vector<ParityPair> pairs;
  for (const double strike : strikes)
    pairs.push_back(pair_at(strike, discount, forward, half, half));
  return pairs;
}

ParityChoice choose(const ParityInput& input) { return choose_forwards(std::vector{input}).at(0); }

/// By how much a pair (D, F) leaves the band of its worst strike.
double violation_of(const std::vector<ParityPair>& pairs, double discount, double forward) {
  double worst = 0;
  for (const auto& [strike, low, high] : pairs) {
    const double value = discount * (forward - strike);
    worst = std::max({worst, low - value, value - high});
  }
  return worst;
}

/// The oracle: the smallest violation of any (D, F) on a grid that is refined around its best point.
double smallest_violation(const std::vector<ParityPair>& pairs, double discount, double forward) {
  double best = violation_of(pairs, discount, forward), reach_d = discount / 2, reach_f = forward / 5;
  for (int round = 0; round < 40; ++round, reach_d /= 2, reach_f /= 2) {
    const double d0 = discount, f0 = forward;
    for (int i = -40; i <= 40; ++i)
      for (int j = -40; j <= 40; ++j) {
        const double d = d0 + reach_d * i / 40, f = f0 + reach_f * j / 40, here = violation_of(pairs, d, f);
        if (d <= 0 || here >= best) continue;
        best = here;
        discount = d;
        forward = f;
      }
  }
  return best;
}

// --- one expiry -----------------------------------------------------------------------------------------------------

TEST(ChooseForwards, RecoversDiscountAndForwardFromBandsOfNoWidth) {
  for (const auto& [discount, forward] : {std::pair{0.97, 101.5}, std::pair{1.02, 4000.0}, std::pair{1.0, 1e-3}}) {
    const std::vector<double> strikes = {0.8 * forward, 0.95 * forward, 1.1 * forward};
    const ParityChoice choice = choose({YearFraction(0.5), pairs_at(strikes, discount, forward, 0)});
    EXPECT_NEAR(choice.discount.value(), discount, kRounding * discount);
    EXPECT_NEAR(choice.forward.value(), forward, kRounding * forward);
    EXPECT_EQ(choice.band.pairs, 3);
    EXPECT_EQ(choice.band.violation, 0);
    EXPECT_TRUE(choice.band.violated.empty());
  }
}

TEST(ChooseForwards, LeavesNoBandForAnyPairInIt) {
  std::mt19937_64 random(20260109);
  std::uniform_real_distribution<double> rate(-0.02, 0.1), spread(0.05, 2), cut(0, 1);
  for (int trial = 0; trial < 200; ++trial) {
    const double t = 0.02 + 0.01 * trial, discount = std::exp(-rate(random) * t), forward = 80 + cut(random) * 40;
    std::vector<ParityPair> pairs;
    for (double strike = 60; strike <= 140; strike += 5)
      pairs.push_back(pair_at(strike, discount, forward, spread(random) * cut(random), spread(random) * cut(random)));
    const auto [chosen_forward, chosen_discount, band] = choose({YearFraction(t), pairs});
    ASSERT_LT(violation_of(pairs, chosen_discount.value(), chosen_forward.value()), kRounding) << "trial " << trial;
    ASSERT_EQ(band.violation, 0) << "trial " << trial;
    ASSERT_LE(band.discount_low, discount) << "trial " << trial;
    ASSERT_GE(band.discount_high, discount) << "trial " << trial;
    ASSERT_LE(band.discount_low, chosen_discount.value()) << "trial " << trial;
    ASSERT_GE(band.discount_high, chosen_discount.value()) << "trial " << trial;
    ASSERT_LE(band.forward_low, chosen_forward.value()) << "trial " << trial;
    ASSERT_GE(band.forward_high, chosen_forward.value()) << "trial " << trial;
  }
}

// D (110 - 90) lies between 19 - 1 and 21 - (-1), and at D = 1 the forward between 90 + 9 and 90 + 11.
TEST(ChooseForwards, StatesTheBandsOfDiscountAndForward) {
  const ParityChoice choice =
      choose({YearFraction(1), {{90, 9, 11}, {110, -11, -9}}, /*discount=*/std::nullopt, /*forward=*/std::nullopt});
  EXPECT_NEAR(choice.band.discount_low, 0.9, kRounding);
  EXPECT_NEAR(choice.band.discount_high, 1.1, kRounding);
  const ParityChoice at_one = choose({YearFraction(1), {{90, 9, 11}, {110, -10.5, -9}}, /*discount=*/1.0});
  EXPECT_NEAR(at_one.band.forward_low, 99.5, kRounding);
  EXPECT_NEAR(at_one.band.forward_high, 101, kRounding);
}

TEST(ChooseForwards, LeavesTheDiscountFactorsThatEveryTwoStrikesLeave) {
  std::mt19937_64 random(11);
  std::uniform_real_distribution<double> width(0.05, 2), strike(50, 150);
  for (int trial = 0; trial < 200; ++trial) {
    ParityInput input{.t = YearFraction(1), .pairs = {}};
    for (int i = 0; i < 2 + trial % 40; ++i)
      input.pairs.push_back(pair_at(std::round(strike(random)), 0.97, 101, width(random), width(random)));
    double low = 0, high = std::numeric_limits<double>::infinity();
    for (const ParityPair& a : input.pairs)
      for (const ParityPair& b : input.pairs) {
        if (b.strike > a.strike) low = std::max(low, (a.low - b.high) / (b.strike - a.strike));
        if (b.strike < a.strike) high = std::min(high, (b.high - a.low) / (a.strike - b.strike));
      }
    const ParityBand band = choose(input).band;
    EXPECT_DOUBLE_EQ(band.discount_low, low) << trial;
    EXPECT_DOUBLE_EQ(band.discount_high, high) << trial;
  }
}

TEST(ChooseForwards, KeepsToTheMiddleHalfOfTheForwardsBand) {
  // Ten wide pairs say 104, one narrow pair 100 +- 0.1: the narrow one has nearly all the weight, and the wide ones
  // bind.
  std::vector<ParityPair> pairs = {{100, -0.1, 0.1}};
  for (int i = 0; i < 10; ++i)
    pairs.push_back({90.0 + i, 14.0 - i - 3.95, 14.0 - i + 3.95});
  const ParityChoice choice = choose({YearFraction(1), pairs, /*discount=*/1.0});
  EXPECT_NEAR(choice.band.forward_low, 100.05, kRounding);
  EXPECT_NEAR(choice.band.forward_high, 100.1, kRounding);
  EXPECT_NEAR(choice.forward.value(), 100.0625, kRounding);
}

// --- strikes that contradict each other -----------------------------------------------------------------------------

// Strikes 90 (wide), 100, 105, 110 at D = 1, F = 100, but 105 is quoted one too high. The line of best compromise runs
// 0.4 beyond the bands of the last three: y(105) >= -4.1 - e while y(100) <= 0.1 + e and y(110) <= -9.9 + e.
TEST(ChooseForwards, NamesTheStrikesThatContradictEachOtherAndByHowMuch) {
  const std::vector<ParityPair> pairs = {{90, 9, 11}, {100, -0.1, 0.1}, {105, -4.1, -3.9}, {110, -10.1, -9.9}};
  const ParityChoice choice = choose({YearFraction(0.25), pairs});
  EXPECT_NEAR(choice.band.violation, 0.4, 1e-6);
  EXPECT_EQ(choice.band.violated, (std::vector<double>{100, 105, 110}));
  EXPECT_NEAR(choice.discount.value(), 1, 1e-6);
  EXPECT_NEAR(choice.forward.value(), 100.5, 1e-5);
}

TEST(ChooseForwards, FindsTheSmallestViolationThatAGridFinds) {
  std::mt19937_64 random(20260110);
  std::normal_distribution<double> noise(0, 0.3);
  int contradicted = 0;
  for (int trial = 0; trial < 40; ++trial) {
    std::vector<ParityPair> pairs;
    for (const double strike : {80.0, 90.0, 97.0, 104.0, 115.0, 120.0}) {
      ParityPair pair = pair_at(strike, 0.95, 100, 0.2, 0.2);
      const double shift = noise(random);
      pairs.push_back({strike, pair.low + shift, pair.high + shift});
    }
    const auto [forward, discount, band] = choose({YearFraction(1), pairs});
    const double oracle = smallest_violation(pairs, 0.95, 100);
    ASSERT_NEAR(band.violation, oracle, kSearch) << "trial " << trial;
    ASSERT_NEAR(band.violation, violation_of(pairs, discount.value(), forward.value()), kRounding) << "trial " << trial;
    ASSERT_EQ(band.violation > 0, !band.violated.empty()) << "trial " << trial;
    contradicted += oracle > kSearch;
  }
  EXPECT_GT(contradicted, 20) << "of the 40 trials";
}

TEST(ChooseForwards, FindsTheMiddleBetweenTwoPairsOfOneStrike) {
  const ParityChoice choice = choose({YearFraction(1), {{100, 1, 2}, {100, 4, 6}, {110, -10, -4}}});
  EXPECT_NEAR(choice.band.violation, 1, 1e-6);
  EXPECT_EQ(choice.band.violated, (std::vector<double>{100, 100}));
  EXPECT_NEAR(choice.discount.value() * (choice.forward.value() - 100), 3, 1e-6);
}

TEST(ChooseForwards, KeepsTheDiscountPositiveWhereQuotesWantItNegative) {
  const ParityChoice choice = choose({YearFraction(1), {{90, -11, -10}, {110, 10, 11}}});
  EXPECT_GT(choice.discount.value(), 0);
  EXPECT_TRUE(std::isfinite(choice.forward.value()));
  EXPECT_NEAR(choice.band.violation, 10, 0.01);
  EXPECT_EQ(choice.band.violated, (std::vector<double>{90, 110}));
}

// --- what is already known ------------------------------------------------------------------------------------------

TEST(ChooseForwards, RespectsASuppliedDiscount) {
  const ParityChoice choice = choose({YearFraction(0.5), pairs_at({90, 100, 110}, 0.97, 100, 0.5), /*discount=*/0.96});
  EXPECT_EQ(choice.discount.value(), 0.96);
  EXPECT_NEAR(choice.forward.value(), 100, 0.5);
  EXPECT_EQ(choice.band.violation, 0);
}

TEST(ChooseForwards, RespectsASuppliedForwardAndSaysWhatItViolates) {
  const std::vector<ParityPair> pairs = pairs_at({90, 100, 110}, 1, 100, 0.5);
  const ParityChoice choice = choose({YearFraction(0.5), pairs, /*discount=*/1.0, /*forward=*/101});
  EXPECT_EQ(choice.forward.value(), 101);
  EXPECT_NEAR(choice.band.violation, 0.5, kRounding);
  EXPECT_EQ(choice.band.violated, (std::vector<double>{90, 100, 110}));
}

TEST(ChooseForwards, NeedsOnePairOnlyWhereTheDiscountIsKnown) {
  const ParityChoice choice = choose({YearFraction(0.5), {{100, 1, 3}}, /*discount=*/0.5});
  EXPECT_EQ(choice.discount.value(), 0.5);
  EXPECT_NEAR(choice.forward.value(), 104, kRounding);
  EXPECT_NEAR(choice.band.forward_low, 102, kRounding);
  EXPECT_NEAR(choice.band.forward_high, 106, kRounding);
}

TEST(ChooseForwards, DiscountsAForwardWithoutPairsByTheCurveOfTheOthers) {
  const double rate = 0.04;
  std::vector<ParityInput> inputs;
  for (const double t : {0.25, 0.5, 0.75})
    inputs.push_back({YearFraction(t), pairs_at({90, 100, 110}, std::exp(-rate * t), 100, 0)});
  inputs[1].pairs.clear();
  inputs[1].forward = 103;
  const auto choices = choose_forwards(inputs);
  EXPECT_EQ(choices.at(1).forward.value(), 103);
  EXPECT_NEAR(choices.at(1).discount.value(), std::exp(-rate * 0.5), kRounding);
  EXPECT_EQ(choices.at(1).band.pairs, 0);
}

TEST(ChooseForwards, DiscountsNothingWhereNobodySaysHow) {
  const ParityChoice choice = choose({YearFraction(0.5), {}, /*discount=*/std::nullopt, /*forward=*/103});
  EXPECT_EQ(choice.discount.value(), 1);
  EXPECT_EQ(choice.forward.value(), 103);
  EXPECT_EQ(choice.band.pairs, 0);
  EXPECT_TRUE(choose_forwards({}).empty());
}

// --- the curve ------------------------------------------------------------------------------------------------------

// Two days out a spread of half a point over a hundred strikes leaves discount factors from 0.990 to 1.010, and the
// middle of that band can be anywhere in it: the neighbours know better.
TEST(ChooseForwards, LetsNarrowBandsSpeakForWideOnes) {
  const double rate = 0.03;
  std::vector<ParityInput> inputs;
  for (const double t : {2 / 365.0, 0.25, 0.5}) {
    const double discount = std::exp(-rate * t);
    inputs.push_back({YearFraction(t),
                      t < 0.1 ? std::vector{pair_at(90, discount, 100, 0.1, 0.4), pair_at(110, discount, 100, 0.0, 0.1)}
                              : pairs_at({50, 100, 150}, discount, 100, 0.01)});
  }
  const auto choices = choose_forwards(inputs);
  const auto& [forward, discount, band] = choices.at(0);
  EXPECT_GT(band.discount_high - band.discount_low, 0.02);
  EXPECT_NEAR(-std::log(discount.value()) * 365 / 2, rate, 0.005);
  const double alone = choose(inputs[0]).discount.value();
  EXPECT_GT(std::abs(-std::log(alone) * 365 / 2 - rate), 0.5) << "alone, the band's middle is all there is";
}

TEST(ChooseForwards, LetsASuppliedDiscountSpeakForWideBands) {
  std::vector<ParityInput> inputs;
  for (const double t : {0.02, 0.04})
    inputs.push_back({YearFraction(t), pairs_at({90, 110}, 1, 100, 0.3)});
  inputs[0].discount = std::exp(-0.05 * 0.02);
  EXPECT_NEAR(-std::log(choose_forwards(inputs).at(1).discount.value()) / 0.04, 0.05, 0.002);
}

/// Mean square of the steps of the zero rate, each over the time it took: 1e-4 for one per cent a year.
double roughness(const std::vector<double>& times, const std::vector<double>& rates) {
  double sum = 0;
  for (std::size_t i = 1; i < rates.size(); ++i)
    sum += (rates[i] - rates[i - 1]) * (rates[i] - rates[i - 1]) / (times[i] - times[i - 1]);
  return sum / static_cast<double>(rates.size() - 1);
}

TEST(ChooseForwards, DrawsASmoothCurveInsideAllBandsOfARealDay) {
  const std::string file = "market_data/cboe_datashop_spxw_2019-06-26/spxw20190626.csv";
  if (!has_shared(file)) GTEST_SKIP() << skip_text(file);
  const auto raw = read_chain_file((shared_folder() / file).string());
  ASSERT_TRUE(raw) << raw.problems().lines.front();
  const auto chain = prepare(raw.value());
  ASSERT_TRUE(chain) << chain.problems().lines.front();
  std::vector<double> times, rates, middles;
  for (const ChainSlice& slice : chain.value().slices) {
    const double discount = slice.discount.value(), forward = slice.forward.value();
    EXPECT_EQ(slice.parity.violation, 0) << to_string(slice.key);
    EXPECT_TRUE(slice.parity.discount_low <= discount && discount <= slice.parity.discount_high)
        << to_string(slice.key);
    EXPECT_TRUE(slice.parity.forward_low <= forward && forward <= slice.parity.forward_high) << to_string(slice.key);
    EXPECT_GE(slice.parity.pairs, 50) << to_string(slice.key);
    times.push_back(slice.t.value());
    rates.push_back(-std::log(discount) / slice.t.value());
    middles.push_back(-std::log((slice.parity.discount_low + slice.parity.discount_high) / 2) / slice.t.value());
  }
  EXPECT_EQ(times.size(), 30U);
  EXPECT_LT(roughness(times, rates), 1e-6);  // a step of 0.1 % in a year
  EXPECT_GT(roughness(times, middles), 1) << "the bands alone say next to nothing";
}

// --- the curve of forwards ------------------------------------------------------------------------------------------

std::vector<double> carries_of(const std::vector<ParityInput>& inputs, const std::vector<ParityChoice>& choices) {
  std::vector<double> carries;
  for (std::size_t i = 1; i < inputs.size(); ++i)
    carries.push_back(std::log(choices[i].forward.value() / choices[i - 1].forward.value()) /
                      (inputs[i].t.value() - inputs[i - 1].t.value()));
  return carries;
}

TEST(ChooseSmoothForwards, ReturnsFlatCarryAsItIs) {
  std::mt19937_64 random(20260131);
  std::uniform_real_distribution<double> gap(1 / 365.0, 0.5), level(-0.05, 0.05), half(0.01, 3);
  constexpr double kSolver = 1e-8;  // relative, of forwards
  for (int trial = 0; trial < 30; ++trial) {
    const double rate = level(random), carry = level(random);
    std::vector<ParityInput> inputs;
    std::vector<double> forwards;
    double t = 0;
    for (int i = 0; i < 12; ++i) {
      t += gap(random);
      forwards.push_back(100 * std::exp(carry * t));
      inputs.push_back({YearFraction(t),
                        pairs_at({80, 90, 100, 110, 120}, std::exp(-rate * t), forwards.back(), half(random)),
                        std::exp(-rate * t)});
    }
    const auto choices = choose_forwards(inputs, TermStructure::smooth);
    for (std::size_t i = 0; i < forwards.size(); ++i)
      ASSERT_NEAR(choices[i].forward.value(), forwards[i], kSolver * forwards[i]) << "trial " << trial << ", " << i;
  }
}

TEST(ChooseSmoothForwards, LeavesNoBandThatIsNotEmptyAndBendsLessThanForwardsByExpiry) {
  std::mt19937_64 random(20260201);
  std::uniform_real_distribution<double> gap(2 / 365.0, 0.2), half(0.05, 1), cut(0.1, 1);
  for (int trial = 0; trial < 30; ++trial) {
    std::vector<ParityInput> inputs;
    double t = 0;
    for (int i = 0; i < 15; ++i) {
      t += gap(random);
      const double forward = 100 * std::exp(0.03 * t), discount = std::exp(-0.04 * t);
      std::vector<ParityPair> pairs;
      for (double strike = 80; strike <= 120; strike += 5)
        pairs.push_back(pair_at(strike, discount, forward, half(random) * cut(random), half(random) * cut(random)));
      inputs.push_back({YearFraction(t), pairs});
    }
    const auto smooth = choose_forwards(inputs, TermStructure::smooth), own = choose_forwards(inputs);
    const auto bends = [&](const std::vector<ParityChoice>& choices) {
      const std::vector<double> carries = carries_of(inputs, choices);
      double sum = 0;
      for (std::size_t i = 1; i < carries.size(); ++i)
        sum += (carries[i] - carries[i - 1]) * (carries[i] - carries[i - 1]) /
               (inputs[i + 1].t.value() - inputs[i - 1].t.value());
      return sum;
    };
    for (std::size_t i = 0; i < inputs.size(); ++i) {
      ASSERT_TRUE(smooth[i].band.has_forward()) << "trial " << trial;
      ASSERT_LE(smooth[i].band.forward_low, smooth[i].forward.value()) << "trial " << trial;
      ASSERT_GE(smooth[i].band.forward_high, smooth[i].forward.value()) << "trial " << trial;
      ASSERT_EQ(smooth[i].band.violation, 0) << "trial " << trial;
    }
    ASSERT_LT(bends(smooth), bends(own)) << "trial " << trial;
  }
}

// Three strikes of the second expiry stand 5 too high, so that no forward satisfies it: alone it has 102 and more.
TEST(ChooseSmoothForwards, LetsNeighboursSpeakForAnExpiryThatContradictsItself) {
  std::vector<ParityInput> inputs;
  for (const double t : {0.2, 0.4, 0.6, 0.8})
    inputs.push_back({YearFraction(t), pairs_at({80, 90, 95, 100, 105, 110, 120}, 1, 100, 0.1), 1.0});
  for (std::size_t i = 0; i < 3; ++i) {
    inputs[1].pairs[i].low += 5;
    inputs[1].pairs[i].high += 5;
  }
  const double alone = choose_forwards(inputs).at(1).forward.value();
  const double smooth = choose_forwards(inputs, TermStructure::smooth).at(1).forward.value();
  EXPECT_NEAR(alone, 102.5, 0.1);
  EXPECT_NEAR(smooth, 100, 0.2);
}

TEST(ChooseSmoothForwards, KeepsForwardsThatAreGivenAndTakesFewExpiries) {
  std::vector<ParityInput> inputs;
  for (const double t : {0.25, 0.5, 0.75})
    inputs.push_back({YearFraction(t), pairs_at({90, 100, 110}, 1, 100, 0.5), 1.0});
  inputs[1].forward = 100.2;
  EXPECT_EQ(choose_forwards(inputs, TermStructure::smooth).at(1).forward.value(), 100.2);
  inputs.erase(inputs.begin() + 1, inputs.end());
  EXPECT_NEAR(choose_forwards(inputs, TermStructure::smooth).at(0).forward.value(), 100, 1e-9);
  EXPECT_TRUE(choose_forwards({}, TermStructure::smooth).empty());
}

}  // namespace
}  // namespace strikenet
