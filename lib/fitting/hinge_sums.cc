#include "hinge_sums.h"

#include <algorithm>
#include <cmath>

#include "surface/out_of_the_money.h"

namespace strikenet {
namespace {

using Eigen::Index;
using Eigen::VectorXd;

}  // namespace

VectorXd out_of_the_money_sums(std::span<const double> nodes, const VectorXd& weights) {
  const std::vector<double> sums = out_of_the_money_sums(nodes, std::span(weights.data(), nodes.size()));
  return VectorXd::Map(sums.data(), weights.size());
}

HingeSums::HingeSums(const Smile& smile, VectorXd prior)
    : smile_(&smile), prior_(std::move(prior)), scale_(out_of_the_money_sums(smile.nodes, prior_)) {}

HingeSums::Form HingeSums::sum_at_nodes(Index first, std::span<const double> coefficients, OptionType side) const {
  const Index last_node = prior_.size() - 1;
  Form form;
  form.row.first = std::clamp<Index>(first, 1, std::max<Index>(1, last_node - BandedRow::kBand)) - 1;
  for (std::size_t k = 0; k < coefficients.size(); ++k) {
    const Index node = first + static_cast<Index>(k);
    const double m = smile_->node(node);
    const double intrinsic = side == OptionType::put ? (m < 1 ? 0 : m - 1) : (m < 1 ? 1 - m : 0);
    form.constant += coefficients[k] * intrinsic;
    if (node > 0 && node < last_node)
      form.row.coefficients[static_cast<std::size_t>(node - 1 - form.row.first)] = coefficients[k] * scale_(node);
  }
  return form;
}

HingeSums::Form HingeSums::relative_weight(Index j) const {
  const Index last = prior_.size() - 1;
  const double before = j > 0 ? 1 / (smile_->node(j) - smile_->node(j - 1)) : 0;
  const double after = j < last ? 1 / (smile_->node(j + 1) - smile_->node(j)) : 0;
  std::array<double, 3> all{before / prior_(j), -(before + after) / prior_(j), after / prior_(j)};
  const Index first = std::max<Index>(j - 1, 0);
  std::span<const double> used(all);
  if (j == 0) used = used.subspan(1);
  if (j == last) used = used.first(2);
  // The side on which the kink of the intrinsic value is not among the nodes: then the constant is exactly 0.
  const bool all_above = smile_->node(first) >= 1;
  return sum_at_nodes(first, used, all_above ? OptionType::call : OptionType::put);
}

HingeSums::Form HingeSums::price(double k) const {
  const OptionType side = k < 1 ? OptionType::put : OptionType::call;
  const Index units = prior_.size();
  // Units wholly on one side of k are linear in their node: only triples that reach across count.
  Index first = 0, last = units - 1;
  while (first + 1 < units && smile_->unit(first + 1).back() <= k)
    ++first;
  while (last > 0 && smile_->unit(last - 1).front() >= k)
    --last;
  const auto value = [&](Index j) {
    return side == OptionType::put ? unit_put(smile_->unit(j), k) : unit_call(smile_->unit(j), k);
  };
  std::array<double, BandedRow::kBand> coefficients{};
  std::size_t count = 0;
  for (Index i = first; i <= last; ++i) {
    double coefficient = 0;
    if (i > 0) coefficient -= (value(i) - value(i - 1)) / (smile_->node(i) - smile_->node(i - 1));
    if (i + 1 < units) coefficient += (value(i + 1) - value(i)) / (smile_->node(i + 1) - smile_->node(i));
    coefficients[count++] = coefficient;
  }
  return sum_at_nodes(first, std::span<const double>(coefficients).first(count), side);
}

HingeSums::Form HingeSums::combination(std::span<const Form> forms, std::span<const double> factors) {
  Form result;
  result.row.first = forms.front().row.first;
  for (const Form& form : forms)
    result.row.first = std::min(result.row.first, form.row.first);
  for (std::size_t f = 0; f < forms.size(); ++f) {
    result.constant += factors[f] * forms[f].constant;
    for (std::size_t k = 0; k < BandedRow::kBand; ++k) {
      const auto at = k + static_cast<std::size_t>(forms[f].row.first - result.row.first);
      if (forms[f].row.coefficients[k] != 0)
        result.row.coefficients.at(at) += factors[f] * forms[f].row.coefficients[k];
    }
  }
  return result;
}

VectorXd HingeSums::weights(const VectorXd& x) const {
  VectorXd result(prior_.size());
  for (Index j = 0; j < result.size(); ++j) {
    const Form form = relative_weight(j);
    result(j) = prior_(j) * (value_of(form.row, x) + form.constant);
  }
  return result;
}

VectorXd HingeSums::from_weights(const VectorXd& weights) const {
  VectorXd x = VectorXd::Zero(prior_.size() - 1);
  x.head(unknowns()) =
      out_of_the_money_sums(smile_->nodes, weights).segment(1, unknowns()).cwiseQuotient(scale_.segment(1, unknowns()));
  return x;
}

}  // namespace strikenet
