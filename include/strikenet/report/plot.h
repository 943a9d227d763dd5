#pragma once

#include <string>
#include <string_view>

#include "strikenet/core/export.h"
#include "strikenet/core/result.h"
#include "strikenet/report/report_html.h"

namespace strikenet {

/// One picture of one expiry.
struct PlotRequest {
  enum class Picture { smile, density };
  enum class Format { svg, png };

  std::string expiry = {};  ///< "2026-04-17", or with its root "2019-06-28 SPXW"; may be empty where there is one only
  Picture picture = Picture::smile;
  Format format = Format::svg;
};

/// The picture as commands for gnuplot 5.4, data included, which write the image to standard output: bid to ask and the
/// model in vol, or the density, each with the forward and its parity band, as report_html draws them. Nothing in it is
/// random or of today. Texts of the files are only ever quoted: they cannot become commands.
///
/// `where` is the directory, only used in messages. Problems are those of the files, or an expiry that is not theirs:
/// "fit: expiry is '2026-04-18', but must be one of 2026-04-17, 2026-06-26".
STRIKENET_EXPORT Result<std::string> gnuplot_script(const CalibrationFiles& files, const PlotRequest& request,
                                                    std::string_view where);

}  // namespace strikenet
