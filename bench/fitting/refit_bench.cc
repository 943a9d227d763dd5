// A changed chain fitted anew, and from the solution before; and what quotes contribute to a price. Bundled chain of
// 626 quotes and 8 expiries.
#include <benchmark/benchmark.h>

#include <string>

#include "strikenet/fitting/surface_fit.h"
#include "strikenet/io/read_chain.h"

namespace strikenet {
namespace {

struct Setting {
  Chain chain = {}, one_quote = {}, one_expiry = {};
  FitOptions options = {};
};

/// Knots are those of the chain, so that changed quotes do not move them.
const Setting& setting() {
  static const Setting result = [] {
    const std::string file = std::string(STRIKENET_SOURCE_DIR) + "/market_data/bates_2026/chain.csv";
    Setting made{.chain = prepare(read_chain_file(file).value()).value()};
    const SlicesFit fit = SurfaceFit(made.chain, {}).result();
    made.options.knots.assign(fit.fits.front().curve.knots().begin(), fit.fits.front().curve.knots().end());
    made.one_quote = made.one_expiry = made.chain;
    const auto move = [](Quote& quote, double spreads) {
      const double by = spreads * (quote.ask - quote.bid);
      quote.bid += by;
      quote.ask += by;
    };
    for (Quote& quote : made.one_quote.quotes)
      if (quote.used() && quote.slice == 4 && quote.bid > 10) {
        move(quote, 0.5);
        break;
      }
    for (Quote& quote : made.one_expiry.quotes)
      if (quote.used() && quote.slice == 4 && quote.bid > 0) move(quote, 0.2);
    return made;
  }();
  return result;
}

void fit_anew(benchmark::State& state) {
  for (auto _ : state)
    benchmark::DoNotOptimize(SurfaceFit(setting().one_quote, setting().options, 1));
}
BENCHMARK(fit_anew)->Unit(benchmark::kMillisecond)->UseRealTime();

void refit(benchmark::State& state, const Chain Setting::*changed) {
  const SurfaceFit fit(setting().chain, setting().options, 1);
  for (auto _ : state)
    benchmark::DoNotOptimize(fit.refit(setting().*changed, 1));
}
BENCHMARK_CAPTURE(refit, one_quote, &Setting::one_quote)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK_CAPTURE(refit, one_expiry, &Setting::one_expiry)->Unit(benchmark::kMillisecond)->UseRealTime();

void sensitivities_of_one_price(benchmark::State& state) {
  const SurfaceFit fit(setting().chain, setting().options, 1);
  for (auto _ : state)
    benchmark::DoNotOptimize(fit.sensitivities(Strike(5000), 4));
}
BENCHMARK(sensitivities_of_one_price)->Unit(benchmark::kMillisecond)->UseRealTime();

}  // namespace
}  // namespace strikenet
