#pragma once

#include <coin/CoinPackedMatrix.hpp>
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
