#include "arbitrage/rational_program.h"

#include <algorithm>
#include <utility>

namespace strikenet {
namespace {

/// Rows B x = b with b >= 0, one basic unknown a row, and the reduced costs of an objective.
class Tableau {
 public:
  explicit Tableau(const RationalProgram& program)
      : rows_(program.rows.size()),
        unknowns_(program.unknowns),
        counted_(program.unknowns - program.uncounted),
        columns_(unknowns_ + 2 * rows_) {
    // x, then a surplus a row, then an artificial unknown a row, which begins as the basis.
    for (std::size_t i = 0; i < rows_; ++i) {
      std::vector<Rational> line(columns_ + 1);
      std::ranges::copy(program.rows[i], line.begin());
      line[unknowns_ + i] = -1;
      line[columns_] = program.bounds[i];
      if (program.bounds[i].sign() < 0)
        for (Rational& entry : line)
          entry.backend().negate();
      line[unknowns_ + rows_ + i] = 1;
      lines_.push_back(std::move(line));
      basis_.push_back(unknowns_ + rows_ + i);
    }
  }

  /// The least sum of the artificial unknowns is 0.
  bool find_vertex() {
    usable_ = columns_;
    set_costs([&](std::size_t j) { return j >= unknowns_ + rows_ ? 1 : 0; });
    descend();
    if (costs_[columns_] != 0) return false;
    usable_ = unknowns_ + rows_;
    drive_out_artificial();
    return true;
  }

  std::vector<Rational> least_sum() {
    set_costs([&](std::size_t j) { return j < counted_ ? 1 : 0; });
    descend();  // bounded: a sum of what is not negative
    std::vector<Rational> x(unknowns_);
    for (std::size_t i = 0; i < lines_.size(); ++i)
      if (basis_[i] < unknowns_) x[basis_[i]] = lines_[i][columns_];
    return x;
  }

 private:
  template <class Cost>
  void set_costs(const Cost& cost) {
    costs_.assign(columns_ + 1, 0);
    for (std::size_t j = 0; j < columns_; ++j)
      costs_[j] = cost(j);
    for (std::size_t i = 0; i < lines_.size(); ++i)
      if (const int of_basic = cost(basis_[i]); of_basic != 0) subtract(costs_, lines_[i], of_basic);
  }

  static void subtract(std::vector<Rational>& from, const std::vector<Rational>& line, const Rational& times) {
    for (std::size_t j = 0; j < from.size(); ++j)
      if (line[j] != 0) from[j] -= times * line[j];
  }

  void pivot(std::size_t row, std::size_t column) {
    const Rational by = lines_[row][column];
    for (Rational& entry : lines_[row])
      if (entry != 0) entry /= by;
    for (std::size_t i = 0; i < lines_.size(); ++i)
      if (i != row && lines_[i][column] != 0) subtract(lines_[i], lines_[row], Rational(lines_[i][column]));
    if (costs_[column] != 0) subtract(costs_, lines_[row], Rational(costs_[column]));
    basis_[row] = column;
  }

  void descend() {
    for (;;) {
      std::size_t column = 0;
      while (column < usable_ && costs_[column] >= 0)
        ++column;
      if (column == usable_) return;
      std::optional<std::size_t> row;
      for (std::size_t i = 0; i < lines_.size(); ++i)
        if (lines_[i][column] > 0 && (!row || leaves_before(i, *row, column))) row = i;
      if (!row) return;
      pivot(*row, column);
    }
  }

  /// Whether row i is the first to reach 0 as the column's unknown grows; Bland's rule where both do.
  bool leaves_before(std::size_t i, std::size_t other, std::size_t column) const {
    const int order = Rational(lines_[i][columns_] * lines_[other][column])
                          .compare(Rational(lines_[other][columns_] * lines_[i][column]));
    return order < 0 || (order == 0 && basis_[i] < basis_[other]);
  }

  void drive_out_artificial() {
    for (std::size_t i = 0; i < lines_.size();) {
      std::size_t column = 0;
      while (basis_[i] >= usable_ && column < usable_ && lines_[i][column] == 0)
        ++column;
      if (basis_[i] >= usable_ && column < usable_) pivot(i, column);
      if (basis_[i] < usable_) {
        ++i;
        continue;
      }
      lines_.erase(lines_.begin() + static_cast<std::ptrdiff_t>(i));  // says nothing that other rows do not
      basis_.erase(basis_.begin() + static_cast<std::ptrdiff_t>(i));
    }
  }

  std::size_t rows_, unknowns_, counted_, columns_, usable_ = 0;
  std::vector<std::vector<Rational>> lines_;
  std::vector<std::size_t> basis_;
  std::vector<Rational> costs_;
};

}  // namespace

std::optional<std::vector<Rational>> minimise(const RationalProgram& program) {
  Tableau tableau(program);
  if (!tableau.find_vertex()) return std::nullopt;
  return tableau.least_sum();
}

}  // namespace strikenet
