#include "colour.h"

#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <iterator>
#include <sstream>
#include <string_view>

#include "printable_output.h"

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

void print_table(const std::string& table, bool colour, std::ostream& out) {
  if (!colour) {
    out << table;
    return;
  }
  std::istringstream lines(table);
  for (std::string line; std::getline(lines, line);) {
    const auto verdict = std::ranges::find_if(kVerdicts, [&](const Verdict& one) { return line.ends_with(one.words); });
    if (verdict == std::end(kVerdicts)) {
      out << line << '\n';
      continue;
    }
    out << std::string_view(line).substr(0, line.size() - verdict->words.size() + 1);
    write_codes(out, verdict->colour);
    out << verdict->words.substr(1);
    write_codes(out, kPlain);
    out << '\n';
  }
}

}  // namespace strikenet::app
