#include "strikenet/fitting/fit_smile.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <random>
#include <tuple>

#include "fitting/oracle_quotes.h"
#include "strikenet/core/black.h"
#include "strikenet/core/result.h"

namespace strikenet {
namespace {

using oracle::Engine;
using oracle::exact_quotes;
using oracle::model_smile;
using oracle::ModelSmile;
using oracle::quote;
using oracle::quotes_around;
using oracle::strikes_between;

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kMoments = 1e-12;        // what a proof may move
constexpr double kHundredthOfABp = 1e-6;  // of vol
constexpr Activation kActivations[] = {Activation::relu, Activation::quadratic, Activation::cubic};

std::vector<double> weights_of(const FitResult& fit) {
  return {fit.curve.weights().begin(), fit.curve.weights().end()};
}

void expect_probabilities(const FitResult& fit) {
  const std::vector<double> weights = weights_of(fit);
  EXPECT_GE(std::ranges::min(weights), 0);
  EXPECT_NEAR(std::accumulate(weights.begin(), weights.end(), 0.0), 1, kMoments);
  EXPECT_NEAR(std::inner_product(weights.begin(), weights.end(), fit.curve.nodes().begin(), 0.0), 1, kMoments);
}

void expect_optimal(const FitResult& fit) {
  EXPECT_EQ(fit.termination, Termination::optimal) << fit.message;
  EXPECT_TRUE(fit.usable());
  EXPECT_LE(fit.optimality, 1e-10);
  EXPECT_GT(fit.iterations, 0);
  EXPECT_EQ(fit.message.substr(0, 9), "optimal: ");
}

/// Counted here, from prices alone.
int inside(const FitResult& fit, const std::vector<SmileQuote>& quotes) {
  return static_cast<int>(std::ranges::count_if(quotes, [&](const SmileQuote& quote) {
    const double price = fit.price(quote.type, quote.strike).value(), slack = 1e-9 * fit.forward.value();
    return price >= quote.bid.value() - slack && price <= quote.ask.value() + slack;
  }));
}

void expect_all_inside(const FitResult& fit, const std::vector<SmileQuote>& quotes) {
  const int all = static_cast<int>(quotes.size());
  EXPECT_EQ(inside(fit, quotes), all);
  EXPECT_EQ(fit.inside, all);
  EXPECT_EQ(fit.quotes_with_spread, all);
  EXPECT_LE(fit.largest_error, 1e-9 * fit.forward.value());
}

std::vector<SmileQuote> heston_quotes() {
  return quotes_around(model_smile(Engine::heston, 4000, 0.25, strikes_between(4000, 0.1, -4, 3, 29)), 0.05, 3);
}

// --- prices of QuantLib's engines -----------------------------------------------------------------------------------

struct EngineCase {
  Engine engine;
  Activation activation;
  double t;
};

std::string name_of(const EngineCase& test) {
  return oracle::name_of(test.engine) + "_" + std::string(to_string(test.activation)) +
         (test.t < 1 ? "_weeks" : "_year");
}
void PrintTo(const EngineCase& test, std::ostream* out) { *out << name_of(test); }

class FitSmileToEngine : public testing::TestWithParam<EngineCase> {};

TEST_P(FitSmileToEngine, PutsEveryQuoteInsideItsSpread) {
  const auto [engine, activation, t] = GetParam();
  const auto quotes =
      quotes_around(model_smile(engine, 4000, t, strikes_between(4000, 0.2 * std::sqrt(t), -5, 3.5, 45)), 0.05, 2);
  const FitResult fit = fit_smile(quotes, Forward(4000), {.activation = activation});
  expect_optimal(fit);
  expect_probabilities(fit);
  expect_all_inside(fit, quotes);
  EXPECT_EQ(fit.curve.activation(), activation);
}

TEST_P(FitSmileToEngine, MeetsExactVols) {
  const auto [engine, activation, t] = GetParam();
  const ModelSmile smile = model_smile(engine, 100, t, strikes_between(100, 0.2 * std::sqrt(t), -3, 2.5, 23));
  const FitResult fit = fit_smile(exact_quotes(smile), Forward(100), {.activation = activation});
  expect_optimal(fit);
  expect_probabilities(fit);
  for (const SmileQuote& quote : exact_quotes(smile)) {
    const double vol = implied_total_vol(quote.type, Forward(100), quote.strike, quote.ask).vol.value() / std::sqrt(t);
    const std::vector<double> strike = {quote.strike.value()};
    const auto price_at = [&, years = t](double v) {
      return black_prices(Vol(v), quote.type, Forward(100), YearFraction(years), strike)[0];
    };
    const double price = fit.price(quote.type, quote.strike).value();
    EXPECT_GE(price, price_at(vol - kHundredthOfABp)) << quote.strike.value();
    EXPECT_LE(price, price_at(vol + kHundredthOfABp)) << quote.strike.value();
  }
}

std::vector<EngineCase> engine_cases() {
  std::vector<EngineCase> cases;
  for (const Engine engine : {Engine::black, Engine::heston, Engine::bates})
    for (const Activation activation : kActivations)
      for (const double t : {0.05, 1.0})
        cases.push_back({engine, activation, t});
  return cases;
}

INSTANTIATE_TEST_SUITE_P(Engines, FitSmileToEngine, testing::ValuesIn(engine_cases()),
                         [](const auto& test) { return name_of(test.param); });

TEST(FitSmile, PutsAReluUnitAtEveryQuotedStrikeAndOneBeyondEachEnd) {
  const auto quotes = heston_quotes();  // calls and puts: two of each of 29 strikes
  const FitResult fit = fit_smile(quotes, Forward(4000), {.activation = Activation::relu});
  ASSERT_EQ(fit.curve.knots().size(), 31U);
  for (std::size_t i = 0; i < 29; ++i)
    EXPECT_EQ(fit.curve.knots()[i + 1], quotes[2 * i].strike.value() / 4000);
}

// What lies between sparse quotes is decided by the roughness of weight over prior.
TEST(FitSmile, FindsTheModelsVolsBetweenSparseQuotes) {
  const ModelSmile sparse = model_smile(Engine::heston, 100, 0.5, strikes_between(100, 0.12, -3, 2, 15));
  const ModelSmile dense = model_smile(Engine::heston, 100, 0.5, strikes_between(100, 0.12, -3, 2, 141));
  const auto worst_bp = [&](double smoothness) {
    const FitResult fit = fit_smile(exact_quotes(sparse), Forward(100), {.smoothness = smoothness});
    double worst = 0;
    for (const SmileQuote& quote : exact_quotes(dense)) {
      const double vol = implied_total_vol(quote.type, Forward(100), quote.strike, quote.ask).vol.value();
      const double model = implied_total_vol(fit.curve, quote.strike.value() / 100).value();
      worst = std::max(worst, 1e4 * std::abs(model - vol) / std::sqrt(0.5));
    }
    return worst;
  };
  EXPECT_LT(worst_bp(1), 1);
  EXPECT_GT(worst_bp(0), 2 * worst_bp(1));
}

// --- bids of zero ---------------------------------------------------------------------------------------------------

TEST(FitSmile, LeavesTheCurveAloneWhereAZeroBidDoesNotBind) {
  auto quotes = heston_quotes();
  const FitResult without = fit_smile(quotes, Forward(4000), {.units = 60});
  FitOptions options;
  options.knots.assign(without.curve.knots().begin(), without.curve.knots().end());
  const auto largest_change = [&](double bid) {
    auto more = quotes;
    for (const double strike : {3300.0, 3500.0, 3705.0})
      more.push_back(quote(strike, OptionType::put, bid, 150));
    const FitResult with = fit_smile(more, Forward(4000), options);
    double change = 0;
    for (std::size_t j = 0; j < weights_of(with).size(); ++j)
      change = std::max(change, std::abs(weights_of(with)[j] - weights_of(without)[j]));
    return change;
  };
  EXPECT_LT(largest_change(0), 1e-9);
  EXPECT_GT(largest_change(1e-6), 1e-6) << "a bid makes a middle, however small it is";
}

TEST(FitSmile, StaysBelowTheAskOfAZeroBid) {
  auto quotes = heston_quotes();
  const Strike strike(3705);
  const double free = fit_smile(quotes, Forward(4000)).price(OptionType::put, strike).value();
  quotes.push_back(quote(3705, OptionType::put, 0, free - 0.05));
  const FitResult fit = fit_smile(quotes, Forward(4000));
  expect_optimal(fit);
  expect_all_inside(fit, quotes);
  EXPECT_LE(fit.price(OptionType::put, strike).value(), free - 0.05);
}

// --- what an error costs --------------------------------------------------------------------------------------------

/// Exact vols of which the middle one is seven basis points too high for any convex price.
std::vector<SmileQuote> spiked_vols() {
  std::vector<SmileQuote> quotes;
  for (const auto& [strike, vol] : {std::pair{80.0, 0.20},
                                    {90.0, 0.20},
                                    {95.0, 0.20},
                                    {100.0, 0.2255},
                                    {105.0, 0.20},
                                    {110.0, 0.20},
                                    {120.0, 0.20}}) {
    const OptionType type = strike < 100 ? OptionType::put : OptionType::call;
    const double price = black_price(type, Forward(100), Strike(strike), TotalVol(vol / 2)).value();
    quotes.push_back(quote(strike, type, price, price));
  }
  return quotes;
}

struct VolErrors {
  double rms = 0, largest = 0;
};

VolErrors vol_errors(const FitResult& fit, const std::vector<SmileQuote>& quotes) {
  VolErrors errors;
  for (const SmileQuote& quote : quotes) {
    const double quoted = implied_total_vol(quote.type, fit.forward, quote.strike, quote.ask).vol.value();
    const double error =
        std::abs(implied_total_vol(fit.curve, quote.strike.value() / fit.forward.value()).value() - quoted);
    errors.rms += error * error / static_cast<double>(quotes.size());
    errors.largest = std::max(errors.largest, error);
  }
  errors.rms = std::sqrt(errors.rms);
  return errors;
}

TEST(FitSmile, GivesADifferentAnswerForEachLossOfWhichSquaredHasTheSmallestRms) {
  const auto quotes = spiked_vols();
  std::vector<VolErrors> all;
  for (const Loss loss : {Loss::squared, Loss::huber, Loss::soft_l1, Loss::cauchy}) {
    const FitResult fit = fit_smile(quotes, Forward(100), {.activation = Activation::relu, .loss = loss});
    EXPECT_EQ(fit.termination, Termination::optimal) << to_string(loss) << ": " << fit.message;
    expect_probabilities(fit);
    all.push_back(vol_errors(fit, quotes));
  }
  for (std::size_t i = 0; i < all.size(); ++i)
    for (std::size_t j = i + 1; j < all.size(); ++j)
      EXPECT_GT(std::abs(all[i].rms - all[j].rms), 1e-7) << i << " " << j;
  for (std::size_t i = 1; i < all.size(); ++i)
    EXPECT_LT(all[0].rms, all[i].rms) << i;
  const VolErrors largest_first = vol_errors(fit_smile(quotes, Forward(100), {.activation = Activation::relu}), quotes);
  EXPECT_LT(largest_first.largest, 0.9 * all[0].largest) << "without a loss the largest error comes first";
  EXPECT_GT(largest_first.rms, all[0].rms);
}

TEST(FitSmile, LetsAFarMiddlePullLessWithARobustLoss) {
  auto quotes = quotes_around(model_smile(Engine::heston, 100, 0.25, strikes_between(100, 0.1, -2, 2, 9)), 0.01, 20);
  const auto middle = [](const SmileQuote& q) { return (q.bid.value() + q.ask.value()) / 2; };
  quotes[8].bid = Price(middle(quotes[8]) + 1.5);  // one call half a point off, three times as wide
  quotes[8].ask = Price(middle(quotes[8]) + 2.1);
  std::erase_if(quotes, [&](const SmileQuote& q) { return q.strike == quotes[8].strike && q.type == OptionType::put; });
  const auto distance_of_others = [&](Loss loss) {
    const FitResult fit = fit_smile(quotes, Forward(100), {.units = 60, .loss = loss});
    if (loss != Loss::cauchy) expect_optimal(fit);  // which is not convex
    double sum = 0;
    for (const SmileQuote& q : quotes)
      if (q.strike != quotes[8].strike) sum += std::abs(fit.price(q.type, q.strike).value() - middle(q));
    return sum;
  };
  const double squared = distance_of_others(Loss::squared);
  for (const Loss loss : {Loss::huber, Loss::soft_l1, Loss::cauchy})
    EXPECT_LT(distance_of_others(loss), squared) << to_string(loss);
}

// --- options --------------------------------------------------------------------------------------------------------

TEST(FitSmile, PutsAsManyUnitsAsItIsToldTo) {
  for (const Activation activation : kActivations) {
    const FitResult fit = fit_smile(heston_quotes(), Forward(4000), {.activation = activation, .units = 33});
    EXPECT_EQ(fit.curve.weights().size(), 33U);
    expect_probabilities(fit);
  }
}

TEST(FitSmile, PutsThemOnTheKnotsThatItIsGiven) {
  const std::vector<double> knots = {0.5, 0.7, 0.8, 0.9, 0.95, 1, 1.05, 1.1, 1.2, 1.5};
  const FitResult fit =
      fit_smile(heston_quotes(), Forward(4000), {.activation = Activation::quadratic, .knots = knots});
  EXPECT_TRUE(std::ranges::equal(fit.curve.knots(), knots));
  expect_probabilities(fit);
}

TEST(FitSmile, SaysThatItRanOutOfIterations) {
  const FitResult fit = fit_smile(heston_quotes(), Forward(4000), {.max_iterations = 1});
  EXPECT_EQ(fit.termination, Termination::iteration_limit);
  EXPECT_FALSE(fit.usable());
  EXPECT_EQ(fit.message.substr(0, 17), "iteration-limit: ");
}

TEST(FitSmile, GrantsOptimalOnlyToTheToleranceAsked) {
  const FitResult strict = fit_smile(heston_quotes(), Forward(4000), {.optimality_tolerance = 1e-300});
  EXPECT_NE(strict.termination, Termination::optimal) << strict.message;
  const FitResult loose = fit_smile(heston_quotes(), Forward(4000), {.optimality_tolerance = 1e-3});
  EXPECT_EQ(loose.termination, Termination::optimal);
  EXPECT_LT(loose.iterations, fit_smile(heston_quotes(), Forward(4000)).iterations);
}

// --- the result -----------------------------------------------------------------------------------------------------

TEST(FitSmile, NamesTheLargestErrorAndItsStrike) {
  auto quotes = heston_quotes();
  const double strike = quotes[20].strike.value(), intrinsic = std::abs(4000 - strike);
  for (SmileQuote& q : quotes)
    if (q.strike.value() == strike) q = quote(strike, q.type, intrinsic + 400, intrinsic + 401);
  const FitResult fit = fit_smile(quotes, Forward(4000));
  EXPECT_EQ(fit.worst_strike.value(), strike);
  double largest = 0;
  for (const SmileQuote& q : quotes) {
    const double price = fit.price(q.type, q.strike).value();
    largest = std::max({largest, q.bid.value() - price, price - q.ask.value()});
  }
  EXPECT_EQ(fit.largest_error, largest);
  EXPECT_GT(fit.largest_error, 50);
  EXPECT_EQ(fit.inside, inside(fit, quotes));
  EXPECT_LT(fit.inside, fit.quotes_with_spread);
}

TEST(FitSmile, CountsOnlyQuotesWithASpreadAsInside) {
  auto quotes = heston_quotes();
  const double price = (quotes[17].bid.value() + quotes[17].ask.value()) / 2;
  quotes[17].bid = quotes[17].ask = Price(price);
  const FitResult fit = fit_smile(quotes, Forward(4000));
  expect_optimal(fit);
  EXPECT_EQ(fit.quotes_with_spread, 57);
  EXPECT_EQ(fit.inside, 57);
  EXPECT_NEAR(fit.price(quotes[17].type, quotes[17].strike).value(), price, 0.001);
}

TEST(FitResult, PricesInTheCurrencyOfTheForwardUndiscounted) {
  const FitResult fit{.forward = Forward(200),
                      .curve = CallCurve(Activation::relu, {0.5, 1.5}, {0.5, 0.5}),
                      .termination = Termination::optimal,
                      .message = {}};
  EXPECT_EQ(fit.price(OptionType::call, Strike(200)).value(), 50);
  EXPECT_EQ(fit.price(OptionType::put, Strike(200)).value(), 50);
  EXPECT_EQ(fit.price(OptionType::call, Strike(250)).value(), 25);
  EXPECT_EQ(fit.price(OptionType::put, Strike(250)).value(), 75);
  EXPECT_EQ(fit.price(OptionType::call, Strike(0)).value(), 200);
}

// --- any order, any scale -------------------------------------------------------------------------------------------

TEST(FitSmile, GivesTheSameBitsForAnyOrderOfTheQuotes) {
  auto quotes = heston_quotes();
  quotes.push_back(
      quote(quotes[20].strike.value(), quotes[20].type, quotes[20].bid.value() + 0.05, quotes[20].ask.value() + 0.1));
  const FitResult expected = fit_smile(quotes, Forward(4000), {.units = 60});
  std::mt19937_64 random(20260111);
  for (int trial = 0; trial < 5; ++trial) {
    std::ranges::shuffle(quotes, random);
    const FitResult fit = fit_smile(quotes, Forward(4000), {.units = 60});
    ASSERT_EQ(weights_of(fit), weights_of(expected)) << "trial " << trial;
    ASSERT_EQ(fit.iterations, expected.iterations) << "trial " << trial;
    ASSERT_EQ(fit.largest_error, expected.largest_error) << "trial " << trial;
  }
}

TEST(FitSmile, TakesAQuoteThatIsThereTwiceForOne) {
  const auto quotes = heston_quotes();
  auto twice = quotes;
  twice.insert(twice.end(), quotes.begin(), quotes.end());
  EXPECT_EQ(weights_of(fit_smile(twice, Forward(4000))), weights_of(fit_smile(quotes, Forward(4000))));
}

// Powers of two change no digit, so neither may the answer.
TEST(FitSmile, DoesNotCareAboutTheCurrency) {
  const auto quotes = heston_quotes();
  const std::vector<double> expected = weights_of(fit_smile(quotes, Forward(4000)));
  for (const double scale : {std::ldexp(1.0, -32), std::ldexp(1.0, 15)}) {  // forwards of 1e-6 and 1e8
    auto scaled = quotes;
    for (auto& [strike, type, bid, ask] : scaled) {
      strike = Strike(scale * strike.value());
      bid = Price(scale * bid.value());
      ask = Price(scale * ask.value());
    }
    EXPECT_EQ(weights_of(fit_smile(scaled, Forward(4000 * scale))), expected) << scale;
  }
}

TEST(FitSmile, FitsForwardsFromAMillionthToAHundredMillion) {
  for (const double forward : {1e-6, 1e8})
    for (const Activation activation : kActivations) {
      const auto quotes = quotes_around(
          model_smile(Engine::bates, forward, 0.25, strikes_between(forward, 0.1, -3, 2.5, 19)), 1e-5 * forward, 2);
      const FitResult fit = fit_smile(quotes, Forward(forward), {.activation = activation});
      expect_optimal(fit);
      expect_all_inside(fit, quotes);
    }
}

TEST(FitSmile, FitsTotalVolsFromATenThousandthToTwo) {
  for (const double total_vol : {1e-4, 2.0})
    for (const Activation activation : kActivations) {
      const double t = 25 * total_vol * total_vol;  // at 20 %
      const auto quotes =
          quotes_around(model_smile(Engine::black, 100, t, strikes_between(100, total_vol, -3, 1.5, 19)),
                        1e-3 * std::min(total_vol, 1.0), 2);
      const FitResult fit = fit_smile(quotes, Forward(100), {.activation = activation});
      expect_optimal(fit);
      expect_probabilities(fit);
      expect_all_inside(fit, quotes);
    }
}

// --- few, far, and contradictory quotes -----------------------------------------------------------------------------

TEST(FitSmile, FitsOneTwoAndThreeStrikes) {
  for (const std::vector<double>& strikes : {std::vector<double>{100}, {90, 105}, {90, 100, 110}})
    for (const Activation activation : kActivations) {
      const auto quotes = quotes_around(model_smile(Engine::heston, 100, 0.25, strikes), 0.01, 1);
      const FitResult fit = fit_smile(quotes, Forward(100), {.activation = activation});
      expect_optimal(fit);
      expect_probabilities(fit);
      expect_all_inside(fit, quotes);
    }
}

TEST(FitSmile, FitsStrikesOnOneSideOfTheForward) {
  for (const Activation activation : kActivations)
    for (const std::vector<double>& strikes :
         {std::vector<double>{70, 80, 85, 90}, std::vector<double>{110, 115, 120, 130}}) {
      const auto quotes = quotes_around(model_smile(Engine::heston, 100, 0.25, strikes), 0.01, 1);
      const FitResult fit = fit_smile(quotes, Forward(100), {.activation = activation});
      expect_optimal(fit);
      expect_probabilities(fit);
      expect_all_inside(fit, quotes);
    }
}

TEST(FitSmile, FitsStrikesFarFromTheForwardWithNextToNoVol) {
  for (const double side : {-1.0, 1.0}) {
    std::vector<SmileQuote> quotes;
    for (const double strike : {100 + 40 * side, 100 + 41 * side, 100 + 42 * side})
      quotes.push_back(quote(strike, side > 0 ? OptionType::call : OptionType::put, 0, 1e-7));
    quotes.front().bid = Price(1e-8);
    for (const Activation activation : kActivations) {
      const FitResult fit = fit_smile(quotes, Forward(100), {.activation = activation});
      expect_optimal(fit);
      expect_all_inside(fit, quotes);
    }
  }
}

TEST(FitSmile, FitsInTheMoneyQuotesAlone) {
  auto quotes = heston_quotes();
  std::erase_if(quotes, [](const SmileQuote& q) { return (q.type == OptionType::put) == (q.strike.value() < 4000); });
  const FitResult fit = fit_smile(quotes, Forward(4000));
  expect_optimal(fit);
  expect_all_inside(fit, quotes);
}

// A call and a put that contradict each other by half a point of parity: neither can be had without the other's loss.
TEST(FitSmile, CompromisesWhereParityContradictsItself) {
  auto quotes = quotes_around(model_smile(Engine::heston, 100, 0.25, {80, 85, 90, 95, 100, 105, 110}), 0.01, 10);
  for (SmileQuote& q : quotes)
    if (q.strike.value() == 90 && q.type == OptionType::call)
      q = quote(90, q.type, q.ask.value() + 0.5, q.ask.value() + 0.7);
  const FitResult fit = fit_smile(quotes, Forward(100));
  expect_optimal(fit);
  expect_probabilities(fit);
  EXPECT_EQ(fit.worst_strike, Strike(90));
  EXPECT_GE(fit.largest_error, 0.25 - 1e-9);
  EXPECT_LE(fit.largest_error, 0.5);
  EXPECT_LT(fit.inside, fit.quotes_with_spread);
}

// --- words ----------------------------------------------------------------------------------------------------------

std::string words_of(const std::vector<SmileQuote>& quotes, double forward, const FitOptions& options = {}) {
  try {
    fit_smile(quotes, Forward(forward), options);
  } catch (const PreconditionError& error) {
    return error.what();
  }
  return "no error";
}

TEST(FitSmile, SaysWhichRuleAQuoteBreaks) {
  const auto with = [](const SmileQuote& bad) {
    return words_of({quote(90, OptionType::put, 1, 2), quote(100, OptionType::call, 1, 2), bad}, 100);
  };
  EXPECT_EQ(with(quote(110, OptionType::call, 1, 2)), "no error");
  EXPECT_EQ(with(quote(0, OptionType::call, 1, 2)), "fit_smile: strike is 0, but must be positive and finite");
  EXPECT_EQ(with(quote(-1, OptionType::call, 1, 2)), "fit_smile: strike is -1, but must be positive and finite");
  EXPECT_EQ(with(quote(kInfinity, OptionType::call, 1, 2)),
            "fit_smile: strike is inf, but must be positive and finite");
  EXPECT_EQ(with(quote(kNaN, OptionType::call, 1, 2)), "fit_smile: strike is nan, but must be positive and finite");
  EXPECT_EQ(with(quote(110, OptionType::call, -0.5, 2)), "fit_smile: bid is -0.5, but must be at least 0");
  EXPECT_EQ(with(quote(110, OptionType::call, kNaN, 2)), "fit_smile: bid is nan, but must be at least 0");
  for (const auto& [bid, ask, text] : {std::tuple{2.0, 1.0, "1"},
                                       {0.0, 0.0, "0"},
                                       {0.0, kNaN, "nan"},
                                       {0.0, kInfinity, "inf"},
                                       {kInfinity, kInfinity, "inf"}})
    EXPECT_EQ(with(quote(110, OptionType::call, bid, ask)),
              std::string("fit_smile: ask is ") + text + ", but must be positive, finite and at least the bid");
}

TEST(FitSmile, SaysThatItNeedsAQuote) {
  EXPECT_EQ(words_of({}, 100), "fit_smile: number of quotes is 0, but must be at least 1");
}

TEST(FitSmile, SaysThatTheForwardMustBePositive) {
  const auto quotes = heston_quotes();
  EXPECT_EQ(words_of(quotes, 0), "fit_smile: forward is 0, but must be positive and finite");
  EXPECT_EQ(words_of(quotes, -1), "fit_smile: forward is -1, but must be positive and finite");
  EXPECT_EQ(words_of(quotes, kNaN), "fit_smile: forward is nan, but must be positive and finite");
  EXPECT_EQ(words_of(quotes, kInfinity), "fit_smile: forward is inf, but must be positive and finite");
}

TEST(FitSmile, RefusesOptionsThatBreakTheirRules) {
  EXPECT_EQ(words_of(heston_quotes(), 4000, {.units = 2}), "FitOptions: units is 2, but must be 0 or 3 to 2000");
  EXPECT_THROW(fit_smile(heston_quotes(), Forward(4000), {.knots = {0.5, 0.4, 1, 2}}), PreconditionError);
  EXPECT_THROW(fit_smile(heston_quotes(), Forward(4000), {.knots = {0.5, kNaN, 1, 2}}), PreconditionError);
  EXPECT_THROW(fit_smile(heston_quotes(), Forward(4000), {.knots = {2, 3, 4, 5}}), PreconditionError)
      << "the mean lies outside";
}

TEST(FitOptions, ListTheirProblemsAllAtOnce) {
  using Lines = std::vector<std::string>;
  EXPECT_EQ(FitOptions().problems(), Lines{});
  for (const int units : {0, 3, 2000})
    EXPECT_EQ((FitOptions{.units = units}.problems()), Lines{});
  for (const int units : {-1, 1, 2, 2001})
    EXPECT_EQ(FitOptions{.units = units}.problems(),
              Lines{"FitOptions: units is " + std::to_string(units) + ", but must be 0 or 3 to 2000"});
  EXPECT_EQ((FitOptions{.units = 10, .knots = {0.5, 1, 1.5}}.problems()),
            Lines{"FitOptions: units and knots are both given, but one decides the other"});
  EXPECT_EQ(
      (FitOptions{.units = 1, .smoothness = -1, .max_iterations = 0, .optimality_tolerance = 0}.problems().size()), 4U);
  for (const double bad : {-1.0, kNaN, kInfinity})
    EXPECT_EQ(FitOptions{.smoothness = bad}.problems().size(), 1U) << bad;
  for (const double bad : {-1.0, 0.0, kNaN})
    EXPECT_EQ(FitOptions{.optimality_tolerance = bad}.problems().size(), 1U) << bad;
  EXPECT_EQ(FitOptions{.max_iterations = 0}.problems(), Lines{"FitOptions: max_iterations is 0, but must be positive"});
}

}  // namespace
}  // namespace strikenet
