// strikenet convert, as the shell runs it.
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <filesystem>
#include <string>

#include "apps/run_command.h"
#include "support/packed.h"

namespace strikenet {
namespace {

using testing_support::packed;
using testing_support::run_strikenet;
using testing_support::TemporaryFolder;
using testing_support::text_of;

const std::string kChain = STRIKENET_SOURCE_DIR "/market_data/bates_2026/chain.csv";
const std::string kWide =
    "Date,ExpDate,Strike,CallBid,CallAsk,PutBid,PutAsk\n2025-09-03,2025-09-19,6400,98.2,99.1,55.6,56.2\n";
const std::string kWideAsGeneric =
    "as_of,expiry,strike,type,bid,ask,hygiene\n2025-09-03T20:00Z,2025-09-19,6400,C,98.2,99.1,lenient\n"
    "2025-09-03T20:00Z,2025-09-19,6400,P,55.6,56.2,lenient\n";

TEST(StrikenetConvert, PrintsTheGenericFormOfAChain) {
  const TemporaryFolder folder;
  const auto [status, out, err] = run_strikenet({"convert", folder.file("wide.csv", kWide), "--to", "csv"});
  EXPECT_EQ(status, 0);
  EXPECT_EQ(out, kWideAsGeneric);
  EXPECT_EQ(err, "");
}

TEST(StrikenetConvert, OfItsOwnOutputChangesNothing) {
  const TemporaryFolder folder;
  const auto once = run_strikenet({"convert", kChain, "--to", "csv"});
  const auto twice = run_strikenet({"convert", folder.file("once.csv", once.out), "--to", "csv"});
  EXPECT_EQ(once.status, 0);
  EXPECT_EQ(once.out, twice.out);
  EXPECT_EQ(run_strikenet({"inspect", kChain}).out.substr(std::string("chain        ").size() + kChain.size()),
            run_strikenet({"inspect", folder.file("twice.csv", twice.out)})
                .out.substr(std::string("chain        ").size() + (folder.path() / "twice.csv").string().size()));
}

TEST(StrikenetConvert, WritesAFileWholeOrNotAtAll) {
  const TemporaryFolder folder;
  const std::string wide = folder.file("wide.csv", kWide), out = (folder.path() / "sub/generic.csv").string();
  const auto finished = run_strikenet({"convert", wide, "--to", "csv", "--out", out});
  EXPECT_EQ(finished.status, 0);
  EXPECT_EQ(finished.out, "");
  EXPECT_EQ(text_of(out), kWideAsGeneric);
  const auto refused = run_strikenet({"convert", wide, "--to", "csv", "--out", wide + "/x"});
  EXPECT_EQ(refused.status, 3);
  EXPECT_EQ(refused.err, wide + ": is a file, but must be a directory\n");
}

TEST(StrikenetConvert, TakesPackedFilesAsEveryCommandDoes) {
  const TemporaryFolder folder;
  const std::string path = folder.file("wide.csv.gz", packed(kWide)), cut = packed(kWide).substr(0, 60);
  EXPECT_EQ(run_strikenet({"convert", path, "--to", "csv"}).out, kWideAsGeneric);
  EXPECT_EQ(run_strikenet({"inspect", path, "--json"}).status, 0);
  for (const std::string command : {"inspect", "calibrate", "convert"}) {
    std::vector<std::string> arguments{command, folder.file("cut.gz", cut)};
    if (command == "convert") arguments.insert(arguments.end(), {"--to", "csv"});
    const auto finished = run_strikenet(arguments);
    EXPECT_EQ(finished.status, 3);
    EXPECT_EQ(finished.err,
              (folder.path() / "cut.gz").string() + ": file ends within its gzip data, but must be whole\n");
  }
}

/// Peak resident memory, in bytes, of the largest command run so far.
double peak() {
  rusage usage = {};
  getrusage(RUSAGE_CHILDREN, &usage);
  return static_cast<double>(usage.ru_maxrss) * 1024;
}

// Of the command, the text and the quotes; what is written does not add to it. The sanitizers' own memory does.
TEST(StrikenetConvert, TakesMemoryInProportionToTheFile) {
#ifdef __SANITIZE_ADDRESS__
  GTEST_SKIP() << "the sanitizer has memory of its own";
#endif
  constexpr std::size_t kSize = 20'000'000;
  const TemporaryFolder folder;
  std::string text = "as_of,expiry,strike,type,bid,ask\n";
  run_strikenet(
      {"convert", folder.file("one.csv", text + "2026-01-02T21:00Z,2026-12-18,1000,C,650.10,651.10\n"), "--to", "csv"});
  const double of_one_row = peak();
  for (int i = 0; text.size() < kSize; ++i)
    text += "2026-01-02T16:00-05:00,2026-12-18," + std::to_string(1000 + i) + ".5,C,650.10,651.10\n";
  const auto finished = run_strikenet({"convert", folder.file("many.csv", text), "--to", "csv"}, ">/dev/null");
  EXPECT_EQ(finished.status, 0);
  EXPECT_GT(peak(), of_one_row);
  EXPECT_LT(peak() - of_one_row, 3.0 * static_cast<double>(text.size()));
}

TEST(StrikenetConvert, SaysWhatIsWrongWithItsArguments) {
  const auto wrong = run_strikenet({"convert", kChain, "--to", "xlsx", "--format", "excel"});
  EXPECT_EQ(wrong.status, 2);
  EXPECT_EQ(wrong.err,
            "--to is 'xlsx', but must be csv\n--format is 'excel', but must be one that 'strikenet formats' lists\n");
  EXPECT_EQ(run_strikenet({"convert", kChain}).status, 2);
  const auto missing = run_strikenet({"convert", "nowhere.csv", "--to", "csv"});
  EXPECT_EQ(missing.status, 3);
  EXPECT_EQ(missing.err, "nowhere.csv: cannot be read: No such file or directory\n");
}

}  // namespace
}  // namespace strikenet
