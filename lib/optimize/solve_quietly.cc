#include "optimize/solve_quietly.h"

#include <glog/logging.h>

#include <mutex>

namespace strikenet {
namespace {

/// The first raises the level, the last puts it back.
class Quiet {
 public:
  Quiet() {
    const std::lock_guard lock(guard_);
    if (running_++ > 0) return;
    level_before_ = FLAGS_minloglevel;
    FLAGS_minloglevel = google::GLOG_FATAL;
  }
  ~Quiet() {
    const std::lock_guard lock(guard_);
    if (--running_ == 0) FLAGS_minloglevel = level_before_;
  }
  Quiet(const Quiet&) = delete;
  Quiet& operator=(const Quiet&) = delete;

 private:
  static inline std::mutex guard_;
  static inline int running_ = 0, level_before_ = 0;
};

}  // namespace

ceres::Solver::Summary solve_quietly(const ceres::Solver::Options& options, ceres::Problem& problem) {
  const Quiet quiet;
  ceres::Solver::Summary summary;
  ceres::Solve(options, &problem, &summary);
  return summary;
}

}  // namespace strikenet
