// Every format against files that are cut, broken, huge or in another encoding: what is read is what the file says, or
// there are problems. Never a crash, and never a part of a file without a word.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "io/same_chain.h"
#include "strikenet/io/read_chain.h"
#include "support/packed.h"

namespace strikenet {
namespace {

using nlohmann::ordered_json;
using testing_support::difference;
using testing_support::packed;
using Lines = std::vector<std::string>;

Result<RawChain> read(const std::string& text, std::string_view format = {}) {
  std::istringstream in(text);
  return read_chain(in, "f", format);
}

Lines problems_of(const std::string& text, std::string_view format = {}) {
  const auto chain = read(text, format);
  return chain ? Lines{} : chain.problems().lines;
}

struct Example {
  std::string format, text;
  RawChain chain = {};

  bool is_json() const { return text.starts_with('{'); }
};

void PrintTo(const Example& example, std::ostream* out) { *out << example.format; }

std::vector<Example> examples() {
  std::vector<Example> all;
  for (const ChainFormat& format : chain_formats()) {
    Example example{std::string(format.name), std::string(format.example) + "\n"};
    if (auto chain = read(example.text)) example.chain = std::move(chain).value();
    all.push_back(std::move(example));
  }
  return all;
}

constexpr std::size_t kTenMegabytes = 10'000'000;

class BadInput : public testing::TestWithParam<Example> {
 protected:
  const Example& example() const { return GetParam(); }
  const std::string& text() const { return GetParam().text; }

