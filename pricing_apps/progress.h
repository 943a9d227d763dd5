#pragma once

#include <fmt/format.h>

#include <chrono>
#include <cstddef>
#include <ostream>
#include <string>

#include "printable_output.h"

namespace strikenet::app {

/// "fitted 12 of 30 expiries", rewritten in place; only on a terminal and only once a second has passed.
class Progress {
 public:
  Progress(std::ostream& err, std::size_t total, bool shown) : err_(err), total_(total), shown_(shown) {}
  ~Progress() {
    if (drawn_) write_codes(err_, "\r\033[K");
  }

  void operator()(int finished) {
    if (!shown_ || Clock::now() - start_ < std::chrono::seconds(1)) return;
    constexpr std::size_t wide = 30;
    const std::size_t full = wide * static_cast<std::size_t>(finished) / total_;
    write_codes(err_, fmt::format("\r[{:<{}}] {} of {} expiries", std::string(full, '='), wide, finished, total_));
    err_.flush();
    drawn_ = true;
  }

 private:
  using Clock = std::chrono::steady_clock;
  std::ostream& err_;
  std::size_t total_;
  bool shown_, drawn_ = false;
  Clock::time_point start_ = Clock::now();
};

}  // namespace strikenet::app
