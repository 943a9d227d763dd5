#pragma once

#include <mpfi.h>

#include <string>

#include "core/rational.h"

namespace strikenet {

/// All numbers between two others, ends included, by MPFI (N. Revol and F. Rouillier: Motivations for an arbitrary
/// precision interval arithmetic and the MPFI library, Reliable Computing 11, 2005): what a function returns holds
/// every value that it takes on its arguments, whatever the rounding. Ends have 64 bits and may be infinite; where
/// MPFI has no answer (0 times infinity) it is every number.
class Interval {
 public:
  Interval();  ///< 0
  explicit Interval(double number);
  Interval(double low, double high);
  explicit Interval(const Rational& number);
  /// The decimal that the text is, which is seldom a double.
  static Interval of_text(const std::string& decimal);
  static Interval everything();
  static Interval pi();

  Interval(const Interval& other);
  Interval(Interval&& other) noexcept;
  Interval& operator=(Interval other) noexcept;
  ~Interval();

  /// Rounded outwards.
  double low() const;
  double high() const;
  bool is_number() const;  ///< one number alone
  bool is(double number) const;
  bool holds_zero() const;
  bool bounded() const;
  bool positive() const;      ///< all of it above 0
  bool not_negative() const;  ///< all of it at least 0
  bool negative() const;      ///< all of it below 0
  bool not_positive() const;

  friend Interval operator+(const Interval& a, const Interval& b);
  friend Interval operator-(const Interval& a, const Interval& b);
  friend Interval operator*(const Interval& a, const Interval& b);
  friend Interval operator/(const Interval& a, const Interval& b);  ///< everything where b holds 0
  friend Interval operator-(const Interval& a);
  friend Interval hull(const Interval& a, const Interval& b);
  friend Interval largest(const Interval& a, const Interval& b);   ///< of max(x, y)
  friend Interval smallest(const Interval& a, const Interval& b);  ///< of min(x, y)
  friend Interval floor(const Interval& a);
  friend Interval square(const Interval& a);
  friend Interval abs(const Interval& a);
  friend Interval sqrt(const Interval& a);  ///< these five within their domain only
  friend Interval ln(const Interval& a);
  friend Interval asin(const Interval& a);
  friend Interval acosh(const Interval& a);
  friend Interval atanh(const Interval& a);
  friend Interval exp(const Interval& a);
  friend Interval sin(const Interval& a);
  friend Interval cos(const Interval& a);
  friend Interval atan(const Interval& a);
  friend Interval sinh(const Interval& a);
  friend Interval cosh(const Interval& a);
  friend Interval tanh(const Interval& a);
  friend Interval asinh(const Interval& a);
  /// a^n; everything where n is negative and a holds 0.
  friend Interval power(const Interval& a, long n);
  /// 1/a for a that is at least 0; 1/0 is infinite.
  friend Interval inverse(const Interval& a);
  /// a^b for a that is at least 0. 0 to a negative power is infinite.
  friend Interval power(const Interval& a, const Interval& b);

 private:
  Interval& checked();
  template <class Of>
  static Interval by(Of of, const Interval& a);
  template <class Of>
  static Interval by(Of of, const Interval& a, const Interval& b);

  mpfi_t ends_;
};

}  // namespace strikenet
