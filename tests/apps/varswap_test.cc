// strikenet varswap and strikenet vix, run as the shell runs them.
#include <gtest/gtest.h>

#include <cmath>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "apps/run_command.h"
#include "apps/small_chain.h"
#include "apps/surface_files.h"
#include "support/shared_data.h"

namespace strikenet {
namespace {

using testing_support::has_shared;
using testing_support::run_strikenet;
using testing_support::shared_folder;
using testing_support::skip_text;
using testing_support::SmallChain;
using testing_support::TemporaryFolder;
using Arguments = std::vector<std::string>;

nlohmann::json json_of(Arguments arguments) {
  arguments.push_back("--json");
  const auto [status, out, err] = run_strikenet(arguments);
  EXPECT_EQ(status, 0) << err;
  EXPECT_EQ(err, "");
  return nlohmann::json::parse(out);
}

/// 20 % at every strike from 20 to 400, one year: S = 100, r = 5 %, q = 3 %.
std::string flat_chain() {
  const double t = 1;
  std::ostringstream text;
  text.precision(17);
  text << "expiry,forward,discount,strike,type,bid_vol,ask_vol\n";
  for (int strike = 20; strike <= 400; strike += 2)
    text << t << ',' << 100 * std::exp(0.02 * t) << ',' << std::exp(-0.05 * t) << ',' << strike << ','
         << (strike <= 102 ? 'P' : 'C') << ",0.2,0.2\n";
  return text.str();
}

// QuantLib's ReplicatingVarianceSwapEngine leaves the dividends out and gives 0.037865.
TEST(StrikenetVarswap, OfAFlatSmileWithDividendsIsItsVariance) {
  constexpr double kTruncation = 1e-6;
  const TemporaryFolder folder;
  const std::string chain = folder.file("c.csv", flat_chain()), fit = (folder.path() / "fit").string();
  // Prices down to 1e-30 leave the minimum itself unknown: status 4. The law is as flat as this test needs.
  ASSERT_EQ(run_strikenet({"calibrate", chain, "--out", fit, "--quiet", "--no-report"}).status, 4);
  const auto of_surface = json_of({"varswap", fit + "/surface.json"});
  EXPECT_EQ(of_surface["schema"], "strikenet.varswap/1");
  EXPECT_EQ(of_surface["from"], "law");
  EXPECT_NEAR(of_surface["fair_variance"], 0.04, kTruncation);
  EXPECT_NEAR(of_surface["fair_vol"], 0.2, kTruncation);
  EXPECT_NEAR(of_surface["law"]["gamma_variance"], 0.04, kTruncation);
  EXPECT_TRUE(of_surface["legs"].empty());
  const auto of_chain = json_of({"varswap", chain});
  EXPECT_EQ(of_chain["from"], "quotes");
  EXPECT_NEAR(of_chain["fair_variance"], 0.04, 1e-4);  // of strikes 2 apart
  EXPECT_NEAR(of_chain["fair_variance"].get<double>() - of_chain["law"]["discreteness"].get<double>(), 0.04,
              kTruncation);
  EXPECT_NEAR(of_chain["law"]["variance"], 0.04, kTruncation);
  // The strip of the surface is that of the chain.
  const auto strip = json_of({"varswap", fit + "/surface.json", "--strikes", "20:400:2"});
  EXPECT_NEAR(strip["strip"]["variance"], of_chain["fair_variance"], kTruncation);
  EXPECT_EQ(strip["legs"].size(), of_chain["legs"].size());
}

TEST(StrikenetVarswap, PricesItsLegsAndTheirEnds) {
  const TemporaryFolder folder;
  const std::string chain = folder.file("c.csv", SmallChain().text());
  for (const std::string weights : {"chords", "trapezoid"}) {
    const auto swap = json_of({"varswap", chain, "--expiry", "2026-12-18", "--weights", weights, "--ends", "75:125"});
    double variance = 0;
    for (const auto& leg : swap["legs"])
      variance += leg["units"].get<double>() * leg["price"].get<double>() / swap["discount"].get<double>();
    const double t = swap["t"], ratio = swap["forward"].get<double>() / swap["strip"]["boundary"].get<double>();
    EXPECT_NEAR(variance + 2 / t * (std::log(ratio) - ratio + 1), swap["fair_variance"], 1e-12);
    EXPECT_GT(swap["strip"]["ask_variance"], swap["strip"]["bid_variance"]);
    EXPECT_GT(swap["truncation_error"], 0);
  }
}

TEST(StrikenetVarswap, HasACorridor) {
  const TemporaryFolder folder;
  const std::string chain = folder.file("c.csv", SmallChain().text());
  const auto whole = json_of({"varswap", chain, "--expiry", "2026-06-19", "--corridor", "0:"});
  const auto low = json_of({"varswap", chain, "--expiry", "2026-06-19", "--corridor", "0:100"});
  const auto high = json_of({"varswap", chain, "--expiry", "2026-06-19", "--corridor", "100:"});
  EXPECT_NEAR(whole["law"]["corridor"]["variance"], whole["law"]["variance"], 1e-12);
  EXPECT_NEAR(low["law"]["corridor"]["variance"].get<double>() + high["law"]["corridor"]["variance"].get<double>(),
              whole["law"]["variance"], 1e-12);
  EXPECT_TRUE(high["law"]["corridor"]["high"].is_null());
}

TEST(StrikenetVarswap, SaysWhatIsWrong) {
  const TemporaryFolder folder;
  const std::string chain = folder.file("c.csv", SmallChain().text());
  const auto [status, out, err] =
      run_strikenet({"varswap", chain, "--weights", "x", "--ends", "5:4", "--corridor", "a", "--strikes", "90"});
  EXPECT_EQ(status, 2);
  EXPECT_EQ(
      err,
      "--weights is 'x', but must be chords or trapezoid\n"
      "--ends is '5:4', but must be LOW:HIGH, each 0 or from 1e-12 to 1e12, with LOW below HIGH\n"
      "--corridor is 'a', but must be LOW:HIGH, each 0 or from 1e-12 to 1e12, with LOW below HIGH, or LOW: without an "
      "upper end\n"
      "--strikes has a meaning for a surface alone: a chain has its own\n");
  EXPECT_EQ(run_strikenet({"varswap", chain}).err,
            "--expiry is '', but must be one of the chain's: 2026-06-19, 2026-12-18\n");
  const auto inside = run_strikenet({"varswap", chain, "--expiry", "2026-06-19", "--ends", "90:125"});
  EXPECT_EQ(inside.status, 2);
  EXPECT_EQ(inside.err, "variance_strip: low end is 90, but must be above 0 and below the strikes\n");
  EXPECT_EQ(run_strikenet({"varswap", folder.file("x.csv", "a,b\n1,2\n")}).status, 3);
}

/// Weights below 0 on both wings: the middle box alone has twice the mass of a law.
TEST(StrikenetVarswap, RefusesASurfaceThatHoldsNoLaw) {
  const TemporaryFolder folder;
  const std::string slice = testing_support::slice_text("2026-04-03", "", 0.25, "[-0.5, 2, -0.5]");
  const std::string surface = folder.file("surface.json", testing_support::surface_text(slice, ""));
  const auto [status, out, err] = run_strikenet({"varswap", surface, "--expiry", "2026-04-03"});
  EXPECT_EQ(status, 3);
  EXPECT_EQ(out, "");
  EXPECT_EQ(err, surface +
                     ": a variance or vol of 2026-04-03 is below 0 or none, but a law's is not: 'strikenet check' "
                     "says what stands against this one\n");
}

TEST(StrikenetVix, IsTheWorkedExampleOfCboeFromItsStrips) {
  const std::string file = "reference/cboe_vix_example.csv";
  if (!has_shared(file)) GTEST_SKIP() << skip_text(file);
  const auto vix = json_of({"vix", (shared_folder() / file).string(), "--minutes", "34484,44954", "--rates",
                            "0.00031664,0.00028797", "--forwards", "1962.89996,1962.40006"});
  EXPECT_EQ(vix["schema"], "strikenet.vix/1");
  EXPECT_NEAR(vix["vix"], 13.927842, 5e-5);
  EXPECT_NEAR(vix["near"]["strip"], 0.0006320516, 1e-9);
  EXPECT_NEAR(vix["next"]["strip"], 0.0008314016, 1e-9);
  EXPECT_NEAR(vix["near"]["variance"], 0.019233906, 1e-8);  // of forwards with five decimals
  EXPECT_NEAR(vix["next"]["variance"], 0.019423884, 1e-8);
  EXPECT_EQ(vix["near"]["k0"], 1960);
  EXPECT_TRUE(vix["laws"].is_null());
}

// Discreteness and truncation: what the strip leaves out of the law's variance, and why they differ, adds up.
void expect_near_its_law(const Arguments& arguments, double near) {
  Arguments all{"vix"};
  all.insert(all.end(), arguments.begin(), arguments.end());
  const auto vix = json_of(all);
  const double strips = vix["vix"], laws = vix["laws"]["vix"];
  EXPECT_NEAR(strips, near, 1e-4);
  EXPECT_NEAR(strips, laws, 0.3);
  EXPECT_NEAR(vix["laws"]["truncation"].get<double>() + vix["laws"]["discreteness"].get<double>() +
                  vix["laws"]["prices"].get<double>(),
              laws - strips, 1e-9);
  EXPECT_GT(vix["laws"]["truncation"], 0);
}

TEST(StrikenetVix, OfSpxwIsNearTheFittedVarianceOf30Days) {
  const std::string file = "market_data/cboe_datashop_spxw_2019-06-26/spxw20190626.csv";
  if (!has_shared(file)) GTEST_SKIP() << skip_text(file);
  expect_near_its_law({(shared_folder() / file).string()}, 16.2163);
}

TEST(StrikenetVix, OfSpxIsNearTheFittedVarianceOf30Days) {
  const std::string file = "market_data/iv_table_spx_vix_2023-02-15/spx_implied_vol_20230215.csv";
  if (!has_shared(file)) GTEST_SKIP() << skip_text(file);
  expect_near_its_law({(shared_folder() / file).string()}, 18.2454);
}

TEST(StrikenetVix, OfTheWideChainIsNearTheFittedVarianceOf30Days) {
  const std::string file = "market_data/wide_spxw_2025-09-03/spxw.csv";
  if (!has_shared(file)) GTEST_SKIP() << skip_text(file);
  expect_near_its_law({(shared_folder() / file).string()}, 16.4124);
}

TEST(StrikenetVix, SaysWhatIsWrong) {
  const TemporaryFolder folder;
  const std::string chain = folder.file("c.csv", SmallChain().text());
  EXPECT_EQ(run_strikenet({"vix", chain}).err,
            chain + ": expiries on both sides of 30 days are missing, but the index stands between two\n");
  EXPECT_EQ(run_strikenet({"vix", chain, "--expiry", "2026-12-18,2026-06-19"}).err,
            "--expiry is '2026-12-18,2026-06-19', but must be the nearer expiry first\n");
  EXPECT_EQ(run_strikenet({"vix", chain, "--minutes", "1,2"}).err, "--minutes has a meaning for a strip file alone\n");
  const std::string strip = folder.file("s.csv",
                                        "term,strike,type,Q_mid\nnear,90,put,1\nnear,100,put/call "
                                        "average,3\nnext,90,put,1\nnext,100,put/call average,3\n");
  const auto [status, out, err] = run_strikenet({"vix", strip});
  EXPECT_EQ(status, 2);
  EXPECT_EQ(err,
            "--minutes is missing, but a strip file needs it: NEAR,NEXT\n"
            "--rates is missing, but a strip file needs it: NEAR,NEXT\n"
            "--forwards is missing, but a strip file needs it: NEAR,NEXT\n");
  EXPECT_EQ(run_strikenet({"vix", strip, "--minutes", "20000,10000", "--rates", "0,0", "--forwards", "100,100"}).err,
            "--minutes must be of the near expiry first, then of the next\n");
  EXPECT_EQ(run_strikenet({"vix", strip, "--minutes", "20000,50000", "--rates", "0,0", "--forwards", "100,100"}).status,
            0);
}

}  // namespace
}  // namespace strikenet
