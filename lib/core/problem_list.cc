#include "core/problem_list.h"

#include <algorithm>

namespace strikenet {

void ProblemList::add(long line, std::string what) { items_.push_back({line, std::move(what)}); }

void ProblemList::add(const ProblemList& others) {
  items_.insert(items_.end(), others.items_.begin(), others.items_.end());
}

Problems ProblemList::by_line(std::string_view file) const {
  std::vector<const Item*> sorted;
  for (const Item& item : items_)
    sorted.push_back(&item);
  std::ranges::stable_sort(sorted, {}, &Item::line);
  Problems problems;
  for (const Item* item : sorted) {
    std::string text(file);
    if (item->line > 0) text.append(":").append(std::to_string(item->line));
    problems.lines.push_back(text.append(": ").append(item->what));
  }
  return problems;
}

std::string printable(std::string_view text) {
  constexpr std::size_t longest = 40;
  constexpr std::string_view hexadecimal = "0123456789abcdef";
  std::string shown;
  for (const char c : text.substr(0, longest)) {
    const auto byte = static_cast<unsigned char>(c);
    if (' ' <= c && c <= '~')
      shown += c;
    else
      shown += {'\\', 'x', hexadecimal[byte / 16], hexadecimal[byte % 16]};
  }
  if (text.size() > longest) shown += "...";
  return shown;
}

}  // namespace strikenet
