#include "strikenet/io/write_file.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <thread>

namespace strikenet {
namespace {

namespace fs = std::filesystem;
using Lines = std::vector<std::string>;

class WriteFiles : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::path(testing::TempDir()) /
              ("write_files_" + std::string(testing::UnitTest::GetInstance()->current_test_info()->name()) + "." +
               std::to_string(getpid()));
    fs::create_directories(folder_);
  }
  void TearDown() override {
    fs::permissions(folder_, fs::perms::owner_all);
    fs::remove_all(folder_);
  }

  std::string path(const std::string& name) const { return (folder_ / name).string(); }
  std::string read(const std::string& name) const {
    std::ifstream file(folder_ / name, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  }
  /// Hidden ones too, so that a temporary file left behind is seen.
  std::vector<std::string> names() const {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(folder_))
      names.push_back(entry.path().filename().string());
    std::sort(names.begin(), names.end());
    return names;
  }

  fs::path folder_;
};

TEST_F(WriteFiles, WritesEveryFileAndReturnsTheirPaths) {
  const std::string zeros("a\0b\r\n", 5);
  const auto written = write_files(folder_.string(), {{"b.txt", zeros}, {"a.txt", ""}});
  ASSERT_TRUE(written) << written.problems().lines.front();
  EXPECT_EQ(written.value(), (Lines{path("b.txt"), path("a.txt")}));
  EXPECT_EQ(read("b.txt"), zeros);
  EXPECT_EQ(names(), (Lines{"a.txt", "b.txt"}));
}

TEST_F(WriteFiles, WritesOneByItsPath) {
  const auto written = write_file(path("new/one.txt"), "text\n");
  ASSERT_TRUE(written);
  EXPECT_EQ(written.value(), path("new/one.txt"));
  EXPECT_EQ(read("new/one.txt"), "text\n");
  EXPECT_THROW(static_cast<void>(write_file(path("new/"), "text")), PreconditionError);  // names no file
  EXPECT_EQ(write_file(path("new/one.txt/two.txt"), "").problems().lines.size(), 1U);
}

TEST_F(WriteFiles, MakesTheDirectoryAndItsParents) {
  const auto written = write_files(path("x/y/z"), {{"a.txt", "1"}});
  ASSERT_TRUE(written) << written.problems().lines.front();
  EXPECT_EQ(read("x/y/z/a.txt"), "1");
}

TEST_F(WriteFiles, ReplacesWhatIsThere) {
  ASSERT_TRUE(write_files(folder_.string(), {{"a.txt", "old and longer"}}));
  ASSERT_TRUE(write_files(folder_.string(), {{"a.txt", "new"}}));
  EXPECT_EQ(read("a.txt"), "new");
  EXPECT_EQ(names(), Lines{"a.txt"});
}

TEST_F(WriteFiles, TakesAnEmptyDirectoryForTheCurrentOne) {
  const fs::path before = fs::current_path();
  fs::current_path(folder_);
  const auto written = write_files("", {{"a.txt", "1"}});
  fs::current_path(before);
  ASSERT_TRUE(written) << written.problems().lines.front();
  EXPECT_EQ(written.value(), Lines{"a.txt"});
  EXPECT_EQ(read("a.txt"), "1");
}

TEST_F(WriteFiles, RefusesADirectoryThatIsAFile) {
  std::ofstream(folder_ / "file") << "kept";
  EXPECT_EQ(write_files(path("file"), {{"a.txt", "1"}}).problems().lines,
            (Lines{path("file") + ": is a file, but must be a directory"}));
  EXPECT_EQ(write_files(path("file/below"), {{"a.txt", "1"}}).problems().lines,
            (Lines{path("file/below") + ": cannot be made: Not a directory"}));
  EXPECT_EQ(read("file"), "kept");
}

TEST_F(WriteFiles, SaysThatADirectoryTakesNoFiles) {
  if (!fs::is_directory("/proc/self")) GTEST_SKIP() << "no /proc here";
  const auto written = write_files("/proc/self", {{"a.txt", "1"}, {"b.txt", "2"}});  // not even the superuser may
  ASSERT_FALSE(written);
  ASSERT_EQ(written.problems().lines.size(), 2U);
  EXPECT_EQ(written.problems().lines[1].find("/proc/self/b.txt: cannot be written: "), 0U)
      << written.problems().lines[1];
}

