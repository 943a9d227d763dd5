// strikenet calibrate, as the shell sees it: bad chains, bad options, output that cannot be written, and runs that are
// killed. Each is said on stderr, and nothing half-done is left.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "apps/run_command.h"
#include "apps/small_chain.h"

namespace strikenet {
namespace {

namespace fs = std::filesystem;
using testing_support::Finished;
using testing_support::run_strikenet;
using testing_support::SmallChain;
using testing_support::TemporaryFolder;
using testing_support::text_of;
using Lines = std::vector<std::string>;

const std::string kBundled = STRIKENET_SOURCE_DIR "/market_data/bates_2026/chain.csv";

std::set<std::string> names_in(const fs::path& folder) {
  std::set<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder))
    names.insert(entry.path().filename().string());
  return names;
}

/// A run that has to end with status 3, these lines on stderr, each after the path of the chain, and nothing else.
void expect_refused(const std::string& text, const Lines& problems, const Lines& options = {}) {
  const TemporaryFolder folder;
  const std::string chain = folder.file("chain.csv", text), out = (folder.path() / "fit").string();
  Lines arguments = {"calibrate", chain, "--out", out};
  arguments.insert(arguments.end(), options.begin(), options.end());
  const Finished finished = run_strikenet(arguments);
  std::string expected;
  for (const std::string& problem : problems)
    expected += chain + problem + '\n';
  EXPECT_EQ(finished.status, 3);
  EXPECT_EQ(finished.out, "");
  EXPECT_EQ(finished.err, expected);
  EXPECT_FALSE(fs::exists(out));
}

// --- bad chains -----------------------------------------------------------------------------------------------------

const std::string kRow = "2026-01-02T16:00-05:00,2026-06-19,";  // of the first expiry: lines 2 to 19

struct BadLine {
  const char* name;
  const char* fields;  // of line 6, a call at 90, from the strike on
  const char* problem;
};
void PrintTo(const BadLine& bad, std::ostream* out) { *out << bad.name; }

class StrikenetCalibrateBadLine : public testing::TestWithParam<BadLine> {};

TEST_P(StrikenetCalibrateBadLine, IsNamedWithFileAndLineAndNothingIsWritten) {
  expect_refused(SmallChain().line(6, kRow + GetParam().fields).text(), {std::string(":6: ") + GetParam().problem});
}

INSTANTIATE_TEST_SUITE_P(
    Lines, StrikenetCalibrateBadLine,
    testing::Values(BadLine{"NaN", "90,C,nan,13", "bid is 'nan', but must be a number of at least 0"},
                    BadLine{"Infinity", "90,C,12,inf", "ask is 'inf', but must be a number of at least 0"},
                    BadLine{"NegativeStrike", "-90,C,12,13", "strike is '-90', but must be a number above 0"},
                    BadLine{"ZeroStrike", "0,C,12,13", "strike is '0', but must be a number above 0"},
                    BadLine{"NegativeBid", "90,C,-12,13", "bid is '-12', but must be a number of at least 0"},
                    BadLine{"BidAboveAsk", "90,C,12.5,12", "bid is 12.5, but must be at most the ask, 12"},
                    BadLine{"Huge", "90,C,12,1e308", "ask is '1e308', but must be at most 1e12"},
                    BadLine{"HugeStrike", "1e308,C,12,13", "strike is '1e308', but must be from 1e-12 to 1e12"},
                    BadLine{"BeyondDouble", "90,C,12,1e999", "ask is '1e999', but must be a number of at least 0"},
                    BadLine{"Text", "90,C,twelve,13", "bid is 'twelve', but must be a number of at least 0"},
                    BadLine{"TextBehindANumber", "90,C,12USD,13", "bid is '12USD', but must be a number of at least 0"},
                    BadLine{"DecimalComma", "90,C,\"12,5\",13", "bid is '12,5', but must be a number of at least 0"},
                    BadLine{"Type", "90,X,12,13", "type is 'X', but must be C, P, call or put"},
                    BadLine{"ShortLine", "90,C,12", "number of fields is 5, but must be 6, as in the header on line 1"},
                    BadLine{"Duplicate", "85,C,16,17", "duplicates line 4 (2026-06-19 C 85)"}),
    [](const auto& test) { return std::string(test.param.name); });

TEST(StrikenetCalibrateBadChain, IsMissingOrADirectory) {
  const TemporaryFolder folder;
  const Finished missing =
      run_strikenet({"calibrate", "/nowhere/chain.csv", "--out", (folder.path() / "fit").string()});
  EXPECT_EQ(missing.status, 3);
  EXPECT_EQ(missing.out, "");
  EXPECT_EQ(missing.err, "/nowhere/chain.csv: cannot be read: No such file or directory\n");
  const Finished directory = run_strikenet({"calibrate", "/dev", "--out", (folder.path() / "fit").string()});
  EXPECT_EQ(directory.status, 3);
  EXPECT_EQ(directory.err, "/dev: is a directory, but must be a file\n");
  EXPECT_TRUE(fs::is_empty(folder.path()));
}

