// Is there arbitrage in a day of SPX, by linear programs and with proofs: within expiries, across them, and the
// smallest repair. The peer counts the textbook families on the same quotes, which decides nothing. The chain is that
// of 17,107 quotes of 2026-01-30 (Yahoo), read from STRIKENET_SHARED [../shared]; the argument is how many of its
// expiries, the first ones, are kept. Memory is what a process has at its peak beyond that of one that has the chain
// only.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <vector>

#include "peak_of.h"
#include "strikenet/arbitrage/families.h"
#include "strikenet/arbitrage/find_arbitrage.h"
#include "strikenet/arbitrage/repair.h"
#include "strikenet/io/read_chain.h"

namespace {

using strikenet::Chain;

Chain read() {
  const char* given = std::getenv("STRIKENET_SHARED");
  const std::filesystem::path shared = given ? given : std::string(STRIKENET_SOURCE_DIR) + "/../shared";
  const auto raw =
      strikenet::read_chain_files(std::vector{(shared / "market_data/yfinance_spx_2026-01-30/SPX_all.csv").string()});
  if (!raw) throw std::runtime_error(raw.problems().lines.front());
  auto chain = strikenet::prepare(raw.value());
  if (!chain) throw std::runtime_error(chain.problems().lines.front());
  return std::move(chain).value();
}

Chain first_expiries(std::size_t count) {
  static const Chain all = read();
  Chain chain = all;
  chain.slices.resize(std::min(count, chain.slices.size()));
  std::erase_if(chain.quotes, [&](const strikenet::Quote& quote) {
    return std::ranges::find(chain.slices, quote.key, &strikenet::ChainSlice::key) == chain.slices.end();
  });
  return chain;
}

template <class Work>
void measure(benchmark::State& state, const Work& work) {
  const Chain chain = first_expiries(static_cast<std::size_t>(state.range(0)));
  const double peak = peak_of([&] { work(chain); }) - peak_of([] {});
  for (auto _ : state)
    work(chain);
  state.counters["quotes"] = static_cast<double>(chain.quotes.size());
  state.counters["peak_MB"] = peak;
  state.counters["kB/quote"] = 1e3 * peak / static_cast<double>(chain.quotes.size());
}

void BM_within_expiries(benchmark::State& state) {
  measure(state, [](const Chain& chain) { benchmark::DoNotOptimize(find_arbitrage(chain)); });
}

void BM_within_and_across(benchmark::State& state) {
  measure(state,
          [](const Chain& chain) { benchmark::DoNotOptimize(find_calendar_arbitrage(chain, find_arbitrage(chain))); });
}

void BM_repair_within(benchmark::State& state) {
  measure(state, [](const Chain& chain) { benchmark::DoNotOptimize(repair(chain, {.calendar = false})); });
}

void BM_families(benchmark::State& state) {
  measure(state, [](const Chain& chain) { benchmark::DoNotOptimize(count_families(chain, {})); });
}

void expiries(benchmark::internal::Benchmark* bench) {
  bench->Arg(15)->Arg(30)->Arg(60)->Unit(benchmark::kMillisecond)->Iterations(1)->UseRealTime();
}

BENCHMARK(BM_within_expiries)->Apply(expiries);
BENCHMARK(BM_within_and_across)->Apply(expiries);
BENCHMARK(BM_repair_within)->Apply(expiries);
BENCHMARK(BM_families)->Apply(expiries);

}  // namespace
