#include "chain_slice.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "expiry_finder.h"
#include "strikenet/fitting/fit_slices.h"
#include "strikenet/io/surface_json.h"

namespace strikenet::app {
namespace {

std::string listed(const std::vector<std::string>& words) {
  constexpr std::size_t kMost = 60;
  std::string text;
  for (std::size_t i = 0; i < std::min(kMost, words.size()); ++i)
    text += (i == 0 ? "" : ", ") + words[i];
  return words.size() > kMost ? text + fmt::format(" and {} more", words.size() - kMost) : text;
}

/// One slice as a chain of its own.
Chain alone(const Chain& chain, std::size_t slice) {
  Chain result = chain;
  result.slices = {chain.slices[slice]};
  std::erase_if(result.quotes, [&](const Quote& quote) { return quote.slice != static_cast<int>(slice); });
  for (Quote& quote : result.quotes)
    quote.slice = 0;
  return result;
}

bool is_near(double a, double b) { return std::abs(a - b) <= 1e-9 * std::abs(b); }

}  // namespace

Result<std::size_t> slice_of(const Chain& chain, const std::string& expiry, const std::string& root) {
  const std::size_t blank = expiry.find(' ');
  const auto written = parse_expiry(expiry.substr(0, blank));
  const std::string wanted_root = blank == std::string::npos ? root : expiry.substr(blank + 1);
  std::vector<std::size_t> found;
  std::vector<std::string> all, matching;
  for (std::size_t i = 0; i < chain.slices.size(); ++i) {
    const ExpiryKey& key = chain.slices[i].key;
    if (!wanted_root.empty() && key.root != wanted_root) continue;
    all.push_back(to_string(key));
    if (!written || key.expiry != written->key.expiry) continue;
    found.push_back(i);
    matching.push_back(to_string(key));
  }
  if (found.size() == 1) return found.front();
  return Problems{{fmt::format("--expiry is '{}', but must be one of {}: {}", expiry,
                               found.empty() ? "the chain's" : "several roots",
                               all.empty() ? "none of that root" : listed(found.empty() ? all : matching))}};
}

Result<SurfaceSlice> law_of(const Chain& chain, std::size_t slice, const std::string& surface_file) {
  const ChainSlice& wanted = chain.slices[slice];
  if (surface_file.empty()) return fit_slices(alone(chain, slice), {}).surface.slices.front();
  const auto surface = read_surface(surface_file);
  if (!surface) return surface.problems();
  const auto& slices = surface.value().slices;
  const auto found = std::ranges::find(slices, wanted.key, &SurfaceSlice::key);
  if (found == slices.end())
    return Problems{
        {fmt::format("{}: expiry {} is missing, but the chain has it", surface_file, to_string(wanted.key))}};
  Problems problems;
  const auto compare = [&](std::string_view what, double ours, double theirs) {
    if (!is_near(ours, theirs))
      problems.lines.push_back(fmt::format("{}: {} of {} is {}, but that of the chain is {}: fit the surface to it",
                                           surface_file, what, to_string(wanted.key), ours, theirs));
  };
  compare("forward", found->forward.value(), wanted.forward.value());
  compare("discount", found->discount.value(), wanted.discount.value());
  if (!problems.lines.empty()) return problems;
  return *found;
}

}  // namespace strikenet::app
