#pragma once

#include <Eigen/Dense>
#include <functional>
#include <string>
#include <vector>

#include "core/parallel.h"
#include "hinge_sums.h"
#include "optimize/banded_face.h"
#include "smile_problem.h"

namespace strikenet {

/// One expiry of a joint fit.
struct FittedSmile {
  Smile smile;
  std::vector<StrikeBand> quotes;    ///< one band a quote
  Eigen::VectorXd alone = {};        ///< weights of the first solution, which knows no other expiry
  Eigen::VectorXd prior = {};        ///< positive weights that those of the solution are compared with
  Eigen::VectorXd weights = {};      ///< of the last solution
  std::vector<double> allowed = {};  ///< per band: half spreads that it is left by above, or, negative, below
  std::vector<double> trust = {};    ///< per band: what a robust loss makes of its square, of 1
  double largest_error = 0;          ///< of quotes without a spread, in units of kVolScale total vols
};

/// A row that says how far a price is from where its quote would have it: value = scale * (price - constant).
struct QuoteRow {
  std::size_t band;
  double scale, constant;
  bool in_vol;  ///< a quote without a spread, with a vol
};

/// The joint problem at a solution.
struct JointProgram {
  std::vector<HingeSums> sums;  ///< refer to the smiles they were made of
  BandedProgram program;
  std::vector<std::vector<QuoteRow>> tags;         ///< per slice: what the tags of the rows mean
  std::vector<std::vector<std::size_t>> band_row;  ///< per slice and band: its row in the program
  BandedSolution solution;
  std::vector<Eigen::VectorXd> before_faces = {};  ///< x before the active set; empty where it did not arrive
  int faces = 0;                                   ///< of the active set, where it arrived
};

struct JointFit {
  std::vector<Eigen::VectorXd> weights;
  std::vector<double> optimality;  ///< per slice: how far a quoted price may be from its exact optimum, in forwards
  Termination termination = Termination::stalled;
  std::string message;
  int iterations = 0;  ///< of the last joint problem: the interior point's and those of Ceres
  bool warm = false;   ///< from the solution before
  JointProgram joint = {};
};

/// Fits all slices, which share their nodes, so that hinge sums do not fall from one to the next but by rounding. First
/// each that has no first solution yet on its own with a Student prior, which `progress` counts; then, with the first
/// solutions - put in order in time, and smoothed - as priors, fit_together.
JointFit fit_jointly(std::vector<FittedSmile>& slices, const FitOptions& options, Workers& workers,
                     const std::function<void(int)>& progress, const JointProgram* before = nullptr);

/// Fits all slices together, with priors, and weights to start from, given: by the interior-point method, links
/// wherever neighbours come near, and from there by an active set to the minimum. Where that leaves a price outside its
/// band, the least total distance of all quotes is found, and held. Where quotes have no spread their vols are
/// linearised, the largest error made as small as it can be and then held. Last, if that is the engine, Ceres on the
/// face.
///
/// `before`: a solution for slices on the same nodes to start from instead, with its links and multipliers. Only where
/// all quotes have spreads and squares, and the active set arrives at the minimum: otherwise it is as if it was not
/// given.
JointFit fit_together(std::vector<FittedSmile>& slices, const FitOptions& options, Workers& workers,
                      const JointProgram* before = nullptr);

/// What errors of quotes without a spread are held to in the last problem, where they are held; in units of kVolScale
/// total vols.
double held_error(const FittedSmile& slice);

/// The error of the quote of a tagged row at a value of the row, in half spreads, or in units of kVolScale total vols;
/// and its slope. NaN where the value is no price that has a vol.
Bent error_of(const JointProgram& joint, const std::vector<FittedSmile>& slices, std::size_t block, std::ptrdiff_t tag,
              double value);

}  // namespace strikenet
