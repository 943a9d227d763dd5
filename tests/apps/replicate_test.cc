// strikenet replicate, run as the shell runs it.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "apps/run_command.h"
#include "apps/small_chain.h"

namespace strikenet {
namespace {

using testing_support::run_strikenet;
using testing_support::SmallChain;
using testing_support::TemporaryFolder;
using Arguments = std::vector<std::string>;

/// The small chain on disk, and the command on its first expiry.
class StrikenetReplicate : public testing::Test {
 protected:
  testing_support::Finished run(Arguments more) const {
    Arguments arguments{"replicate", "--chain", chain_, "--expiry", "2026-06-19"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run_strikenet(arguments);
  }
  nlohmann::json json_of(Arguments more) const {
    more.push_back("--json");
    const auto [status, out, err] = run(more);
    EXPECT_EQ(status, 0) << err;
    return nlohmann::json::parse(out);
  }

  TemporaryFolder folder_;
  std::string chain_ = folder_.file("c.csv", SmallChain().text());
};

double pays(const nlohmann::json& hedge, double spot) {
  double value =
      hedge["cash"].get<double>() + hedge["forward_units"].get<double>() * (spot - hedge["forward"].get<double>());
  for (const auto& leg : hedge["legs"]) {
    const double strike = leg["strike"], units = leg["units"];
    value += units * std::max(0.0, leg["type"] == "C" ? spot - strike : strike - spot);
  }
  return value;
}

double cost(const nlohmann::json& hedge) {
  double sum = hedge["cash"].get<double>() * hedge["discount"].get<double>();
  for (const auto& leg : hedge["legs"])
    sum += leg["units"].get<double>() * leg["price"].get<double>();
  return sum;
}

TEST_F(StrikenetReplicate, BoundsAPayoffAtEverySpotForWhatItsLegsCost) {
  const auto super = json_of({"--payoff", "butterfly:91,102,109", "--side", "super"});
  const auto sub = json_of({"--payoff", "butterfly:91,102,109", "--side", "sub"});
  EXPECT_EQ(super["schema"], "strikenet.replicate/2");
  EXPECT_EQ(super["side"], "super");
  EXPECT_EQ(super["max_shortfall"], 0);
  EXPECT_EQ(super["proved"], nlohmann::json::parse(R"({"of": "payoff", "from": 0, "to": null})"));
  EXPECT_TRUE(super["pieces"].is_null());
  EXPECT_NEAR(cost(super), super["cost"], 1e-9);
  EXPECT_NEAR(cost(sub), sub["cost"], 1e-9);
  EXPECT_EQ(super["interval"][1], super["cost"]);
  EXPECT_EQ(super["interval"][0], sub["cost"]);
  EXPECT_LT(sub["cost"], super["fair"]);
  EXPECT_GT(super["cost"], super["fair"]);
  for (double spot = 0; spot < 300; spot += 0.5) {
    const double payoff = spot <= 91 ? 0 : spot <= 102 ? spot - 91 : spot <= 109 ? 11 * (109 - spot) / 7 : 0;
    EXPECT_GE(pays(super, spot), payoff - 1e-9) << spot;
    EXPECT_LE(pays(sub, spot), payoff + 1e-9) << spot;
  }
}

TEST_F(StrikenetReplicate, OfAListedOptionBuysIt) {
  const auto fit = json_of({"--payoff", "call:110"});
  EXPECT_EQ(fit["side"], "fit");
  EXPECT_TRUE(fit["proved"].is_null());
  ASSERT_EQ(fit["legs"].size(), 1u);
  EXPECT_EQ(fit["legs"][0]["strike"], 110);
  EXPECT_EQ(fit["legs"][0]["type"], "C");
  EXPECT_NEAR(fit["legs"][0]["units"], 1, 1e-6);
  EXPECT_NEAR(fit["residual"]["deviation"], 0, 1e-6);
  EXPECT_EQ(fit["deltas"].size(), 11u);
  EXPECT_EQ(fit["deltas"][5]["forward"], fit["forward"]);
}

TEST_F(StrikenetReplicate, HoldsWholeContracts) {
  for (const std::string side : {"fit", "super", "sub"}) {
    const auto hedge =
        json_of({"--payoff", "call-spread:92,107", "--side", side, "--lots", "--multiplier", "100", "--size", "5000"});
    EXPECT_EQ(hedge["size"], 5000);
    ASSERT_FALSE(hedge["legs"].empty());
    for (const auto& leg : hedge["legs"]) {
      EXPECT_EQ(leg["contracts"], std::round(leg["contracts"].get<double>()));
      EXPECT_EQ(leg["units"], 100 * leg["contracts"].get<double>());
    }
  }
}

TEST_F(StrikenetReplicate, ShowsWhatEachLegLessCosts) {
  for (const std::string side : {"fit", "super", "sub"}) {
    const auto hedge = json_of({"--payoff", "butterfly:91,102,109", "--side", side, "--legs", "3"});
    EXPECT_LE(hedge["legs"].size(), 3u);
    ASSERT_GT(hedge["fewer_legs"].size(), 1u);
    EXPECT_GT(hedge["fewer_legs"][0]["legs"], hedge["fewer_legs"].back()["legs"]);
  }
}

TEST_F(StrikenetReplicate, TakesACurveFromTheSideOfTheHedge) {
  const Arguments curve{"--payoff", "expr:max(S-100,0)^2", "--range", "60:140", "--error", "1"};
  const auto with = [&](const std::string& side) {
    Arguments arguments = curve;
    arguments.insert(arguments.end(), {"--side", side});
    return arguments;
  };
  const auto [status, out, err] = run(with("super"));
  EXPECT_EQ(status, 0);
  EXPECT_TRUE(err.starts_with("note: a curve as ")) << err;
  const std::string json = run([&] {
                             auto a = with("super");
                             a.push_back("--json");
                             return a;
                           }())
                               .out;
  const auto super = nlohmann::json::parse(json);
  for (double spot = 60; spot <= 140; spot += 0.25)
    EXPECT_GE(pays(super, spot), std::pow(std::max(0.0, spot - 100), 2) - 1e-6);
  EXPECT_EQ(run({"--payoff", "expr:S^2"}).status, 2);
}

// (S - 100)+^2 outgrows what any call pays: above it a bound has an end, below it has none.
TEST_F(StrikenetReplicate, SaysWhereABoundOfACurveHolds) {
  const Arguments curve{"--payoff", "expr:max(S-100,0)^2", "--range", "60:140", "--error", "1", "--size", "3"};
  const auto with = [&](std::string side) {
    Arguments arguments = curve;
    arguments.insert(arguments.end(), {"--side", std::move(side)});
    return arguments;
  };
  const auto super = json_of(with("super")), sub = json_of(with("sub")), fit = json_of(with("fit"));
  EXPECT_EQ(super["proved"], nlohmann::json::parse(R"({"of": "payoff", "from": 0, "to": 140})"));
  EXPECT_EQ(sub["proved"], nlohmann::json::parse(R"({"of": "payoff", "from": 0, "to": null})"));
  EXPECT_TRUE(fit["proved"].is_null());
  const auto pieces =
      nlohmann::json::parse(R"({"of": "curve", "below": [0, null], "above": [0, 140], "not_proved": null})");
  for (const auto& hedge : {super, sub, fit})
    EXPECT_EQ(hedge["pieces"], pieces);
  constexpr double kRounding = 1e-9;
  for (double spot = 0; spot <= 1000; spot += 0.125) {
    const double payoff = 3 * std::pow(std::max(0.0, spot - 100), 2);
    if (spot <= 140) {
      EXPECT_GE(pays(super, spot), payoff - kRounding) << spot;
    }
    EXPECT_LE(pays(sub, spot), payoff + kRounding) << spot;
  }
  const std::string above = run(with("super")).out, below = run(with("sub")).out;
  EXPECT_NE(above.find("proof      of the curve, by straight pieces beside it in interval arithmetic and of these in "
                       "rational arithmetic: it holds at every spot from 0 to 140; outside nothing is promised\n"),
            std::string::npos)
      << above;
  EXPECT_NE(
      above.find("prices of the curve that no trade in these quotes contradicts lie within, if the spot ends from "
                 "0 to 140\n"),
      std::string::npos)
      << above;
  EXPECT_NE(above.find("left over  hedge less straight pieces: "), std::string::npos) << above;
  EXPECT_NE(below.find(": it holds at every spot from 0 to infinity\n"), std::string::npos) << below;
}

TEST_F(StrikenetReplicate, RefusesABoundOfWhatItDoesNotSee) {
  const auto spike =
      run({"--payoff", "expr:abs(S-100.123)<1e-5?1e6:0", "--range", "60:140", "--error", "1", "--side", "super"});
  EXPECT_EQ(spike.status, 2);
  EXPECT_EQ(spike.out, "");
  EXPECT_TRUE(spike.err.starts_with("--payoff: error is 1, but must be at least 1e+06: near 100.123")) << spike.err;
  const Arguments hidden{"--payoff", "expr:sqrt(abs(S-100.123)-1e-6)", "--range", "60:140", "--pieces", "4"};
  auto bound = hidden;
  bound.insert(bound.end(), {"--side", "super"});
  const auto [status, out, err] = run(bound);
  EXPECT_EQ(status, 4);
  EXPECT_EQ(out, "");
  EXPECT_NE(
      err.find("--payoff: nothing is proved between the spots at which the curve was looked at, but a super hedge "
               "must bound it: near 100.12"),
      std::string::npos)
      << err;
  const auto fit = json_of(hidden);  // a fit promises nothing, and has no interval
  EXPECT_TRUE(fit["proved"].is_null());
  EXPECT_EQ(fit["interval"], nlohmann::json::parse("[null, null]"));
  EXPECT_TRUE(fit["pieces"]["above"].is_null());
  EXPECT_TRUE(fit["pieces"]["not_proved"].get<std::string>().starts_with("near 100.12"));
}

TEST_F(StrikenetReplicate, ProvesOfASmoothNetworkItsPiecesAlone) {
  const std::string network = folder_.file("net.json", R"({"schema": "strikenet.network/1", "layers": [
      {"name": "in", "op": "dense", "weights": [[0.1]], "bias": [-10], "inputs": ["x"]},
      {"name": "act", "op": "softplus"},
      {"name": "out", "op": "dense", "weights": [[10]], "bias": [0]}]})");
  const auto super = run({"--payoff", network, "--error", "0.01", "--side", "super"});
  EXPECT_EQ(super.status, 0) << super.err;
  EXPECT_NE(
      super.out.find("proof      of the straight pieces beside the network alone, in rational arithmetic, at every "
                     "spot from 0 to infinity: how far these are from the network is computed in floating point, "
                     "not proved\n"),
      std::string::npos)
      << super.out;
}

TEST_F(StrikenetReplicate, TakesANetwork) {
  const std::string network = (folder_.path() / "net.json").string();
  ASSERT_EQ(run_strikenet({"convert", "call-spread:95,110", "--to", "network", "--out", network}).status, 0);
  const auto of_network = json_of({"--payoff", network, "--side", "super"});
  const auto of_words = json_of({"--payoff", "call-spread:95,110", "--side", "super"});
  EXPECT_EQ(of_network["cost"], of_words["cost"]);
  EXPECT_EQ(of_network["legs"], of_words["legs"]);
  const auto missing = run({"--payoff", network + "x"});
  EXPECT_EQ(missing.status, 3);
  EXPECT_EQ(missing.out, "");
  EXPECT_NE(missing.err.find("--payoff"), std::string::npos) << missing.err;
}

TEST_F(StrikenetReplicate, TakesTheLawOfASurface) {
  const std::string fit = (folder_.path() / "fit").string();
  ASSERT_EQ(run_strikenet({"calibrate", chain_, "--out", fit, "--quiet", "--no-report"}).status, 0);
  const auto hedge = json_of({"--payoff", "digital-call:101,1", "--surface", fit + "/surface.json"});
  EXPECT_GT(hedge["fair"], 0.3);
  EXPECT_LT(hedge["fair"], 0.6);
  const auto other = run({"--payoff", "call:100", "--surface", fit + "/surface.json", "--rate", "0.1"});
  EXPECT_EQ(other.status, 3);
  EXPECT_NE(other.err.find("surface.json: discount of 2026-06-19 is "), std::string::npos) << other.err;
  EXPECT_NE(other.err.find(": fit the surface to it\n"), std::string::npos) << other.err;
  EXPECT_EQ(run({"--payoff", "call:100", "--surface", fit + "/nothing.json"}).status, 3);
}

TEST_F(StrikenetReplicate, PrintsATableWithTheProof) {
  const auto [status, out, err] = run({"--payoff", "digital-call:100,1", "--side", "super"});
  EXPECT_EQ(status, 0);
  EXPECT_EQ(err, "");
  EXPECT_NE(out.find("side       super: pays at least the payoff\n"), std::string::npos) << out;
  EXPECT_NE(out.find("proof      of the payoff, in rational arithmetic: it holds at every spot from 0 to infinity\n"),
            std::string::npos)
      << out;
  EXPECT_NE(out.find("if the forward moved today"), std::string::npos) << out;
}

TEST_F(StrikenetReplicate, SaysWhatIsWrongWithItsOptions) {
  const auto [status, out, err] = run({"--payoff", "call:x", "--side", "above", "--multiplier", "0", "--size", "-1",
                                       "--legs", "0", "--nodes", "0", "--range", "9"});
  EXPECT_EQ(status, 2);
  EXPECT_EQ(out, "");
  EXPECT_EQ(err,
            "--side is 'above', but must be fit, super or sub\n"
            "--payoff:6: STRIKE is 'x', but must be a number\n"
            "--range is '9', but must be LOW:HIGH, two numbers from 0 to 1e12 with LOW below HIGH\n"
            "--multiplier is '0', but must be from 1e-9 to 1e12\n"
            "--size is '-1', but must be from 1e-9 to 1e12\n"
            "--legs is '0', but must be at least 1\n"
            "--nodes is '0', but must be at least 1\n");
  EXPECT_EQ(run({"--payoff", "call:100", "--side", "super", "--convex"}).err,
            "--convex has a meaning for --side fit alone, without --legs and --lots\n");
  EXPECT_EQ(run({"--payoff", "call:100", "--side", "super", "--legs", "2", "--lots"}).err,
            "--legs and --lots together have a meaning for --side fit alone\n");
  EXPECT_EQ(run({"--payoff", "call:100", "--error", "1"}).err,
            "--range, --pieces and --error have no meaning for a payoff of straight pieces\n");
}

TEST_F(StrikenetReplicate, SaysWhichExpiriesThereAre) {
  const auto [status, out, err] =
      run_strikenet({"replicate", "--chain", chain_, "--expiry", "2026-06-20", "--payoff", "call:100"});
  EXPECT_EQ(status, 3);
  EXPECT_EQ(err, "--expiry is '2026-06-20', but must be one of the chain's: 2026-06-19, 2026-12-18\n");
}

TEST_F(StrikenetReplicate, SaysThatNothingBoundsAPayoff) {
  // No call can be bought, and no forward is traded: nothing reaches the slope of a call at infinity.
  const std::string puts = folder_.file("p.csv",
                                        "as_of,expiry,forward,discount,strike,type,bid,ask\n"
                                        "2026-01-02T16:00-05:00,2026-06-19,100,0.98,90,P,2,2.2\n"
                                        "2026-01-02T16:00-05:00,2026-06-19,100,0.98,100,P,6,6.3\n");
  const auto [status, out, err] = run_strikenet({"replicate", "--chain", puts, "--expiry", "2026-06-19", "--payoff",
                                                 "call:100", "--side", "super", "--no-forward"});
  EXPECT_EQ(status, 3);
  EXPECT_EQ(out, "");
  EXPECT_EQ(err,
            "2026-06-19: nothing that trades bounds the payoff at every spot, but a hedge must: its slopes beyond the "
            "last strikes are out of reach\n");
}

TEST_F(StrikenetReplicate, SaysThatQuotesAllowAnArbitrage) {
  const std::string crossed = folder_.file("a.csv",
                                           "as_of,expiry,forward,discount,strike,type,bid,ask\n"
                                           "2026-01-02T16:00-05:00,2026-06-19,100,0.98,90,C,12,12.2\n"
                                           "2026-01-02T16:00-05:00,2026-06-19,100,0.98,100,C,13,13.3\n");
  const auto [status, out, err] = run_strikenet(
      {"replicate", "--chain", crossed, "--expiry", "2026-06-19", "--payoff", "call:95", "--side", "super"});
  EXPECT_EQ(status, 3);
  EXPECT_EQ(err,
            "2026-06-19: quotes, forward and discount factor allow an arbitrage, but hedges have a cost only where "
            "they do not: see strikenet check\n");
}

}  // namespace
}  // namespace strikenet
