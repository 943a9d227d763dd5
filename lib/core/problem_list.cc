#include "core/problem_list.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "strikenet/core/limits.h"

namespace strikenet {
namespace {

/// The sentence without its numbers and without what it quotes.
std::string pattern_of(std::string_view what) {
  std::string pattern;
  bool quoted = false;
  for (const char c : what) {
    if (c == '\'') quoted = !quoted;
    const bool of_number = ('0' <= c && c <= '9') || c == '.' || c == '-' || c == '+';
    if (!quoted && !of_number) pattern += c;
  }
  return pattern;
}

}  // namespace

ProblemList::Kind& ProblemList::kind_of(std::string_view what) {
  std::string pattern = pattern_of(what);
  if (kinds_.size() >= limits::kinds_of_problems && !kinds_.contains(pattern)) pattern.clear();
  return kinds_[std::move(pattern)];
}

void ProblemList::keep(Kind& kind, Item item) {
  kind.last = std::max(kind.last, item.at);
  if (kind.told.size() < limits::problems_of_a_kind) {
    kind.told.push_back(std::move(item));
    return;
  }
  ++kind.untold;
  const auto place = [](const Item& of) { return std::tuple(of.at, of.order); };
  const auto last = std::ranges::max_element(kind.told, {}, place);
  if (place(item) < place(*last)) *last = std::move(item);
}

void ProblemList::add(FileLine at, std::string what) {
  Kind& kind = kind_of(what);
  keep(kind, {at, found_++, std::move(what)});
}

void ProblemList::add(const ProblemList& others) {
  for (const auto& [pattern, theirs] : others.kinds_)
    for (const Item& item : theirs.told) {
      Kind& kind = kind_of(item.what);
      keep(kind, {item.at, found_ + item.order, item.what});
      if (&item != &theirs.told.back()) continue;
      kind.untold += theirs.untold;
      kind.last = std::max(kind.last, theirs.last);
    }
  found_ += others.found_;
}

Problems ProblemList::by_line(std::string_view file) const {
  const std::string name(file);
  return by_line(std::span(&name, 1));
}

Problems ProblemList::by_line(std::span<const std::string> pages) const {
  std::vector<Item> items;
  for (const auto& [pattern, kind] : kinds_) {
    items.insert(items.end(), kind.told.begin(), kind.told.end());
    if (kind.untold == 0) continue;
    const FileLine at = std::ranges::max(kind.told, {}, &Item::at).at;
    std::string what = "and " + std::to_string(kind.untold) + " more like this";
    if (kind.last.line > 0) what += ", up to line " + std::to_string(kind.last.line);
    if (kind.last.page != at.page) what += " of " + pages[kind.last.page];
    items.push_back({at, found_, std::move(what)});
  }
  std::ranges::stable_sort(items, {}, [](const Item& item) { return std::tuple(item.at, item.order); });
  Problems problems;
  for (const Item& item : items) {
    std::string text = pages[item.at.page];
    if (item.at.line > 0) text.append(":").append(std::to_string(item.at.line));
    problems.lines.push_back(text.append(": ").append(item.what));
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
