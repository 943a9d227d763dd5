#include "fuzz_target.h"

#include <cstdio>
#include <cstdlib>
#include <string_view>

namespace {

std::string format;

}  // namespace

const std::string& format_to_try() { return format; }

void require_that(bool holds, const std::string& what) {
  if (holds) return;
  std::fprintf(stderr, "%s: %s\n", format.c_str(), what.c_str());
  std::abort();
}

extern "C" int LLVMFuzzerInitialize(int* argc, char*** argv) {
  constexpr std::string_view kOption = "--format=";
  for (int i = 1; i < *argc; ++i)
    if (const std::string_view word = (*argv)[i]; word.starts_with(kOption)) format = word.substr(kOption.size());
  return 0;
}
