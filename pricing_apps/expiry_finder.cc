#include "expiry_finder.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <set>

#include "strikenet/core/instant.h"
#include "strikenet/market/settlement.h"

namespace strikenet::app {
namespace {

std::string listed(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words)
    text.append(text.empty() ? "" : ", ").append(word.empty() ? "(none)" : word);
  return text;
}

}  // namespace

std::optional<WrittenExpiry> parse_expiry(std::string_view text) {
  if (const auto date = parse_date(text)) return WrittenExpiry{{to_string(*date)}, {}};
  if (text.starts_with("T=")) text.remove_prefix(2);
  double years = 0;
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), years);
  if (error != std::errc() || stop != text.data() + text.size() || !(years >= 1e-9 && years <= 1000))
    return std::nullopt;
  return WrittenExpiry{{fmt::format("T={}", years)}, YearFraction(years)};
}

std::vector<std::string> ExpiryFinder::roots() const {
  std::set<std::string> roots;
  for (const SurfaceSlice& slice : surface_.slices)
    roots.insert(slice.key.root);
  return {roots.begin(), roots.end()};
}

std::string ExpiryFinder::broken_root_rule() const {
  const std::vector<std::string> known = roots();
  if (root_.empty() || std::ranges::count(known, root_) > 0) return {};
  if (known.size() == 1 && known.front().empty()) return "left out: the surface names no roots";
  return "one of the surface's: " + listed(known);
}

std::vector<AskedExpiry> ExpiryFinder::all() const {
  std::vector<AskedExpiry> result;
  for (const SurfaceSlice& slice : surface_.slices)
    if (root_.empty() || slice.key.root == root_) result.push_back({slice.key, slice.t});
  return result;
}

FoundExpiries ExpiryFinder::find(const WrittenExpiry& written) const {
  const std::string& root = written.key.root.empty() ? root_ : written.key.root;
  FoundExpiries found;
  for (const SurfaceSlice& slice : surface_.slices)
    if (slice.key.expiry == written.key.expiry && (root.empty() || slice.key.root == root))
      found.expiries.push_back({slice.key, slice.t});
  return found.expiries.empty() ? between(written, root) : found;
}

FoundExpiries ExpiryFinder::between(const WrittenExpiry& written, const std::string& root) const {
  if (!surface_.calendar)
    return {{}, "an expiry of the surface: its expiries are on different underlyings, with nothing between them"};
  if (written.t) return {{{written.key, *written.t}}, {}};
  const auto as_of = parse_instant(surface_.as_of);
  if (!as_of)
    return {{},
            "an expiry of the surface or a year fraction like T=0.5: its file has no as_of to count from, and --as-of "
            "names none"};
  const std::vector<std::string> known = roots();
  if (root.empty() && known.size() > 1)
    return {{}, fmt::format("a date of the surface unless a root says when it settles: {}", listed(known))};
  const std::string settles = root.empty() ? known.front() : root;
  const YearFraction t = year_fraction(*as_of, settlement_instant(settles, *parse_date(written.key.expiry)));
  if (!(t.value() > 0)) return {{}, "after the as-of of the surface, " + surface_.as_of};
  return {{{{written.key.expiry, settles}, t}}, {}};
}

}  // namespace strikenet::app
