// README shows what its first command prints.
#include <gtest/gtest.h>

#include "apps/run_command.h"

namespace strikenet {
namespace {

using testing_support::run_strikenet;
using testing_support::TemporaryFolder;
using testing_support::text_of;

TEST(Readme, ShowsTheTableThatItsFirstCommandPrints) {
  const std::filesystem::path root = STRIKENET_SOURCE_DIR;
  const TemporaryFolder folder;
  const auto finished =
      run_strikenet({"calibrate", root / "market_data/bates_2026/chain.csv", "--out", folder.path() / "fit"});
  ASSERT_EQ(finished.status, 0) << finished.err;
  const std::string table = finished.out.substr(0, finished.out.find("strikes "));  // below it, roundings
  EXPECT_GT(table.size(), 500U);
  EXPECT_NE(text_of(root / "README.md").find("```\n" + table), std::string::npos) << table;
}

}  // namespace
}  // namespace strikenet
