#include "io/gzip.h"

#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <limits>
#include <new>

#include "strikenet/core/limits.h"

namespace strikenet {
namespace {

/// zlib's state, freed whatever happens.
class Inflater {
 public:
  explicit Inflater(std::string_view bytes) : left_(bytes) {
    constexpr int kGzipOnly = 16;
    if (inflateInit2(&stream_, MAX_WBITS + kGzipOnly) != Z_OK) throw std::bad_alloc();
  }
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;
  ~Inflater() { inflateEnd(&stream_); }

  /// Appends what the next bytes unpack to; returns zlib's code.
  int step(std::string& text) {
    if (stream_.avail_in == 0) refill();
    stream_.next_out = block_.data();
    stream_.avail_out = static_cast<uInt>(block_.size());
    const int code = inflate(&stream_, Z_NO_FLUSH);
    text.append(reinterpret_cast<const char*>(block_.data()), block_.size() - stream_.avail_out);
    return code;
  }

  bool at_end() const { return stream_.avail_in == 0 && left_.empty(); }
  void next_member() { inflateReset(&stream_); }

 private:
  void refill() {
    const std::size_t size = std::min<std::size_t>(left_.size(), std::numeric_limits<uInt>::max());
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(left_.data()));  // zlib only reads there
    stream_.avail_in = static_cast<uInt>(size);
    left_.remove_prefix(size);
  }

  std::string_view left_;
  z_stream stream_ = {};
  std::array<Bytef, 1 << 16> block_ = {};
};

}  // namespace

bool is_gzip(std::string_view bytes) { return bytes.starts_with("\x1f\x8b"); }

Unpacked unpack_gzip(std::string_view bytes) {
  const std::size_t most =
      std::min(limits::input_bytes, std::max(limits::unpacked_always, limits::unpacked_times * bytes.size()));
  const auto refused = [](std::string rule) { return Unpacked{.broken_rule = std::move(rule)}; };
  Unpacked unpacked;
  Inflater inflater(bytes);
  for (;;) {
    const int code = inflater.step(unpacked.text);
    if (unpacked.text.size() > most)
      return refused(
          fmt::format("file of {} bytes unpacks to more than {}, but must to at most {} times its length, "
                      "or 16 MiB, and never more than 1 GiB",
                      bytes.size(), most, limits::unpacked_times));
    if (code == Z_STREAM_END && inflater.at_end()) return unpacked;
    if (code == Z_STREAM_END) inflater.next_member();
    if (code == Z_MEM_ERROR) throw std::bad_alloc();
    if (code == Z_BUF_ERROR) return refused("file ends within its gzip data, but must be whole");
    if (code != Z_OK && code != Z_STREAM_END)
      return refused("gzip data are damaged, but must unpack to what their checksums say");
  }
}

}  // namespace strikenet
