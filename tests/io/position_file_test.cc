#include "strikenet/io/position_file.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <variant>
#include <vector>

#include "support/random_networks.h"

namespace strikenet {
namespace {

using Lines = std::vector<std::string>;
using testing_support::RandomNetworks;

DeepNetwork network(const std::string& text) { return std::get<DeepNetwork>(read_position(text, "net.json").value()); }
OptionPortfolio portfolio(const std::string& text) {
  return std::get<OptionPortfolio>(read_position(text, "book").value());
}
Lines problems(const std::string& text) {
  const auto position = read_position(text, "f");
  return position ? Lines{"no problem"} : position.problems().lines;
}

const std::string kNet = R"({"schema": "strikenet.network/1", "layers": [)";

// --- networks ----------------------------------------------------------------------
TEST(NetworkJson, ReadsALayerAfterTheOther) {
  const DeepNetwork spread = network(kNet + R"(
    {"op": "dense", "weights": [[1]], "bias": [-90]},
    {"op": "clip", "low": 0, "high": 20}]})");
  EXPECT_EQ(spread.value(100), 10);
  EXPECT_EQ(spread.value(120), 20);
}

TEST(NetworkJson, ReadsBranchesByName) {
  const DeepNetwork residual = network(kNet + R"(
    {"name": "in", "op": "dense", "weights": [[1], [-1]], "bias": [-100, 100]},
    {"name": "act", "op": "rectify", "slope": [0, 0.5]},
    {"op": "batch_norm", "gamma": [2, 2], "beta": [0, 1], "mean": [0, 0], "variance": [3, 3], "epsilon": 1},
    {"name": "skip", "op": "add", "inputs": ["act", "layer 3"]},
    {"name": "three", "op": "constant", "values": [3, 3]},
    {"op": "maximum", "inputs": ["skip", "three"]},
    {"op": "dense", "weights": [[1, 10]], "bias": [0]}]})");
  EXPECT_EQ(residual.value(110), 20 + 10 * 3);  // rectified 10 and -5; twice themselves, the second plus 1
  EXPECT_EQ(network(kNet + R"({"op": "relu"}]})").value(-3), 0);
  EXPECT_EQ(network(kNet + R"({"op": "softplus", "inputs": ["x"]}]})").value(800), 800);
}

TEST(NetworkJsonLaw, ReadsBackNumberForNumber) {
  RandomNetworks networks(5, 5, 9);
  for (int trial = 0; trial < 200; ++trial) {
    const DeepNetwork original = networks.next(), again = network(network_json(original));
    ASSERT_EQ(again.layers().size(), original.layers().size());
    for (std::size_t i = 0; i < original.layers().size(); ++i)
      ASSERT_EQ(again.layers()[i].inputs, original.layers()[i].inputs);
    for (double x = -5; x <= 5; x += 0.5)
      ASSERT_EQ(again.value(x), original.value(x));
    ASSERT_EQ(network_json(again), network_json(original));
  }
}

TEST(NetworkJsonErrors, NameTheFieldAndAllThatIsWrong) {
  EXPECT_EQ(problems("{\"schema\": \"strikenet.network/1\""),
            Lines{"f:1: text is not JSON from byte 33 on, but must be"});
  EXPECT_EQ(problems(R"({"schema": "strikenet.network/1"})"), Lines{"f: /layers is missing, but must be a list"});
  EXPECT_EQ(problems(kNet + "1e999]}"), Lines{"f: a number is beyond the range of a double, but must be within it"});
  EXPECT_EQ(
      problems(R"({"schema": "strikenet.network/2"})"),
      Lines{"f: /schema is 'strikenet.network/2', but must be \"strikenet.network/1\" or \"strikenet.portfolio/1\""});
  EXPECT_EQ(problems(R"({"schema": "strikenet.network/1", "layers": [], "layers": []})"),
            Lines{"f: key 'layers' is there twice in one object, but must not be"});
  EXPECT_EQ(problems(kNet + "]}"), Lines{"f: DeepNetwork: number of layers is 0, but must be at least 1"});
  EXPECT_EQ(
      problems(kNet + R"({"op": "dense", "weights": [["x"]], "bias": 1}, {"op": "gru"}, {}]})"),
      (Lines{"f: /layers/0/bias is 1, but must be a list", "f: /layers/0/weights/0/0 is 'x', but must be a number",
             "f: /layers/1/op is 'gru', but must be dense, scale, batch_norm, relu, rectify, clip, gelu, silu, "
             "softplus, tanh, add, maximum, minimum, concat or constant",
             "f: /layers/2/op is missing, but must be a text"}));
  EXPECT_EQ(problems(kNet + R"({"op": "dense", "weights": [[1], [1, 2], [3]], "bias": [0, 0]}]})"),
            Lines{"f: /layers/0/weights/1 is a list, but must be as long as the first row"});
  EXPECT_EQ(
      problems(kNet + R"({"op": "relu", "inputs": ["y"]}]})"),
      Lines{
          "f: /layers/0/inputs/0 is 'y', but must be x, the network's input, or the name of a layer before this one"});
  EXPECT_EQ(problems(kNet + R"({"op": "relu", "name": "x"}]})"),
            Lines{"f: /layers/0: name is 'x', but must be unique"});
  EXPECT_EQ(problems(kNet + R"({"name": "in", "op": "dense", "weights": [[1, 2]], "bias": [0]}]})"),
            Lines{"f: DeepNetwork: layer 1 'in' (dense): number of weights is 2, but must be 1"});
}

