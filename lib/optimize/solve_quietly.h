#pragma once

#include <ceres/ceres.h>

namespace strikenet {

/// ceres::Solve, of which nothing is printed: Ceres writes what goes wrong in a step to glog, whatever its own options
/// say, and glog writes to stderr until a program sets it up. While any of these calls runs, glog's lowest level is
/// that of fatal errors, for all of the program; then it is again what it was. What there is to know is in
/// Summary::message. Safe to call from any thread.
ceres::Solver::Summary solve_quietly(const ceres::Solver::Options& options, ceres::Problem& problem);

}  // namespace strikenet
