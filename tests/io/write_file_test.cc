#include "strikenet/io/write_file.h"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>

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
