#include "io/csv_splitter.h"

#include <new>

#include "io/csv_table.h"

namespace strikenet {

CsvSplitter::CsvSplitter(std::string_view text, long line_before) : rest_(text), line_(line_before) {
  if (csv_init(&parser_, 0) != 0) throw std::bad_alloc();
  csv_set_blk_size(&parser_, std::size_t{1} << 16);
}

CsvSplitter::~CsvSplitter() { csv_free(&parser_); }

// libcsv calls these through C, which no exception may cross.
void CsvSplitter::on_field(void* text, std::size_t size, void* self) noexcept {
  auto& splitter = *static_cast<CsvSplitter*>(self);
  try {
    splitter.buffer_ += trimmed({static_cast<const char*>(text), size});
    splitter.ends_.push_back(splitter.buffer_.size());
  } catch (const std::bad_alloc&) {
    splitter.out_of_memory_ = true;
  }
}

void CsvSplitter::on_row(int, void* self) noexcept { static_cast<CsvSplitter*>(self)->row_has_ended_ = true; }

bool CsvSplitter::next() {
  do {
    buffer_.clear();
    ends_.clear();
    row_is_open_ = row_has_ended_ = false;
    while (!row_has_ended_ && !rest_.empty())
      feed(take_line(rest_));
    if (!row_has_ended_) finish();
    if (!row_has_ended_) return false;
  } while (is_blank());
  return true;
}

void CsvSplitter::feed(std::string_view line) {
  ++line_;
  if (!row_is_open_) {
    if (line.starts_with('#')) return;
    row_line_ = line_;
    row_is_open_ = !trimmed(line).empty();
  }
  if (csv_parse(&parser_, line.data(), line.size(), on_field, on_row, this) != line.size() || out_of_memory_)
    throw std::bad_alloc();
}

// A last line may lack its end.
void CsvSplitter::finish() {
  if (!row_is_open_ || broke_off_) return;
  csv_set_opts(&parser_, CSV_STRICT | CSV_STRICT_FINI);
  broke_off_ = csv_fini(&parser_, on_field, on_row, this) != 0;
  if (broke_off_) row_has_ended_ = false;
  if (out_of_memory_) throw std::bad_alloc();
}

std::string_view CsvSplitter::field(std::size_t i) const {
  const std::size_t begin = i == 0 ? 0 : ends_[i - 1];
  return std::string_view(buffer_).substr(begin, ends_[i] - begin);
}

}  // namespace strikenet
