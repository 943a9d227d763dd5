#include "io/text_file.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <streambuf>

namespace strikenet {
namespace {

namespace fs = std::filesystem;
using Lines = std::vector<std::string>;

Lines problems_of(const std::string& path) {
  const auto text = text_of_file(path);
  return text ? Lines{"no problem"} : text.problems().lines;
}

std::string temporary(const std::string& name) {
  return (fs::path(testing::TempDir()) / ("text_file_" + name + "." + std::to_string(getpid()))).string();
}

TEST(TextOf, IsEveryByteOfTheStream) {
  const std::string bytes(
      "a\0\r\n\xff\x1a"
      "b",
      7);
  std::istringstream stream(bytes);
  const auto text = text_of(stream, "x");
  ASSERT_TRUE(text);
  EXPECT_EQ(text.value(), bytes);
}

TEST(TextOf, IsEmptyForAnEmptyStream) {
  std::istringstream stream;
  const auto text = text_of(stream, "x");
  ASSERT_TRUE(text);
  EXPECT_EQ(text.value(), "");
}

/// Gives one byte, then fails as a broken disk does.
class BrokenBuffer : public std::streambuf {
  int_type underflow() override {
    if (given_) throw std::ios_base::failure("broken");
    given_ = true;
    setg(&byte_, &byte_, &byte_ + 1);
    return traits_type::to_int_type(byte_);
  }
  char byte_ = 'a';
  bool given_ = false;
};

TEST(TextOf, SaysThatAStreamBreaksOff) {
  BrokenBuffer buffer;
  std::istream stream(&buffer);
  const auto text = text_of(stream, "tape");
  ASSERT_FALSE(text);
  EXPECT_EQ(text.problems().lines, Lines{"tape: cannot be read"});
}

TEST(TextOfFile, IsEveryByteOfTheFile) {
  const std::string path = temporary("whole"), bytes = std::string(300'000, 'x') + std::string("\0\r\n", 3);
  std::ofstream(path, std::ios::binary) << bytes;
  const auto text = text_of_file(path);
  fs::remove(path);
  ASSERT_TRUE(text);
  EXPECT_EQ(text.value(), bytes);
}

TEST(TextOfFile, NamesWhatIsNoFile) {
  EXPECT_EQ(problems_of("/nowhere/at/all.csv"),
            Lines{"/nowhere/at/all.csv: cannot be read: No such file or directory"});
  EXPECT_EQ(problems_of("/dev"), Lines{"/dev: is a directory, but must be a file"});
  EXPECT_EQ(problems_of(""), Lines{": cannot be read: No such file or directory"});
  EXPECT_EQ(problems_of("/dev/null/x"), Lines{"/dev/null/x: cannot be read: Not a directory"});
}

TEST(TextOfFile, NamesAFileThatOpensButDoesNotRead) {
  if (!fs::exists("/proc/self/mem")) GTEST_SKIP() << "no /proc here";
  EXPECT_EQ(problems_of("/proc/self/mem"), Lines{"/proc/self/mem: cannot be read"});
}

TEST(TextOfFile, NamesAFileThatMustNotBeRead) {
  if (geteuid() == 0) GTEST_SKIP() << "root may read everything";
  const std::string path = temporary("secret");
  std::ofstream(path) << "x";
  fs::permissions(path, fs::perms::none);
  EXPECT_EQ(problems_of(path), Lines{path + ": cannot be read: Permission denied"});
  fs::remove(path);
}

TEST(FileProblem, IsOneLine) { EXPECT_EQ(file_problem("a.csv", "is odd").lines, Lines{"a.csv: is odd"}); }

}  // namespace
}  // namespace strikenet