  /// A text in which something is wrong, or nothing that matters: read as the example, or not at all.
  void expect_same_or_problem(const std::string& changed) const {
    const auto chain = read(changed, example().format);
    if (chain)
      EXPECT_EQ(difference(chain.value(), example().chain), "") << changed.substr(0, 300);
    else
      EXPECT_FALSE(chain.problems().lines.empty());
  }
};

INSTANTIATE_TEST_SUITE_P(Formats, BadInput, testing::ValuesIn(examples()), [](const auto& test) {
  std::string name = test.param.format;
  std::erase(name, '-');
  return name;
});

// --- cut -------------------------------------------------------------------------------------------------------------

// A line that ends early may still be one: of a table that is cut, the rows before the last line are as they were.
TEST_P(BadInput, CutAnywhereIsAProblemOrWholeBeforeTheCut) {
  for (std::size_t size = 0; size + 1 < text().size(); ++size) {
    const auto chain = read(text().substr(0, size), example().format);
    if (!chain) continue;
    ASSERT_FALSE(example().is_json()) << "cut at " << size;
    ASSERT_LE(chain.value().quotes.size(), example().chain.quotes.size());
    RawChain before = example().chain, cut = chain.value();
    const long last_line = cut.quotes.back().line;
    const auto is_last = [&](const RawQuote& quote) { return quote.line >= last_line; };
    std::erase_if(before.quotes, is_last);
    std::erase_if(cut.quotes, is_last);
    before.as_of = cut.as_of;  // in some formats that of the latest row
    EXPECT_EQ(difference(before, cut), "") << "cut at " << size;
  }
}

TEST_P(BadInput, PackedAndCutAnywhereIsAProblem) {
  const std::string bytes = packed(text());
  EXPECT_EQ(difference(read(bytes).value(), example().chain), "");
  for (std::size_t size = 2; size < bytes.size(); ++size)
    EXPECT_EQ(problems_of(bytes.substr(0, size), example().format),
              Lines{"f: file ends within its gzip data, but must be whole"});
}

// --- encodings -------------------------------------------------------------------------------------------------------

TEST_P(BadInput, InUtf16IsAProblem) {
  std::string little = "\xFF\xFE", big = "\xFE\xFF";
  for (const char c : text()) {
    little += {c, '\0'};
    big += {'\0', c};
  }
  for (const std::string& bytes : {little, big}) {
    EXPECT_EQ(problems_of(bytes), Lines{"f: file is UTF-16, but must be UTF-8"});
    EXPECT_EQ(problems_of(bytes, example().format), Lines{"f: file is UTF-16, but must be UTF-8"});
    EXPECT_FALSE(problems_of(bytes.substr(2)).empty());  // without its mark
  }
}

TEST_P(BadInput, WithAByteThatIsNoLetterIsAProblemOnItsLine) {
  for (std::size_t i = 0; i <= text().size(); ++i)
    for (const char byte : {'\0', '\xE9'}) {
      std::string bytes = text();
      bytes.insert(i, 1, byte);
      const Lines problems = problems_of(bytes, example().format);
      const auto line = 1 + std::count(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(i), '\n');
      ASSERT_EQ(problems.size(), 1U);
      EXPECT_TRUE(problems[0].starts_with("f:" + std::to_string(line) + ": text is '")) << problems[0];
    }
}

TEST_P(BadInput, WithAByteOrderMarkIsTheSame) {
  EXPECT_EQ(difference(read("\xEF\xBB\xBF" + text()).value(), example().chain), "");
}

// --- huge ------------------------------------------------------------------------------------------------------------

TEST_P(BadInput, OfTenMegabytesOnOneLineIsAProblem) {
  EXPECT_FALSE(problems_of(text() + std::string(kTenMegabytes, 'x'), example().format).empty());
}

TEST(BadInput, OfTenMegabytesOfOneLetterIsAProblem) {
  for (const char c : {'x', ',', '"', '9', '[', '{', ' ', '#', '\n', '\r'})
    EXPECT_FALSE(problems_of(std::string(kTenMegabytes, c)).empty()) << c;
}

TEST(BadInput, OfTenMegabytesOfNothingAfterAChainIsTheChain) {
  const std::string text = "expiry,strike,vol\n1,100,0.2\n";
  for (const char c : {',', ' ', '#', '\n', '\r'})
    EXPECT_EQ(read(text + std::string(kTenMegabytes, c)).value().quotes.size(), 1U) << c;
}

TEST(BadInput, OfAMillionRowsIsReadWhole) {
  std::string text = "expiry,strike,type,bid,ask\n";
  for (int i = 0; i < 1'000'000; ++i)
    text += "2026-12-18," + std::to_string(1000 + i) + ",C,1.5,1.75\n";
  const auto chain = read(text);
  ASSERT_TRUE(chain) << chain.problems().lines.front();
  ASSERT_EQ(chain.value().quotes.size(), 1'000'000U);
  EXPECT_EQ(chain.value().quotes.back().strike, 1'000'999);
  EXPECT_EQ(chain.value().quotes.back().line, 1'000'001);
}

// --- tables ----------------------------------------------------------------------------------------------------------

/// The example with one of its fields - between commas and line ends - replaced, for each of them.
std::vector<std::string> with_each_field_as(const std::string& text, const std::string& field) {
  std::vector<std::string> all;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find_first_of(",\n", begin), text.size());
    all.push_back(text.substr(0, begin) + field + text.substr(end));
    begin = end + 1;
  }
  return all;
}

TEST_P(BadInput, WithAnythingInAFieldIsReadOrAProblemOfThatFile) {
  for (const std::string field : {"", "null", "NaN", "inf", "abc", "-1", "1e999", "\"\"", "\"1", "#", "2026-02-30",
                                  "0x1p3", "9999999999999999999999", "T=1", "1,1", "\r", "=", "[option]"})
    for (const std::string& changed : with_each_field_as(text(), field)) {
      const auto chain = read(changed, example().format);
      if (chain) {
        EXPECT_FALSE(chain.value().quotes.empty());
        continue;
      }
      for (const std::string& problem : chain.problems().lines)
        EXPECT_TRUE(problem.starts_with("f:") && problem.find(", but ") != std::string::npos) << problem;
    }
}