// --- portfolios --------------------------------------------------------------------
TEST(PortfolioFile, ReadsCsvAndJson) {
  for (const std::string text : {"type,strike,units\ncash,,5\nshares,,-1\nput,90,2\nC,110,-0.5\n",
                                 R"({"schema": "strikenet.portfolio/1", "cash": 5, "shares": -1,
                                     "legs": [{"type": "P", "strike": 90, "units": 2},
                                              {"type": "call", "strike": 110, "units": -0.5}]})"}) {
    const OptionPortfolio read = portfolio(text);
    EXPECT_EQ(read.cash(), 5);
    EXPECT_EQ(read.shares(), -1);
    ASSERT_EQ(read.legs().size(), 2U);
    EXPECT_EQ(read.legs()[0].type, OptionType::put);
    EXPECT_EQ(read.legs()[1].units, -0.5);
    EXPECT_EQ(portfolio_csv(read), "type,strike,units\ncash,,5\nshares,,-1\nP,90,2\nC,110,-0.5\n");
  }
}

TEST(PortfolioFile, TakesLegsInAnyOrderAndSeveralOfAStrike) {
  const OptionPortfolio read = portfolio("units,type,strike\n1,C,110\n1,P,100\n2,C,100\n1,C,90\n-1,C,90\n3,C,110\n");
  ASSERT_EQ(read.legs().size(), 2U);
  EXPECT_EQ(read.legs()[0].units, 3);
  EXPECT_EQ(read.cash(), 100);
  EXPECT_EQ(read.shares(), -1);
  for (const double spot : {80.0, 105.0, 130.0})
    EXPECT_EQ(read.payoff(spot),
              std::max(100 - spot, 0.0) + 2 * std::max(spot - 100, 0.0) + 4 * std::max(spot - 110, 0.0));
}

TEST(PortfolioFileErrors, NameTheLineAndTheField) {
  EXPECT_EQ(problems("type,strike,units\nX,90,1\nC,0,1\nC,90,x\ncash,5,1\n"),
            (Lines{"f:2: type is 'X', but must be cash, shares, C, P, call or put",
                   "f:3: strike is '0', but must be a number above 0", "f:4: units is 'x', but must be a number",
                   "f:5: strike is '5', but must be left out for cash and shares"}));
  EXPECT_EQ(problems(R"({"schema": "strikenet.portfolio/1", "legs": [{"type": "D", "strike": 1, "units": 1}]})"),
            Lines{"f: /legs/0/type is 'D', but must be C, P, call or put"});
  EXPECT_EQ(problems(R"({"schema": "strikenet.portfolio/1", "legs": [{"type": "C", "strike": -1, "units": 1}]})"),
            Lines{"f: /legs/0/strike is -1, but must be a number above 0"});
  EXPECT_EQ(
      problems("expiry,strike\n"),
      Lines{"f: file is neither, but must be a network or a portfolio: JSON with its schema, or CSV with the columns "
            "type, strike and units"});
}

TEST(PositionFile, ThatIsMissingIsAProblem) { EXPECT_FALSE(read_position_file("nowhere")); }

}  // namespace
}  // namespace strikenet
