#include "strikenet/arbitrage/certificate.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include "strikenet/core/result.h"
#include "strikenet/io/surface_json.h"
#include "support/shared_data.h"

namespace strikenet {
namespace {

using Kind = Violation::Kind;

constexpr double kDenormal = 5e-324;
constexpr double kRounding = 1e-15;  // of sums of a dozen products below 1 in doubles

SurfaceSlice slice(std::string expiry, double t, CallCurve curve) {
  return {{std::move(expiry), "X"}, YearFraction(t), Forward(100), DiscountFactor(1), std::move(curve)};
}

Surface surface_of(const std::vector<CallCurve>& curves) {
  Surface surface{.activation = curves.front().activation()};
  for (const CallCurve& curve : curves)
    surface.slices.push_back(slice("T" + std::to_string(surface.slices.size() + 1),
                                   1.0 + static_cast<double>(surface.slices.size()), curve));
  return surface;
}

Certificate prove_relu(std::vector<double> knots, std::vector<double> weights) {
  return prove_arbitrage_free(surface_of({CallCurve(Activation::relu, std::move(knots), std::move(weights))}));
}

std::vector<double> nodes_violated(const Certificate& certificate, Kind kind) {
  std::vector<double> nodes;
  for (const Violation& violation : certificate.violations)
    if (violation.kind == kind) nodes.push_back(violation.node);
  return nodes;
}

std::string error_of(const Surface& surface) {
  try {
    prove_arbitrage_free(surface);
  } catch (const PreconditionError& error) {
    return error.what();
  }
  return "no error";
}

// --- one slice -------------------------------------------------------------------------------------------------------

TEST(CertificateOfASlice, ProvesAMartingaleLawThatDoublesHold) {
  const Certificate certificate = prove_relu({0.5, 1, 1.5}, {0.25, 0.5, 0.25});
  EXPECT_TRUE(certificate.slices_proved);
  EXPECT_TRUE(certificate.arbitrage_free());
  EXPECT_EQ(certificate.calendar, CalendarStatus::not_applicable);
  EXPECT_EQ(certificate.inequalities, 3U);
  EXPECT_EQ(certificate.largest_move, 0);
  EXPECT_TRUE(certificate.violations.empty());
  EXPECT_EQ(status(certificate), "arbitrage-free");
}

TEST(CertificateOfASlice, ListsTheSmallestNegativeNumberThereIs) {
  const Certificate certificate = prove_relu({0.5, 1, 1.5, 2}, {0.25, 0.5, 0.25, -kDenormal});
  EXPECT_FALSE(certificate.slices_proved);
  EXPECT_EQ(status(certificate), "not-proved");
  ASSERT_EQ(certificate.violations.size(), 1U);
  const Violation& violation = certificate.violations.front();
  EXPECT_EQ(violation.kind, Kind::weight);
  EXPECT_EQ(violation.node, 2);
  EXPECT_EQ(violation.by, kDenormal);
  EXPECT_EQ(to_string(violation.key), "T1 X");
  EXPECT_EQ(certificate.largest_move, 2 * kDenormal);  // 1.5 of it, to even
}

TEST(CertificateOfASlice, TakesTheSmallestPositiveWeights) {
  EXPECT_TRUE(prove_relu({0.5, 1, 1.5, 2, 3}, {0.25, 0.5, 0.25, kDenormal, 1e-308}).arbitrage_free());
}

TEST(CertificateOfASlice, ListsEveryNegativeWeight) {
  const Certificate certificate = prove_relu({0.5, 0.75, 1, 1.25, 1.5}, {0.5, -0.25, 0.5, -0.25, 0.5});
  EXPECT_EQ(nodes_violated(certificate, Kind::weight), (std::vector<double>{0.75, 1.25}));
  EXPECT_TRUE(nodes_violated(certificate, Kind::moments).empty());
  for (const Violation& violation : certificate.violations)
    EXPECT_EQ(violation.by, 0.25);
}

TEST(CertificateOfASlice, ListsAWeightThatTheMoveMakesNegative) {
  // Mass 1 on nodes 2 and 3 has mean 1 only as 2, -1.
  const Certificate certificate = prove_relu({2, 3}, {0.5, 0.5});
  ASSERT_EQ(certificate.violations.size(), 2U);
  EXPECT_EQ(certificate.violations[0].kind, Kind::moments);
  EXPECT_TRUE(std::isnan(certificate.violations[0].node));
  EXPECT_EQ(certificate.violations[0].by, 1.5);
  EXPECT_EQ(certificate.violations[1].kind, Kind::weight);
  EXPECT_EQ(certificate.violations[1].node, 3);
  EXPECT_EQ(certificate.violations[1].by, 1);
  EXPECT_EQ(certificate.largest_move, 1.5);
}

TEST(CertificateOfASlice, RefusesMassThatIsOffByTwoInATrillion) {
  const double off = 0.25 + 2e-12;
  const Certificate certificate = prove_relu({0.5, 1, 1.5}, {off, 0.5, 0.25});
  EXPECT_FALSE(certificate.slices_proved);
  ASSERT_EQ(certificate.violations.size(), 1U);
  EXPECT_EQ(certificate.violations[0].kind, Kind::moments);
  EXPECT_EQ(certificate.violations[0].by, off - 0.25);  // all of it is taken from the weight that has it
  EXPECT_EQ(certificate.largest_move, off - 0.25);
}

TEST(CertificateOfASlice, AcceptsMassThatIsOffByHalfInATrillion) {
  const double off = 0.25 - 0.5e-12;
  const Certificate certificate = prove_relu({0.5, 1, 1.5}, {off, 0.5, 0.25});
  EXPECT_TRUE(certificate.arbitrage_free());
  EXPECT_EQ(certificate.largest_move, 0.25 - off);
}

TEST(CertificateOfASlice, DrawsTheLineAtExactlyOneInATrillion) {
  const double grain = std::nextafter(0.25, 1.0) - 0.25, grains = std::floor(1e-12 / grain);
  EXPECT_TRUE(prove_relu({0.5, 1, 1.5}, {0.25 + grains * grain, 0.5, 0.25}).slices_proved);
  EXPECT_FALSE(prove_relu({0.5, 1, 1.5}, {0.25 + (grains + 1) * grain, 0.5, 0.25}).slices_proved);
}

TEST(CertificateOfASlice, MovesTheFirstAndTheLastWeightOfATenthOfTheLargest) {
  // 0.05 is a tenth of 0.5 only as decimals: the double 0.05 is above a twentieth, so it is moved and 0.0499... is not.
  const double tenth = 0.05, less = std::nextafter(0.05, 0.0);
  EXPECT_EQ(nodes_violated(prove_relu({0, 1}, {less, 0.5}), Kind::weight), std::vector<double>{});
  const Certificate one = prove_relu({0, 1}, {less, 0.5}), two = prove_relu({0, 1}, {tenth, 0.5});
  ASSERT_EQ(one.violations.size(), 1U);
  EXPECT_EQ(one.violations[0].by, 0.5);  // nothing moved: the distance of the mean, 0.5, from 1
  EXPECT_EQ(one.largest_move, 0);
  ASSERT_EQ(two.violations.size(), 1U);
  EXPECT_EQ(two.violations[0].by, 0.5);  // moved: 0.5 to the node at 1
  EXPECT_EQ(two.largest_move, 0.5);
}

TEST(CertificateOfASlice, CannotProveFewerThanTwoLargeWeights) {
  const Certificate point = prove_relu({0.5, 1, 1.5}, {0, 1, 0});
  ASSERT_EQ(point.violations.size(), 1U);
  EXPECT_EQ(point.violations[0].kind, Kind::moments);
  EXPECT_EQ(point.violations[0].by, 0);
  EXPECT_FALSE(point.arbitrage_free());

  const Certificate nothing = prove_relu({0.5, 1, 1.5}, {0, 0, 0});
  ASSERT_EQ(nothing.violations.size(), 1U);
  EXPECT_EQ(nothing.violations[0].by, 1);

  const Certificate single = prove_relu({1}, {1});
  EXPECT_FALSE(single.slices_proved);
}

TEST(CertificateOfASlice, SurvivesTheLargestDoubles) {
  const double largest = std::numeric_limits<double>::max();
  const Certificate certificate = prove_relu({0.5, 1, largest}, {largest, largest, -largest});
  EXPECT_FALSE(certificate.slices_proved);
  for (const Violation& violation : certificate.violations)
    EXPECT_TRUE(std::isfinite(violation.by));
  EXPECT_EQ(certificate.largest_move, largest);
}

// --- two slices, every activation ------------------------------------------------------------------------------------

/// Knots whose nodes are 0.5, 1 and 1.5.
std::vector<double> knots_of(Activation activation) {
  switch (activation) {
    case Activation::relu: return {0.5, 1, 1.5};
    case Activation::quadratic: return {0.25, 0.75, 1.25, 1.75};
    case Activation::cubic: return {0, 0.5, 1, 1.5, 2};
  }
  return {};
}

class CertificateOfTwoSlices : public testing::TestWithParam<Activation> {
 protected:
  CallCurve curve(std::vector<double> weights) const { return {GetParam(), knots_of(GetParam()), std::move(weights)}; }
  CallCurve narrow() const { return curve({0.25, 0.5, 0.25}); }  // g(1) = 1/8
  CallCurve wide() const { return curve({0.5, 0, 0.5}); }        // g(1) = 1/4
};

TEST_P(CertificateOfTwoSlices, ProvesThatTheWiderLawComesLater) {
  const Certificate certificate = prove_arbitrage_free(surface_of({narrow(), wide()}));
  EXPECT_TRUE(certificate.arbitrage_free());
  EXPECT_EQ(certificate.calendar, CalendarStatus::proved);
  EXPECT_EQ(certificate.inequalities, 9U);
  EXPECT_EQ(certificate.worst_calendar_gap, 0);
}

TEST_P(CertificateOfTwoSlices, ProvesEqualLaws) {
  EXPECT_TRUE(prove_arbitrage_free(surface_of({wide(), wide(), wide()})).arbitrage_free());
}

TEST_P(CertificateOfTwoSlices, ListsTheNegativeGapOfOneEighth) {
  const Certificate certificate = prove_arbitrage_free(surface_of({wide(), narrow()}));
  EXPECT_TRUE(certificate.slices_proved);
  EXPECT_FALSE(certificate.arbitrage_free());
  EXPECT_EQ(certificate.calendar, CalendarStatus::reported);
  EXPECT_EQ(status(certificate), "slices-arbitrage-free");
  EXPECT_EQ(certificate.worst_calendar_gap, -0.125);
  ASSERT_EQ(certificate.violations.size(), 1U);
  EXPECT_EQ(certificate.violations[0].kind, Kind::calendar);
  EXPECT_EQ(certificate.violations[0].node, 1);
  EXPECT_EQ(certificate.violations[0].by, 0.125);
  EXPECT_EQ(to_string(certificate.violations[0].key), "T2 X");
}

TEST_P(CertificateOfTwoSlices, LooksAtNoOrderWhereTheSurfaceSaysThereIsNone) {
  Surface surface = surface_of({wide(), narrow()});
  surface.calendar = false;
  const Certificate certificate = prove_arbitrage_free(surface);
  EXPECT_TRUE(certificate.arbitrage_free());
  EXPECT_EQ(certificate.calendar, CalendarStatus::not_applicable);
  EXPECT_EQ(certificate.inequalities, 6U);
}

TEST_P(CertificateOfTwoSlices, SeesAGapBelowTheSmallestDouble) {
  std::vector<double> knots = knots_of(GetParam());
  knots.push_back(knots.back() + 0.5);
  const auto with_tail = [&](double tail) { return CallCurve(GetParam(), knots, {0.25, 0.5, 0.25, tail}); };
  EXPECT_TRUE(prove_arbitrage_free(surface_of({with_tail(kDenormal), with_tail(2 * kDenormal)})).arbitrage_free());
  const Certificate certificate = prove_arbitrage_free(surface_of({with_tail(2 * kDenormal), with_tail(kDenormal)}));
  EXPECT_EQ(nodes_violated(certificate, Kind::calendar), (std::vector<double>{1, 1.5}));  // by 1/4 and 1/2 of it
  for (const Violation& violation : certificate.violations)
    EXPECT_EQ(violation.by, kDenormal);
}

/// The first slices settle at t = 1 under different roots, and the others one by one after them.
Surface at_one_instant(const std::vector<CallCurve>& curves, std::size_t together) {
  Surface surface = surface_of(curves);
  for (std::size_t i = 0; i < together; ++i) {
    surface.slices[i].t = YearFraction(1);
    surface.slices[i].key = {"T", std::string(1, static_cast<char>('A' + i))};
  }
  return surface;
}

TEST_P(CertificateOfTwoSlices, ComparesRootsThatSettleAtOneInstantBothWays) {
  for (const auto& [first, second] : {std::pair(narrow(), wide()), std::pair(wide(), narrow())}) {
    const Certificate certificate = prove_arbitrage_free(at_one_instant({first, second}, 2));
    EXPECT_TRUE(certificate.slices_proved);
    EXPECT_FALSE(certificate.arbitrage_free());
    EXPECT_EQ(status(certificate), "slices-arbitrage-free");
    EXPECT_EQ(certificate.calendar, CalendarStatus::reported);
    EXPECT_EQ(certificate.worst_calendar_gap, -0.125);
    EXPECT_EQ(certificate.inequalities, 12U);
    ASSERT_EQ(certificate.violations.size(), 1U);
    EXPECT_EQ(certificate.violations[0].kind, Kind::same_instant);
    EXPECT_EQ(sentence(certificate.violations[0]),
              "T B: a call at k = 1 differs from that of T A at the same instant by 0.125 forwards");
  }
}

TEST_P(CertificateOfTwoSlices, ProvesThreeRootsOfOneLawAndTheOrderOfWhatFollows) {
  const Certificate certificate = prove_arbitrage_free(at_one_instant({narrow(), narrow(), narrow(), wide()}, 3));
  EXPECT_TRUE(certificate.arbitrage_free());
  EXPECT_EQ(certificate.calendar, CalendarStatus::proved);
  EXPECT_EQ(certificate.inequalities, 12U + 6 + 6 + 3);
  EXPECT_EQ(prove_arbitrage_free(at_one_instant({wide(), wide(), narrow(), wide()}, 3)).violations.size(), 1U);
  const Certificate after = prove_arbitrage_free(at_one_instant({wide(), wide(), wide(), narrow()}, 3));
  ASSERT_EQ(after.violations.size(), 1U);
  EXPECT_EQ(after.violations[0].kind, Kind::calendar);
}

TEST_P(CertificateOfTwoSlices, AsksForOneDiscountFactorAtOneInstantAndForNoForward) {
  Surface surface = at_one_instant({wide(), wide()}, 2);
  surface.slices[1].forward = Forward(10);  // an option on a tenth
  EXPECT_TRUE(prove_arbitrage_free(surface).arbitrage_free());
  surface.slices[1].discount = DiscountFactor(0.75);
  const Certificate certificate = prove_arbitrage_free(surface);
  EXPECT_EQ(status(certificate), "slices-arbitrage-free");
  ASSERT_EQ(certificate.violations.size(), 1U);
  EXPECT_EQ(sentence(certificate.violations[0]),
            "T B: the discount factor differs from that of T A at the same instant by 0.25");
  surface.slices[1].t = YearFraction(2);
  EXPECT_TRUE(prove_arbitrage_free(surface).arbitrage_free());
}

TEST_P(CertificateOfTwoSlices, ComparesNothingAtOneInstantWhereUnderlyingsDiffer) {
  Surface surface = at_one_instant({wide(), narrow()}, 2);
  surface.calendar = false;
  EXPECT_EQ(prove_arbitrage_free(surface).violations.size(), 0U);
}

INSTANTIATE_TEST_SUITE_P(Activations, CertificateOfTwoSlices,
                         testing::Values(Activation::relu, Activation::quadratic, Activation::cubic),
                         [](const auto& test) { return std::string(to_string(test.param)); });

TEST(CertificateOfReluSlices, ComparesThemAtTheNodesOfEither) {
  const CallCurve wide(Activation::relu, {0.5, 1.5}, {0.5, 0.5}), narrow(Activation::relu, {0.75, 1.25}, {0.5, 0.5});
  const Certificate ordered = prove_arbitrage_free(surface_of({narrow, wide}));
  EXPECT_TRUE(ordered.arbitrage_free());
  EXPECT_EQ(ordered.inequalities, 8U);
  const Certificate reversed = prove_arbitrage_free(surface_of({wide, narrow}));
  EXPECT_EQ(nodes_violated(reversed, Kind::calendar), (std::vector<double>{0.75, 1.25}));
  for (const Violation& violation : reversed.violations)
    EXPECT_EQ(violation.by, 0.125);
}

TEST(CertificateOfReluSlices, SeesANodeThatOnlyTheEarlierOneHas) {
  const CallCurve peak(Activation::relu, {0.5, 1, 1.5}, {0.25, 0.5, 0.25});
  const CallCurve between(Activation::relu, {0.625, 1.375}, {0.5, 0.5});  // g(1.375) = 0 below 1/32
  EXPECT_EQ(nodes_violated(prove_arbitrage_free(surface_of({peak, between})), Kind::calendar),
            (std::vector<double>{0.625, 1.375}));
}

// --- a law over random surfaces --------------------------------------------------------------------------------------

std::vector<double> random_knots(Activation activation, std::size_t units, std::mt19937_64& random) {
  std::uniform_real_distribution<double> step(0.05, 0.12);
  std::vector<double> knots(units + static_cast<std::size_t>(knots_per_unit(activation)) - 1);
  double at = 0.5;
  for (double& knot : knots)
    knot = at += step(random);
  return knots;
}

/// A mixture of all two-point laws of mean 1 on the nodes.
std::vector<double> random_law(std::span<const double> nodes, std::mt19937_64& random) {
  std::uniform_real_distribution<double> share(0.1, 1.0);
  std::vector<double> weights(nodes.size(), 0.0);
  double total = 0;
  for (std::size_t i = 0; i < nodes.size(); ++i)
    for (std::size_t j = i + 1; j < nodes.size(); ++j)
      if (nodes[i] < 1 && nodes[j] > 1) {
        const double mixed = share(random), up = (1 - nodes[i]) / (nodes[j] - nodes[i]);
        weights[i] += mixed * (1 - up);
        weights[j] += mixed * up;
        total += mixed;
      }
  for (double& weight : weights)
    weight /= total;
  return weights;
}

/// Sends a part of the weight at node j to its neighbours, the mean kept: the gap at j, and no other, grows by the
/// returned amount. A negative part draws weight in from the neighbours instead.
double spread(std::span<const double> nodes, std::vector<double>& weights, std::size_t j, double amount) {
  const double left = nodes[j] - nodes[j - 1], right = nodes[j + 1] - nodes[j];
  weights[j - 1] += amount * right / (left + right);
  weights[j + 1] += amount * left / (left + right);
  weights[j] -= amount;
  return amount * left * right / (left + right);
}

class CertificateOfRandomLaws : public testing::TestWithParam<Activation> {};

TEST_P(CertificateOfRandomLaws, ProvesOrderAndFindsTheOneGapThatBreaksIt) {
  std::mt19937_64 random(20190626);
  std::uniform_real_distribution<double> part(0.05, 0.3);
  for (int trial = 0; trial < 40; ++trial) {
    const std::size_t units = 12 + static_cast<std::size_t>(trial % 9);
    const std::vector<double> knots = random_knots(GetParam(), units, random);
    const std::vector<double> nodes = unit_nodes(GetParam(), knots);
    std::vector<double> law = random_law(nodes, random);
    std::vector<CallCurve> curves = {CallCurve(GetParam(), knots, law)};
    const std::size_t broken = 1 + static_cast<std::size_t>(random()) % (units - 2);
    for (int later = 0; later < 3; ++later) {
      for (std::size_t j = 1; j + 1 < units; ++j)
        spread(nodes, law, j, part(random) * law[j]);
      curves.emplace_back(GetParam(), knots, law);
    }
    ASSERT_TRUE(prove_arbitrage_free(surface_of(curves)).arbitrage_free()) << "trial " << trial;

    double by = 0;
    for (std::size_t j = 1; j + 1 < units; ++j)
      if (j != broken) spread(nodes, law, j, part(random) * law[j]);
    by = -spread(nodes, law, broken, -0.05 * std::min(law[broken - 1], law[broken + 1]));
    curves.emplace_back(GetParam(), knots, law);
    const Certificate certificate = prove_arbitrage_free(surface_of(curves));
    ASSERT_TRUE(certificate.slices_proved) << "trial " << trial;
    ASSERT_EQ(certificate.violations.size(), 1U) << "trial " << trial;
    EXPECT_EQ(to_string(certificate.violations[0].key), "T5 X");
    EXPECT_NEAR(certificate.violations[0].node, nodes[broken], kRounding);
    EXPECT_NEAR(certificate.violations[0].by, by, kRounding);
    EXPECT_EQ(certificate.worst_calendar_gap, -certificate.violations[0].by);
  }
}

INSTANTIATE_TEST_SUITE_P(Activations, CertificateOfRandomLaws,
                         testing::Values(Activation::relu, Activation::quadratic, Activation::cubic),
                         [](const auto& test) { return std::string(to_string(test.param)); });

// --- what callers may not do -----------------------------------------------------------------------------------------

TEST(Certificate, RefusesASurfaceWithoutSlices) {
  EXPECT_EQ(error_of({}), "prove_arbitrage_free: number of slices is 0, but must be at least 1");
}

TEST(Certificate, RefusesSlicesOutOfOrderInTime) {
  Surface surface = surface_of(
      {CallCurve(Activation::relu, {0.5, 1.5}, {0.5, 0.5}), CallCurve(Activation::relu, {0.5, 1.5}, {0.5, 0.5})});
  const std::string rule = ", but must be positive and finite and not fall from slice to slice";
  surface.slices[1].t = YearFraction(std::nextafter(1.0, 0.0));
  EXPECT_EQ(error_of(surface), "prove_arbitrage_free: t is 0.99999999999999989" + rule);
  surface.slices[1].t = YearFraction(std::nan(""));
  EXPECT_EQ(error_of(surface), "prove_arbitrage_free: t is nan" + rule);
  surface.slices[1].t = YearFraction(std::numeric_limits<double>::infinity());
  EXPECT_EQ(error_of(surface), "prove_arbitrage_free: t is inf" + rule);
  surface.slices[0].t = YearFraction(0);
  EXPECT_EQ(error_of(surface), "prove_arbitrage_free: t is 0" + rule);
}

TEST(Certificate, RefusesTheSameInstantUnderOneRoot) {
  const CallCurve curve(Activation::relu, {0.5, 1.5}, {0.5, 0.5});
  Surface surface = surface_of({curve, curve, curve});
  for (SurfaceSlice& slice : surface.slices)
    slice.t = YearFraction(1);
  surface.slices[1].key.root = "Y";
  EXPECT_EQ(error_of(surface),
            "prove_arbitrage_free: t of slice T3 X is 1, but must be above that of T1 X, which has the same root");
  surface.slices[2].key.root = "Z";
  EXPECT_EQ(error_of(surface), "no error");
}

TEST(Certificate, RefusesForwardsAndDiscountFactorsThatNothingCanCost) {
  const CallCurve curve(Activation::relu, {0.5, 1.5}, {0.5, 0.5});
  for (const double wrong : {-100.0, 0.0, -0.0, std::nan(""), std::numeric_limits<double>::infinity()}) {
    Surface surface = surface_of({curve});
    surface.slices[0].forward = Forward(wrong);
    EXPECT_NE(error_of(surface).find("prove_arbitrage_free: forward of slice T1 X is "), std::string::npos) << wrong;
    EXPECT_NE(error_of(surface).find(", but must be positive and finite"), std::string::npos) << wrong;
    surface = surface_of({curve});
    surface.slices[0].discount = DiscountFactor(wrong);
    EXPECT_NE(error_of(surface).find("prove_arbitrage_free: discount factor of slice T1 X is "), std::string::npos);
  }
  // Each may be, and every price is 0 or infinite all the same.
  for (const double extreme : {1e-200, 1e200}) {
    Surface surface = surface_of({curve});
    surface.slices[0].forward = Forward(extreme);
    surface.slices[0].discount = DiscountFactor(extreme);
    EXPECT_NE(error_of(surface).find("forward times discount factor of slice T1 X is "), std::string::npos) << extreme;
  }
}

TEST(Certificate, TakesAWeightOfMinusZeroForNothing) {
  EXPECT_TRUE(prove_relu({0.5, 1, 1.5}, {0.5, -0.0, 0.5}).arbitrage_free());
}

// --- what is taken as given ------------------------------------------------------------------------------------------

TEST(Certificate, ListsWhatItTakesAsGiven) {
  using enum Assumption;
  const CallCurve curve(Activation::relu, {0.5, 1.5}, {0.5, 0.5});
  EXPECT_EQ(prove_arbitrage_free(surface_of({curve})).assumptions,
            (std::vector<Assumption>{forwards_and_discounts, european_exercise}));
  Surface two = surface_of({curve, curve});
  EXPECT_EQ(
      prove_arbitrage_free(two).assumptions,
      (std::vector<Assumption>{one_underlying, order_of_instants, ratios, forwards_and_discounts, european_exercise}));
  two.calendar = false;
  EXPECT_EQ(in_words(prove_arbitrage_free(two).assumptions),
            "expiries on different underlyings, without order in time; forwards and discount factors as given; "
            "European exercise");
}

TEST(Certificate, RefusesSmoothSlicesOnDifferentKnots) {
  EXPECT_EQ(error_of(surface_of({CallCurve(Activation::quadratic, {0.5, 1, 1.5}, {0.5, 0.5}),
                                 CallCurve(Activation::quadratic, {0.5, 1.25, 1.5}, {0.5, 0.5})})),
            "prove_arbitrage_free: t of a slice with its own knots is 2, but only 'relu' slices may have their own");
}

TEST(Certificate, RefusesASliceOfAnotherActivation) {
  Surface surface = surface_of({CallCurve(Activation::relu, {0.5, 1.5}, {0.5, 0.5})});
  surface.activation = Activation::cubic;
  EXPECT_EQ(error_of(surface),
            "prove_arbitrage_free: number of knots per unit of a slice is 1, but must be that of the surface");
}

TEST(Certificate, HasWordsForWhatItFinds) {
  EXPECT_EQ(to_string(CalendarStatus::proved), "proved");
  EXPECT_EQ(to_string(CalendarStatus::reported), "reported");
  EXPECT_EQ(to_string(CalendarStatus::not_applicable), "not applicable");
  EXPECT_EQ(to_string(Kind::weight), "weight");
  EXPECT_EQ(to_string(Kind::moments), "moments");
  EXPECT_EQ(to_string(Kind::calendar), "calendar");
  EXPECT_EQ(to_string(Kind::same_instant), "same instant");
  EXPECT_EQ(to_string(Kind::discount), "discount");
}

// --- a real surface; the numbers are those of an independent judge in rational arithmetic
// --------------------------------

class CertificateOfSpxw2019 : public testing::Test {
 protected:
  static constexpr const char* kFile = "examples/spxw_2019-06-26_surface.json";