TEST_P(BadInput, WithAllFieldsInQuotesIsTheSame) {
  if (example().is_json() || example().format == "blocks") return;
  const std::size_t last_line = text().rfind('\n', text().size() - 2) + 1;
  std::string quoted = text().substr(0, last_line) + "\"";
  for (const char c : text().substr(last_line))
    quoted += c == ',' ? "\",\"" : c == '\n' ? "\"\n" : std::string(1, c);
  expect_same_or_problem(quoted);
  EXPECT_TRUE(read(quoted, example().format)) << quoted;
}

// --- JSON ------------------------------------------------------------------------------------------------------------

/// Calls `change` on every value in a document, the document itself first.
template <class Change>
void for_each_value(const std::string& text, Change change) {
  const ordered_json whole = ordered_json::parse(text), flat = whole.flatten();
  std::vector<std::string> pointers;
  for (const auto& [leaf, value] : flat.items())
    for (std::size_t end = 0; end != std::string::npos; end = leaf.find('/', end + 1))
      pointers.push_back(leaf.substr(0, end));
  for (const auto& [leaf, value] : flat.items())
    pointers.push_back(leaf);
  std::ranges::sort(pointers);
  pointers.erase(std::unique(pointers.begin(), pointers.end()), pointers.end());
  for (const std::string& pointer : pointers)
    change(whole, ordered_json::json_pointer(pointer));
}

/// Problems name the place by a JSON pointer, or say that the document is of no known kind.
void expect_pointers(const Lines& problems) {
  for (const std::string& problem : problems)
    EXPECT_TRUE(problem.starts_with("f: /") || problem.starts_with("f: file is ") ||
                problem.starts_with("f: options are missing") || problem.starts_with("f: underlying is ") ||
                problem.starts_with("f: root is ") || problem.starts_with("f: number of "))
        << problem;
}

TEST_P(BadInput, JsonWithAnyValueOfAnotherKindIsReadOrNamesItByItsPointer) {
  if (!example().is_json()) return;
  for_each_value(text(), [&](const ordered_json& whole, const ordered_json::json_pointer& pointer) {
    if (pointer.empty()) return;
    for (const char* other :
         {"null", "true", "-7", "1e308", "\"abc\"", "\"\"", "\"\\u0000\"", "[]", "[1]", "[[]]", "{}"}) {
      ordered_json changed = whole;
      changed[pointer] = ordered_json::parse(other);
      expect_pointers(problems_of(changed.dump(), example().format));
      expect_pointers(problems_of(changed.dump()));
    }
  });
}

TEST_P(BadInput, JsonWithoutOneOfItsPartsIsReadOrNamesItByItsPointer) {
  if (!example().is_json()) return;
  for_each_value(text(), [&](const ordered_json& whole, const ordered_json::json_pointer& pointer) {
    if (pointer.empty()) return;
    ordered_json changed = whole;
    ordered_json& parent = changed[pointer.parent_pointer()];
    if (!parent.is_object()) return;
    parent.erase(pointer.back());
    expect_pointers(problems_of(changed.dump(), example().format));
  });
}

TEST_P(BadInput, JsonWithNumbersAsTextsIsTheSameWhereTheyArePrices) {
  if (!example().is_json()) return;
  for_each_value(text(), [&](const ordered_json& whole, const ordered_json::json_pointer& pointer) {
    if (pointer.empty() || !whole[pointer].is_number()) return;
    ordered_json changed = whole;
    changed[pointer] = whole[pointer].dump();
    expect_same_or_problem(changed.dump());
    EXPECT_TRUE(read(changed.dump())) << pointer.to_string();
  });
}

TEST_P(BadInput, JsonThatIsDeepOrNamesAKeyTwiceIsAProblem) {
  if (!example().is_json()) return;
  const std::string rest = text().substr(1);
  const std::string deep = "{\"deep\": " + std::string(100'000, '[') + std::string(100'000, ']') + "," + rest;
  EXPECT_EQ(problems_of(deep), Lines{"f: lists and objects are more than 32 deep, but must not be"});
  EXPECT_EQ(problems_of("{\"k\": 1, \"k\": 1," + rest),
            Lines{"f: key 'k' is there twice in one object, but must not be"});
}

}  // namespace
}  // namespace strikenet
