#include "strikenet/report/junit.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/property_tree/ptree.hpp>
#include <boost/property_tree/xml_parser.hpp>
#include <sstream>
#include <string>

namespace strikenet {
namespace {

using Tree = boost::property_tree::ptree;

std::string sayable(std::string_view text) {
  std::string result;
  for (const char c : text) {
    const bool is_control = static_cast<unsigned char>(c) < 0x20 && c != '\t' && c != '\n';
    is_control ? result.append("\xEF\xBF\xBD") : result.append(1, c);
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
