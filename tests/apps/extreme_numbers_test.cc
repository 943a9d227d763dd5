// Every option of every command that takes numbers, with numbers that are none, denormal, huge, zero and negative: a
// sentence, or figures; never a figure that is none.
#include <gtest/gtest.h>

#include <algorithm>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "apps/run_command.h"
#include "apps/small_chain.h"

namespace strikenet {
namespace {

using testing_support::Finished;
using testing_support::run_strikenet;
using testing_support::SmallChain;
using testing_support::TemporaryFolder;
using testing_support::text_of;
using Arguments = std::vector<std::string>;

const std::vector<std::string> kExtremes = {"nan", "inf", "-inf", "0", "-1", "1e-320", "1e-300", "1e300", "1.7e308"};

/// A chain, one that allows an arbitrage, a surface and a strip on disk, for all tests.
class Files {
 public:
  static const Files& get() {
    static const Files files;
    return files;
  }

  /// CHAIN, ARBITRAGE, SURFACE, STRIP and FOLDER in a command line, as paths.
  std::string path(const std::string& word) const {
    if (word == "CHAIN") return chain_;
    if (word == "ARBITRAGE") return arbitrage_;
    if (word == "SURFACE") return (folder_.path() / "fit/surface.json").string();
    if (word == "STRIP") return strip_;
    return word == "FOLDER" ? (folder_.path() / "out").string() : word;
  }

 private:
  Files() {
    EXPECT_EQ(run_strikenet({"calibrate", chain_, "--out", (folder_.path() / "fit").string(), "--quiet", "--no-report"})
                  .status,
              0);
  }

