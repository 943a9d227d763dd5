#pragma once

#include <cmath>
#include <sstream>
#include <string>
#include <vector>

#include "strikenet/core/black.h"

namespace strikenet::testing_support {

/// A chain small enough to be fitted in a few milliseconds, as the text of a generic file: calls and puts at strikes
/// 80, 85, ..., 120 on two expiries, by Black's formula, forward 100, discount factor 0.98, bid and ask 0.1 apart.
class SmallChain {
 public:
  explicit SmallChain(double first_vol = 0.25, double second_vol = 0.25) {
    add("2026-06-19", first_vol * std::sqrt(168 / 365.0));
    add("2026-12-18", second_vol * std::sqrt(350 / 365.0));
  }

  /// Line 1 is the header.
  SmallChain& line(std::size_t number, const std::string& text) {
    lines_.at(number - 1) = text;
    return *this;
  }
  SmallChain& append(const std::string& text) {
    lines_.push_back(text);
    return *this;
  }
  SmallChain& keep_lines(std::size_t count) {
    lines_.resize(count);
    return *this;
  }
  const std::string& line(std::size_t number) const { return lines_.at(number - 1); }
  std::size_t size() const { return lines_.size(); }

  std::string text() const {
    std::string text;
    for (const std::string& line : lines_)
      text += line + '\n';
    return text;
  }

 private:
  void add(const std::string& expiry, double total_vol) {
    for (int strike = 80; strike <= 120; strike += 5)
      for (const OptionType type : {OptionType::call, OptionType::put}) {
        const double price = 0.98 * black_price(type, Forward(100), Strike(strike), TotalVol(total_vol)).value();
        std::ostringstream row;
        row << "2026-01-02T16:00-05:00," << expiry << ',' << strike << ',' << letter(type) << ',' << price - 0.05 << ','
            << price + 0.05;
        lines_.push_back(row.str());
      }
  }

  std::vector<std::string> lines_ = {"as_of,expiry,strike,type,bid,ask"};
};

}  // namespace strikenet::testing_support
