#include "strikenet/fitting/surface_fit.h"

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <utility>

#include "calendar_order.h"
#include "chain_smiles.h"
#include "joint_fit.h"
#include "quote_sensitivity.h"
#include "smile_problem.h"
#include "smile_result.h"
#include "strikenet/core/result.h"

namespace strikenet {
namespace {

using Eigen::Index;
using Eigen::VectorXd;

FitOptions checked_options(const Chain& chain, const Smiles& smiles, const FitOptions& options) {
  const FitOptions common = with_common_knots(chain, smiles, options);
  require(!common.knots.empty(), "fit_surface", "number of common knots", 0,
          "must be positive: give relu a number of units");
  const auto units = static_cast<double>(unit_nodes(common.activation, common.knots).size());
  require(units >= 4, "fit_surface", "number of units", units, "must be at least 4");
  return common;
}

/// `slices` and `fit` are by instant.
SlicesFit result_of(const Chain& chain, const FitOptions& options, const Smiles& smiles,
                    const std::vector<FittedSmile>& slices, const JointFit& fit) {
  std::vector<VectorXd> laws = fit.weights;
  put_in_order(slices.front().smile.nodes, laws);
  SlicesFit result = without_slices(chain, options);
  const std::vector<std::size_t> instants = instants_of(chain);
  for (std::size_t i = 0; i < smiles.size(); ++i) {
    const std::size_t n = instants[i];
    const SmileSolution solution{.prior = {},
                                 .weights = laws[n],
                                 .last = {.x = {},
                                          .cost = 0,
                                          .optimality = fit.optimality[n],
                                          .termination = fit.termination,
                                          .message = fit.message,
                                          .iterations = 0,
                                          .faces = 0},
                                 .iterations = fit.iterations};
    add_slice(chain.slices[i], smiles[i], result_of(smiles[i], chain.slices[i].forward, slices[n].smile, solution),
              result);
  }
  return result;
}

}  // namespace

/// The problem of a chain, a slice an instant, and its solution, which refers to it.
struct Solved {
  std::vector<FittedSmile> slices = {};
  JointFit fit = {};

  Solved() = default;
  Solved(const Solved&) = delete;
  Solved& operator=(const Solved&) = delete;
};

namespace {

bool same_problem(const std::vector<FittedSmile>& one, const std::vector<FittedSmile>& other) {
  return std::ranges::equal(one, other, [](const FittedSmile& a, const FittedSmile& b) {
    return a.smile.bands == b.smile.bands && a.quotes == b.quotes;
  });
}

}  // namespace

struct SurfaceFit::State {
  Chain chain;
  FitOptions options;
  std::vector<double> knots = {};
  std::shared_ptr<const Solved> solved = {};
  SlicesFit result = {.surface = {}};
  bool warm = false;

  const std::vector<FittedSmile>& slices() const { return solved->slices; }

