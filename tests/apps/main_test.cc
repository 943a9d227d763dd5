// The command line itself: help, version, wrong usage, and output that cannot be written.
#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "apps/run_command.h"

namespace strikenet {
namespace {

using testing_support::Finished;
using testing_support::run_strikenet;

bool holds(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

TEST(Strikenet, PrintsItsVersion) {
  const auto [status, out, err] = run_strikenet({"--version"});
  EXPECT_EQ(status, 0);
  EXPECT_EQ(out, "strikenet 0.1.0\n");
  EXPECT_EQ(err, "");
}

TEST(Strikenet, ExplainsItselfWithAnExampleOfEachCommand) {
  const auto [status, out, err] = run_strikenet({"--help"});
  EXPECT_EQ(status, 0);
  EXPECT_TRUE(holds(out, "\n  strikenet check fit/surface.json\n")) << out;
  EXPECT_TRUE(holds(out, "\n  strikenet formats\n")) << out;
  EXPECT_EQ(err, "");
}

TEST(Strikenet, ExplainsEachCommandWithAnExample) {
  for (const std::string command : {"check", "formats"}) {
    const auto [status, out, err] = run_strikenet({command, "--help"});
    EXPECT_EQ(status, 0);
    EXPECT_TRUE(holds(out, "Example: strikenet " + command)) << out;
    EXPECT_EQ(err, "");
  }
}

struct WrongUsage {
  const char* name;
  std::vector<std::string> arguments;
  const char* words;
};

void PrintTo(const WrongUsage& usage, std::ostream* out) { *out << usage.name; }

class StrikenetUsedWrongly : public testing::TestWithParam<WrongUsage> {};

TEST_P(StrikenetUsedWrongly, SaysSoInOneLineAndReturnsTwo) {
  const auto [status, out, err] = run_strikenet(GetParam().arguments);
  EXPECT_EQ(status, 2);
  EXPECT_EQ(out, "");
  EXPECT_EQ(err, std::string("strikenet: ") + GetParam().words + "; see strikenet --help\n");
}

INSTANTIATE_TEST_SUITE_P(
    CommandLine, StrikenetUsedWrongly,
    testing::Values(WrongUsage{"NoCommand", {}, "command is missing"},
                    WrongUsage{"UnknownCommand", {"frob"}, "The following argument was not expected: frob"},
                    WrongUsage{
                        "UnknownOption", {"check", "--jsn", "x"}, "The following argument was not expected: --jsn"},
                    WrongUsage{"MissingArgument", {"check"}, "file is required"},
                    WrongUsage{"SurplusArgument", {"report", "a", "b"}, "The following argument was not expected: b"},
                    WrongUsage{"SurplusOfFormats", {"formats", "a"}, "The following argument was not expected: a"}),
    [](const auto& test) { return test.param.name; });

TEST(Strikenet, SaysThatItsOutputCannotBeWritten) {
  if (!std::filesystem::exists("/dev/full")) GTEST_SKIP() << "no /dev/full here";
  const Finished finished = run_strikenet({"formats"}, ">/dev/full");
  EXPECT_EQ(finished.status, 3);
  EXPECT_EQ(finished.err, "strikenet: standard output cannot be written\n");
}

}  // namespace
}  // namespace strikenet
