#pragma once

#include <boost/multiprecision/cpp_int.hpp>

namespace strikenet {

using Rational = boost::multiprecision::cpp_rational;

/// The number that a file says where a double was read from it: the shortest decimal that is read as the double. So
/// 22.7 is 227/10, and what costs nothing in the decimals of a file costs exactly nothing. Throws PreconditionError
/// where the double is not finite.
Rational decimal(double value);

/// a < b by two multiplications: Rational's own comparison divides, as in Euclid's algorithm, and takes ten times as
/// long.
inline bool less(const Rational& a, const Rational& b) {
  return numerator(a) * denominator(b) < numerator(b) * denominator(a);
}

/// The nearest number of so many significant digits; 0 of 0.
double to_digits(double value, int digits);

}  // namespace strikenet
