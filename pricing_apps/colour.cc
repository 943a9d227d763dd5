#include "colour.h"

#include <unistd.h>

#include <cstdlib>
#include <sstream>
#include <string_view>

namespace strikenet::app {
namespace {

constexpr std::string_view kGreen = "\033[32m", kRed = "\033[1;31m", kPlain = "\033[0m";

struct Verdict {
  std::string_view words, colour;
};

/// Each after the blank that sets it off, so that "slices-arbitrage-free" is not taken for "arbitrage-free".
constexpr Verdict kVerdicts[] = {{" arbitrage-free", kGreen},      {" proved", kGreen},   {" proved*", kRed},
                                 {" slices-arbitrage-free", kRed}, {" NOT PROVED", kRed}, {" not-proved", kRed}};

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value ? value : "";
}

}  // namespace

bool wants_colour() { return isatty(STDOUT_FILENO) != 0 && variable("NO_COLOR").empty() && variable("TERM") != "dumb"; }

std::string coloured(const std::string& table) {
  std::istringstream lines(table);
  std::string result;
  for (std::string line; std::getline(lines, line); result += line + '\n')
    for (const auto& [words, colour] : kVerdicts)
      if (line.ends_with(words)) {
        line.replace(line.size() - words.size() + 1, words.size() - 1,
                     std::string(colour).append(words.substr(1)).append(kPlain));
        break;
      }
  return result;
}

}  // namespace strikenet::app
