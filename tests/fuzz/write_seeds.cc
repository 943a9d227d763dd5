// write_seeds FOLDER: what fuzzing of each format starts from, in FOLDER/FORMAT, and prints the formats. The example of
// the format, variations of it, and what is wrong with files of people. Of payoffs, networks and portfolios one each.
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <string>

#include "strikenet/io/position_file.h"
#include "strikenet/io/read_chain.h"
#include "strikenet/onnx/onnx_network.h"
#include "support/packed.h"

namespace {

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size())
    text.replace(at, from.size(), to);
  return text;
}

std::map<std::string, std::string> seeds_of(const std::string& example) {
  const std::string last_line = example.substr(example.rfind('\n', example.size() - 2) + 1);
  return {{"example", example},
          {"packed", strikenet::testing_support::packed(example)},
          {"carriage-returns", replaced(example, "\n", "\r\n")},
          {"byte-order-mark", "\xEF\xBB\xBF" + example},
          {"two-rows", example + last_line},
          {"comment", "# a comment\n\n" + example},
          {"cut", example.substr(0, example.size() * 2 / 3)},
          {"empty-fields", replaced(example, ",", ",,")},
          {"quotes", replaced(example, ",", ",\"\"")},
          {"nulls", replaced(example, ": ", ": null, \"x\": ")}};
}

std::map<std::string, std::map<std::string, std::string>> position_seeds() {
  const strikenet::DeepNetwork network({{"in", strikenet::Dense{{1, -1}, {-90, 110}}, {0}},
                                        {"act", strikenet::Rectify{{0.5, 2}}, {1}},
                                        {"clip", strikenet::Clip{0, 20}, {2}},
                                        {"two", strikenet::Constant{{1, 2}}, {}},
                                        {"max", strikenet::Maximum{}, {3, 4}},
                                        {"sum", strikenet::Add{}, {5, 3}},
                                        {"norm", strikenet::Scale{{1, 2}, {3, 4}}, {6}},
                                        {"all", strikenet::Concat{}, {7, 0}},
                                        {"out", strikenet::Dense{{1, 2, 3}, {0}}, {8}}});
  return {{"payoff",
           {{"points", "pwl:0=1,90=0,100=0,100=5,110=20"},
            {"butterfly", "butterfly:90,100,110"},
            {"function", "expr:max(S-100,0)^2 + (S > 3 ? ln(S) : pi)"}}},
          {"position",
           {{"network", strikenet::network_json(network)},
            {"csv", "type,strike,units\ncash,,5\nshares,,-1\nP,90,2\nC,110,-0.5\n"},
            {"json",
             R"({"schema": "strikenet.portfolio/1", "cash": 5, "legs": [{"type": "P", "strike": 90, "units": 2}]})"}}},
          {"onnx", {{"network", strikenet::write_onnx(network).value()}}}};
}

void write(const std::filesystem::path& folder, const std::map<std::string, std::string>& seeds) {
  std::filesystem::create_directories(folder);
  for (const auto& [name, text] : seeds)
    std::ofstream(folder / name, std::ios::binary) << text;
  std::cout << folder.filename().string() << '\n';
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "write_seeds: number of arguments is " << argc - 1 << ", but must be 1: the folder\n";
    return 2;
  }
  const std::filesystem::path root(argv[1]);
  for (const strikenet::ChainFormat& format : strikenet::chain_formats())
    write(root / format.name, seeds_of(std::string(format.example) + "\n"));
  for (const auto& [name, seeds] : position_seeds())
    write(root / name, seeds);
  return std::cout.flush() ? 0 : 3;
}
