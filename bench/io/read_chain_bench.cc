// Reading 100 MB of a generic chain: how fast, and in how much memory. The peer is libcsv alone, over the same bytes,
// with callbacks that count: what is on top of it is ours. Each peak is that of a process of its own.
#include <benchmark/benchmark.h>
#include <csv.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>

#include "peak_of.h"
#include "strikenet/io/read_chain.h"

namespace {

constexpr std::size_t kFileSize = 100'000'000;

/// A file of that size in the layout of market_data/bates_2026/chain.csv, removed at the end.
class GeneratedChain {
 public:
  GeneratedChain() : path_(std::filesystem::temp_directory_path() / ("read_chain_bench." + std::to_string(getpid()))) {
    std::ofstream out(path_, std::ios::binary);
    std::string text = "as_of,expiry,strike,type,bid,ask\n";
    for (long row = 0; size_ + text.size() < kFileSize; ++row, ++rows_) {
      const long expiry = row / 50'000, cents = 100 + row * 7919 % 99'900;
      text += "2026-01-02T16:00-05:00,20" + std::to_string(26 + expiry / 12) + (expiry % 12 < 9 ? "-0" : "-") +
              std::to_string(1 + expiry % 12) + "-15," + std::to_string(1000 + row % 50'000 / 2) +
              (row % 2 ? ",P," : ",C,") + std::to_string(cents / 100) + "." + std::to_string(10 + cents % 90) + "," +
              std::to_string(cents / 100 + 1) + "." + std::to_string(10 + cents % 90) + "\n";
      if (text.size() > (1 << 20)) flush(text, out);
    }
    flush(text, out);
  }
  GeneratedChain(const GeneratedChain&) = delete;
  GeneratedChain& operator=(const GeneratedChain&) = delete;
  ~GeneratedChain() { std::filesystem::remove(path_); }

  std::string path() const { return path_.string(); }
  std::size_t size() const { return size_; }
  long rows() const { return rows_; }

 private:
  void flush(std::string& text, std::ofstream& out) {
    out << text;
    size_ += text.size();
    text.clear();
  }

  std::filesystem::path path_;
  std::size_t size_ = 0;
  long rows_ = 0;
};

const GeneratedChain& chain() {
  static const GeneratedChain generated;
  return generated;
}

void count(benchmark::State& state, double peak) {
  const auto runs = static_cast<double>(state.iterations());
  state.counters["MB/s"] = {runs * static_cast<double>(chain().size()) / 1e6, benchmark::Counter::kIsRate};
  state.counters["rows/s"] = {runs * static_cast<double>(chain().rows()), benchmark::Counter::kIsRate};
  state.counters["file_MB"] = static_cast<double>(chain().size()) / 1e6;
  state.counters["peak_MB"] = peak;
}

void read_with_strikenet() {
  const auto read = strikenet::read_chain_file(chain().path());
  if (!read || read.value().quotes.size() != static_cast<std::size_t>(chain().rows()))
    throw std::runtime_error("the chain was not read");
}

struct Counts {
  long fields = 0, rows = 0;
};

void read_with_libcsv() {
  std::ifstream file(chain().path(), std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  csv_parser parser;
  csv_init(&parser, 0);
  Counts counts;
  csv_parse(
      &parser, text.data(), text.size(), [](void*, std::size_t, void* c) { ++static_cast<Counts*>(c)->fields; },
      [](int, void* c) { ++static_cast<Counts*>(c)->rows; }, &counts);
  csv_free(&parser);
  if (counts.rows != chain().rows() + 1) throw std::runtime_error("the rows were not counted");
}

void run_strikenet(const char* arguments) {
  const std::string line = std::string(STRIKENET_COMMAND " ") + arguments + " '" + chain().path() + "' >/dev/null";
  if (execl("/bin/sh", "sh", "-c", ("exec " + line).c_str(), nullptr) != 0) _exit(1);
}

void BM_read_chain_file(benchmark::State& state) {
  const double peak = peak_of(read_with_strikenet);
  for (auto _ : state)
    read_with_strikenet();
  count(state, peak);
}

void BM_libcsv_alone(benchmark::State& state) {
  const double peak = peak_of(read_with_libcsv);
  for (auto _ : state)
    read_with_libcsv();
  count(state, peak);
}

void BM_command(benchmark::State& state, const char* arguments) {
  double peak = 0;
  for (auto _ : state)
    peak = peak_of([&] { run_strikenet(arguments); });
  count(state, peak);
}

BENCHMARK(BM_read_chain_file)->Unit(benchmark::kMillisecond)->Iterations(3)->UseRealTime();
BENCHMARK(BM_libcsv_alone)->Unit(benchmark::kMillisecond)->Iterations(3)->UseRealTime();
BENCHMARK_CAPTURE(BM_command, convert, "convert --to csv")->Unit(benchmark::kMillisecond)->Iterations(1)->UseRealTime();

}  // namespace