TEST_F(WriteFiles, WritesNothingIntoADirectoryItMayNotWrite) {
  if (geteuid() == 0) GTEST_SKIP() << "the superuser may write everywhere";
  std::ofstream(folder_ / "a.txt") << "old";
  fs::permissions(folder_, fs::perms::owner_read | fs::perms::owner_exec);
  EXPECT_EQ(write_files(folder_.string(), {{"a.txt", "new"}}).problems().lines,
            (Lines{path("a.txt") + ": cannot be written: Permission denied"}));
  EXPECT_EQ(read("a.txt"), "old");
}

TEST_F(WriteFiles, KeepsEveryOldFileWholeWhenOneCannotBeWritten) {
  std::ofstream(folder_ / "a.txt") << "old a";
  std::ofstream(folder_ / "c.txt") << "old c";
  const std::string long_name(300, 'x');
  const auto written = write_files(folder_.string(), {{"a.txt", "new a"}, {long_name, "1"}, {"c.txt", "new c"}});
  ASSERT_FALSE(written);
  EXPECT_EQ(written.problems().lines, (Lines{path(long_name) + ": cannot be written: File name too long"}));
  EXPECT_EQ(read("a.txt"), "old a");
  EXPECT_EQ(read("c.txt"), "old c");
  EXPECT_EQ(names(), (Lines{"a.txt", "c.txt"}));
}

TEST_F(WriteFiles, RefusesToReplaceADirectory) {
  std::ofstream(folder_ / "a.txt") << "old";
  fs::create_directory(folder_ / "b.txt");
  EXPECT_EQ(write_files(folder_.string(), {{"a.txt", "new"}, {"b.txt", "1"}}).problems().lines,
            (Lines{path("b.txt") + ": is a directory, but must be a file"}));
  EXPECT_EQ(read("a.txt"), "old");
  EXPECT_EQ(names(), (Lines{"a.txt", "b.txt"}));
}

/// As a full disk does, lets files grow to `bytes` and no further.
class FileSizeLimit {
 public:
  explicit FileSizeLimit(rlim_t bytes) {
    previous_handler_ = std::signal(SIGXFSZ, SIG_IGN);
    getrlimit(RLIMIT_FSIZE, &previous_);
    const rlimit limit{bytes, previous_.rlim_max};
    setrlimit(RLIMIT_FSIZE, &limit);
  }
  FileSizeLimit(const FileSizeLimit&) = delete;
  FileSizeLimit& operator=(const FileSizeLimit&) = delete;
  ~FileSizeLimit() {
    setrlimit(RLIMIT_FSIZE, &previous_);
    std::signal(SIGXFSZ, previous_handler_);
  }

 private:
  rlimit previous_ = {};
  void (*previous_handler_)(int) = nullptr;
};

