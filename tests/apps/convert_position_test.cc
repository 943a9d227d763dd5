// strikenet convert of payoffs, networks and portfolios, as the shell runs it.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "apps/run_command.h"
#include "apps/surface_files.h"

namespace strikenet {
namespace {

using namespace testing_support;
using Arguments = std::vector<std::string>;

Finished convert(const std::string& input, const std::string& to, const Arguments& more = {}) {
  Arguments arguments = {"convert", input, "--to", to};
  arguments.insert(arguments.end(), more.begin(), more.end());
  return run_strikenet(arguments);
}

std::string legs(const Finished& finished) {
  EXPECT_EQ(finished.status, 0) << finished.err;
  EXPECT_EQ(finished.err, "");
  return finished.out;
}

const std::string kSpread = "type,strike,units\nC,90,1\nC,110,-1\n";
const std::string kNet = R"({"schema": "strikenet.network/1", "layers": [
  {"op": "dense", "weights": [[1]], "bias": [-90]}, {"op": "clip", "low": 0, "high": 20}]})";

TEST(StrikenetConvertPosition, MakesAPortfolioOfAPayoffAndOfANetwork) {
  const TemporaryFolder folder;
  EXPECT_EQ(legs(convert("call-spread:90,110", "csv")), kSpread);
  EXPECT_EQ(legs(convert(folder.file("net.json", kNet), "csv")), kSpread);
  EXPECT_EQ(legs(convert(folder.file("book.csv", kSpread), "csv")), kSpread);
  EXPECT_EQ(legs(convert("put:100", "csv", {"--forward", "105"})), "type,strike,units\nP,100,1\n");
}

TEST(StrikenetConvertPosition, GoesFromAnyFormToAnyOtherAndBack) {
  const TemporaryFolder folder;
  const std::string network = folder.file("n.json", legs(convert("condor:80,90,100,110", "network")));
  const std::string portfolio = folder.file("p.json", legs(convert(network, "json")));
  const std::string csv = folder.file("p.csv", legs(convert(portfolio, "csv")));
  EXPECT_EQ(legs(convert(csv, "csv")), "type,strike,units\nC,80,1\nC,90,-1\nC,100,-1\nC,110,1\n");
  EXPECT_EQ(legs(convert(csv, "network")), text_of(network));
}

TEST(StrikenetConvertPosition, ReadsAndWritesOnnx) {
  const TemporaryFolder folder;
  const std::string model = (folder.path() / "net.onnx").string();
  EXPECT_EQ(legs(convert("call-spread:90,110", "onnx", {"--out", model})), "");
  EXPECT_EQ(legs(convert(model, "csv")), kSpread);
  const std::string again = (folder.path() / "again.onnx").string();
  EXPECT_EQ(legs(convert(model, "onnx", {"--out", again})), "");
  EXPECT_EQ(text_of(again), text_of(model));
  EXPECT_EQ(convert("call:100", "onnx").err, "--to is 'onnx', but must be another word without --out: it is no text\n");
  EXPECT_EQ(convert("nowhere.onnx", "csv").err, "nowhere.onnx: cannot be read: No such file or directory\n");
}

TEST(StrikenetConvertPosition, SaysWhatIsTrueOfThePayoff) {
  const std::string table = legs(convert("butterfly:90,100,110", "table", {"--band", "100:5:10"}));
  EXPECT_NE(table.find("highest    10 at 100\n"), std::string::npos);
  EXPECT_NE(table.find("convex     no: the slope falls, or the value jumps, at 100\n"), std::string::npos);
  EXPECT_NE(table.find("radius     5 around 100"), std::string::npos);
}

TEST(StrikenetConvertPosition, FollowsACurveAndSaysHowNear) {
  const auto finished = convert("expr:S^2/100", "csv", {"--range", "0:160", "--pieces", "4", "--side", "above"});
  EXPECT_EQ(finished.status, 0);
  EXPECT_EQ(finished.err,
            "note: a curve as 4 straight pieces, at most 4.00001 away at every spot from 0 to 160; beyond, they go "
            "straight on\n");
  const auto digital = convert("digital-call:100,10", "csv", {"--width", "0.25", "--side", "above"});
  EXPECT_EQ(digital.out, "type,strike,units\nC,75,0.4\nC,100,-0.4\n");
  EXPECT_EQ(digital.err,
            "note: each jump as a call spread 0.25 times its strike wide, where the payoff is off by at most 10\n");
}

