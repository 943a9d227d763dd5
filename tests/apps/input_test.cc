// What every command does with its inputs: pipes, packed and rearranged files, standard input, streams without an end.
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "apps/run_command.h"
#include "apps/small_chain.h"
#include "support/packed.h"

namespace strikenet {
namespace {

using namespace testing_support;

bool holds(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

/// A shell line in a folder, in which `strikenet` is the command.
class StrikenetInput : public testing::Test {
 protected:
  Finished run(const std::string& line) const {
    const std::string whole = "cd '" + folder_.path().string() +
                              "'; strikenet() { '" STRIKENET_COMMAND "' \"$@\"; }; { " + line + "; } >out 2>err";
    const int ended = std::system(("bash -c \"$(cat <<'LINE'\n" + whole + "\nLINE\n)\"").c_str());
    return {WIFEXITED(ended) ? WEXITSTATUS(ended) : -1, text_of(folder_.path() / "out"),
            text_of(folder_.path() / "err")};
  }
  std::string file(const std::string& name, const std::string& text) const { return folder_.file(name, text); }

  /// chain.csv and fit/surface.json, and the surface packed, sorted, indented and in one line.
  void SetUp() override {
    file("chain.csv", SmallChain().text());
    ASSERT_EQ(run("strikenet calibrate chain.csv --out fit --no-report").status, 0);
    const std::string surface = text_of(folder_.path() / "fit/surface.json");
    const auto sorted = nlohmann::json::parse(surface);  // by name, so that knots stand before the schema
    file("packed.json", packed(surface));
    file("sorted.json", sorted.dump());
    file("indented.json", "\xEF\xBB\xBF\n\n" + sorted.dump(8));
    file("packed_sorted.json", packed(sorted.dump(3)));
  }

  TemporaryFolder folder_;
};

constexpr const char* kLayouts[] = {"packed.json", "sorted.json", "indented.json", "packed_sorted.json"};

// --- one way for all -------------------------------------------------------------------------------------------------

TEST_F(StrikenetInput, OfASurfaceIsTheSameToEveryCommandInWhateverLayout) {
  for (const std::string command :
       {"check FILE", "check FILE --json", "price FILE --strike 90:110:5 --quiet", "greeks FILE --moneyness 1 --quiet",
        "varswap FILE --expiry 2026-06-19", "varswap chain.csv --expiry 2026-06-19 --surface FILE",
        "replicate --payoff call:100 --chain chain.csv --expiry 2026-06-19 --surface FILE"}) {
    const auto on = [&](const std::string& name) {
      std::string line = command;
      return run("strikenet " + line.replace(line.find("FILE"), 4, name));
    };
    const Finished plain = on("fit/surface.json");
    EXPECT_EQ(plain.status, 0) << command << plain.err;
    EXPECT_NE(plain.out, "") << command;
    for (const char* name : kLayouts) {
      const Finished other = on(name);
      EXPECT_EQ(other.status, 0) << command << ' ' << name << '\n' << other.err;
      EXPECT_EQ(other.out, plain.out) << command << ' ' << name;
    }
  }
}

TEST_F(StrikenetInput, OfASurfaceIsTheSameToReport) {
  ASSERT_EQ(run("strikenet report fit --quiet && mv fit/report.html plain.html").status, 0);
  for (const std::string name : kLayouts) {
    ASSERT_EQ(run("cp " + name + " fit/surface.json && strikenet report fit --quiet").status, 0) << name;
    EXPECT_EQ(text_of(folder_.path() / "fit/report.html"), text_of(folder_.path() / "plain.html")) << name;
  }
}

TEST_F(StrikenetInput, OfAPipeIsThatOfTheFile) {
  file("net.json", R"({"schema": "strikenet.network/1", "layers": [
    {"op": "dense", "weights": [[1], [1]], "bias": [-90, -110]}, {"op": "relu"},
    {"op": "dense", "weights": [[1, -1]], "bias": [0]}]})");
  file("strip.csv",
       "term,strike,type,Q_mid\nnear,95,put,1\nnear,100,put/call average,2\nnear,105,call,1\n"
       "next,95,put,1.5\nnext,100,put/call average,2.5\nnext,105,call,1.5\n");
  file("book.csv", "expiry,strike\n2026-06-19,100\n");
  ASSERT_EQ(run("strikenet convert net.json --to onnx --out net.onnx && cp net.onnx model").status, 0);
  const struct {
    std::string command, file;
  } cases[] = {{"check FILE", "fit/surface.json"},
               {"check FILE --quiet", "chain.csv"},
               {"inspect FILE --json", "chain.csv"},
               {"convert FILE --to csv", "chain.csv"},
               {"convert FILE --to csv", "net.json"},
               {"convert FILE --to csv", "model"},
               {"repair FILE --json", "chain.csv"},
               {"price FILE --strike 100", "fit/surface.json"},
               {"price FILE --strike 100", "packed_sorted.json"},
               {"price fit/surface.json --options FILE", "book.csv"},
               {"price fit/surface.json --payoff FILE --expiry 2026-06-19", "net.json"},
               {"replicate --payoff FILE --chain chain.csv --expiry 2026-06-19 --side super --json", "net.json"},
               {"replicate --payoff call:100 --chain chain.csv --expiry 2026-06-19 --surface FILE", "fit/surface.json"},
               {"varswap FILE --expiry 2026-06-19", "chain.csv"},
               {"varswap FILE --expiry 2026-06-19", "fit/surface.json"},
               {"vix FILE --minutes 30000,60000 --rates 0,0 --forwards 100,100", "strip.csv"}};
  for (const auto& [command, name] : cases) {
    const auto line = [&](const std::string& path) {
      std::string text = command;
      return "strikenet " + text.replace(text.find("FILE"), 4, path);
    };
    const Finished plain = run(line(name));
    EXPECT_EQ(plain.status, 0) << command << plain.err;
    for (const std::string& other : {"cat " + name + " | " + line("-"), "cat " + name + " | " + line("/dev/stdin"),
                                     line("-") + " < " + name, line("<(cat " + name + ")")}) {
      const Finished piped = run(other);
      EXPECT_EQ(piped.status, plain.status) << other << '\n' << piped.err;
      const auto shown = [&](std::string text) {  // but for the name of the file, where it is printed
        for (const std::string& word :
             {name, std::string("/dev/stdin"), std::string("/dev/fd/63"), std::string("stdin"), std::string("\"-\"")})
          if (const auto at = text.find(word); at != std::string::npos)
            text.replace(at, word.size(), word == "\"-\"" ? "\"\"" : "");
        return text;
      };
      EXPECT_EQ(shown(piped.out), shown(plain.out)) << other;
    }
  }
}

TEST_F(StrikenetInput, OfStandardInputNamesTheFolderOfAFit) {
  EXPECT_EQ(run("cat chain.csv | strikenet calibrate - --no-report --quiet").status, 0);
  EXPECT_EQ(text_of(folder_.path() / "stdin-fit/surface.json"), text_of(folder_.path() / "fit/surface.json"));
  const Finished bad = run("printf 'expiry,strike,type,bid,ask\\nx,1,C,1,2\\n' | strikenet inspect -");
  EXPECT_EQ(bad.status, 3);
  EXPECT_TRUE(bad.err.starts_with("stdin:2: expiry is 'x', but must be ")) << bad.err;
}

TEST_F(StrikenetInput, OfOnePipeIsForOneInput) {
  const std::string words = "stdin: is what stdin is too, but can be read only once\n";
  for (const std::string command :
       {"price - --options -  ", "price - --payoff -", "calibrate - -", "calibrate - --forward -",
        "convert - - --to csv", "replicate --payoff - --chain - --expiry 2026-06-19",
        "varswap - --surface - --expiry 2026-06-19", "check - -"}) {
    const Finished finished = run("strikenet " + command + " < chain.csv");
    EXPECT_EQ(finished.status, 2) << command << finished.err;
    EXPECT_TRUE(holds(finished.err, words)) << command << finished.err;
  }
}

// --- limits ----------------------------------------------------------------------------------------------------------

TEST_F(StrikenetInput, WithoutEndIsRefused) {
  for (const std::string command : {"check", "inspect", "calibrate", "varswap", "vix", "repair"}) {
    const Finished finished = run("strikenet " + command + " /dev/zero");
    EXPECT_EQ(finished.status, 3) << command;
    EXPECT_TRUE(finished.err.starts_with("/dev/zero:1: text is '\\x00")) << command << finished.err;
  }
}

TEST_F(StrikenetInput, OfMoreThanAGibibyteIsRefused) {
  const Finished finished = run("yes | strikenet inspect -");
  EXPECT_EQ(finished.status, 3);
  EXPECT_EQ(finished.err, "stdin: length is more than 1 GiB, but must be at most that\n");
}

TEST_F(StrikenetInput, OfHundredsOfThousandsOfBadLinesIsToldInAPage) {
#ifdef __SANITIZE_ADDRESS__
  const std::string limit;  // the sanitizer needs more address space than any
#else
  const std::string limit = "ulimit -v 300000; ";  // libraries and all
#endif
  std::string text = "as_of,expiry,strike,type,bid,ask\n";
  for (int i = 0; i < 300'000; ++i)
    text += "2026-01-02T16:00-05:00,2026-06-19," + std::to_string(i + 1) + ",C,bad,worse\n";
  file("bad.csv", text);
  for (const std::string command : {"check", "inspect", "calibrate", "repair"}) {
    const Finished finished = run(limit + "strikenet " + command + " bad.csv");
    EXPECT_EQ(finished.status, 3) << command;
    EXPECT_LT(finished.err.size(), 5'000U) << command;
    EXPECT_TRUE(finished.err.starts_with("bad.csv:2: bid is 'bad', but must be a number of at least 0\n"))
        << finished.err;
    EXPECT_TRUE(holds(finished.err, "bad.csv:21: and 299980 more like this, up to line 300001\n")) << finished.err;
  }
}

}  // namespace
}  // namespace strikenet