  static std::shared_ptr<const State> fitted(Chain chain, const FitOptions& options, const State* before, int threads,
                                             const std::function<void(int)>& progress);
  void require_sensitivities() const;
};

std::shared_ptr<const SurfaceFit::State> SurfaceFit::State::fitted(Chain chain, const FitOptions& options,
                                                                   const State* before, int threads,
                                                                   const std::function<void(int)>& progress) {
  require_fittable(chain, options, threads);
  const auto state = std::make_shared<State>(State{.chain = std::move(chain), .options = options});
  const Smiles smiles = smiles_of(state->chain);
  const FitOptions common = checked_options(state->chain, smiles, options);
  state->knots = common.knots;
  for (std::size_t i = 0; i < smiles.size(); ++i)
    require_fittable(smiles[i], state->chain.slices[i].forward, options);
  const Smiles together = by_instant(state->chain, smiles);
  const std::vector<std::size_t> instants = instants_of(state->chain);
  const bool comparable =
      before != nullptr && before->knots == state->knots && before->slices().size() == together.size();
  const auto solved = std::make_shared<Solved>();
  for (std::size_t n = 0; n < together.size(); ++n) {
    const auto first = static_cast<std::size_t>(std::ranges::lower_bound(instants, n) - instants.begin());
    const Forward forward = state->chain.slices[first].forward;
    FittedSmile& slice = solved->slices.emplace_back(FittedSmile{
        .smile = smile_of(strike_bands(together[n], forward), common), .quotes = quote_bands(together[n], forward)});
    if (comparable && before->slices()[n].smile.bands == slice.smile.bands) slice.alone = before->slices()[n].alone;
  }
  const auto counted = [&](int done) {  // instants; the caller counts slices
    const auto all = static_cast<int>(together.size());
    if (progress) progress(done == all ? static_cast<int>(smiles.size()) : done);
  };
  if (comparable && same_problem(before->slices(), solved->slices)) {
    state->solved = before->solved;
    state->warm = true;
  } else {
    Workers workers(threads);
    solved->fit =
        fit_jointly(solved->slices, common, workers, counted, comparable ? &before->solved->fit.joint : nullptr);
    state->solved = solved;
    state->warm = solved->fit.warm;
  }
  state->result = result_of(state->chain, options, smiles, state->slices(), state->solved->fit);
  return state;
}

void SurfaceFit::State::require_sensitivities() const {
  const Loss loss = options.loss.value_or(Loss::squared);
  if (loss != Loss::squared)
    throw PreconditionError("SurfaceFit::sensitivities: loss is " + std::string(to_string(loss)) +
                            ", but must be squared");
}

SurfaceFit::SurfaceFit(Chain chain, FitOptions options, int threads, const std::function<void(int)>& progress)
    : SurfaceFit(State::fitted(std::move(chain), options, nullptr, threads, progress)) {}

SurfaceFit::SurfaceFit(std::shared_ptr<const State> state) : state_(std::move(state)) {}

const Chain& SurfaceFit::chain() const { return state_->chain; }
const FitOptions& SurfaceFit::options() const { return state_->options; }
const SlicesFit& SurfaceFit::result() const { return state_->result; }
bool SurfaceFit::warm() const { return state_->warm; }

SurfaceFit SurfaceFit::refit(const Chain& changed, int threads) const {
  return SurfaceFit(State::fitted(changed, state_->options, state_.get(), threads, {}));
}

namespace {

/// Currency of a functional per currency of each quote of the chain, from units of the forwards. `quotes`: per instant,
/// slice by slice, its used quotes in the order of the chain.
std::vector<double> by_quote(const Chain& chain, const std::vector<VectorXd>& quotes) {
  const std::vector<std::size_t> instants = instants_of(chain);
  std::vector<Index> used(chain.slices.size(), 0), next(chain.slices.size(), 0);
  for (const Quote& quote : chain.quotes)
    if (quote.used()) ++used[static_cast<std::size_t>(quote.slice)];
  for (std::size_t i = 1; i < next.size(); ++i)
    if (instants[i] == instants[i - 1]) next[i] = next[i - 1] + used[i - 1];
  std::vector<double> result(chain.quotes.size(), 0.0);
  for (std::size_t q = 0; q < result.size(); ++q) {
    if (!chain.quotes[q].used()) continue;
    const auto i = static_cast<std::size_t>(chain.quotes[q].slice);
    result[q] = quotes[instants[i]](next[i]++) / (chain.slices[i].discount.value() * chain.slices[i].forward.value());
  }
  return result;
}

}  // namespace

std::vector<double> SurfaceFit::sensitivities(Strike strike, std::size_t slice) const {
  state_->require_sensitivities();
  const std::size_t slices = state_->chain.slices.size();
  require(slice < slices, "SurfaceFit::sensitivities", "slice", static_cast<double>(slice),
          "must be less than the number of slices, " + std::to_string(slices));
  require(strike.value() >= 0 && std::isfinite(strike.value()), "SurfaceFit::sensitivities", "strike", strike.value(),
          "must be at least 0 and finite");
  const ChainSlice& of = state_->chain.slices[slice];
  const double unit = of.discount.value() * of.forward.value();
  const QuoteSensitivity sensitivity(state_->solved->fit.joint, state_->slices());
  const std::size_t instant = instants_of(state_->chain)[slice];
  std::vector<VectorXd> function = sensitivity.of_price(instant, strike.value() / of.forward.value());
  function[instant] *= unit;
  return by_quote(state_->chain, sensitivity.quotes(function));
}

std::vector<std::vector<double>> SurfaceFit::sensitivities(std::span<const std::vector<WeightGradient>> of) const {
  state_->require_sensitivities();
  std::vector<std::vector<double>> result;
  const QuoteSensitivity sensitivity(state_->solved->fit.joint, state_->slices());
  const std::vector<std::size_t> instants = instants_of(state_->chain);
  for (const std::vector<WeightGradient>& functional : of) {
    std::vector<VectorXd> gradients(state_->slices().size());
    for (const auto& [slice, gradient] : functional) {
      require(slice < instants.size(), "SurfaceFit::sensitivities", "slice", static_cast<double>(slice),
              "must be less than the number of slices, " + std::to_string(instants.size()));
      const std::size_t n = instants[slice];
      const Index units = state_->slices()[n].smile.units();
      require(static_cast<Index>(gradient.size()) == units, "SurfaceFit::sensitivities", "size of gradient",
              static_cast<double>(gradient.size()), "must be the number of units, " + std::to_string(units));
      for (const double derivative : gradient)
        require(std::isfinite(derivative), "SurfaceFit::sensitivities", "gradient", derivative, "must be finite");
      if (gradients[n].size() == 0) gradients[n] = VectorXd::Zero(units);
      gradients[n] += Eigen::Map<const VectorXd>(gradient.data(), units);
    }
    result.push_back(by_quote(state_->chain, sensitivity.quotes(sensitivity.of_weights(gradients))));
  }
  return result;
}

}  // namespace strikenet
