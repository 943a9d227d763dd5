#include <iostream>
#include "strikenet/fitting/fit_smile.h"
using namespace strikenet;
int main() {
  const auto call = OptionType::call;
  const std::vector<SmileQuote> quotes = {{Strike(90), call, Price(13.5), Price(13.7)},
                                          {Strike(100), call, Price(7.9), Price(8.1)},
                                          {Strike(110), call, Price(4.2), Price(4.4)}};
  std::cout << fit_smile(quotes, Forward(100)).price(call, Strike(105)).value() << '\n';
}
