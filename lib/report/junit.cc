#include "strikenet/report/junit.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/locale/utf.hpp>
#include <boost/property_tree/ptree.hpp>
#include <boost/property_tree/xml_parser.hpp>
#include <sstream>
#include <string>

namespace strikenet {
namespace {

using Tree = boost::property_tree::ptree;

/// Whether XML 1.0 has the character (section 2.2, production 2). A carriage return it would turn into a line feed.
bool is_sayable(boost::locale::utf::code_point code) {
  if (code < 0x20) return code == '\t' || code == '\n';
  return code < 0xD800 || (0xE000 <= code && code <= 0xFFFD) || (0x10000 <= code && code <= 0x10FFFF);
}

/// With U+FFFD for what XML cannot hold, and for bytes that are not UTF-8.
std::string sayable(std::string_view text) {
  using Utf = boost::locale::utf::utf_traits<char>;
  std::string result;
  for (const char *at = text.data(), *const end = at + text.size(); at != end;) {
    const char* const letter = at;
    const auto code = Utf::decode(at, end);
    const bool is_letter = code != boost::locale::utf::illegal && code != boost::locale::utf::incomplete;
    if (!is_letter) at = letter + 1;
    is_letter&& is_sayable(code) ? result.append(letter, at) : result.append("\xEF\xBF\xBD");
  }
  return result;
}

Tree element_of(std::string_view suite, const JunitCase& one) {
  Tree element;
  element.put("<xmlattr>.classname", sayable(suite));
  element.put("<xmlattr>.name", sayable(one.name));
  if (one.outcome == JunitCase::Outcome::passed) return element;
  Tree trouble(sayable(one.text));
  trouble.put("<xmlattr>.message", sayable(one.message));
  element.add_child(one.outcome == JunitCase::Outcome::failed ? "failure" : "error", trouble);
  return element;
}

std::string count(const std::vector<JunitCase>& cases, JunitCase::Outcome outcome) {
  return std::to_string(std::ranges::count(cases, outcome, &JunitCase::outcome));
}

}  // namespace

std::string junit_xml(std::string_view suite, const std::vector<JunitCase>& cases, double seconds) {
  Tree element;
  element.put("<xmlattr>.name", sayable(suite));
  element.put("<xmlattr>.tests", std::to_string(cases.size()));
  element.put("<xmlattr>.failures", count(cases, JunitCase::Outcome::failed));
  element.put("<xmlattr>.errors", count(cases, JunitCase::Outcome::error));
  if (seconds > 0) element.put("<xmlattr>.time", fmt::format("{:.3f}", seconds));
  for (const JunitCase& one : cases)
    element.add_child("testcase", element_of(suite, one));
  Tree document;
  document.add_child("testsuites.testsuite", element);
  std::ostringstream text;
  write_xml(text, document, boost::property_tree::xml_writer_make_settings<std::string>(' ', 1));
  return text.str();
}

}  // namespace strikenet
