// strikenet repair, then strikenet check of what it wrote, on random chains that contradict themselves; and the least
// change by a linear program that shares nothing with the one of the library: in the probabilities of a law at every
// strike of any expiry, dense, where the library's is sparse in prices.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "apps/dirty_chains.h"
#include "apps/run_command.h"
#include "support/linear_program.h"

namespace strikenet {
namespace {

using Eigen::Index;
using testing_support::DirtyChain;
using testing_support::DirtyChains;
using testing_support::LinearProgram;
using testing_support::run_strikenet;
using testing_support::TemporaryFolder;
using testing_support::text_of;

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kUnitsOfRounding = 2e-7;  // of the forward, by which a change is rounded outwards
constexpr double kShare = 0.01;            // of the least
constexpr double kBeyond = 100;            // what a middle costs outside its bid and ask
constexpr int kPieces = 60;                // of a square

struct Row {
  std::string expiry;
  double t = 0, strike = 0, bid = 0, ask = 0, bid_change = 0, ask_change = 0, forward = 0, discount = 0;
  double was_bid = 0, was_ask = 0;  // as they were quoted
  bool call = true;
};

std::vector<std::map<std::string, std::string>> table_of(const std::string& text) {
  const auto cells = [](const std::string& line) {
    std::vector<std::string> result;
    std::istringstream in(line + ",");
    for (std::string cell; std::getline(in, cell, ',');)
      result.push_back(cell);
    return result;
  };
  std::istringstream in(text);
  std::string line;
  std::getline(in, line);
  const std::vector<std::string> names = cells(line);
  std::vector<std::map<std::string, std::string>> rows;
  while (std::getline(in, line)) {
    const std::vector<std::string> values = cells(line);
    for (std::size_t i = 0; i < names.size(); ++i)
      (i == 0 ? rows.emplace_back() : rows.back())[names[i]] = i < values.size() ? values[i] : "";
  }
  return rows;
}

/// The rows that have what is asked of, as they are after and as they were before.
std::vector<Row> rows_of(const DirtyChain& chain, const std::string& repaired) {
  const auto before = table_of(chain.text), after = table_of(repaired);
  std::vector<Row> rows;
  for (std::size_t i = 0; i < after.size(); ++i) {
    auto is = after[i], was = before[i];
    const auto number = [](const std::string& text) { return text.empty() ? 0.0 : std::stod(text); };
    Row row{.expiry = is["expiry"], .t = number(was["t"]), .strike = number(is["strike"]), .call = is["type"] == "C"};
    row.forward = number(is["forward"]), row.discount = number(is["discount"]);
    const bool one = chain.middles();
    row.bid = number(is[one ? "price" : "bid"]), row.ask = number(is[one ? "price" : "ask"]);
    row.bid_change = number(is[one ? "change" : "bid_change"]),
    row.ask_change = number(is[one ? "change" : "ask_change"]);
    row.was_bid = row.bid - row.bid_change, row.was_ask = row.ask - row.ask_change;
    if (chain.kind == "mid") row.was_bid = number(was["bid"]), row.was_ask = number(was["ask"]);
    if (chain.kind == "mid" ? row.was_bid > 0 && row.was_ask > 0 : row.was_bid > 0 || row.was_ask > 0)
      rows.push_back(row);
  }
  return rows;
}

/// The least cost of laws, at levels that are free, in order at the forwards of the rows where they have some.
class LeastChange {
 public:
  LeastChange(std::vector<Row> rows, const DirtyChain& chain, bool squares)
      : rows_(std::move(rows)), middles_(chain.middles()), squares_(squares) {
    set_spreads();
    for (const Row& row : rows_)
      for (const double size : sizes_of(row))
        largest_ = std::max(largest_, size);
    if (largest_ == 0) return;
    std::map<std::string, std::vector<const Row*>> apart;
    std::vector<std::vector<const Row*>> together;
    for (const Row& row : rows_)
      apart[row.expiry].push_back(&row);
    for (auto& [expiry, of] : apart)
      if (of.front()->forward > 0) together.push_back(of);
    if (together.size() > 1) {
      std::ranges::sort(together, {}, [](const auto& of) { return of.front()->t; });
      for (const auto& of : together)
        apart.erase(of.front()->expiry);
      least_ += least_of(together);
    }
    for (const auto& [expiry, of] : apart)
      least_ += least_of({of});
  }

