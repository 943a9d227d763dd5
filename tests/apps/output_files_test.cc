// What the command leaves on the disk when it is ended, when another writes the same files, and when its outputs are
// no files.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <random>
#include <thread>

#include "apps/run_command.h"
#include "apps/small_chain.h"

namespace strikenet {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using testing_support::Finished;
using testing_support::run_strikenet;
using testing_support::SmallChain;
using testing_support::TemporaryFolder;
using testing_support::text_of;

/// The command while it runs, its output thrown away.
class Running {
 public:
  explicit Running(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), STRIKENET_COMMAND);
    std::vector<char*> words;
    for (std::string& argument : arguments)
      words.push_back(argument.data());
    words.push_back(nullptr);
    process_ = fork();
    if (process_ != 0) return;
    const int nowhere = open("/dev/null", O_RDWR);
    for (const int standard : {0, 1, 2})
      dup2(nowhere, standard);
    execv(words[0], words.data());
    _exit(127);
  }
  Running(const Running&) = delete;
  Running& operator=(const Running&) = delete;

  void send(int signal) const { kill(process_, signal); }
  /// As waitpid says it.
  int wait() const {
    int ended = 0;
    waitpid(process_, &ended, 0);
    return ended;
  }

 private:
  pid_t process_;
};

class OutputFiles : public testing::Test {
 protected:
  std::string path(const std::string& name) const { return (folder_.path() / name).string(); }
  std::string fit(const std::string& name) const { return path("fit/" + name); }
  std::vector<std::string> names() const {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(path("fit")))
      names.push_back(entry.path().filename().string());
    std::ranges::sort(names);
    return names;
  }
  std::size_t temporaries() const {
    return static_cast<std::size_t>(
        std::ranges::count_if(names(), [](const std::string& name) { return name.starts_with(".strikenet."); }));
  }
  std::vector<std::string> calibrate(const std::string& chain) const {
    return {"calibrate", chain, "--out", path("fit"), "--quiet", "--threads", "1"};
  }
  /// All that a calibration says but the seconds.
  std::vector<std::string> texts() const { return {text_of(fit("surface.json")), text_of(fit("quotes.csv"))}; }
  static std::string run_in(const std::string& text) {
    const std::size_t at = text.find("\"run\":");
    return at == std::string::npos ? "" : text.substr(text.find('"', at + 6) + 1, 36);
  }
  /// Of surface.json, quotes.csv, summary.json and report.html.
  std::vector<std::string> runs() const {
    const std::string quotes = text_of(fit("quotes.csv"));
    return {run_in(text_of(fit("surface.json"))), quotes.size() < 37 ? "" : quotes.substr(quotes.size() - 37, 36),
            run_in(text_of(fit("summary.json"))), run_in(text_of(fit("report.html")))};
  }
  bool is_of_one_run() const {
    const auto all = runs();
    return all[0].size() == 36 && std::ranges::count(all, all[0]) == 4;
  }

  TemporaryFolder folder_;
  std::string one_ = folder_.file("one.csv", SmallChain(0.25, 0.25).text()),
              other_ = folder_.file("other.csv", SmallChain(0.2, 0.22).text());
};

TEST_F(OutputFiles, AreTheOldFourOrTheNewFourOrRefusedAfterAKill) {
  fs::create_directory(path("fit"));
  folder_.file("fit/notes.txt", "mine");
  ASSERT_EQ(Running(calibrate(one_)).wait(), 0);
  ASSERT_TRUE(is_of_one_run());
  const auto start = std::chrono::steady_clock::now();
  ASSERT_EQ(Running(calibrate(other_)).wait(), 0);
  const auto takes = std::chrono::steady_clock::now() - start;
  std::mt19937 random(11);
  int mixed = 0, killed = 0;
  for (int round = 0; round < 40; ++round) {
    const Running running(calibrate(round % 2 == 0 ? one_ : other_));
    std::this_thread::sleep_for(takes * std::uniform_real_distribution(0.3, 1.1)(random));
    running.send(SIGKILL);
    killed += WIFSIGNALED(running.wait());
    if (is_of_one_run()) continue;
    ++mixed;
    EXPECT_EQ(run_strikenet({"check", fit("surface.json")}).status, 3);
    EXPECT_EQ(run_strikenet({"report", path("fit")}).status, 3);
  }
  std::cout << killed << " of 40 runs were killed, " << mixed << " left files of two\n";
  ASSERT_EQ(Running(calibrate(one_)).wait(), 0);
  EXPECT_EQ(names(),
            (std::vector<std::string>{"notes.txt", "quotes.csv", "report.html", "summary.json", "surface.json"}));
  EXPECT_EQ(text_of(fit("notes.txt")), "mine");
}

TEST_F(OutputFiles, AreOfOneRunWhenTwoWriteThemAtOnce) {
  for (int round = 0; round < 10; ++round) {
    const Running first(calibrate(one_)), second(calibrate(other_));
    EXPECT_EQ(first.wait(), 0);
    EXPECT_EQ(second.wait(), 0);
    ASSERT_TRUE(is_of_one_run()) << round;
    ASSERT_EQ(temporaries(), 0U);
  }
  EXPECT_EQ(run_strikenet({"check", fit("surface.json")}).status, 0);
}

