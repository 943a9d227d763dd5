#include "strikenet/io/input.h"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include "io/text_file.h"
#include "strikenet/core/limits.h"
#include "strikenet/io/read_chain.h"
#include "strikenet/io/surface_json.h"
#include "support/packed.h"

namespace strikenet {
namespace {

using testing_support::packed;
using Lines = std::vector<std::string>;

/// A path that no other test has.
std::string path_of(const std::string& name) {
  const std::string path =
      testing::TempDir() + "/strikenet_" + testing::UnitTest::GetInstance()->current_test_info()->name() + "_" + name;
  unlink(path.c_str());
  return path;
}

std::string file(const std::string& name, const std::string& text) {
  const std::string path = path_of(name);
  std::ofstream(path, std::ios::binary) << text;
  return path;
}

Lines problems_of(const std::string& path) {
  const auto input = read_input(path);
  return input ? Lines{"no problem"} : input.problems().lines;
}

// --- reading ---------------------------------------------------------------------------------------------------------

TEST(Input, IsUnpackedWhateverItsNameIs) {
  EXPECT_EQ(read_input(file("a", "text\n")).value().bytes, "text\n");
  EXPECT_EQ(read_input(file("b.csv", packed("text\n"))).value().bytes, "text\n");
  const std::string model("\x08\x07\x12\x00 and so on", 15);  // no text
  EXPECT_EQ(read_input(file("c", packed(model))).value().bytes, model);
}

TEST(Input, OfAPipeIsReadOnceAndWhole) {
  const std::string path = path_of("pipe"), text = packed(std::string(300'000, 'x'));
  ASSERT_EQ(mkfifo(path.c_str(), 0600), 0);
  std::thread writer([&] {  // in small parts: no part of it may be taken for all of it
    std::ofstream pipe(path, std::ios::binary);
    for (const char byte : text)
      pipe.put(byte).flush();
  });
  const auto input = read_input(path);
  writer.join();
  ASSERT_TRUE(input);
  EXPECT_EQ(input.value().bytes, std::string(300'000, 'x'));
}

TEST(Input, ThatIsNoFileIsRefusedInASentence) {
  const std::string here = testing::TempDir(), name = path_of("socket"), nowhere = path_of("nowhere");
  const int listener = socket(AF_UNIX, SOCK_STREAM, 0);
  sockaddr_un address{.sun_family = AF_UNIX, .sun_path = {}};
  name.copy(address.sun_path, sizeof address.sun_path - 1);
  ASSERT_EQ(bind(listener, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
  EXPECT_EQ(problems_of(here), Lines{here + ": is a directory, but must be a file"});
  EXPECT_EQ(problems_of(name), Lines{name + ": is a socket, but must be a file or a pipe"});
  EXPECT_EQ(problems_of(nowhere), Lines{nowhere + ": cannot be read: No such file or directory"});
  close(listener);
}

// Not a gigabyte later: a text with a byte 0 is refused whatever follows.
TEST(Input, WithoutEndIsLeftAtItsFirstByteZero) {
  if (access("/dev/zero", R_OK) != 0) GTEST_SKIP() << "no /dev/zero here";
  EXPECT_EQ(problems_of("/dev/zero"),
            Lines{R"(/dev/zero:1: text is '\x00\x00\x00\x00\x00\x00\x00\x00', but must be UTF-8 without bytes 0)"});
}

TEST(Input, ThatCanBeReadOnceMayBeNamedOnce) {
  const std::string pipe = path_of("pipe"), text = file("file", "x");
  ASSERT_EQ(mkfifo(pipe.c_str(), 0600), 0);
  EXPECT_EQ(read_twice(std::vector{pipe, text, text, std::string()}).lines, Lines{});
  EXPECT_EQ(read_twice(std::vector{text, pipe, pipe}).lines,
            Lines{pipe + ": is what " + pipe + " is too, but can be read only once"});
  EXPECT_EQ(read_twice(std::vector<std::string>{"-", "-"}).lines,
            Lines{"stdin: is what stdin is too, but can be read only once"});
  EXPECT_FALSE(read_inputs(std::vector{pipe, pipe}));  // and is not opened: nobody writes into it
}

// --- what it is ------------------------------------------------------------------------------------------------------

InputKind kind_of_text(const std::string& text, const std::string& name = "f") { return kind_of({name, text}); }

TEST(InputKind, IsWhatTheSchemaSaysWhereverItStands) {
  EXPECT_EQ(kind_of_text(R"({"schema": "strikenet.surface/1"})"), InputKind::surface);
  EXPECT_EQ(kind_of_text("\xEF\xBB\xBF\n{\n\t\"schema\"\n:\"strikenet.surface/9\"}"), InputKind::surface);
  std::string long_list = "[1";
  for (int i = 0; i < 20'000; ++i)
    long_list += ",1";
  long_list += "]";
  EXPECT_EQ(kind_of_text("{\"knots\":" + long_list + R"(,"schema":"strikenet.surface/1")"), InputKind::surface);
  EXPECT_EQ(kind_of_text(R"({"a": {"schema": "x"}, "schema": "strikenet.network/1"})"), InputKind::position);
  EXPECT_EQ(kind_of_text(R"({"schema": "strikenet.portfolio/1"})"), InputKind::position);
}

TEST(InputKind, IsNotWhatAFieldWithinSaysOrAListOfSuch) {
  EXPECT_EQ(kind_of_text(R"({"data": {"schema": "strikenet.surface/1"}})"), InputKind::chain);
  EXPECT_EQ(kind_of_text(R"({"note": "schema strikenet.surface/1"})"), InputKind::chain);
  EXPECT_EQ(kind_of_text(R"([{"schema": "strikenet.surface/1"}])"), InputKind::chain);
  EXPECT_EQ(kind_of_text(R"({"schema": 1, "x": "strikenet.surface/1"})"), InputKind::chain);
}

TEST(InputKind, OfATableIsWhatItsColumnsSay) {
  EXPECT_EQ(kind_of_text("# mine\nunits,strike,type\n"), InputKind::position);
  EXPECT_EQ(kind_of_text("term,strike,type,Q_mid\n"), InputKind::strip);
  EXPECT_EQ(kind_of_text("as_of,expiry,strike,type,bid,ask\n"), InputKind::chain);
  EXPECT_EQ(kind_of_text(""), InputKind::chain);
}

TEST(InputKind, OfAModelIsSeenByItsNameOrItsFirstBytes) {
  EXPECT_EQ(kind_of_text("anything", "net.onnx"), InputKind::onnx);
  EXPECT_EQ(kind_of_text("\x08\x07\x12\x01s"), InputKind::onnx);
}

// --- limits ----------------------------------------------------------------------------------------------------------

// A parser that calls itself for each would run out of stack; one that keeps them all, of memory.
TEST(Input, OfListsWithinListsIsRefusedAtADepth) {
  for (const std::string open : {"[", "{\"a\":"}) {
    std::string text;
    for (int i = 0; i < 100'000; ++i)
      text += open;
    const std::string path = file("deep.json", text), words = "lists and objects are more than " +
                                                              std::to_string(limits::json_depth) +
                                                              " deep, but must not be";
    EXPECT_EQ(read_chain_file(path).problems().lines, Lines{path + ": " + words});
    EXPECT_EQ(read_surface(path).problems().lines, Lines{path + ": " + words});
  }
}

TEST(Input, OfWhateverShapeIsAnsweredInAPage) {
  const std::string header = "as_of,expiry,strike,type,bid,ask\n", row = "2026-01-02T16:00-05:00,2026-06-19,80,C,1,2\n";
  std::string columns = "expiry", many_lines = header;
  for (int i = 0; i < 10'000; ++i)
    columns += ",c" + std::to_string(i);
  for (int i = 0; i < 300'000; ++i)
    many_lines += "x\n";
  for (const std::string& text :
       {std::string(10'000'000, 'x'), header + std::string(10'000'000, '9') + "\n", columns + "\n",
        header + "2026-01-02T16:00-05:00,2026-06-19,1e999999,C,-1e999999,nan\n", many_lines,
        header + std::string(1'000'000, '\r'), header + std::string(1'000'000, ','),
        "\"" + std::string(1'000'000, '\n')}) {
    const auto chain = read_chain_file(file("f.csv", text));
    ASSERT_FALSE(chain) << text.substr(0, 100);
    std::size_t length = 0;
    for (const std::string& line : chain.problems().lines)
      length += line.size();
    EXPECT_LE(length, 20'000U) << text.substr(0, 100);
  }
}

}  // namespace
}  // namespace strikenet
