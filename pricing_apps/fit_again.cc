#include "fit_again.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <optional>
#include <utility>

#include "progress.h"
#include "strikenet/core/instant.h"

namespace strikenet::app {
namespace {

constexpr double kSame = 1e-9;  // of weights, and relative of forwards

constexpr std::string_view kAdvice = "pass the options that calibrate was given";

bool has(const Surface& surface, const ExpiryKey& key) {
  return std::ranges::count(surface.slices, key, &SurfaceSlice::key) > 0;
}

/// The first expiry that one of them has and the other has not.
std::optional<std::string> other_expiries(const Surface& fitted, const NamedSurface& named) {
  for (const SurfaceSlice& slice : named.surface.slices)
    if (!has(fitted, slice.key)) return fmt::format("has no expiry {}, but {} has", to_string(slice.key), named.file);
  for (const SurfaceSlice& slice : fitted.slices)
    if (!has(named.surface, slice.key))
      return fmt::format("has an expiry {}, but {} has not", to_string(slice.key), named.file);
  return std::nullopt;
}

std::optional<std::string> other_number(std::string_view what, const ExpiryKey& key, double fitted, double in_file,
                                        const NamedSurface& named) {
  if (std::abs(fitted - in_file) <= kSame * std::abs(in_file)) return std::nullopt;
  return fmt::format("{} of {} is {}, but that of {} is {}: {}", what, to_string(key), fitted, named.file, in_file,
                     kAdvice);
}

double largest_difference(std::span<const double> a, std::span<const double> b) {
  double largest = a.size() == b.size() ? 0 : 1;
  for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i)
    largest = std::max(largest, std::abs(a[i] - b[i]));
  return largest;
}

/// How the outcome of the fit is not the surface; empty when it is. Slices are in the order of t in both.
std::optional<std::string> difference(const Surface& fitted, const NamedSurface& named) {
  if (auto other = other_expiries(fitted, named)) return other;
  double largest = 0;
  for (std::size_t i = 0; i < fitted.slices.size(); ++i) {
    const SurfaceSlice &ours = fitted.slices[i], &theirs = named.surface.slices[i];
    if (auto other = other_number("t", ours.key, ours.t.value(), theirs.t.value(), named)) return other;
    if (auto other = other_number("forward", ours.key, ours.forward.value(), theirs.forward.value(), named))
      return other;
    if (auto other = other_number("discount", ours.key, ours.discount.value(), theirs.discount.value(), named))
      return other;
    largest = std::max(largest, largest_difference(ours.curve.weights(), theirs.curve.weights()));
  }
  if (largest <= kSame) return std::nullopt;
  return fmt::format("fitted again, a weight differs by {:.2g} from that of {}, but must be the same to {:g}: {}",
                     largest, named.file, kSame, kAdvice);
}

}  // namespace

Result<SurfaceFit> fit_again(const FitWords& words, FitSettings settings, const NamedSurface& named, std::ostream& err,
                             bool progress) try {
  const Surface& surface = named.surface;
  if (!surface.calendar || !has_common_knots(surface))
    return Problems{{named.file + ": its expiries were fitted one by one, but --explain needs a fit of all together"}};
  settings.prepare.as_of = parse_instant(surface.as_of);
  settings.fit.activation = surface.activation;
  const auto knots = surface.slices.front().curve.knots();
  settings.fit.knots = {knots.begin(), knots.end()};
  auto chain = chain_of(words, settings);
  if (!chain) return chain.problems();
  Progress bar(err, chain.value().slices.size(), progress);
  SurfaceFit fit(std::move(chain).value(), settings.fit, settings.threads, std::ref(bar));
  if (const auto other = difference(fit.result().surface, named))
    return Problems{{fmt::format("{}: {}", words.chain.front(), *other)}};
  return fit;
} catch (const PreconditionError& error) {
  return Problems{{fmt::format("{}: {}", words.chain.front(), error.what())}};
}

}  // namespace strikenet::app
