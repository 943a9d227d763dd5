// write_seeds FOLDER: what fuzzing of each format starts from, in FOLDER/FORMAT, and prints the formats. The example of
// the format, variations of it, and what is wrong with files of people.
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <string>

#include "strikenet/io/read_chain.h"
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

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "write_seeds: number of arguments is " << argc - 1 << ", but must be 1: the folder\n";
    return 2;
  }
  for (const strikenet::ChainFormat& format : strikenet::chain_formats()) {
    const std::filesystem::path folder = std::filesystem::path(argv[1]) / format.name;
    std::filesystem::create_directories(folder);
    for (const auto& [name, text] : seeds_of(std::string(format.example) + "\n"))
      std::ofstream(folder / name, std::ios::binary) << text;
    std::cout << format.name << '\n';
  }
  return std::cout.flush() ? 0 : 3;
}
