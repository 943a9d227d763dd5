#include "io/text_file.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <streambuf>
#include <string>
#include <vector>

#include "support/packed.h"

namespace strikenet {
namespace {

namespace fs = std::filesystem;
using Lines = std::vector<std::string>;
using testing_support::packed;

Lines problems_of(const std::string& path) {
  const auto text = text_of_file(path);
  return text ? Lines{"no problem"} : text.problems().lines;
}

std::string temporary(const std::string& name) {
  return (fs::path(testing::TempDir()) / ("text_file_" + name + "." + std::to_string(getpid()))).string();
}

Lines problems_in(const std::string& bytes) {
  std::istringstream stream(bytes);
  const auto text = text_of(stream, "x");
  return text ? Lines{"no problem"} : text.problems().lines;
}

std::string text_in(const std::string& bytes) {
  std::istringstream stream(bytes);
  const auto text = text_of(stream, "x");
  return text ? text.value() : "problem: " + text.problems().lines.front();
}

TEST(TextOf, IsEveryByteOfTheStream) {
  const std::string text = "a\x01\r\n\x1a\x7f \xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80 b";  // of one to four bytes a letter
  EXPECT_EQ(text_in(text), text);
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
  const std::string path = temporary("whole"), bytes = std::string(300'000, 'x') + "\r\n";
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
  EXPECT_EQ(problems_of("/proc/self/mem"), Lines{"/proc/self/mem: cannot be read: Input/output error"});
}

TEST(TextOfFile, NamesAFileThatMustNotBeRead) {
  if (geteuid() == 0) GTEST_SKIP() << "root may read everything";
  const std::string path = temporary("secret");
  std::ofstream(path) << "x";
  fs::permissions(path, fs::perms::none);
  EXPECT_EQ(problems_of(path), Lines{path + ": cannot be read: Permission denied"});
  fs::remove(path);
}

// --- encodings -------------------------------------------------------------------------------------------------------

TEST(TextOf, SaysThatAFileIsUtf16) {
  EXPECT_EQ(problems_in(std::string("\xFF\xFE"
                                    "a\0,\0",
                                    6)),
            Lines{"x: file is UTF-16, but must be UTF-8"});
  EXPECT_EQ(problems_in(std::string("\xFE\xFF\0a", 4)), Lines{"x: file is UTF-16, but must be UTF-8"});
}

TEST(TextOf, NamesTheLineThatIsNotUtf8) {
  const std::string lines = "one\ntwo\n";
  EXPECT_EQ(problems_in(lines + "caf\xE9;x"), Lines{"x:3: text is '\\xe9;x', but must be UTF-8 without bytes 0"});
  EXPECT_EQ(problems_in(lines + std::string("\0 after it", 10)),
            Lines{"x:3: text is '\\x00 after ', but must be UTF-8 without bytes 0"});
  for (const char* bad : {"\xC3", "\xC0\xAF", "\xE2\x82", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\x80", "\xFF"})
    for (std::size_t before = 0; before < 17; ++before)  // wherever it stands among eight bytes
      EXPECT_NE(problems_in(std::string(before, 'a') + bad + "aaaaaaaaa"), Lines{"no problem"}) << before;
}

// --- gzip ------------------------------------------------------------------------------------------------------------

std::string bytes_of_hex(std::string_view hex) {
  std::string bytes;
  for (std::size_t i = 0; i < hex.size(); i += 2)
    bytes += static_cast<char>(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16));
  return bytes;
}

// printf 'expiry,strike,vol\n1,100,0.2\n' | gzip -9n | xxd -p
const std::string kByGzip =
    bytes_of_hex("1f8b08000000000002034bad28c82caad4292e29cacc4ed529cbcfe132d4313430d031d033e20200855a36031c000000");

TEST(TextOf, UnpacksWhatGzipHasPacked) { EXPECT_EQ(text_in(kByGzip), "expiry,strike,vol\n1,100,0.2\n"); }

TEST(TextOf, UnpacksAllMembersOfAPackedFile) {
  EXPECT_EQ(text_in(packed("one\n") + packed("") + packed("two\n")), "one\ntwo\n");
  std::string all, bytes;
  for (int i = 0; i < 100; ++i) {
    const std::string part(static_cast<std::size_t>(i) * 997, static_cast<char>('a' + i % 26));
    all += part;
    bytes += packed(part);
  }
  EXPECT_EQ(text_in(bytes), all);
}

TEST(TextOf, RefusesAPackedFileThatIsCutShortAnywhere) {
  for (std::size_t size = 2; size < kByGzip.size(); ++size)
    EXPECT_EQ(problems_in(kByGzip.substr(0, size)), Lines{"x: file ends within its gzip data, but must be whole"})
        << size;
}

// A bit of the header or of the padding says nothing; whatever else is wrong is seen.
TEST(TextOf, NeverUnpacksAnythingElseWhereABitIsWrong) {
  const std::string whole = text_in(kByGzip);
  int refused = 0;
  for (std::size_t i = 2; i < kByGzip.size(); ++i)
    for (int bit = 0; bit < 8; ++bit) {
      std::string bytes = kByGzip;
      bytes[i] = static_cast<char>(bytes[i] ^ (1 << bit));
      if (problems_in(bytes) == Lines{"no problem"})
        EXPECT_EQ(text_in(bytes), whole) << i;
      else
        ++refused;
    }
  EXPECT_GT(refused, 8 * (static_cast<int>(kByGzip.size()) - 10) - 8);
  EXPECT_EQ(problems_in(kByGzip + "more"),
            Lines{"x: gzip data are damaged, but must unpack to what their checksums say"});
}

TEST(TextOf, RefusesAPackedFileMadeToFillTheMemory) {
  const std::string bomb = packed(std::string(std::size_t{17} << 20, '0'));
  ASSERT_LT(bomb.size(), 80'000U);
  EXPECT_EQ(problems_in(bomb), Lines{"x: file of " + std::to_string(bomb.size()) +
                                     " bytes unpacks to more than 16777216, but must to at most 200 times its length, "
                                     "or 16 MiB, and never more than 1 GiB"});
  EXPECT_EQ(text_in(packed(std::string(std::size_t{15} << 20, '0'))).size(), std::size_t{15} << 20);
}

TEST(TextOf, RefusesWhatIsPackedTwice) {
  EXPECT_EQ(problems_in(packed(packed("a\n"))), Lines{"x: file is packed by gzip twice, but must be once"});
}

TEST(TextOf, HoldsPackedTextToItsEncodingToo) {
  EXPECT_EQ(problems_in(packed("a\n\xFF")), Lines{"x:2: text is '\\xff', but must be UTF-8 without bytes 0"});
}

TEST(FileProblem, IsOneLine) { EXPECT_EQ(file_problem("a.csv", "is odd").lines, Lines{"a.csv: is odd"}); }

}  // namespace
}  // namespace strikenet
