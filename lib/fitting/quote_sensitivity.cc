#include "quote_sensitivity.h"

#include <cmath>

#include "strikenet/core/black.h"

namespace strikenet {
namespace {

using Eigen::Index;
using Eigen::VectorXd;

double vega(const StrikeBand& band, double total_vol) {
  return total_vol > 0 ? black_vega(Forward(1), Strike(band.k), TotalVol(total_vol)) : 0;
}

double quoted_vol(const StrikeBand& band) {
  return implied_total_vol(band.side, Forward(1), Strike(band.k), Price(band.mid)).vol.value();
}

/// The curvature of half the squared error of a row's quote, in the row's value, over its square.
double curvature(const JointProgram& joint, const std::vector<FittedSmile>& slices, std::size_t n,
                 const BandedRow& row) {
  const Bent error = error_of(joint, slices, n, row.tag, value_of(row, joint.solution.x[n]));
  return std::isfinite(error.residual) ? error.slope * error.slope + error.residual * error.curvature : 1;
}

std::vector<VectorXd> squares_of(const JointProgram& joint, const std::vector<FittedSmile>& slices) {
  std::vector<VectorXd> squares;
  for (std::size_t n = 0; n < slices.size(); ++n) {
    const std::vector<BandedRow>& rows = joint.program.blocks[n].rows;
    VectorXd& own = squares.emplace_back(static_cast<Index>(rows.size()));
    for (std::size_t r = 0; r < rows.size(); ++r) {
      own(static_cast<Index>(r)) = rows[r].square;
      if (rows[r].tag >= 0) own(static_cast<Index>(r)) *= curvature(joint, slices, n, rows[r]);
    }
  }
  return squares;
}

/// What the bounds of a row, and its target as often as its square pulls, move by with the price of their quote.
struct Moves {
  double target, lower, upper;
};

Moves moves_of(const JointProgram& joint, const std::vector<FittedSmile>& slices, std::size_t n, const StrikeBand& band,
               const BandedRow& row) {
  const FittedSmile& slice = slices[n];
  if (row.tag < 0) {
    const double scale = 1 / (band.has_spread() ? band.half : 1);
    return {0, scale, scale};
  }
  const QuoteRow& quote = joint.tags[n][static_cast<std::size_t>(row.tag)];
  if (!quote.in_vol) return {quote.scale, quote.scale, quote.scale};
  const Bent error = error_of(joint, slices, n, row.tag, value_of(row, joint.solution.x[n]));
  const double unit = kVolScale * slice.smile.total_vol, vol = quoted_vol(band), own = vega(band, vol),
               held = unit * held_error(slice);
  return {std::isfinite(error.slope) ? error.slope / (own * unit) : quote.scale,
          quote.scale * vega(band, vol - held) / own, quote.scale * vega(band, vol + held) / own};
}

}  // namespace

QuoteSensitivity::QuoteSensitivity(const JointProgram& joint, const std::vector<FittedSmile>& slices)
    : joint_(joint), slices_(slices), adjoint_(joint.program, joint.solution, squares_of(joint, slices)) {}

std::vector<VectorXd> QuoteSensitivity::nothing() const {
  std::vector<VectorXd> function;
  for (const HingeSums& sums : joint_.sums)
    function.push_back(VectorXd::Zero(sums.unknowns() + 1));
  return function;
}

std::vector<VectorXd> QuoteSensitivity::of_weights(const std::vector<VectorXd>& gradients) const {
  std::vector<VectorXd> function = nothing();
  for (std::size_t n = 0; n < gradients.size(); ++n)
    for (Index j = 0; j < gradients[n].size(); ++j) {
      const BandedRow row = joint_.sums[n].relative_weight(j).row;
      for (std::size_t k = 0; k < BandedRow::kBand; ++k)
        if (row.coefficients[k] != 0)
          function[n](row.first + static_cast<Index>(k)) +=
              gradients[n](j) * joint_.sums[n].prior()(j) * row.coefficients[k];
    }
  return function;
}

std::vector<VectorXd> QuoteSensitivity::of_price(std::size_t slice, double k) const {
  std::vector<VectorXd> function = nothing();
  const BandedRow row = joint_.sums[slice].price(k).row;
  for (std::size_t c = 0; c < BandedRow::kBand; ++c)
    if (row.coefficients[c] != 0) function[slice](row.first + static_cast<Index>(c)) += row.coefficients[c];
  return function;
}

std::vector<VectorXd> QuoteSensitivity::quotes(const std::vector<VectorXd>& function) const {
  const BandedShift shift = adjoint_.shift(function);
  std::vector<VectorXd> result;
  for (std::size_t n = 0; n < slices_.size(); ++n) {
    VectorXd& own = result.emplace_back(VectorXd::Zero(static_cast<Index>(slices_[n].quotes.size())));
    for (std::size_t i = 0; i < slices_[n].smile.bands.size(); ++i) {
      const StrikeBand& band = slices_[n].smile.bands[i];
      const std::size_t r = joint_.band_row[n][i];
      const auto at = static_cast<Index>(r);
      const BandedRow& row = joint_.program.blocks[n].rows[r];
      const Moves moves = moves_of(joint_, slices_, n, band, row);
      own(static_cast<Index>(band.mid_of)) += row.square * moves.target * shift.with_target[n](at);
      own(static_cast<Index>(band.low_of)) += moves.lower * shift.with_lower[n](at);
      own(static_cast<Index>(band.high_of)) += moves.upper * shift.with_upper[n](at);
    }
  }
  return result;
}

}  // namespace strikenet