TEST_F(WriteFiles, LeavesNoHalfFileWhenSpaceRunsOut) {
  std::ofstream(folder_ / "a.txt") << "old";
  const auto written = [&] {
    const FileSizeLimit limit(5000);
    return write_files(folder_.string(), {{"a.txt", "new"}, {"b.txt", std::string(100'000, 'x')}});
  }();
  ASSERT_FALSE(written);
  EXPECT_EQ(written.problems().lines, (Lines{path("b.txt") + ": cannot be written: File too large"}));
  EXPECT_EQ(read("a.txt"), "old");
  EXPECT_EQ(names(), Lines{"a.txt"});
}

// --- what is there keeps what it is ----------------------------------------------------------------------------------

mode_t mode_of(const std::string& path) {
  struct stat there = {};
  EXPECT_EQ(stat(path.c_str(), &there), 0) << path;
  return there.st_mode & 07777;
}

TEST_F(WriteFiles, KeepsTheModeOfAFileThatIsThere) {
  for (const mode_t mode : {0640, 0600, 0664, 0755, 04750}) {
    std::ofstream(folder_ / "a.txt") << "old";
    ASSERT_EQ(chmod(path("a.txt").c_str(), mode), 0);
    ASSERT_TRUE(write_file(path("a.txt"), "new"));
    EXPECT_EQ(mode_of(path("a.txt")), mode);
    EXPECT_EQ(read("a.txt"), "new");
  }
}

TEST_F(WriteFiles, GivesANewFileTheModeThatTheUmaskLeaves) {
  for (const auto& [mask, mode] : {std::pair<mode_t, mode_t>{022, 0644}, {077, 0600}, {002, 0664}}) {
    const mode_t before = umask(mask);
    const bool written = static_cast<bool>(write_file(path("a.txt"), "new"));
    umask(before);
    EXPECT_TRUE(written);
    EXPECT_EQ(mode_of(path("a.txt")), mode);
    fs::remove(path("a.txt"));
  }
}

TEST_F(WriteFiles, KeepsTheOwnerWhereItMay) {
  if (geteuid() != 0) GTEST_SKIP() << "only the superuser gives files away";
  std::ofstream(folder_ / "a.txt") << "old";
  ASSERT_EQ(chown(path("a.txt").c_str(), 12, 34), 0);
  ASSERT_TRUE(write_file(path("a.txt"), "new"));
  struct stat there = {};
  ASSERT_EQ(stat(path("a.txt").c_str(), &there), 0);
  EXPECT_EQ(there.st_uid, 12U);
  EXPECT_EQ(there.st_gid, 34U);
}

TEST_F(WriteFiles, LeavesAFileThatMayNotBeWritten) {
  if (geteuid() == 0) GTEST_SKIP() << "the superuser may write everything";
  std::ofstream(folder_ / "a.txt") << "old";
  fs::permissions(folder_ / "a.txt", fs::perms::owner_read);
  EXPECT_EQ(write_file(path("a.txt"), "new").problems().lines,
            (Lines{path("a.txt") + ": cannot be written: Permission denied"}));
  EXPECT_EQ(read("a.txt"), "old");
}

TEST_F(WriteFiles, WritesWhatALinkLeadsToAndKeepsTheLink) {
  fs::create_directory(folder_ / "other");
  std::ofstream(folder_ / "other/a.txt") << "old";
  ASSERT_EQ(chmod(path("other/a.txt").c_str(), 0640), 0);
  fs::create_symlink("other/a.txt", folder_ / "near");
  fs::create_symlink(path("near"), folder_ / "far");  // whole, and to a link
  ASSERT_TRUE(write_file(path("far"), "new"));
  EXPECT_TRUE(fs::is_symlink(folder_ / "far"));
  EXPECT_TRUE(fs::is_symlink(folder_ / "near"));
  EXPECT_FALSE(fs::is_symlink(folder_ / "other/a.txt"));
  EXPECT_EQ(read("other/a.txt"), "new");
  EXPECT_EQ(mode_of(path("other/a.txt")), 0640U);
  EXPECT_EQ(names(), (Lines{"far", "near", "other"}));
}

TEST_F(WriteFiles, MakesTheFileThatADanglingLinkLeadsTo) {
  fs::create_symlink("made.txt", folder_ / "link");
  ASSERT_TRUE(write_file(path("link"), "new"));
  EXPECT_TRUE(fs::is_symlink(folder_ / "link"));
  EXPECT_EQ(read("made.txt"), "new");
  fs::create_symlink("nowhere/made.txt", folder_ / "lost");
  EXPECT_EQ(write_file(path("lost"), "new").problems().lines,
            (Lines{path("lost") + ": cannot be written: No such file or directory"}));
}

TEST_F(WriteFiles, RefusesALinkThatLeadsInACircleOrToADirectory) {
  fs::create_symlink("b", folder_ / "a");
  fs::create_symlink("a", folder_ / "b");
  EXPECT_EQ(write_file(path("a"), "new").problems().lines,
            (Lines{path("a") + ": cannot be written: Too many levels of symbolic links"}));
  fs::create_directory(folder_ / "d");
  fs::create_symlink("d", folder_ / "to_d");
  EXPECT_EQ(write_file(path("to_d"), "new").problems().lines,
            (Lines{path("to_d") + ": is a directory, but must be a file"}));
  EXPECT_EQ(names(), (Lines{"a", "b", "d", "to_d"}));
}

TEST_F(WriteFiles, WritesToDevicesAndNeverReplacesThem) {
  ASSERT_TRUE(write_file("/dev/null", "text"));
  fs::create_symlink("/dev/null", folder_ / "link");
  ASSERT_TRUE(write_file(path("link"), "text"));
  struct stat there = {};
  ASSERT_EQ(stat("/dev/null", &there), 0);
  EXPECT_TRUE(S_ISCHR(there.st_mode));
  EXPECT_EQ(names(), Lines{"link"});
}

TEST_F(WriteFiles, SaysThatADeviceIsFull) {
  if (!fs::exists("/dev/full")) GTEST_SKIP() << "no /dev/full here";
  std::ofstream(folder_ / "a.txt") << "old";
  fs::create_symlink("/dev/full", folder_ / "full");
  EXPECT_EQ(write_file("/dev/full", "text").problems().lines,
            (Lines{"/dev/full: cannot be written: No space left on device"}));
  EXPECT_EQ(write_files(folder_.string(), {{"a.txt", "new"}, {"full", "text"}}).problems().lines,
            (Lines{path("full") + ": cannot be written: No space left on device"}));
  EXPECT_EQ(read("a.txt"), "old");
  EXPECT_EQ(names(), (Lines{"a.txt", "full"}));
}

TEST_F(WriteFiles, WritesAllOfALongTextIntoAFifo) {
  ASSERT_EQ(mkfifo(path("fifo").c_str(), 0600), 0);
  const std::string text(300'000, 'x');  // more than a pipe holds
  std::string got;
  std::thread reader([&] { got = read("fifo"); });
  const auto written = write_file(path("fifo"), text);
  reader.join();
  ASSERT_TRUE(written) << written.problems().lines.front();
  EXPECT_EQ(got, text);
  EXPECT_TRUE(fs::is_fifo(folder_ / "fifo"));
  EXPECT_EQ(names(), Lines{"fifo"});
}

TEST_F(WriteFiles, AppendsToADescriptorWhereItStands) {
  const int file = open(path("log").c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
  ASSERT_GE(file, 0);
  ASSERT_EQ(::write(file, "before ", 7), 7);
  const std::string number = std::to_string(file);
  ASSERT_TRUE(write_file("/dev/fd/" + number, "one "));
  ASSERT_TRUE(write_file("/proc/self/fd/" + number, "two"));
  fs::create_symlink("/dev/fd/" + number, folder_ / "link");
  ASSERT_TRUE(write_file(path("link"), " three"));
  close(file);
  EXPECT_EQ(read("log"), "before one two three");
  EXPECT_EQ(write_file("/dev/fd/" + number, "").problems().lines.size(), 1U);  // which is closed by now
}

// --- temporary files -------------------------------------------------------------------------------------------------

TEST_F(WriteFiles, WritesNamesAsLongAsTheSystemTakes) {
  const std::string name(255, 'x');
  ASSERT_TRUE(write_file(path(name), "text"));
  EXPECT_EQ(read(name), "text");
}

TEST_F(WriteFiles, RemovesWhatAKilledRunHasLeftAndNothingElse) {
  for (const char* const name : {".strikenet.abcDE1.tmp", ".strikenet.abcDE2.tmp", ".strikenet.abcDE.tmp",
                                 ".strikenet.abc-E1.tmp", "strikenet.abcDE1.tmp", ".strikenet.abcDE1.tmp2"})
    std::ofstream(folder_ / name) << "left";
  fs::create_directory(folder_ / ".strikenet.abcDE3.tmp");
  fs::create_symlink(".strikenet.abcDE.tmp", folder_ / ".strikenet.abcDE4.tmp");
  const int in_use = open(path(".strikenet.abcDE2.tmp").c_str(), O_WRONLY);
  ASSERT_EQ(flock(in_use, LOCK_EX), 0);  // as of a writer that lives
  ASSERT_TRUE(write_file(path("a.txt"), "1"));
  EXPECT_EQ(names(),
            (Lines{".strikenet.abc-E1.tmp", ".strikenet.abcDE.tmp", ".strikenet.abcDE1.tmp2", ".strikenet.abcDE2.tmp",
                   ".strikenet.abcDE3.tmp", ".strikenet.abcDE4.tmp", "a.txt", "strikenet.abcDE1.tmp"}));
  close(in_use);
}

TEST_F(WriteFiles, DoesNotFollowALinkThatWaitsUnderATemporaryName) {
  std::ofstream(folder_ / "victim") << "kept";
  fs::create_symlink("victim", folder_ / (".a.txt." + std::to_string(getpid()) + ".tmp"));
  ASSERT_TRUE(write_file(path("a.txt"), "new"));
  EXPECT_EQ(read("victim"), "kept");
}

TEST_F(WriteFiles, TakesTemporariesAwayWhenToldTo) {
  ASSERT_EQ(mkfifo(path("fifo").c_str(), 0600), 0);
  TemporaryFiles temporaries;
  Result<std::vector<std::string>> written = Problems{};
  std::thread writer([&] {
    written = write_files(folder_.string(), {{"a.txt", "1"}, {"fifo", "2"}, {"b.txt", "3"}}, {{}, &temporaries});
  });
  while (names().size() < 3)  // both temporaries, and the writer waits for somebody to read
    std::this_thread::yield();
  temporaries.remove();
  EXPECT_EQ(names(), Lines{"fifo"});
  EXPECT_EQ(read("fifo"), "2");
  writer.join();
  ASSERT_FALSE(written);
  EXPECT_EQ(written.problems().lines, (Lines{path("a.txt") + ": cannot be replaced: No such file or directory"}));
  EXPECT_EQ(names(), Lines{"fifo"});
}

TEST_F(WriteFiles, SaysWhatHadBeenReplacedWhenARenameFails) {
  ASSERT_EQ(mkfifo(path("fifo").c_str(), 0600), 0);
  Result<std::vector<std::string>> written = Problems{};
  std::thread writer([&] { written = write_files(folder_.string(), {{"a.txt", "1"}, {"b.txt", "3"}, {"fifo", "2"}}); });
  while (names().size() < 3)
    std::this_thread::yield();
  fs::create_directory(folder_ / "b.txt");  // since it was looked at
  EXPECT_EQ(read("fifo"), "2");
  writer.join();
  ASSERT_FALSE(written);
  EXPECT_EQ(written.problems().lines,
            (Lines{path("b.txt") + ": cannot be replaced: Is a directory", "replaced before that: " + path("a.txt")}));
  EXPECT_EQ(read("a.txt"), "1");
}

TEST_F(WriteFiles, RemovesWhatIsToGoWhenTheOthersAreInPlace) {
  std::ofstream(folder_ / "old") << "x";
  std::ofstream(folder_ / "mine") << "x";
  ASSERT_TRUE(write_files(folder_.string(), {{"a.txt", "1"}}, {{"old", "not there"}}));
  EXPECT_EQ(names(), (Lines{"a.txt", "mine"}));
  EXPECT_THROW(static_cast<void>(write_files(folder_.string(), {{"a.txt", "1"}}, {{"a.txt"}})), PreconditionError);
  EXPECT_THROW(static_cast<void>(write_files(folder_.string(), {{"a.txt", "1"}}, {{"../b"}})), PreconditionError);
}

TEST_F(WriteFiles, NeverMixesTwoWritersOfOneDirectory) {
  const auto all = [&](char text) {
    std::vector<OutputFile> files;
    for (const char* const name : {"a", "b", "c", "d"})
      files.push_back({name, std::string(20'000, text)});
    return write_files(folder_.string(), files);
  };
  for (int round = 0; round < 40; ++round) {
    std::thread first([&] { EXPECT_TRUE(all('1')); }), second([&] { EXPECT_TRUE(all('2')); });
    first.join();
    second.join();
    const std::string a = read("a");
    ASSERT_EQ(a, std::string(20'000, a.at(0)));
    for (const char* const name : {"b", "c", "d"})
      ASSERT_EQ(read(name), a) << round;
    ASSERT_EQ(names(), (Lines{"a", "b", "c", "d"}));
  }
}

TEST_F(WriteFiles, DoesNotWaitForEverForSomebodyElsesLock) {
  const int held = open(folder_.c_str(), O_RDONLY | O_DIRECTORY);
  ASSERT_EQ(flock(held, LOCK_EX), 0);
  EXPECT_TRUE(write_file(path("a"), "1"));  // of one file there is no mixture: it does not wait at all
  EXPECT_TRUE(write_files(folder_.string(), {{"a", "2"}, {"b", "2"}}));
  close(held);
}

TEST_F(WriteFiles, RefusesNamesThatLeadElsewhere) {
  const auto error_of = [&](const std::vector<OutputFile>& files) -> std::string {
    try {
      const auto written = write_files(folder_.string(), files);
      return written ? "written" : "problem";
    } catch (const PreconditionError& error) {
      return error.what();
    }
  };
  EXPECT_EQ(error_of({{"../a", ""}}), "write_files: name is '../a', but must name a file within the directory");
  EXPECT_EQ(error_of({{"", ""}}), "write_files: name is '', but must name a file within the directory");
  EXPECT_EQ(error_of({{"a", ""}, {"a", ""}}), "write_files: name is 'a' twice, but names must differ");
  EXPECT_TRUE(names().empty());
}

}  // namespace
}  // namespace strikenet
