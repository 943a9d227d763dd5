#include "printable_output.h"

#include <fmt/format.h>

#include <boost/locale/utf.hpp>
#include <cstdint>
#include <utility>

namespace strikenet::app {
namespace {

namespace utf = boost::locale::utf;

bool is_plain(char c) { return (' ' <= c && c <= '~') || c == '\n' || c == '\t'; }

/// Characters beyond ASCII that a terminal obeys: C1, and what changes the direction or the line.
bool is_obeyed(std::uint32_t code) {
  return code < 0xA0 || code == 0x061C || code == 0x200E || code == 0x200F || (0x2028 <= code && code <= 0x202E) ||
         (0x2066 <= code && code <= 0x2069);
}

std::string escaped_bytes(std::string_view bytes) {
  std::string text;
  for (const char c : bytes)
    text += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
  return text;
}

/// As a terminal may show it. What the text breaks off in is left in it, unless it ends there.
std::string printable_part(std::string_view& text, bool ends) {
  std::string shown;
  while (!text.empty()) {
    const char* at = text.data();
    const char* const end = at + text.size();
    while (at != end && is_plain(*at))
      ++at;
    shown.append(text.data(), at);
    text.remove_prefix(static_cast<std::size_t>(at - text.data()));
    if (text.empty()) break;
    const utf::code_point code = utf::utf_traits<char>::decode(at, end);
    if (code == utf::incomplete && !ends) break;
    const bool is_letter = code != utf::incomplete && code != utf::illegal;
    const std::string_view letter = text.substr(0, is_letter ? static_cast<std::size_t>(at - text.data()) : 1);
    if (!is_letter || code < ' ')
      shown += escaped_bytes(letter);
    else
      shown += is_obeyed(code) ? fmt::format("\\u{:04x}", code) : std::string(letter);
    text.remove_prefix(letter.size());
  }
  return shown;
}

}  // namespace

std::string one_line(std::string_view text) {
  std::string line;
  for (const char c : text)
    line += c == '\n' ? escaped_bytes({&c, 1}) : std::string(1, c);
  return line;
}

PrintableOutput::PrintableOutput(std::ostream& stream, bool terminal)
    : stream_(stream), target_(stream.rdbuf(this)), terminal_(terminal) {}

PrintableOutput::~PrintableOutput() {
  PrintableOutput::sync();
  const auto state = stream_.rdstate();
  stream_.rdbuf(target_);  // which forgets what went wrong
  stream_.setstate(state);
}

bool PrintableOutput::put(std::string_view text) {
  const auto size = static_cast<std::streamsize>(text.size());
  return target_->sputn(text.data(), size) == size;
}

bool PrintableOutput::put_printable(std::string_view text, bool ends) {
  if (begun_.empty()) {
    const std::string shown = printable_part(text, ends);
    begun_ = text;
    return put(shown);
  }
  const std::string all = std::exchange(begun_, {}).append(text);
  return put_printable(all, ends);
}

std::streamsize PrintableOutput::xsputn(const char* text, std::streamsize size) {
  const std::string_view whole(text, static_cast<std::size_t>(size));
  return (as_it_is_ ? put(whole) : put_printable(whole, false)) ? size : 0;
}

PrintableOutput::int_type PrintableOutput::overflow(int_type letter) {
  if (traits_type::eq_int_type(letter, traits_type::eof())) return traits_type::not_eof(letter);
  const char c = traits_type::to_char_type(letter);
  return xsputn(&c, 1) == 1 ? letter : traits_type::eof();
}

int PrintableOutput::sync() { return put_printable({}, true) && target_->pubsync() == 0 ? 0 : -1; }

DataOutput::DataOutput(std::ostream& stream) : output_(dynamic_cast<PrintableOutput*>(stream.rdbuf())) {
  if (output_) output_->as_it_is_ = !output_->terminal_;
}

DataOutput::~DataOutput() {
  if (output_) output_->as_it_is_ = false;
}

void write_codes(std::ostream& stream, std::string_view codes) {
  const auto output = dynamic_cast<PrintableOutput*>(stream.rdbuf());
  if (!output)
    stream << codes;
  else if (!output->put(codes))
    stream.setstate(std::ios::badbit);
}

}  // namespace strikenet::app