  double least() const { return least_; }

  /// Of the changes of the rows, each less a unit of rounding.
  double cost() const {
    double sum = 0;
    for (const Row& row : rows_)
      for (const double size : sizes_of(row))
        sum += squares_ ? size * size : size;
    return sum;
  }

 private:
  std::vector<double> sizes_of(const Row& row) const {
    const double unit = kUnitsOfRounding * unit_of(row), spread = spreads_.at(&row);
    const auto less = [&](double change) { return std::max(std::abs(change) - unit, 0.0); };
    if (!middles_) return {less(row.bid_change) / spread, less(row.ask_change) / spread};
    const double half = std::abs(row.was_ask - row.was_bid) / 2, change = less(row.bid_change);
    return {(std::min(change, half) + kBeyond * std::max(change - half, 0.0)) / spread};
  }

  double largest_strike(const std::string& expiry) const {
    double largest = 0;
    for (const Row& row : rows_)
      if (row.expiry == expiry) largest = std::max(largest, row.strike);
    return largest;
  }

  void set_spreads() {
    for (const Row& row : rows_) {
      double least = kInfinity;
      for (const Row& other : rows_)
        if (const double spread = std::abs(other.was_ask - other.was_bid);
            other.expiry == row.expiry && spread > 1e-14 * row.strike)
          least = std::min(least, spread);
      const double own = std::abs(row.was_ask - row.was_bid);
      spreads_[&row] = own > 1e-14 * row.strike ? own : least < kInfinity ? least : 1;
    }
  }

  struct Piece {
    double width, cost;  // of a change of the price
  };

  /// What giving way costs: the square by secants between as many sizes, up to more than the largest that there is.
  std::vector<Piece> pieces_of(const Row& row) const {
    const double spread = spreads_.at(&row), room = middles_ ? std::abs(row.was_ask - row.was_bid) / 2 : kInfinity;
    std::vector<Piece> pieces;
    if (!squares_) {
      if (room > 0) pieces.push_back({room, 1 / spread});
      if (room < kInfinity) pieces.push_back({kInfinity, kBeyond / spread});
      return pieces;
    }
    const auto change = [&](double size) {
      return size * spread <= room ? size * spread : room + (size * spread - room) / kBeyond;
    };
    for (int i = 0; i < kPieces; ++i) {
      const double from = 1.2 * largest_ * i / kPieces, to = 1.2 * largest_ * (i + 1) / kPieces;
      const double width = change(to) - change(from);
      pieces.push_back({width, (to * to - from * from) / width});
    }
    return pieces;
  }

  static double price_of(const Row& row, double atom, double k) {
    return std::max(row.call ? atom - k : k - atom, 0.0);
  }

  double least_of(const std::vector<std::vector<const Row*>>& expiries) const {
    const std::vector<double> atoms = atoms_of(expiries);
    const Index n = static_cast<Index>(atoms.size()), m = static_cast<Index>(expiries.size());
    Index sides = 0;
    for (const auto& of : expiries)
      sides += 2 * static_cast<Index>(of.size());
    const Index steps = squares_ ? kPieces : 2;
    LinearProgram program = testing_support::free_program(m * n + 2 + sides * steps, 2 * m + (m - 1) * n + sides);
    program.lower.setZero();
    Index line = add_laws(program, atoms, m);
    double scale = 0;  // of costs
    for (const auto& of : expiries)
      for (const Row* row : of)
        scale = std::max(scale, price_unit(*row) / spreads_.at(row));
    Index step = m * n + 2;
    for (Index i = 0; i < m; ++i)
      for (const Row* row : expiries[static_cast<std::size_t>(i)])
        for (const bool ask : {false, true}) {
          const double unit = price_unit(*row), middle = (row->was_bid + row->was_ask) / 2;
          const double quoted = (middles_ ? middle : ask ? row->was_ask : row->was_bid) / unit;
          for (const Piece& piece : pieces_of(*row)) {
            program.upper[step] = piece.width / unit;
            program.cost[step] = piece.cost * unit / scale;
            program.rows(line, step++) = ask ? -1 : 1;
          }
          if (quoted <= 0) continue;  // there is no such side, and its steps stay in a row that binds nothing
          for (Index j = 0; j < n; ++j)
            program.rows(line, i * n + j) =
                price_of(*row, atoms[static_cast<std::size_t>(j)], row->strike / unit_of(*row));
          (ask ? program.row_upper : program.row_lower)[line++] = quoted;
        }
    const auto solved = solve(program);
    EXPECT_TRUE(solved.optimal);
    return solved.cost * scale;
  }

