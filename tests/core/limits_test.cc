// docs/reference/limits.md says the numbers that the code holds to.
#include "strikenet/core/limits.h"

#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <regex>
#include <string>

namespace strikenet {
namespace {

TEST(Limits, AreThoseOfTheReference) {
  std::ifstream page(STRIKENET_SOURCE_DIR "/docs/reference/limits.md");
  std::map<std::string, std::size_t> stated;
  const std::regex row(R"(\| `(\w+)` \| (\d+) \|.*)");
  std::smatch parts;
  for (std::string line; std::getline(page, line);)
    if (std::regex_match(line, parts, row)) stated[parts[1]] = std::stoul(parts[2]);
  const std::map<std::string, std::size_t> held = {{"input_bytes", limits::input_bytes},
                                                   {"unpacked_times", limits::unpacked_times},
                                                   {"unpacked_always", limits::unpacked_always},
                                                   {"columns", limits::columns},
                                                   {"json_depth", limits::json_depth},
                                                   {"problems_of_a_kind", limits::problems_of_a_kind},
                                                   {"kinds_of_problems", limits::kinds_of_problems},
                                                   {"layers", limits::layers},
                                                   {"channels", limits::channels},
                                                   {"shared_numbers", limits::shared_numbers},
                                                   {"expiries", limits::expiries}};
  EXPECT_EQ(stated, held);
}

}  // namespace
}  // namespace strikenet
