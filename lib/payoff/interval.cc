#include "payoff/interval.h"

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

namespace strikenet {
namespace {

constexpr mpfr_prec_t kBits = 64;
constexpr double kInfinity = std::numeric_limits<double>::infinity();

}  // namespace

Interval::Interval() {
  mpfi_init2(ends_, kBits);
  mpfi_set_ui(ends_, 0);
}
Interval::Interval(double number) : Interval() { mpfi_set_d(ends_, number); }
Interval::Interval(double low, double high) : Interval() {
  mpfr_set_d(&ends_->left, low, MPFR_RNDD);
  mpfr_set_d(&ends_->right, high, MPFR_RNDU);
}
Interval::Interval(const Rational& number) : Interval() {
  *this = of_text(numerator(number).str()) / of_text(denominator(number).str());
}
Interval Interval::of_text(const std::string& decimal) {
  Interval result;
  mpfr_strtofr(&result.ends_->left, decimal.c_str(), nullptr, 10, MPFR_RNDD);
  mpfr_strtofr(&result.ends_->right, decimal.c_str(), nullptr, 10, MPFR_RNDU);
  return result;
}
Interval Interval::everything() { return {-kInfinity, kInfinity}; }
Interval Interval::pi() {
  Interval result;
  mpfi_const_pi(result.ends_);
  return result;
}

Interval::Interval(const Interval& other) {
  mpfi_init2(ends_, kBits);
  mpfi_set(ends_, other.ends_);
}
Interval::Interval(Interval&& other) noexcept : Interval() { mpfi_swap(ends_, other.ends_); }
Interval& Interval::operator=(Interval other) noexcept {
  mpfi_swap(ends_, other.ends_);
  return *this;
}
Interval::~Interval() { mpfi_clear(ends_); }

double Interval::low() const { return mpfr_get_d(&ends_->left, MPFR_RNDD); }
double Interval::high() const { return mpfr_get_d(&ends_->right, MPFR_RNDU); }
bool Interval::is_number() const { return mpfr_equal_p(&ends_->left, &ends_->right) != 0; }
bool Interval::is(double number) const { return is_number() && mpfr_cmp_d(&ends_->left, number) == 0; }
bool Interval::holds_zero() const { return !positive() && !negative(); }
bool Interval::bounded() const { return mpfi_bounded_p(ends_) != 0; }
bool Interval::positive() const { return mpfr_sgn(&ends_->left) > 0; }
bool Interval::not_negative() const { return mpfr_sgn(&ends_->left) >= 0; }
bool Interval::negative() const { return mpfr_sgn(&ends_->right) < 0; }
bool Interval::not_positive() const { return mpfr_sgn(&ends_->right) <= 0; }

Interval& Interval::checked() {
  if (mpfi_nan_p(ends_)) *this = everything();
  return *this;
}
template <class Of>
Interval Interval::by(Of of, const Interval& a) {
  Interval result;
  of(result.ends_, a.ends_);
  return std::move(result.checked());
}
template <class Of>
Interval Interval::by(Of of, const Interval& a, const Interval& b) {
  Interval result;
  of(result.ends_, a.ends_, b.ends_);
  return std::move(result.checked());
}

Interval operator+(const Interval& a, const Interval& b) { return Interval::by(mpfi_add, a, b); }
Interval operator-(const Interval& a, const Interval& b) { return Interval::by(mpfi_sub, a, b); }
Interval operator*(const Interval& a, const Interval& b) { return Interval::by(mpfi_mul, a, b); }
Interval operator/(const Interval& a, const Interval& b) {
  return b.holds_zero() ? Interval::everything() : Interval::by(mpfi_div, a, b);
}
Interval operator-(const Interval& a) { return Interval::by(mpfi_neg, a); }
Interval hull(const Interval& a, const Interval& b) { return Interval::by(mpfi_union, a, b); }
Interval largest(const Interval& a, const Interval& b) {
  Interval result;
  mpfr_max(&result.ends_->left, &a.ends_->left, &b.ends_->left, MPFR_RNDD);
  mpfr_max(&result.ends_->right, &a.ends_->right, &b.ends_->right, MPFR_RNDU);
  return result;
}
Interval smallest(const Interval& a, const Interval& b) { return -largest(-a, -b); }
Interval floor(const Interval& a) {
  Interval result;
  mpfr_rint_floor(&result.ends_->left, &a.ends_->left, MPFR_RNDD);
  mpfr_rint_floor(&result.ends_->right, &a.ends_->right, MPFR_RNDU);
  return result;
}
Interval square(const Interval& a) { return Interval::by(mpfi_sqr, a); }
Interval abs(const Interval& a) { return Interval::by(mpfi_abs, a); }
Interval sqrt(const Interval& a) { return Interval::by(mpfi_sqrt, a); }
Interval ln(const Interval& a) { return Interval::by(mpfi_log, a); }
Interval asin(const Interval& a) { return Interval::by(mpfi_asin, a); }
Interval acosh(const Interval& a) { return Interval::by(mpfi_acosh, a); }
Interval atanh(const Interval& a) { return Interval::by(mpfi_atanh, a); }
Interval exp(const Interval& a) { return Interval::by(mpfi_exp, a); }
Interval sin(const Interval& a) { return a.bounded() ? Interval::by(mpfi_sin, a) : Interval(-1, 1); }
Interval cos(const Interval& a) { return a.bounded() ? Interval::by(mpfi_cos, a) : Interval(-1, 1); }
Interval atan(const Interval& a) { return Interval::by(mpfi_atan, a); }
Interval sinh(const Interval& a) { return Interval::by(mpfi_sinh, a); }
Interval cosh(const Interval& a) { return Interval::by(mpfi_cosh, a); }
Interval tanh(const Interval& a) { return Interval::by(mpfi_tanh, a); }
Interval asinh(const Interval& a) { return Interval::by(mpfi_asinh, a); }

Interval power(const Interval& a, long n) {
  if (n == 0) return Interval(1);
  if (n < 0) return Interval(1) / power(a, -n);
  const Interval size = n % 2 == 0 ? abs(a) : a;  // on which x^n rises
  Interval result;
  mpfr_pow_si(&result.ends_->left, &size.ends_->left, n, MPFR_RNDD);
  mpfr_pow_si(&result.ends_->right, &size.ends_->right, n, MPFR_RNDU);
  return std::move(result.checked());
}

Interval inverse(const Interval& a) {
  Interval result(0, kInfinity);
  mpfr_ui_div(&result.ends_->left, 1, &a.ends_->right, MPFR_RNDD);
  if (a.positive()) mpfr_ui_div(&result.ends_->right, 1, &a.ends_->left, MPFR_RNDU);
  return result;
}

// In each argument alone x^y goes one way, so the extremes are at corners.
Interval power(const Interval& a, const Interval& b) {
  Interval result(kInfinity, -kInfinity), corner;
  const auto look = [&](mpfr_srcptr x, mpfr_srcptr y) {
    mpfr_pow(&corner.ends_->left, x, y, MPFR_RNDD);
    mpfr_pow(&corner.ends_->right, x, y, MPFR_RNDU);
    if (mpfi_nan_p(corner.ends_)) corner = Interval::everything();
    mpfr_min(&result.ends_->left, &result.ends_->left, &corner.ends_->left, MPFR_RNDD);
    mpfr_max(&result.ends_->right, &result.ends_->right, &corner.ends_->right, MPFR_RNDU);
  };
  for (mpfr_srcptr x : {&a.ends_->left, &a.ends_->right}) {
    look(x, &b.ends_->left);
    if (!b.is_number()) look(x, &b.ends_->right);
  }
  return result;
}

}  // namespace strikenet
