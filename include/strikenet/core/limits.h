#pragma once

#include <cstddef>

/// How much an input may be, by number: docs/reference/limits.md, which a test holds against these. What is more is a
/// problem in a sentence, found before the memory for it is taken.
namespace strikenet::limits {

/// Bytes of one input, and of the text that a packed one unpacks to.
inline constexpr std::size_t input_bytes = std::size_t{1} << 30;
/// A packed input may unpack to so many times its length, and to so many bytes in any case.
inline constexpr std::size_t unpacked_times = 200, unpacked_always = std::size_t{16} << 20;
/// Columns of a table; lists and objects of JSON within each other.
inline constexpr std::size_t columns = 1'000'000, json_depth = 32;
/// Sentences of one kind that a file's problems are told in, and kinds; what is more is counted.
inline constexpr std::size_t problems_of_a_kind = 20, kinds_of_problems = 200;
/// Of a network: layers, their channels together, and numbers in them beyond those of its file.
inline constexpr std::size_t layers = 10'000, channels = 1'000'000, shared_numbers = 10'000'000;
/// Expiries, each with its root, of which a chain has quotes that can be used.
inline constexpr std::size_t expiries = 500;

}  // namespace strikenet::limits
