#include "strikenet/report/junit.h"

#include <gtest/gtest.h>

namespace strikenet {
namespace {

using Outcome = JunitCase::Outcome;

TEST(JunitXml, HasACaseEachAndCountsThem) {
  EXPECT_EQ(junit_xml("chain.csv",
                      {{"2026-06-19 SPX"},
                       {"2026-07-17 SPX", Outcome::failed, "butterfly: receive 1.8 today", "buy 1 C90\nsell 2 C100\n"},
                       {"T=0.5", Outcome::error, "not proved", ""}},
                      0.25),
            "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"
            "<testsuites>\n"
            " <testsuite name=\"chain.csv\" tests=\"3\" failures=\"1\" errors=\"1\" time=\"0.250\">\n"
            "  <testcase classname=\"chain.csv\" name=\"2026-06-19 SPX\"/>\n"
            "  <testcase classname=\"chain.csv\" name=\"2026-07-17 SPX\">\n"
            "   <failure message=\"butterfly: receive 1.8 today\">buy 1 C90\nsell 2 C100\n</failure>\n"
            "  </testcase>\n"
            "  <testcase classname=\"chain.csv\" name=\"T=0.5\">\n"
            "   <error message=\"not proved\"/>\n"
            "  </testcase>\n"
            " </testsuite>\n"
            "</testsuites>\n");
}

TEST(JunitXml, OfNothingIsASuiteWithoutCases) {
  EXPECT_EQ(junit_xml("chain.csv", {}),
            "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"
            "<testsuites>\n"
            " <testsuite name=\"chain.csv\" tests=\"0\" failures=\"0\" errors=\"0\"/>\n"
            "</testsuites>\n");
}

TEST(JunitXml, EscapesWhatXmlReservesAndReplacesWhatItCannotSay) {
  const std::string xml = junit_xml("a&b", {{"<\"x\">", Outcome::failed, "1 < 2 & \"3\"", "a\x01]]>\tz"}});
  EXPECT_NE(xml.find("classname=\"a&amp;b\" name=\"&lt;&quot;x&quot;&gt;\""), std::string::npos) << xml;
  EXPECT_NE(xml.find("message=\"1 &lt; 2 &amp; &quot;3&quot;\""), std::string::npos) << xml;
  EXPECT_NE(xml.find(">a\xEF\xBF\xBD]]&gt;\tz<"), std::string::npos) << xml;
}

TEST(JunitXml, HoldsOnlyCharactersThatXmlHas) {
  const std::string no = "\xEF\xBF\xBD";
  for (const auto& [text, shown] :
       std::vector<std::pair<std::string, std::string>>{{std::string("a\0b", 3), "a" + no + "b"},
                                                        {"\x1b[31m", no + "[31m"},
                                                        {"\r", no},
                                                        {"\x7f", "\x7f"},                       // it has that one
                                                        {"\xEF\xBF\xBE\xEF\xBF\xBF", no + no},  // U+FFFE, U+FFFF
                                                        {"\xED\xA0\x80", no + no + no},  // half of a surrogate pair
                                                        {"caf\xE9", "caf" + no},         // Latin-1
                                                        {"\xF4\x90\x80\x80", no + no + no + no},  // beyond U+10FFFF
                                                        {"\xE2\x82", no + no},                    // broken off
                                                        {"\xC3\xA9 \xF0\x9F\x98\x80", "\xC3\xA9 \xF0\x9F\x98\x80"}}) {
    const std::string xml = junit_xml("s", {{"n", Outcome::failed, "m", "<" + text + ">"}});
    EXPECT_NE(xml.find("&lt;" + shown + "&gt;"), std::string::npos) << xml;
  }
}

}  // namespace
}  // namespace strikenet
