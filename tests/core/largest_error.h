#pragma once

#include <gtest/gtest.h>

#include <boost/math/special_functions/erf.hpp>
#include <boost/multiprecision/cpp_bin_float.hpp>
#include <cmath>
#include <iostream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

/// What the comparisons of formulas with 50-digit arithmetic share.
namespace strikenet {

using Exact = boost::multiprecision::cpp_bin_float_50;

inline Exact exact_normal(const Exact& x) { return boost::math::erfc(Exact(-x / sqrt(Exact(2)))) / 2; }

inline Exact exact_density(const Exact& x) { return exp(-x * x / 2) / sqrt(2 * boost::math::constants::pi<Exact>()); }

/// count + 1 points from `from` to `to`, each the same factor beyond the one before.
inline std::vector<double> grid(double from, double to, int count) {
  std::vector<double> points;
  for (int i = 0; i <= count; ++i)
    points.push_back(from * std::pow(to / from, static_cast<double>(i) / count));
  return points;
}

/// The largest error of a region, as a number and as a share of what is allowed there, each with its place.
class LargestError {
 public:
  void see(double error, double allowed, double strike, double vol) {
    ++count_;
    if (!(error <= error_)) {
      error_ = error;
      strike_ = strike;
      vol_ = vol;
    }
    if (!(error <= allowed * share_)) share_ = error / allowed;
  }
  void see(double error, double strike, double vol) { see(error, 1, strike, vol); }

  int count() const { return count_; }
  double error() const { return error_; }
  double share() const { return share_; }
  std::string text() const {
    std::ostringstream out;
    out << error_ << " of " << count_ << ", at strike " << strike_ << ", total vol " << vol_;
    if (share_ != error_) out << "; " << share_ << " of what is allowed";
    return out.str();
  }

 private:
  int count_ = 0;
  double error_ = 0, share_ = 0, strike_ = 0, vol_ = 0;
};

using ErrorByRegion = std::map<std::string, LargestError>;

/// Prints the largest error of every region, and keeps it in the report of the test.
inline void report(const std::string& what, const ErrorByRegion& errors) {
  for (const auto& [region, largest] : errors) {
    std::cout << what << ", " << region << ": largest relative error " << largest.text() << '\n';
    testing::Test::RecordProperty(what + ", " + region, largest.text());
  }
}

}  // namespace strikenet