// A text that is longer than the name of a file can be is a payoff all the same.
TEST(StrikenetConvertPosition, ReadsPayoffsOfAnyLengthUpToItsLimit) {
  std::string points = "pwl:0=0", sum = "expr:S";
  for (int i = 1; i <= 1'024; ++i) {
    points += "," + std::to_string(i) + "=" + std::to_string(i % 2);
    sum += "+S/1024";  // exact, so that there is no curvature of rounding
  }
  EXPECT_EQ(convert(points, "csv").status, 0);
  const auto line = convert(sum, "json", {"--range", "0:100", "--pieces", "1"});
  EXPECT_EQ(line.status, 0) << line.err;
  EXPECT_NE(line.out.find("\"largest_slope\": 2"), std::string::npos) << line.out;
  const auto deep = convert("expr:" + std::string(10'000, '(') + "S" + std::string(10'000, ')'), "csv");
  EXPECT_EQ(deep.status, 3);
  EXPECT_TRUE(deep.err.ends_with(": expression is nested more than 1000 deep, but must be a function of S\n"))
      << deep.err;
}

// What lies between the spots at which a curve is looked at: bounded, or said not to be.
TEST(StrikenetConvertPosition, SaysOfWhichSpotsTheErrorIs) {
  const auto hidden = convert("expr:sqrt(abs(S-100.123)-1e-6)", "table", {"--range", "60:140", "--pieces", "4"});
  EXPECT_EQ(hidden.status, 0);
  EXPECT_NE(hidden.err.find(" away where it was looked at (near 100.12"), std::string::npos) << hidden.err;
  EXPECT_NE(hidden.out.find(" where it was looked at, not bounded between\n"), std::string::npos) << hidden.out;
  const auto spike =
      convert("expr:exp(-((S-100.01)/1e-6)^2)*7", "table", {"--range", "60:140", "--pieces", "4", "--side", "above"});
  EXPECT_NE(spike.out.find("error      at most 7"), std::string::npos) << spike.out << spike.err;
}

TEST(StrikenetConvertPosition, BoundsASmoothNetworkAndRefusesItAsExact) {
  const TemporaryFolder folder;
  const std::string net = folder.file("net.json", R"({"schema": "strikenet.network/1", "layers": [
    {"op": "dense", "weights": [[0.1]], "bias": [-10]}, {"name": "act", "op": "gelu"}]})");
  const auto refused = convert(net, "csv");
  EXPECT_EQ(refused.status, 3);
  EXPECT_EQ(refused.err,
            net + ": piecewise_linear: layer 2 'act' is gelu, but must have straight pieces: enclose() bounds it\n");
  const auto bounded = convert(net, "json", {"--error", "0.01"});
  EXPECT_EQ(bounded.status, 0);
  EXPECT_EQ(bounded.err,
            "note: " + net + " is within 0.01 of this everywhere, by a bound computed in floating point\n");
  EXPECT_NE(bounded.out.find("\"error\": 0.01"), std::string::npos);
}

TEST(StrikenetConvertPosition, WritesAFileWhole) {
  const TemporaryFolder folder;
  const std::string out = (folder.path() / "sub/book.csv").string();
  EXPECT_EQ(legs(convert("call-spread:90,110", "csv", {"--out", out})), "");
  EXPECT_EQ(text_of(out), kSpread);
}

TEST(StrikenetConvertPosition, SaysWhatIsWrong) {
  const auto wrong = convert("call:100", "xlsx",
                             {"--range", "5", "--side", "left", "--pieces", "0", "--error", "-1", "--width", "2",
                              "--forward", "0", "--band", "1:2"});
  EXPECT_EQ(wrong.status, 2);
  EXPECT_EQ(wrong.err,
            "--range is '5', but must be LOW:HIGH, two numbers from 0 to 1e12 with LOW below HIGH\n"
            "--side is 'left', but must be below, nearest or above\n"
            "--pieces is '0', but must be from 1 to 10000\n"
            "--error is '-1', but must be above 0 and at most 1e12\n"
            "--width is '2', but must be from 1e-9 to 0.5\n"
            "--to is 'xlsx', but must be table, csv, json, network or onnx for a payoff, a network or a portfolio\n"
            "--forward is '0', but must be above 0 and at most 1e12\n"
            "--band is '1:2', but must be SPOT:LOW:HIGH with SPOT at least 0 and LOW at most HIGH\n");
  const auto curve = convert("log:100", "csv");
  EXPECT_EQ(curve.status, 3);
  EXPECT_EQ(curve.err,
            "payoff is a curve, but must have --range and one of --pieces and --error: a book of options follows it "
            "between two spots only\n");
  EXPECT_EQ(convert("call:x", "csv").err, "payoff:6: STRIKE is 'x', but must be a number\n");
  EXPECT_EQ(convert("call:100", "csv", {"--width", "0.1"}).err,
            "--width and --side have no meaning for a payoff without jumps\n");
  EXPECT_EQ(
      convert(std::string(STRIKENET_SOURCE_DIR) + "/market_data/bates_2026/chain.csv", "csv", {"--pieces", "3"}).err,
      "--range, --pieces, --error, --side, --width, --forward and --band have no meaning for a chain\n");
}

