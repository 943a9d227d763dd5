#include "quantlib/evaluation_date.h"

#include <gtest/gtest.h>

#include <cmath>
#include <stdexcept>
#include <vector>

#include "oracle/quantlib_smiles.h"

namespace strikenet {
namespace {

namespace ql = QuantLib;

const ql::Date& current() { return ql::Settings::instance().evaluationDate().value(); }

TEST(EvaluationDate, IsPutBack) {
  const ql::Date before(26, ql::June, 2019), inside(1, ql::March, 2010);
  ql::Settings::instance().evaluationDate() = before;
  {
    const EvaluationDate date(inside);
    EXPECT_EQ(current(), inside);
  }
  EXPECT_EQ(current(), before);
  ql::Settings::instance().resetEvaluationDate();
}

TEST(EvaluationDate, IsPutBackWhenPricingThrows) {
  const ql::Date before(26, ql::June, 2019);
  ql::Settings::instance().evaluationDate() = before;
  for (int twice = 0; twice < 2; ++twice) {  // the lock is given back too
    try {
      const EvaluationDate date(ql::Date(1, ql::March, 2010));
      throw std::runtime_error("a price that cannot be found");
    } catch (const std::runtime_error&) {
    }
    EXPECT_EQ(current(), before);
  }
  ql::Settings::instance().resetEvaluationDate();
}

TEST(EvaluationDate, IsPutBackWhenAnEngineFindsNoPrice) {
  const ql::Date before(26, ql::June, 2019);
  ql::Settings::instance().evaluationDate() = before;
  HestonParameters overflowing = oracle::kIndexHeston;
  overflowing.v0 = overflowing.kappa = overflowing.theta = 1e300;
  EXPECT_TRUE(std::isnan(oracle::heston_calls(overflowing, 100, 1e300, std::vector<double>{100})[0]));
  EXPECT_EQ(current(), before);
  ql::Settings::instance().resetEvaluationDate();
}

TEST(EvaluationDate, OfTodayStaysFloating) {
  ql::Settings::instance().resetEvaluationDate();
  const ql::Date floating = current();
  { const EvaluationDate date(ql::Date(1, ql::March, 2010)); }
  EXPECT_EQ(current(), floating);
}

TEST(EvaluationDate, IsPutBackByTheEnginesToo) {
  const ql::Date before(29, ql::February, 2024);
  ql::Settings::instance().evaluationDate() = before;
  oracle::bates_calls(oracle::kIndexBates, 100, 1, std::vector<double>{100});
  EXPECT_EQ(current(), before);
  ql::Settings::instance().resetEvaluationDate();
}

}  // namespace
}  // namespace strikenet