TEST(StrikenetCalibrateBadChain, IsEmpty) {
  expect_refused("", {": file is empty, but must have a header and rows"});
  expect_refused(SmallChain().keep_lines(1).text(),
                 {":1: number of rows below the header is 0, but must be at least 1"});
}

TEST(StrikenetCalibrateBadChain, HasAWrongColumn) {
  expect_refused(SmallChain().line(1, "as_of,expiry,strike,type,bid,aks").text(),
                 {":1: column 'ask' is missing, but bid needs it"});
  expect_refused(SmallChain().line(1, "as_of,expiry,strike,typ,bid,ask").text(),
                 {":1: column 'type' is missing, but a file of prices needs it"});
}

TEST(StrikenetCalibrateBadChain, ExpiredBeforeItsAsOf) {
  expect_refused(SmallChain().append("2026-01-02T16:00-05:00,2026-01-01,100,C,1,2").text(),
                 {":38: expiry is 2026-01-01, but must be after the as-of, 2026-01-02T21:00Z"});
}

TEST(StrikenetCalibrateBadChain, HasNoAsOf) {
  expect_refused(
      "expiry,strike,type,bid,ask\n2026-06-19,90,C,12,13\n2026-06-19,100,C,6,7\n2026-06-19,110,C,2,3\n",
      {": no as-of, but expiries are dates: pass --as-of 2019-06-26T15:45-04:00",
       ":2: expiry 2026-06-19 has 0 strikes with a call and a put, but its forward needs 2: a column `forward`, "
       "or --forward FILE, would do as well"});
}

TEST(StrikenetCalibrateBadChain, HasOneQuote) {
  expect_refused(
      SmallChain().keep_lines(2).text(),
      {":2: expiry 2026-06-19 has 1 strike, but a smile needs at least three where its forward is not given"});
}

TEST(StrikenetCalibrateBadChain, HasBidsOfZeroOnly) {
  SmallChain chain;
  for (std::size_t number = 2; number <= 19; ++number) {
    const std::string line = chain.line(number), ask = line.substr(line.rfind(','));
    chain.line(number, line.substr(0, line.rfind(',', line.rfind(',') - 1)) + ",0" + ask);
  }
  expect_refused(chain.text(), {":2: expiry 2026-06-19 has no bid above zero, but a smile needs at least one"});
}

TEST(StrikenetCalibrateBadChain, ShowsEveryProblemInOneRun) {
  expect_refused(
      SmallChain()
          .line(3, kRow + "80,P,nan,1")
          .line(4, kRow + "-85,Q,,1e308")
          .line(9, "x")
          .append("never,now,1,C,1,2")
          .text(),
      {":3: bid is 'nan', but must be a number of at least 0", ":4: strike is '-85', but must be a number above 0",
       ":4: type is 'Q', but must be C, P, call or put", ":4: ask is '1e308', but must be at most 1e12",
       ":9: number of fields is 1, but must be 6, as in the header on line 1",
       ":38: as_of is 'never', but must be an instant with its offset from UTC, like 2019-06-26T15:45-04:00",
       ":38: expiry is 'now', but must be a date like 2026-12-18 or a number of years above 0 and at most 1000"});
  expect_refused(
      SmallChain()
          .line(3, kRow + "80,P,2,1")
          .line(7, kRow + "80,C,20,21")
          .append("2026-01-02T16:00-05:00,2027-01-15,1,C,1,2")
          .text(),
      {":3: bid is 2, but must be at most the ask, 1", ":7: duplicates line 2 (2026-06-19 C 80)",
       ":38: expiry 2027-01-15 has 1 strike, but a smile needs at least three where its forward is not given"});
}

// --- bad forwards ---------------------------------------------------------------------------------------------------

TEST(StrikenetCalibrateBadForwards, AreNamedWithFileAndLine) {
  const TemporaryFolder folder;
  const std::string chain = folder.file("chain.csv", SmallChain().text()), out = (folder.path() / "fit").string();
  const auto words_of = [&](const std::string& forwards) {
    const Finished finished = run_strikenet({"calibrate", chain, "--out", out, "--forward", forwards});
    EXPECT_EQ(finished.status, 3);
    EXPECT_EQ(finished.out, "");
    EXPECT_FALSE(fs::exists(out));
    return finished.err;
  };
  EXPECT_EQ(words_of("/nowhere/f.csv"), "/nowhere/f.csv: cannot be read: No such file or directory\n");
  const std::string bad = folder.file("bad.csv", "expiry,forward\n2026-06-19,none\n2026-12-18,0\n");
  EXPECT_EQ(words_of(bad), bad + ":2: forward is 'none', but must be a number above 0\n" + bad +
                               ":3: forward is '0', but must be a number above 0\n");
  const std::string other = folder.file("other.csv", "expiry,forward\n2027-06-18,100\n");
  EXPECT_EQ(words_of(other), chain + ": expiry of a supplied forward is 2027-06-18, but must be one of the file's\n");
}

