#include "report/run_id.h"
#include "strikenet/io/surface_json.h"
#include "strikenet/report/calibration.h"

namespace strikenet {

CalibrationFiles calibration_files(const Calibration& calibration) {
  Calibration one = calibration;
  Surface surface = calibration.fit.surface;
  const auto files = [&] {
    return CalibrationFiles{to_json(surface, status(calibration.certificate)), quotes_csv(one), summary_json(one)};
  };
  one.run = surface.run = {};
  one.seconds = {};
  one.run = surface.run = run_id(files());
  one.seconds = calibration.seconds;
  return files();
}

}  // namespace strikenet
