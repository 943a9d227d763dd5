#pragma once

#include <istream>
#include <span>
#include <string>
#include <string_view>

#include "strikenet/core/export.h"
#include "strikenet/core/result.h"
#include "strikenet/io/input.h"
#include "strikenet/market/raw_chain.h"

namespace strikenet {

/// A layout of chain files that strikenet reads.
struct ChainFormat {
  std::string_view name;     ///< for --format: "generic"
  std::string_view title;    ///< "CBOE DataShop end-of-day snapshot"
  std::string_view columns;  ///< required ones first; optional ones in brackets
  std::string_view example;  ///< a header and one row
};

/// Every format, in the order in which a file is tried against them.
STRIKENET_EXPORT std::span<const ChainFormat> chain_formats();

/// Reads a chain. The format is recognised by its columns unless `format` names one. Reads to the end even after a bad
/// line, so one run shows every problem: "quotes.csv:4: bid is 'abc', but must be a number of at least 0".
///
/// The text is UTF-8, or packed by gzip (known by its first bytes; all members are taken, and a damaged one, or one
/// that unpacks to more than 200 times its length and 16 MiB, is a problem), and at most 1 GiB of it. Of problems of
/// one kind the first 20 are told and the others counted.
///
/// Column order is free, and so is the case of names; a byte-order mark, LF, CRLF and CR, quoted fields, blank lines
/// and lines that start with '#' are accepted. Numbers have a decimal point whatever the locale. Strikes and forwards
/// lie in [1e-12, 1e12], prices and vols in [0, 1e12]; NaN and infinities are problems. A bid or an ask may be left
/// empty: prepare() decides what that means. A generic file is strict unless its column `hygiene` says `lenient`: then
/// it is the copy of a snapshot, whose `t` may be past, see write_generic_csv(). Columns that the format does not know
/// are skipped, but in a generic file one that is a letter away from an optional column is a problem; `volume` and
/// `open_interest` are checked and not kept.
///
/// `name` is only used in messages and as RawChain::file. Memory is proportional to the text.
/// Throws PreconditionError when `format` is none of chain_formats().
STRIKENET_EXPORT Result<RawChain> read_chain(std::istream& csv, std::string_view name, std::string_view format = {});

/// The same for a file by its path; a missing, empty or unreadable one is a problem too.
STRIKENET_EXPORT Result<RawChain> read_chain_file(const std::string& path, std::string_view format = {});

/// Several files that are pages of one chain, such as CBOE's quote tables, a page a month: of one format and kind, and
/// quoted within a day of each other. Quotes in the order of the files; as of the latest of them. RawChain::file is the
/// first name, and how many more; RawChain::pages has all. A RawQuote::line is that of its own file. Problems are those
/// of every file, and files that do not belong together, and paths of one pipe. Throws PreconditionError as read_chain,
/// and when there is no path.
STRIKENET_EXPORT Result<RawChain> read_chain_files(std::span<const std::string> paths, std::string_view format = {});

/// The same of pages that are read already.
STRIKENET_EXPORT Result<RawChain> read_chain_pages(std::span<const Input> pages, std::string_view format = {});

}  // namespace strikenet