// --- wrong usage ----------------------------------------------------------------------------------------------------

TEST(StrikenetCalibrateUsedWrongly, SaysAllThatIsWrongInOneRunAndReturnsTwo) {
  const TemporaryFolder folder;
  const std::string chain = folder.file("chain.csv", SmallChain().text()), out = (folder.path() / "fit").string();
  const Finished finished =
      run_strikenet({"calibrate", chain,        "--out",     out,     "--activation", "tanh",  "--loss",     "absolute",
                     "--as-of",   "2026-01-02", "--hygiene", "clean", "--format",     "excel", "--calendar", "always",
                     "--threads", "-2",         "--units",   "2",     "--smoothness", "-1",    "--rate",     "7"});
  EXPECT_EQ(finished.status, 2);
  EXPECT_EQ(finished.out, "");
  for (const char* words :
       {"--activation is 'tanh', but must be relu, quadratic or cubic\n",
        "--loss is 'absolute', but must be squared, huber, soft-l1 or cauchy\n",
        "--as-of is '2026-01-02', but must be an instant with its offset from UTC, like 2019-06-26T15:45-04:00\n",
        "--hygiene is 'clean', but must be strict or lenient\n",
        "--format is 'excel', but must be one that 'strikenet formats' lists\n",
        "--calendar is 'always', but must be enforce, report or off\n", "--threads is '-2', but must be at least 0\n",
        "units is 2, but must be 0 or 3 to 2000\n", "smoothness",
        "rate is 7, but must be from -1 to 1 (0.05 is 5 %)\n"})
    EXPECT_NE(finished.err.find(words), std::string::npos) << words << " is not in\n" << finished.err;
  EXPECT_EQ(std::ranges::count(finished.err, '\n'), 10) << finished.err;
  EXPECT_FALSE(fs::exists(out));
}

TEST(StrikenetCalibrateUsedWrongly, LeavesTheChainAlone) {
  const Finished finished = run_strikenet({"calibrate", "/nowhere/chain.csv", "--loss", "absolute"});
  EXPECT_EQ(finished.status, 2);
  EXPECT_EQ(finished.err, "--loss is 'absolute', but must be squared, huber, soft-l1 or cauchy\n");
}

TEST(StrikenetCalibrateUsedWrongly, SaysSoWhenThereIsNoChainOrNoNumber) {
  const Finished none = run_strikenet({"calibrate"});
  EXPECT_EQ(none.status, 2);
  EXPECT_EQ(none.err, "strikenet: chain is required; see strikenet --help\n");
  const Finished text = run_strikenet({"calibrate", "c.csv", "--units", "many"});
  EXPECT_EQ(text.status, 2);
  EXPECT_EQ(text.out, "");
  EXPECT_EQ(text.err, "strikenet: Could not convert: --units = many; see strikenet --help\n");
}

// --- output that cannot be written ----------------------------------------------------------------------------------

TEST(StrikenetCalibrateOutput, IsRefusedWhereItCannotBeWritten) {
  const TemporaryFolder folder;
  const std::string chain = folder.file("chain.csv", SmallChain().text()), file = folder.file("file", "mine");
  const auto words_of = [&](const std::string& out) {
    const Finished finished = run_strikenet({"calibrate", chain, "--out", out});
    EXPECT_EQ(finished.status, 3);
    EXPECT_EQ(finished.out, "");
    return finished.err;
  };
  EXPECT_EQ(words_of(file), file + ": is a file, but must be a directory\n");
  EXPECT_EQ(words_of(file + "/fit"), file + "/fit: cannot be made: Not a directory\n");
  const fs::path taken = folder.path() / "fit";
  fs::create_directories(taken / "quotes.csv");
  EXPECT_EQ(words_of(taken.string()), (taken / "quotes.csv").string() + ": is a directory, but must be a file\n");
  EXPECT_EQ(names_in(taken), std::set<std::string>{"quotes.csv"});
  EXPECT_EQ(text_of(file), "mine");
}

TEST(StrikenetCalibrateOutput, SaysThatStandardOutputCannotBeWritten) {
  if (!fs::exists("/dev/full")) GTEST_SKIP() << "no /dev/full here";
  const TemporaryFolder folder;
  const Finished finished = run_strikenet(
      {"calibrate", folder.file("chain.csv", SmallChain().text()), "--out", (folder.path() / "fit").string()},
      ">/dev/full");
  EXPECT_EQ(finished.status, 3);
  EXPECT_EQ(finished.err, "strikenet: standard output cannot be written\n");
}