  /// 0, every strike of any expiry over its forward, and a far one.
  std::vector<double> atoms_of(const std::vector<std::vector<const Row*>>& expiries) const {
    std::vector<double> atoms{0, 20};
    for (const auto& of : expiries)
      for (const Row* row : of)
        atoms.push_back(row->strike / unit_of(*row));
    std::ranges::sort(atoms);
    const auto same = [](double a, double b) { return b - a < 1e-12; };
    atoms.erase(std::unique(atoms.begin(), atoms.end(), same), atoms.end());
    return atoms;
  }

  /// One mass and one mean, and hinge sums that do not fall; the next row.
  static Index add_laws(LinearProgram& program, const std::vector<double>& atoms, Index m) {
    const Index n = static_cast<Index>(atoms.size());
    Index line = 0;
    const auto atom = [&](Index j) { return atoms[static_cast<std::size_t>(j)]; };
    for (Index i = 0; i < m; ++i)
      for (const Index power : {0, 1}) {
        for (Index j = 0; j < n; ++j)
          program.rows(line, i * n + j) = power == 0 ? 1 : atom(j);
        program.rows(line, m * n + power) = -1;
        program.row_lower[line] = program.row_upper[line] = 0;
        ++line;
      }
    for (Index i = 0; i + 1 < m; ++i)
      for (Index k = 0; k < n; ++k) {
        for (Index j = k + 1; j < n; ++j) {
          program.rows(line, (i + 1) * n + j) = atom(j) - atom(k);
          program.rows(line, i * n + j) = atom(k) - atom(j);
        }
        program.row_lower[line++] = 0;
      }
    return line;
  }

  double unit_of(const Row& row) const { return row.forward > 0 ? row.forward : largest_strike(row.expiry); }
  double price_unit(const Row& row) const { return unit_of(row) * (row.forward > 0 ? row.discount : 1); }

  std::vector<Row> rows_;
  bool middles_, squares_;
  std::map<const Row*, double> spreads_;
  double least_ = 0, largest_ = 0;
};

/// False where it is no chain.
bool expect_repaired(const DirtyChain& chain, const std::string& norm) {
  const TemporaryFolder folder;
  const std::string in = folder.file("chain.csv", chain.text), out = (folder.path() / "repaired.csv").string(),
                    again = (folder.path() / "again.csv").string();
  std::vector<std::string> repair{"repair", in, "--norm", norm, "--out", out}, check{"check", out, "--quiet"};
  if (chain.kind == "mid") repair.emplace_back("--mid"), check.emplace_back("--mid");
  const auto repaired = run_strikenet(repair);
  if (repaired.status == 3) return false;  // too few strikes for a forward
  EXPECT_EQ(repaired.status, 0) << repaired.err << chain.text;
  if (repaired.status != 0) return true;
  const auto checked = run_strikenet(check);
  EXPECT_EQ(checked.status, 0) << checked.out << checked.err << chain.text << text_of(out);
  repair[1] = out, repair[5] = again;
  EXPECT_NE(run_strikenet(repair).out.find(" 0 changed"), std::string::npos) << text_of(out);
  const LeastChange least(rows_of(chain, text_of(out)), chain, norm == "l2");
  EXPECT_LE(least.cost(), (1 + kShare) * least.least() + 1e-9) << chain.text << text_of(out);
  return true;
}

TEST(StrikenetRepairLaw, IsFreeOfArbitrageChangesNothingAgainAndIsTheLeastChange) {
  DirtyChains chains(1976);
  const std::vector<std::string> kinds{"bid_ask", "price", "mid", "bid_ask_vol", "vol"};
  for (std::size_t trial = 0; trial < 200; ++trial) {
    SCOPED_TRACE(trial);
    while (!expect_repaired(chains.next(kinds[trial % 5]), trial / 5 % 2 == 0 ? "l1" : "l2"))
      continue;
  }
}

}  // namespace
}  // namespace strikenet