  TemporaryFolder folder_;
  std::string chain_ = folder_.file("c.csv", SmallChain().text());
  std::string arbitrage_ =
      folder_.file("a.csv", SmallChain().line(11, "2026-01-02T16:00-05:00,2026-06-19,100,C,3,3.1").text());
  std::string strip_ = folder_.file("s.csv",
                                    "term,strike,type,Q_mid\n"
                                    "near,1900,put,10\nnear,1960,put/call average,24\nnear,2000,call,9\n"
                                    "next,1900,put,11\nnext,1960,put/call average,27\nnext,2000,call,11\n");
};

/// A command, and an option of it whose value is written with * where the number stands.
struct Option {
  std::string command;
  std::string name, value = "*";
};

void PrintTo(const Option& option, std::ostream* out) {
  *out << option.command << ' ' << option.name << ' ' << option.value;
}

const std::string kReplicate = "replicate --payoff butterfly:91,102,109 --chain CHAIN --expiry 2026-06-19";
const std::string kCurve = "replicate --payoff expr:max(S-100,0)^2 --chain CHAIN --expiry 2026-06-19 --side super";
const std::string kPrice = "price SURFACE --strike 100", kGreeks = "greeks SURFACE --strike 100";
const std::string kStrip = "vix STRIP --minutes 35924,46394 --rates 0.0003,0.0003 --forwards 1962,1962";

const std::vector<Option> kOptions = {
    {kReplicate, "--size"},
    {kReplicate, "--multiplier"},
    {kReplicate, "--legs"},
    {kReplicate, "--rate"},
    {kReplicate + " --lots", "--multiplier"},
    {kReplicate + " --lots", "--size"},
    {kReplicate + " --lots --side super", "--nodes"},
    {kCurve + " --range 80:120", "--pieces"},
    {kCurve + " --range 80:120", "--error"},
    {kCurve + " --range 80:120 --pieces 5", "--size"},
    {kCurve + " --pieces 5", "--range", "80:*"},
    {kCurve + " --pieces 5", "--range", "*:120"},
    {"convert butterfly:90,100,110 --to table", "--forward"},
    {"convert butterfly:90,100,110 --to table", "--band", "*:-1:2"},
    {"convert butterfly:90,100,110 --to table", "--band", "100:*:2"},
    {"convert butterfly:90,100,110 --to table", "--band", "100:-1:*"},
    {"convert digital-call:100,1 --to table", "--width"},
    {"convert power:100,2 --to table --range 80:120", "--pieces"},
    {"convert power:100,2 --to table --range 80:120", "--error"},
    {"convert power:100,2 --to table --pieces 3", "--range", "*:120"},
    {"check ARBITRAGE", "--fee"},
    {"check ARBITRAGE", "--multiplier"},
    {"check ARBITRAGE", "--tick"},
    {"check ARBITRAGE", "--trades"},
    {"check CHAIN", "--rate"},
    {"check CHAIN", "--threads"},
    {"check CHAIN", "--rule", "max-spread=*"},
    {"repair ARBITRAGE", "--rate"},
    {"inspect CHAIN", "--rate"},
    {"calibrate CHAIN --out FOLDER --no-report", "--rate"},
    {"calibrate CHAIN --out FOLDER --no-report", "--smoothness"},
    {"calibrate CHAIN --out FOLDER --no-report", "--units"},
    {"calibrate CHAIN --out FOLDER --no-report", "--threads"},
    {"calibrate CHAIN --out FOLDER --no-report --train-strikes --units 4", "--seed"},
    {"calibrate CHAIN --out FOLDER --no-report --train-strikes --units 4", "--starts"},
    {"price SURFACE", "--strike"},
    {"price SURFACE", "--moneyness"},
    {"price SURFACE", "--quantile"},
    {kPrice, "--spot"},
    {kPrice, "--local-vol-cap"},
    {kPrice, "--expiry", "T=*"},
    {kPrice + " --clock trading-days", "--weekend"},
    {kPrice + " --clock trading-days", "--holiday-weight"},
    {kPrice + " --explain CHAIN", "--top"},
    {kPrice + " --explain CHAIN", "--rate"},
    {kPrice + " --explain CHAIN", "--smoothness"},
    {kPrice + " --explain CHAIN", "--threads"},
    {"price SURFACE --payoff power:100,2 --range 80:120", "--error"},
    {"price SURFACE --payoff power:100,2 --range 80:120", "--pieces"},
    {"price SURFACE --payoff digital-call:100,1", "--width"},
    {"greeks SURFACE", "--strike"},
    {"greeks SURFACE", "--moneyness"},
    {"greeks SURFACE", "--quantile"},
    {kGreeks, "--spot"},
    {kGreeks, "--local-vol-cap"},
    {kGreeks, "--expiry", "T=*"},
    {kGreeks + " --clock trading-days", "--weekend"},
    {kGreeks + " --clock trading-days", "--holiday-weight"},
    {"greeks SURFACE --payoff power:100,2 --range 80:120", "--error"},
    {"greeks SURFACE --payoff power:100,2 --range 80:120", "--pieces"},
    {"greeks SURFACE --payoff digital-call:100,1", "--width"},
    {"varswap CHAIN --expiry 2026-06-19", "--rate"},
    {"varswap CHAIN --expiry 2026-06-19", "--ends", "*:300"},
    {"varswap CHAIN --expiry 2026-06-19", "--ends", "50:*"},
    {"varswap SURFACE --expiry 2026-06-19", "--strikes", "*,100,120"},
    {"varswap SURFACE --expiry 2026-06-19", "--corridor", "*:120"},
    {"varswap SURFACE --expiry 2026-06-19", "--corridor", "80:*"},
    {"vix CHAIN --expiry 2026-06-19,2026-12-18", "--rate"},
    {kStrip, "--minutes", "*,46394"},
    {kStrip, "--minutes", "35924,*"},
    {kStrip, "--rates", "*,0.0003"},
    {kStrip, "--rates", "0.0003,*"},
    {kStrip, "--forwards", "*,1962"},
    {kStrip, "--forwards", "1962,*"},
    {kReplicate, "--payoff", "call:*"},
    {kReplicate, "--payoff", "put:*"},
    {kReplicate, "--payoff", "digital-call:100,*"},
    {kReplicate, "--payoff", "pwl:0=0,100=*"},
    {kReplicate + " --side super", "--payoff", "straddle:*"},
};

class ExtremeNumbers : public testing::TestWithParam<Option> {};

Arguments with(const Option& option, const std::string& number) {
  Arguments arguments;
  std::istringstream words(option.command);
  for (std::string word; words >> word;) {
    if (word == option.name)
      words >> word;  // given in the command line with other numbers
    else
      arguments.push_back(Files::get().path(word));
  }
  std::string value = option.value;
  value.replace(value.find('*'), 1, number);
  arguments.push_back(option.name + "=" + value);
  return arguments;
}

TEST_P(ExtremeNumbers, GiveASentenceOrFigures) {
  static const std::regex kNone("(^|[^a-zA-Z])-?(nan|inf)([^a-zA-Z]|$)");
  for (const std::string& number : kExtremes) {
    const auto [status, out, err] = run_strikenet(with(GetParam(), number));
    EXPECT_TRUE(status >= 0 && status <= 4) << number << ": " << status << "\n" << err;
    if (status <= 1) {
      EXPECT_FALSE(std::regex_search(out, kNone)) << number << "\n" << out;
    } else {
      EXPECT_FALSE(err.empty() && out.empty()) << number;
    }
    if (status == 2 || status == 3) {
      EXPECT_EQ(out, "") << number;
      EXPECT_NE(err, "") << number;
    }
    EXPECT_EQ(err.find("std::"), std::string::npos) << number << "\n" << err;
    if (number == "nan") {
      EXPECT_NE(status, 0) << out;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(OfEveryOption, ExtremeNumbers, testing::ValuesIn(kOptions));

/// The options of a command whose values its help calls numbers.
std::set<std::string> numeric_options(const std::string& command) {
  std::istringstream help(run_strikenet({command, "--help"}).out);
  static const std::regex kNumeric(R"(^\s+(--[a-z-]+) (INT|FLOAT|UINT))");
  std::set<std::string> names;
  std::smatch match;
  for (std::string line; std::getline(help, line);)
    if (std::regex_search(line, match, kNumeric)) names.insert(command + " " + match[1].str());
  return names;
}

TEST(ExtremeNumbers, AreTriedOnEveryOptionThatTakesANumber) {
  std::set<std::string> tried;
  for (const Option& option : kOptions)
    tried.insert(option.command.substr(0, option.command.find(' ')) + " " + option.name);
  std::size_t found = 0;
  for (const char* command : {"calibrate", "inspect", "convert", "check", "repair", "price", "greeks", "replicate",
                              "varswap", "vix", "report"})
    for (const std::string& name : numeric_options(command)) {
      EXPECT_TRUE(tried.contains(name)) << name;
      ++found;
    }
  EXPECT_GT(found, 30u);
}

// --- the index ---------------------------------------------------------------------------
TEST(ExtremeNumbersOfTheIndex, AreSentences) {
  const auto vix = [](const std::string& forwards) {
    const auto [status, out, err] = run_strikenet({"vix", Files::get().path("STRIP"), "--minutes", "35924,46394",
                                                   "--rates", "0.0003,0.0003", "--forwards", forwards});
    EXPECT_EQ(status, 3) << out;
    EXPECT_EQ(out, "");
    return err;
  };
  EXPECT_EQ(vix("1700,1962"),
            "--forwards of near is 1700, but must be at least K0, 1960, and below the next strike, 2000\n");
  EXPECT_EQ(vix("1962,2000"),
            "--forwards of next is 2000, but must be at least K0, 1960, and below the next strike, 2000\n");
  const TemporaryFolder folder;
  const std::string worthless = folder.file("s.csv",
                                            "term,strike,type,Q_mid\n"
                                            "near,1900,put,0\nnear,1960,put/call average,0.1\nnear,2000,call,0\n"
                                            "next,1900,put,11\nnext,1960,put/call average,27\nnext,2000,call,11\n");
  const auto [status, out, err] = run_strikenet(
      {"vix", worthless, "--minutes", "35924,46394", "--rates", "0.0003,0.0003", "--forwards", "1999,1962"});
  EXPECT_EQ(status, 3);
  EXPECT_EQ(out, "");
  EXPECT_TRUE(err.starts_with("near: variance is -0.00") && err.ends_with(", but must be finite and at least 0\n"))
      << err;
}

}  // namespace
}  // namespace strikenet