// --- runs that are killed -------------------------------------------------------------------------------------------

/// Starts the command without a shell, so that a signal reaches it; `before` runs in the child.
template <class Before>
pid_t start(const Lines& arguments, Before before) {
  std::vector<char*> words = {const_cast<char*>(STRIKENET_COMMAND)};
  for (const std::string& argument : arguments)
    words.push_back(const_cast<char*>(argument.c_str()));
  words.push_back(nullptr);
  const pid_t child = fork();
  if (child != 0) return child;
  const int nowhere = open("/dev/null", O_RDWR);
  for (const int stream : {0, 1, 2})
    dup2(nowhere, stream);
  before();
  execv(words[0], words.data());
  _exit(127);
}

/// The signal that ended the child; 0 when it ended by itself.
int signal_of(pid_t child) {
  int ended = 0;
  waitpid(child, &ended, 0);
  return WIFSIGNALED(ended) ? WTERMSIG(ended) : 0;
}

/// A finished run on the bundled chain in a folder of its own, quick because its units sit at the strikes.
struct FinishedRun {
  FinishedRun() : out((folder.path() / "fit").string()) {
    const auto began = std::chrono::steady_clock::now();
    EXPECT_EQ(run_strikenet({"calibrate", kBundled, "--out", out, "--activation", "relu"}).status, 0);
    took = std::chrono::steady_clock::now() - began;
    surface = text_of(out + "/surface.json");
    quotes = text_of(out + "/quotes.csv");
  }

  TemporaryFolder folder;
  std::string out, surface, quotes;
  std::chrono::steady_clock::duration took;
};

pid_t start_again(const std::string& out) {
  return start({"calibrate", kBundled, "--out", out, "--activation", "relu"}, [] {});
}

/// Ended by the system as soon as any of its files is longer than `most` bytes.
pid_t start_with_limit(const std::string& out, std::size_t most, const std::string& activation) {
  return start({"calibrate", kBundled, "--out", out, "--activation", activation}, [most] {
    const rlimit limit{most, most}, no_core{0, 0};
    setrlimit(RLIMIT_FSIZE, &limit);
    setrlimit(RLIMIT_CORE, &no_core);
    std::signal(SIGXFSZ, SIG_DFL);
  });
}

TEST(StrikenetCalibrateKilled, LeavesNoHalfOfAFileWhenItDiesWhileWriting) {
  const FinishedRun whole;
  ASSERT_LT(whole.surface.size(), whole.quotes.size());
  for (const std::size_t most : {std::size_t{1}, whole.surface.size() / 2, whole.quotes.size() - 1}) {
    const TemporaryFolder folder;
    const std::string out = (folder.path() / "fit").string();
    EXPECT_EQ(signal_of(start_with_limit(out, most, "relu")), SIGXFSZ) << most;
    EXPECT_TRUE(std::filesystem::exists(out)) << "it died before it wrote";
    EXPECT_TRUE(names_in(out).empty()) << "the signal can be caught, so not even temporary files are left";
  }
}

TEST(StrikenetCalibrateKilled, LeavesTheOldFilesWholeWhenItDiesWhileWriting) {
  const FinishedRun before;
  EXPECT_EQ(signal_of(start_with_limit(before.out, before.quotes.size() / 2, "quadratic")), SIGXFSZ);
  EXPECT_EQ(text_of(before.out + "/surface.json"), before.surface);
  EXPECT_EQ(text_of(before.out + "/quotes.csv"), before.quotes);
}

TEST(StrikenetCalibrateKilled, LeavesWholeFilesOrNoneAtWhateverMomentItIsKilled) {
  const FinishedRun whole;
  int killed = 0;
  for (const int share : {5, 30, 50, 60, 70, 75, 80, 85, 90, 95, 100}) {  // per cent of the time that a run takes
    const TemporaryFolder folder;
    const std::string out = (folder.path() / "fit").string();
    const pid_t child = start_again(out);
    std::this_thread::sleep_for(whole.took * share / 100);
    kill(child, SIGKILL);
    killed += signal_of(child) == SIGKILL;
    if (fs::exists(out + "/surface.json")) {
      EXPECT_EQ(text_of(out + "/surface.json"), whole.surface) << share;
    }
    if (fs::exists(out + "/quotes.csv")) {
      EXPECT_EQ(text_of(out + "/quotes.csv"), whole.quotes) << share;
    }
    if (fs::exists(out + "/summary.json")) {
      EXPECT_TRUE(text_of(out + "/summary.json").ends_with("\n}\n")) << share;
    }
  }
  EXPECT_GT(killed, 0);
}

}  // namespace
}  // namespace strikenet
