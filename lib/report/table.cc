#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "report/columns.h"
#include "strikenet/arbitrage/looked_at.h"
#include "strikenet/report/calibration.h"

namespace strikenet {
namespace {

constexpr double kBasisPoints = 1e4, kDaysPerYear = 365;

bool has_violation(const Certificate& certificate, const ExpiryKey& key, Violation::Kind kind) {
  return std::ranges::any_of(certificate.violations, [&](const Violation& violation) {
    return violation.key == key && violation.kind == kind;
  });
}

std::string_view slice_status(const Certificate& certificate, const ExpiryKey& key) {
  if (has_violation(certificate, key, Violation::Kind::weight) ||
      has_violation(certificate, key, Violation::Kind::moments))
    return "NOT PROVED";
  return has_violation(certificate, key, Violation::Kind::calendar) ||
                 has_violation(certificate, key, Violation::Kind::same_instant) ||
                 has_violation(certificate, key, Violation::Kind::discount)
             ? "proved*"
             : "proved";
}

std::string inside(const SliceComparison& slice) {
  return slice.with_spread > 0 ? fmt::format("{}/{}", slice.inside, slice.with_spread) : "-";
}

std::string vol_error(const SliceComparison& slice, double error) {
  return slice.vol_errors > 0 ? fmt::format("{:.2f}", kBasisPoints * error) : "-";
}

std::string row(const std::string& expiry, const std::string& days, const std::string& forward,
                const std::string& discount, const SliceComparison& slice, std::string_view status, std::size_t wide) {
  return fmt::format("{:<{}} {:>8} {:>12} {:>10} {:>7} {:>12} {:>9} {:>9}  {}\n", expiry, wide, days, forward, discount,
                     slice.quotes, inside(slice), vol_error(slice, slice.vol_error_rms),
                     vol_error(slice, slice.vol_error_max), status);
}

std::string dropped_line(const Chain& chain, const SliceComparison& total) {
  std::string text = fmt::format("{} of {} quotes used", total.used, chain.quotes.size());
  for (const auto& [reason, count] : dropped_by_reason(chain))
    text += fmt::format(", {} {}", count, to_string(reason));
  return text + "\n";
}

/// Of the quotes left out, those at which one can trade all the same, and the duplicates that the fit cannot meet.
std::string left_out_lines(const Chain& chain) {
  constexpr std::size_t kShown = 5;
  const QuotesLookedAt counts = count_looked_at(chain);
  if (counts.left_out_by_fits.empty()) return "";
  std::string text = fmt::format("left out   strikenet check looks at these of them, since one can trade there: {}\n",
                                 counts_in_words(counts.left_out_by_fits));
  const std::vector<ContradictingQuotes> pairs = contradicting_duplicates(chain);
  for (std::size_t i = 0; i < std::min(kShown, pairs.size()); ++i) {
    const Quote &bought = chain.quotes[pairs[i].bought], &sold = chain.quotes[pairs[i].sold];
    text += fmt::format("           {} {}{:.15g}: line {} asks {:.10g}, line {} bids {:.10g}: no price meets both\n",
                        to_string(bought.key), letter(bought.type), bought.strike, bought.line, bought.ask, sold.line,
                        sold.bid);
  }
  if (pairs.size() > kShown) text += fmt::format("           and {} more\n", pairs.size() - kShown);
  return text;
}

/// Parity bands that no pair of forward and discount factor satisfies, or that a given one leaves.
std::string parity_lines(const Chain& chain) {
  std::string text;
  for (const ChainSlice& slice : chain.slices)
    if (slice.parity.violation > 0)
      text += fmt::format(
          "parity     {}: {} misses {} of {} by at most {:.4g}\n", to_string(slice.key),
          slice.parity.has_forward() ? "the given forward" : "no forward satisfies all strikes; the chosen one",
          slice.parity.violated.size(), slice.parity.pairs, slice.parity.violation);
  return text;
}

/// Once where all expiries, which are then one problem, say the same.
std::string stopped_lines(const SlicesFit& fit) {
  const std::vector<FitResult>& fits = fit.fits;
  if (fits.size() > 1 && !fits.front().usable() &&
      std::ranges::all_of(fits, [&](const FitResult& other) { return other.message == fits.front().message; }))
    return fmt::format("fit        all expiries together: {}\n", fits.front().message);
  std::string text;
  for (std::size_t i = 0; i < fits.size(); ++i)
    if (!fits[i].usable())
      text += fmt::format("fit        {}: {}\n", to_string(fit.surface.slices[i].key), fits[i].message);
  return text;
}

std::string outside_line(const SliceComparison& total) {
  if (total.outside == 0) return "";
  return fmt::format("outside    {} of {} quotes, by {:.4g} half spreads in total\n", total.with_spread - total.inside,
                     total.with_spread, total.outside);
}

std::string calendar_line(const Certificate& certificate) {
  switch (certificate.calendar) {
    case CalendarStatus::proved: return "calendar   proved: no expiry is cheaper than an earlier one at any strike\n";
    case CalendarStatus::not_applicable: return "calendar   not applicable\n";
    case CalendarStatus::reported: break;
  }
  const auto count = [&](Violation::Kind kind) {
    return std::ranges::count(certificate.violations, kind, &Violation::kind);
  };
  const auto gaps = count(Violation::Kind::calendar), at_one_instant = count(Violation::Kind::same_instant),
             discounts = count(Violation::Kind::discount);
  std::string text = "calendar   reported, not enforced:";
  if (gaps > 0) text += fmt::format(" {} gaps negative,", gaps);
  if (at_one_instant > 0) text += fmt::format(" {} between roots at one instant not 0,", at_one_instant);
  if (gaps + at_one_instant > 0)
    text += fmt::format(" the largest by {:.2e} forwards", -certificate.worst_calendar_gap);
  if (discounts > 0)
    text +=
        fmt::format("{} {} discount factors differ at one instant", gaps + at_one_instant > 0 ? "," : "", discounts);
  return text + " (* in the table)\n";
}

std::string assumptions_line(const Certificate& certificate) {
  return certificate.assumptions.empty() ? "" : fmt::format("assuming   {}\n", in_words(certificate.assumptions));
}

std::string certificate_lines(const Certificate& certificate) {
  const std::string_view words = certificate.slices_proved ? "every expiry proved free of arbitrage in strike"
                                                           : "NOT PROVED: see the violations in summary.json";
  return fmt::format("strikes    {}: {} inequalities in rational arithmetic, largest move {:.1e}\n", words,
                     certificate.inequalities, certificate.largest_move) +
         calendar_line(certificate) + assumptions_line(certificate);
}

}  // namespace

std::string calibration_table(const Calibration& calibration) {
  const auto& [chain, options, fit, certificate, comparison, formula, seconds, run] = calibration;
  std::size_t wide = 10;
  for (const ChainSlice& slice : chain.slices)
    wide = std::max(wide, to_string(slice.key).size());
  std::string text = fmt::format("{:<{}} {:>8} {:>12} {:>10} {:>7} {:>12} {:>9} {:>9}  {}\n", "expiry", wide, "days",
                                 "forward", "discount", "quotes", "inside", "rms bp", "max bp", "certificate");
  for (std::size_t i = 0; i < chain.slices.size(); ++i) {
    const ChainSlice& slice = chain.slices[i];
    text += row(to_string(slice.key), fmt::format("{:.2f}", kDaysPerYear * slice.t.value()),
                fmt::format("{:.4f}", slice.forward.value()), fmt::format("{:.6f}", slice.discount.value()),
                comparison.slices[i], slice_status(certificate, slice.key), wide);
  }
  text += row("all", "", "", "", comparison.total, status(certificate), wide);
  text += "\n" + dropped_line(chain, comparison.total) + left_out_lines(chain) + outside_line(comparison.total) +
          parity_lines(chain) + stopped_lines(fit) + certificate_lines(certificate);
  if (formula.compared > 0)
    text += fmt::format(
        "QuantLib   {} prices against its Black formula at the model's vols: largest difference {:.1e} forwards\n",
        formula.compared, formula.largest_difference);
  return text;
}

}  // namespace strikenet
