#include "io/occ_symbol.h"

#include <algorithm>
#include <charconv>
#include <string>

namespace strikenet {

std::optional<OccSymbol> parse_occ_symbol(std::string_view text) {
  constexpr std::size_t kTail = 15;  // yymmdd, C or P, and the strike in thousandths
  if (text.size() <= kTail) return std::nullopt;
  std::string_view root = text.substr(0, text.size() - kTail), tail = text.substr(text.size() - kTail);
  while (root.ends_with(' '))
    root.remove_suffix(1);
  const char letter = tail[6];
  const std::string digits = std::string(tail.substr(0, 6)) + std::string(tail.substr(7));
  const bool all_digits = std::ranges::all_of(digits, [](char c) { return '0' <= c && c <= '9'; });
  if (root.empty() || root.size() > 6 || !all_digits || (letter != 'C' && letter != 'P')) return std::nullopt;
  const auto date = parse_date("20" + digits.substr(0, 2) + "-" + digits.substr(2, 2) + "-" + digits.substr(4, 2));
  if (!date) return std::nullopt;
  long thousandths = 0;
  std::from_chars(digits.data() + 6, digits.data() + digits.size(), thousandths);
  if (thousandths == 0) return std::nullopt;
  return OccSymbol{std::string(root), *date, letter == 'C' ? OptionType::call : OptionType::put,
                   static_cast<double>(thousandths) / 1000};
}

}  // namespace strikenet