// --- price --payoff ------------------------------------------------------------------
TEST(StrikenetPricePayoff, PricesEachLegAndTheirSum) {
  const TemporaryFolder folder;
  const std::string surface = folder.file("s.json", two_expiries());
  const auto price = run_strikenet({"price", surface, "--payoff", "straddle:100", "--expiry", "2026-04-03", "--table"});
  EXPECT_EQ(price.status, 0) << price.err;
  EXPECT_EQ(price.out,
            "expiry      forward  type    strike  units    price    value  probability       vol\n"
            "2026-04-03      100  cash         -    100      0.5       50            -         -\n"
            "2026-04-03      100  shares       -     -1       50      -50            -         -\n"
            "2026-04-03      100  C          100      2  5.46875  10.9375          0.5  0.550054\n"
            "2026-04-03      100  payoff       -      1  10.9375  10.9375            -         -\n");
  const auto greeks = run_strikenet({"greeks", surface, "--payoff", "call:100", "--expiry", "2026-04-03", "--json"});
  EXPECT_EQ(greeks.status, 0) << greeks.err;
  EXPECT_NE(greeks.out.find("\"schema\": \"strikenet.payoff-prices/1\""), std::string::npos);
  EXPECT_NE(greeks.out.find("\"theta\": "), std::string::npos);
}

TEST(StrikenetPricePayoff, TakesNetworksAndPortfoliosToo) {
  const TemporaryFolder folder;
  const std::string surface = folder.file("s.json", two_expiries());
  const auto of = [&](const std::string& payoff) {
    return run_strikenet({"price", surface, "--payoff", payoff, "--expiry", "2026-04-03"});
  };
  const auto direct = of("call-spread:90,110");
  EXPECT_EQ(direct.status, 0) << direct.err;
  EXPECT_EQ(of(folder.file("net.json", kNet)).out, direct.out);
  EXPECT_EQ(of(folder.file("book.csv", kSpread)).out, direct.out);
  const std::string model = (folder.path() / "net.onnx").string();
  convert("call-spread:90,110", "onnx", {"--out", model});
  EXPECT_EQ(of(model).out, direct.out);
}

// P(S >= 75) = 7/8, discounted by 1/2. A forward below 75 there is 1/4 of mass, above it 3/2: ramps of 0.15 forwards
// are worth 0.15 / 2 times that less, or more.
TEST(StrikenetPricePayoff, SaysBetweenWhatADigitalLies) {
  const TemporaryFolder folder;
  const std::string surface = folder.file("s.json", two_expiries());
  const auto price = run_strikenet(
      {"price", surface, "--payoff", "digital-call:75,1", "--width", "0.2", "--expiry", "2026-04-03", "--json"});
  EXPECT_EQ(price.status, 0);
  EXPECT_EQ(price.err,
            "note: each jump as a call spread 0.2 times its strike wide, where the payoff is off by at most 1\n"
            "note: 2026-04-03: the payoff itself costs between 0.38125 and 0.446875\n");
  EXPECT_NE(price.out.find("\"bounds\": [[0.38"), std::string::npos);
}

TEST(StrikenetPricePayoff, SaysWhatIsWrong) {
  const TemporaryFolder folder;
  const std::string surface = folder.file("s.json", two_expiries());
  const auto wrong = run_strikenet({"price", surface, "--payoff", "call:x", "--type", "put"});
  EXPECT_EQ(wrong.status, 2);
  EXPECT_EQ(wrong.err, "--type has no meaning with --payoff\n");
  const auto bad = run_strikenet({"price", surface, "--payoff", "call:x"});
  EXPECT_EQ(bad.status, 3);
  EXPECT_EQ(bad.err, "--payoff:6: STRIKE is 'x', but must be a number\n");
  const auto twice = run_strikenet({"price", surface, "--payoff", "call:100", "--strike", "100"});
  EXPECT_EQ(twice.err,
            "options are asked for in more than one way: pass one of --strike, --moneyness, --quantile, --options and "
            "--payoff\n");
  const auto without = run_strikenet({"greeks", surface, "--strike", "100", "--pieces", "4"});
  EXPECT_EQ(without.status, 2);
  EXPECT_EQ(without.err, "--range, --pieces, --error, --side and --width have no meaning without --payoff\n");
}

}  // namespace
}  // namespace strikenet
