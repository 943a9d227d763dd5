#include "strikenet/network/relu_network.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <ostream>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "strikenet/core/result.h"

namespace strikenet {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kRounding = 1e-12;

struct ValueCase {
  const char* name;
  ReluNetwork network;
  double x, value;
};
void PrintTo(const ValueCase& test, std::ostream* out) { *out << test.name; }

class NetworkValue : public testing::TestWithParam<ValueCase> {};

TEST_P(NetworkValue, EqualsHandWorkedValue) { EXPECT_EQ(GetParam().network.value(GetParam().x), GetParam().value); }

const ReluNetwork kEmpty(3, {});
const ReluNetwork kCall(0, {{1, -100, 1}});
const ReluNetwork kPut(0, {{-1, 100, 1}});
const ReluNetwork kMixed(1, {{2, -6, 0.5}, {-4, 8, -1}, {0, 5, 2}, {0, -5, 2}});

INSTANTIATE_TEST_SUITE_P(Textbook, NetworkValue,
                         testing::Values(ValueCase{"EmptyIsItsOffset", kEmpty, -1e9, 3},
                                         ValueCase{"CallBelow", kCall, 80, 0}, ValueCase{"CallAt", kCall, 100, 0},
                                         ValueCase{"CallAbove", kCall, 130, 30}, ValueCase{"PutBelow", kPut, 70, 30},
                                         ValueCase{"PutOfNegativeX", kPut, -70, 170},
                                         ValueCase{"PutAbove", kPut, 130, 0},
                                         // 1 + 0.5 (2x - 6)+ - (8 - 4x)+ + 2 * 5 + 0
                                         ValueCase{"MixedLeft", kMixed, 1, 7}, ValueCase{"MixedFlat", kMixed, 2.5, 11},
                                         ValueCase{"MixedRight", kMixed, 7, 15}),
                         [](const auto& test) { return test.param.name; });

// (c u, c b, v / c) is the same unit for every c > 0: exactly so when c is a power of two.
TEST(ReluNetwork, KeepsItsValueWhenAUnitIsRescaled) {
  std::mt19937_64 rng(5);
  std::uniform_real_distribution<double> u(-2, 2);
  for (int trial = 0; trial < 1000; ++trial) {
    const HiddenUnit unit{u(rng), u(rng), u(rng)};
    const double x = 3 * u(rng), c = std::exp(u(rng)), expected = ReluNetwork(0, {unit}).value(x);
    const HiddenUnit twice{2 * unit.in_weight, 2 * unit.bias, unit.out_weight / 2};
    const HiddenUnit scaled{c * unit.in_weight, c * unit.bias, unit.out_weight / c};
    ASSERT_EQ(ReluNetwork(0, {twice}).value(x), expected);
    const double size = std::abs(unit.out_weight) * (std::abs(unit.in_weight * x) + std::abs(unit.bias));
    ASSERT_NEAR(ReluNetwork(0, {scaled}).value(x), expected, kRounding * size);
  }
}

std::string words(double offset, std::vector<HiddenUnit> units) {
  try {
    const ReluNetwork network(offset, std::move(units));
  } catch (const PreconditionError& error) {
    return error.what();
  }
  return "no error";
}

TEST(ReluNetworkErrors, NameTheParameterAndItsUnit) {
  const HiddenUnit fine{1, 1, 1};
  EXPECT_EQ(words(NAN, {}), "ReluNetwork: offset is nan, but must be finite");
  EXPECT_EQ(words(0, {{NAN, 0, 1}}), "ReluNetwork: in_weight of unit 0 is nan, but must be finite");
  EXPECT_EQ(words(0, {fine, {1, kInfinity, 1}}), "ReluNetwork: bias of unit 1 is inf, but must be finite");
  EXPECT_EQ(words(0, {fine, fine, {1, 0, -kInfinity}}),
            "ReluNetwork: out_weight of unit 2 is -inf, but must be finite");
}

TEST(ReluNetworkErrors, ValueTakesFiniteInputsOnly) {
  for (const double x : {std::nan(""), kInfinity, -kInfinity})
    EXPECT_THROW(kPut.value(x), PreconditionError) << x;
  try {
    kPut.value(kInfinity);
    FAIL() << "expected PreconditionError";
  } catch (const PreconditionError& error) {
    EXPECT_STREQ(error.what(), "ReluNetwork::value: x is inf, but must be finite");
  }
}

TEST(ReluNetwork, OfHugeParametersMayBeInfiniteButNotNaN) {
  EXPECT_EQ(ReluNetwork(0, {{1e308, 0, 1}}).value(1e10), kInfinity);
  EXPECT_EQ(ReluNetwork(0, {{-1e308, 0, 1}}).value(1e10), 0);
}

}  // namespace
}  // namespace strikenet