  void SetUp() override {
    using namespace testing_support;
    if (!has_shared(kFile)) GTEST_SKIP() << skip_text(kFile);
    const auto read = read_surface((shared_folder() / kFile).string());
    ASSERT_TRUE(read) << read.problems().lines.front();
    surface_ = read.value();
  }

  std::vector<double> weights(std::size_t i) const {
    const auto weights = surface_.slices[i].curve.weights();
    return {weights.begin(), weights.end()};
  }
  void set_weights(std::size_t i, std::vector<double> weights) {
    const auto knots = surface_.slices[i].curve.knots();
    surface_.slices[i].curve = CallCurve(surface_.activation, {knots.begin(), knots.end()}, std::move(weights));
  }

  static long count(const Certificate& certificate, Kind kind) {
    return std::ranges::count(certificate.violations, kind, &Violation::kind);
  }

  Surface surface_;
};

TEST_F(CertificateOfSpxw2019, ProvesItArbitrageFree) {
  const Certificate certificate = prove_arbitrage_free(surface_);
  EXPECT_EQ(surface_.slices.size(), 29U);
  EXPECT_TRUE(certificate.arbitrage_free());
  EXPECT_EQ(certificate.calendar, CalendarStatus::proved);
  EXPECT_EQ(certificate.inequalities, 29U * 250 + 28 * 250);
  EXPECT_EQ(certificate.largest_move, 1.2000666122004048e-18);
}

TEST_F(CertificateOfSpxw2019, FindsEveryGapThatSwappingTwoExpiriesBreaks) {
  std::vector<double> sixth = weights(5), seventh = weights(6);
  set_weights(5, std::move(seventh));
  set_weights(6, std::move(sixth));
  const Certificate certificate = prove_arbitrage_free(surface_);
  EXPECT_TRUE(certificate.slices_proved);
  EXPECT_EQ(count(certificate, Kind::calendar), 248);
  EXPECT_EQ(certificate.worst_calendar_gap, -0.0009046415269934098);
}

TEST_F(CertificateOfSpxw2019, FindsEverythingWrongWithAReversedSlice) {
  std::vector<double> reversed = weights(7);
  std::ranges::reverse(reversed);
  set_weights(7, std::move(reversed));
  const Certificate certificate = prove_arbitrage_free(surface_);
  EXPECT_EQ(count(certificate, Kind::moments), 1);
  EXPECT_EQ(count(certificate, Kind::weight), 1);
  EXPECT_EQ(count(certificate, Kind::calendar), 225);
  EXPECT_EQ(certificate.worst_calendar_gap, -0.007207781912586213);
  EXPECT_EQ(certificate.largest_move, 0.1677219195068075);
}

TEST_F(CertificateOfSpxw2019, RefusesMassThatIsOffByTwoInATrillion) {
  std::vector<double> heavier = weights(7);
  heavier[125] += 2e-12;
  set_weights(7, std::move(heavier));
  const Certificate certificate = prove_arbitrage_free(surface_);
  EXPECT_EQ(count(certificate, Kind::moments), 1);
  EXPECT_EQ(certificate.violations.size(), 1U);
  EXPECT_EQ(certificate.largest_move, 1.1017613322088771e-12);
}

TEST_F(CertificateOfSpxw2019, FindsWhatIsWrongWhenItsUnitsAreTakenForPoints) {
  const auto knots = surface_.slices.front().curve.knots();
  const std::vector<double> inner(knots.begin() + 1, knots.end() - 1);
  surface_.activation = Activation::relu;
  for (std::size_t i = 0; i < surface_.slices.size(); ++i)
    surface_.slices[i].curve = CallCurve(Activation::relu, inner, weights(i));
  const Certificate certificate = prove_arbitrage_free(surface_);
  EXPECT_EQ(count(certificate, Kind::moments), 29);
  EXPECT_EQ(count(certificate, Kind::weight), 0);
  EXPECT_EQ(count(certificate, Kind::calendar), 35);
  EXPECT_EQ(certificate.worst_calendar_gap, -5.9656124803118904e-09);
  EXPECT_EQ(certificate.largest_move, 4.660834279373605e-05);
}

}  // namespace
}  // namespace strikenet
