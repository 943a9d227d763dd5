#pragma once

#include <string_view>

namespace strikenet {

/// What the page is made of, embedded at build: our template, style and script, and the charting libraries. The
/// libraries are empty where they were not found.
struct PageParts {
  std::string_view html, css, script, licences;
  std::string_view charts, three, controls;

  bool complete() const { return !charts.empty() && !three.empty() && !controls.empty(); }
};

PageParts page_parts();

}  // namespace strikenet
