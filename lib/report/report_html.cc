#include "strikenet/report/report_html.h"

#include <utility>

#include "report/page_parts.h"
#include "report/report_data.h"

namespace strikenet {
namespace {

using Json = nlohmann::ordered_json;

/// With every `from` as `to`.
std::string replaced(std::string_view text, std::string_view from, std::string_view to) {
  std::string result;
  for (std::size_t at; (at = text.find(from)) != std::string_view::npos; text.remove_prefix(at + from.size()))
    result.append(text.substr(0, at)).append(to);
  return result.append(text);
}

/// A script that cannot end its element early. In JavaScript "<\/" means "</" wherever it may stand.
std::string script(std::string_view text) { return replaced(text, "</script", "<\\/script"); }

/// JSON inside an element: what could be markup stands only in strings, where it is escaped. ASCII alone, so that line
/// separators are escaped too.
std::string data_block(const Json& data) {
  const std::string text = data.dump(-1, ' ', true, Json::error_handler_t::replace);
  return replaced(replaced(replaced(text, "<", "\\u003c"), ">", "\\u003e"), "&", "\\u0026");
}

/// The template with each "{{name}}" replaced, once.
std::string filled(std::string_view html, std::initializer_list<std::pair<std::string_view, std::string>> values) {
  std::string page;
  while (true) {
    const std::size_t begin = html.find("{{"), end = html.find("}}", begin);
    if (begin == std::string_view::npos || end == std::string_view::npos) return page.append(html);
    page.append(html.substr(0, begin));
    const std::string_view name = html.substr(begin + 2, end - begin - 2);
    for (const auto& [key, value] : values)
      if (key == name) page += value;
    html.remove_prefix(end + 2);
  }
}

}  // namespace

std::optional<std::string> report_left_out() {
  if (page_parts().complete()) return std::nullopt;
  return "report.html left out: the charting libraries were missing when strikenet was built; install the packages "
         "libjs-chart.js and libjs-three, configure and build again";
}

Result<std::string> report_html(const CalibrationFiles& files, std::string_view where) {
  const PageParts parts = page_parts();
  if (!parts.complete()) throw PreconditionError("report_html: " + *report_left_out());
  const auto calibration = read_calibration(files, where);
  if (!calibration) return calibration.problems();
  return filled(parts.html, {{"css", std::string(parts.css)},
                             {"data", data_block(report_data(calibration.value()))},
                             {"charts", script(parts.charts)},
                             {"three", script(parts.three)},
                             {"controls", script(parts.controls)},
                             {"script", script(parts.script)},
                             {"licences", std::string(parts.licences)}});
}

}  // namespace strikenet
