#pragma once

#include <algorithm>
#include <cmath>
#include <coin/CoinMessageHandler.hpp>
#include <coin/CoinPackedMatrix.hpp>
#include <string>
#include <vector>

#include "optimize/linear_program.h"

namespace strikenet {

/// A program's rows as COIN-OR's solvers take them.
inline CoinPackedMatrix matrix_of(const LinearProgram& program) {
  std::vector<int> columns, lengths;
  std::vector<double> coefficients;
  std::vector<CoinBigIndex> starts{0};
  for (const LinearProgram::Row& row : program.rows) {
    for (const auto& [column, coefficient] : row.entries) {
      columns.push_back(column);
      coefficients.push_back(coefficient);
    }
    starts.push_back(static_cast<CoinBigIndex>(columns.size()));
    lengths.push_back(static_cast<int>(row.entries.size()));
  }
  return {false,
          static_cast<int>(program.columns.size()),
          static_cast<int>(program.rows.size()),
          static_cast<CoinBigIndex>(columns.size()),
          coefficients.data(),
          columns.data(),
          starts.data(),
          lengths.data()};
}

/// What COIN-OR's solvers would print, kept instead.
class CoinMessages final : public CoinMessageHandler {
 public:
  CoinMessages() { setLogLevel(1); }
  int print() override {
    messages_.emplace_back(messageBuffer());
    return 0;
  }
  CoinMessageHandler* clone() const override { return new CoinMessages(*this); }
  const std::vector<std::string>& messages() const { return messages_; }

 private:
  std::vector<std::string> messages_;
};

/// Whether every bound, cost and coefficient is a number, and coefficients and costs are finite: what COIN-OR's solvers
/// take for granted.
inline bool has_numbers(const LinearProgram& program) {
  return std::ranges::all_of(program.columns,
                             [](const LinearProgram::Column& column) {
                               return !std::isnan(column.lower) && !std::isnan(column.upper) &&
                                      std::isfinite(column.cost);
                             }) &&
         std::ranges::all_of(program.rows, [](const LinearProgram::Row& row) {
           return !std::isnan(row.lower) && !std::isnan(row.upper) &&
                  std::ranges::all_of(
                      row.entries, [](double c) { return std::isfinite(c); }, &LinearProgram::Entry::coefficient);
         });
}
inline constexpr char kNoNumber[] = "a bound, cost or coefficient of the program is no number";

/// One field of every element.
template <class Element>
std::vector<double> all(const std::vector<Element>& elements, double Element::*field) {
  std::vector<double> result;
  result.reserve(elements.size());
  for (const Element& element : elements)
    result.push_back(element.*field);
  return result;
}

}  // namespace strikenet
