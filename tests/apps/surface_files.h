#pragma once

#include <string>

namespace strikenet::testing_support {

/// One slice of a surface file on the knots below: boxes on [1/4, 3/4], [3/4, 5/4] and [5/4, 7/4], forward 100,
/// discount factor 1/2.
inline std::string slice_text(const std::string& expiry, const std::string& root, double t,
                              const std::string& weights) {
  return R"({"expiry": ")" + expiry + R"(", "root": ")" + root + R"(", "t": )" + std::to_string(t) +
         R"(, "forward": 100, "discount": 0.5, "quoted": [70, 130], "weights": )" + weights + "}";
}

/// A call at the forward costs 0.109375 forwards where the middle has 3/4, and 0.15625 where it has half.
inline const std::string kNarrow = "[0.125, 0.75, 0.125]", kWide = "[0.25, 0.5, 0.25]";

/// `fields` are further ones of the file: "\"calendar\": false,".
inline std::string surface_text(const std::string& slices, const std::string& fields) {
  return R"({"schema": "strikenet.surface/1", "activation": "quadratic", "knots": [0.25, 0.75, 1.25, 1.75], )" +
         fields + R"( "slices": [)" + slices + "]}";
}

/// Two expiries of one root, at a quarter of a year and half a year.
inline std::string two_expiries(const std::string& fields = R"("as_of": "2026-01-02T21:00Z",)",
                                const std::string& root = "") {
  return surface_text(slice_text("2026-04-03", root, 0.25, kNarrow) + ", " + slice_text("2026-07-03", root, 0.5, kWide),
                      fields);
}

}  // namespace strikenet::testing_support
