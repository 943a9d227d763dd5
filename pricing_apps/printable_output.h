#pragma once

#include <ostream>
#include <streambuf>
#include <string>
#include <string_view>

namespace strikenet::app {

/// A text of one line as a terminal may show it: what would end the line is shown too, as \x0a.
std::string one_line(std::string_view text);

/// Stands before the buffer of a standard stream for as long as it lives. What comes from files and from the command
/// line may hold bytes that a terminal obeys; they are shown instead: control characters and bytes that are not UTF-8
/// as \x1b, those beyond ASCII - C1, and what turns the direction of writing - as \u202e, which in JSON means the same.
/// Line feeds and tabs pass.
class PrintableOutput : public std::streambuf {
 public:
  explicit PrintableOutput(std::ostream& stream, bool terminal);
  PrintableOutput(const PrintableOutput&) = delete;
  PrintableOutput& operator=(const PrintableOutput&) = delete;
  ~PrintableOutput() override;

 protected:
  int_type overflow(int_type letter) override;
  std::streamsize xsputn(const char* text, std::streamsize size) override;
  int sync() override;

 private:
  friend class DataOutput;
  friend void write_codes(std::ostream& stream, std::string_view codes);

  bool put(std::string_view text);
  bool put_printable(std::string_view text, bool ends);

  std::ostream& stream_;
  std::streambuf* target_;
  bool terminal_, as_it_is_ = false;
  std::string begun_ = {};  // bytes of a letter whose others are still to come
};

/// While it lives, the stream gets data, to be read by programs: unless it is a terminal, they pass as they are.
class DataOutput {
 public:
  explicit DataOutput(std::ostream& stream);
  DataOutput(const DataOutput&) = delete;
  DataOutput& operator=(const DataOutput&) = delete;
  ~DataOutput();

 private:
  PrintableOutput* output_;
};

/// Codes of ours for a terminal, which it is to obey.
void write_codes(std::ostream& stream, std::string_view codes);

}  // namespace strikenet::app
