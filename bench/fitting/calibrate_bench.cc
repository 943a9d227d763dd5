// The steps of a calibration on the bundled chain of 626 quotes and 8 expiries.
#include <benchmark/benchmark.h>

#include <string>

#include "strikenet/arbitrage/certificate.h"
#include "strikenet/fitting/fit_surface.h"
#include "strikenet/io/read_chain.h"

namespace strikenet {
namespace {

const Chain& chain() {
  static const Chain result =
      prepare(read_chain_file(std::string(STRIKENET_SOURCE_DIR) + "/market_data/bates_2026/chain.csv").value()).value();
  return result;
}

void fit_every_expiry(benchmark::State& state) {
  for (auto _ : state)
    benchmark::DoNotOptimize(fit_slices(chain(), {}, static_cast<int>(state.range(0))));
}
BENCHMARK(fit_every_expiry)->Arg(1)->Arg(2)->Unit(benchmark::kMillisecond)->UseRealTime();

void fit_one_surface(benchmark::State& state) {
  for (auto _ : state)
    benchmark::DoNotOptimize(fit_surface(chain(), {}, static_cast<int>(state.range(0))));
}
BENCHMARK(fit_one_surface)->Arg(1)->Arg(2)->Unit(benchmark::kMillisecond)->UseRealTime();

void prove(benchmark::State& state) {
  const Surface surface = fit_surface(chain(), {}, 2).surface;
  for (auto _ : state)
    benchmark::DoNotOptimize(prove_arbitrage_free(surface));
}
BENCHMARK(prove)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace strikenet
