#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <string>

#include "apps/run_command.h"
#include "apps/small_chain.h"

namespace strikenet {
namespace {

using testing_support::run_strikenet;
using testing_support::SmallChain;
using testing_support::TemporaryFolder;
using testing_support::text_of;

bool holds(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

/// A system without /dev/pts, such as a bare chroot, has none.
bool has_terminals() {
  const int control = posix_openpt(O_RDWR | O_NOCTTY);
  if (control < 0) return false;
  const char* const name = grantpt(control) == 0 && unlockpt(control) == 0 ? ptsname(control) : nullptr;
  const int terminal = name ? open(name, O_RDWR | O_NOCTTY) : -1;
  if (terminal >= 0) close(terminal);
  close(control);
  return terminal >= 0;
}

constexpr auto kNoTerminals = "no pseudo-terminal can be made on this system: mount /dev/pts";

/// What calibrate prints on a terminal: util-linux's `script` is one.
std::string on_a_terminal(const std::string& environment, const std::string& options = "") {
  const TemporaryFolder folder;
  const std::string chain = folder.file("chain.csv", SmallChain().text()), out = (folder.path() / "out").string();
  const std::string command = environment + " " STRIKENET_COMMAND " calibrate " + chain + " --no-report --out " +
                              (folder.path() / "fit").string() + " " + options;
  const std::string line = "script -qec \"" + command + "\" /dev/null >'" + out + "' 2>&1 </dev/null";
  EXPECT_EQ(std::system(line.c_str()), 0) << line << '\n' << text_of(out);
  return text_of(out);
}

TEST(Colour, MarksWhatIsProvedOnATerminal) {
  if (!has_terminals()) GTEST_SKIP() << kNoTerminals;
  const std::string out = on_a_terminal("TERM=xterm NO_COLOR=");
  EXPECT_TRUE(holds(out, "  \033[32mproved\033[0m\r\n")) << out;
  EXPECT_TRUE(holds(out, "  \033[32marbitrage-free\033[0m\r\n")) << out;
}

TEST(Colour, StaysAwayWhereItIsNotWanted) {
  if (!has_terminals()) GTEST_SKIP() << kNoTerminals;
  for (const std::string environment : {"TERM=xterm NO_COLOR=1", "TERM=dumb NO_COLOR="})
    EXPECT_FALSE(holds(on_a_terminal(environment), "\033[")) << environment;
  EXPECT_FALSE(holds(on_a_terminal("TERM=xterm NO_COLOR=", "--json"), "\033[")) << "JSON is for programs";
  EXPECT_EQ(on_a_terminal("TERM=xterm NO_COLOR=", "--quiet"), "");
}

TEST(Colour, IsForTerminalsOnly) {
  const TemporaryFolder folder;
  setenv("TERM", "xterm", 1);
  const auto finished = run_strikenet({"calibrate", folder.file("chain.csv", SmallChain().text()), "--no-report",
                                       "--out", (folder.path() / "fit").string()});
  EXPECT_FALSE(holds(finished.out, "\033")) << finished.out;
}

}  // namespace
}  // namespace strikenet
