#pragma once

namespace strikenet {

enum class OptionType : unsigned char { call, put };

/// 'C' or 'P', as in files.
constexpr char letter(OptionType type) { return type == OptionType::call ? 'C' : 'P'; }

}  // namespace strikenet