TEST_F(OutputFiles, AreNeverMixedOfTwoWritersOfOneName) {
  const std::string expected[] = {run_strikenet({"convert", one_, "--to", "csv"}).out,
                                  run_strikenet({"convert", other_, "--to", "csv"}).out};
  fs::create_directory(path("fit"));
  for (int round = 0; round < 40; ++round) {
    const Running first({"convert", one_, "--to", "csv", "--out", fit("a.csv")}),
        second({"convert", other_, "--to", "csv", "--out", fit("a.csv")});
    EXPECT_EQ(first.wait(), 0);
    EXPECT_EQ(second.wait(), 0);
    const std::string text = text_of(fit("a.csv"));
    ASSERT_TRUE(text == expected[0] || text == expected[1]) << round;
    ASSERT_EQ(names(), std::vector<std::string>{"a.csv"});
  }
}

TEST_F(OutputFiles, LeaveNoTemporariesWhenTheCommandIsToldToEnd) {
  ASSERT_EQ(Running(calibrate(one_)).wait(), 0);
  const auto before = texts();
  fs::remove(fit("summary.json"));
  ASSERT_EQ(mkfifo(fit("summary.json").c_str(), 0600), 0);  // nobody reads: the command waits there, temporaries made
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
    const Running running(calibrate(other_));
    for (int i = 0; i < 3000 && temporaries() < 3; ++i)
      std::this_thread::sleep_for(10ms);
    EXPECT_EQ(temporaries(), 3U);
    running.send(signal);
    const int ended = running.wait();
    EXPECT_TRUE(WIFSIGNALED(ended) && WTERMSIG(ended) == signal) << ended;
    EXPECT_EQ(temporaries(), 0U);
    EXPECT_EQ(texts(), before);
  }
}

TEST_F(OutputFiles, OfADevicePassThroughIt) {
  for (const char* const device : {"/dev/null", "/dev/full", "/dev/stdout"}) {
    const Finished finished = run_strikenet({"convert", one_, "--to", "csv", "--out", device});
    EXPECT_EQ(finished.status, std::string(device) == "/dev/full" ? 3 : 0) << device;
    EXPECT_EQ(finished.err,
              std::string(device) == "/dev/full" ? "/dev/full: cannot be written: No space left on device\n" : "");
    EXPECT_EQ(finished.out,
              std::string(device) == "/dev/stdout" ? run_strikenet({"convert", one_, "--to", "csv"}).out : "");
    EXPECT_FALSE(fs::is_regular_file(fs::symlink_status(device)));
  }
}

TEST_F(OutputFiles, GetNothingOfWhatIsPrintedWhenAStandardStreamIsClosed) {
  const std::string expected = run_strikenet({"convert", one_, "--to", "csv"}).out;
  for (const char* const closed : {">&-", "2>&-", "<&-", "<&- >&- 2>&-"}) {
    EXPECT_EQ(run_strikenet({"convert", one_, "--to", "csv", "--out", path("a.csv")}, closed).status, 0) << closed;
    EXPECT_EQ(text_of(path("a.csv")), expected) << closed;
    fs::remove(path("a.csv"));
  }
  for (const char* const word : {"formats", "--help", "--version"})
    for (const char* const lost : {">&-", ">/dev/full"})
      EXPECT_EQ(run_strikenet({word}, lost).status, 3) << word << lost;
}

TEST_F(OutputFiles, TakeTheOldPageAwayWhenTheyComeWithoutOne) {
  ASSERT_EQ(Running(calibrate(one_)).wait(), 0);
  if (!fs::exists(fit("report.html"))) GTEST_SKIP() << "report.html is left out of this build";
  auto without = calibrate(other_);
  without.push_back("--no-report");
  ASSERT_EQ(Running(without).wait(), 0);
  EXPECT_FALSE(fs::exists(fit("report.html")));
  folder_.file("fit/report.html", "<html>mine</html>");
  ASSERT_EQ(Running(without).wait(), 0);
  EXPECT_EQ(text_of(fit("report.html")), "<html>mine</html>");
  EXPECT_EQ(run_strikenet({"check", fit("surface.json")}).status, 0);
}

TEST_F(OutputFiles, OfTwoRunsAreRefusedByReportAndCheck) {
  ASSERT_EQ(Running(calibrate(one_)).wait(), 0);
  fs::rename(fit("quotes.csv"), path("old.csv"));
  ASSERT_EQ(Running(calibrate(other_)).wait(), 0);
  fs::rename(path("old.csv"), fit("quotes.csv"));
  for (const Finished& finished :
       {run_strikenet({"report", path("fit")}), run_strikenet({"check", fit("surface.json")})}) {
    EXPECT_EQ(finished.status, 3);
    EXPECT_EQ(finished.err, fit("quotes.csv") + ": run is '" + runs()[1] + "', but must be '" + runs()[0] +
                                "', as in " + fit("surface.json") + ": they are files of two calibrations\n");
  }
  fs::copy(fit("surface.json"), path("surface.json"));
  EXPECT_EQ(run_strikenet({"check", path("surface.json")}).status, 0);  // by itself it is whole
  fs::copy(fit("surface.json"), fit("kept.json"));
  EXPECT_EQ(run_strikenet({"check", fit("kept.json")}).status, 0);
}

TEST_F(OutputFiles, Of01AreProvedAsBefore) {
  const Finished finished =
      run_strikenet({"check", std::string(STRIKENET_SOURCE_DIR) + "/tests/files_of_0.1/surface.json"});
  EXPECT_EQ(finished.status, 0) << finished.err;
  EXPECT_NE(finished.out.find("36 in rational arithmetic"), std::string::npos) << finished.out;
}

}  // namespace
}  // namespace strikenet
