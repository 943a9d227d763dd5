// How-to pages show what their commands print.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "apps/run_command.h"

namespace strikenet {
namespace {

using testing_support::TemporaryFolder;
using testing_support::text_of;

/// A block of a page between lines of three backquotes.
struct Block {
  std::string language, text;
};

std::vector<Block> blocks_of(const std::string& path) {
  std::ifstream page(path);
  std::vector<Block> blocks;
  bool inside = false;
  for (std::string line; std::getline(page, line);) {
    const bool fence = line.starts_with("```");
    if (fence && !inside) blocks.push_back({line.substr(3), {}});
    if (fence)
      inside = !inside;
    else if (inside)
      blocks.back().text += line + '\n';
  }
  return blocks;
}

std::string replaced(std::string text, const std::string& what, const std::string& with) {
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size()))
    text.replace(at, what.size(), with);
  return text;
}

/// What the commands print when a shell runs them in this folder.
std::string printed(const std::string& commands, const std::filesystem::path& folder) {
  const auto out = folder / "printed";
  const std::string line = "cd '" + folder.string() + "' && { " +
                           replaced(commands, "scripts/strikenet", STRIKENET_COMMAND) + "} >'" + out.string() + "'";
  EXPECT_EQ(std::system(line.c_str()), 0) << line;
  return text_of(out);
}

/// Runs every command of a page in a folder with the bundled chains, and the page's CSV and JSON as files. Returns how
/// many outputs the page shows.
int compare_outputs(const std::string& name) {
  const std::filesystem::path root = STRIKENET_SOURCE_DIR;
  const TemporaryFolder folder;
  std::filesystem::create_directory_symlink(root / "market_data", folder.path() / "market_data");
  const auto blocks = blocks_of(root / "docs/how-to" / name);
  int shown = 0;
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    if (blocks[i].language == "csv") folder.file("book.csv", blocks[i].text);
    if (blocks[i].language == "json") folder.file("net.json", blocks[i].text);
    if (blocks[i].language != "sh") continue;
    const std::string text = printed(blocks[i].text, folder.path());
    if (i + 1 == blocks.size() || !blocks[i + 1].language.empty()) continue;
    EXPECT_EQ(blocks[i + 1].text, text);
    ++shown;
  }
  return shown;
}

TEST(HowTo, PricesOptionsAsItShows) { EXPECT_EQ(compare_outputs("price-options.md"), 5); }

TEST(HowTo, HedgesAPayoffAsItShows) { EXPECT_EQ(compare_outputs("hedge-a-payoff.md"), 4); }

TEST(HowTo, ConvertsANetworkAsItShows) { EXPECT_EQ(compare_outputs("convert-a-network.md"), 3); }

}  // namespace
}  // namespace strikenet
