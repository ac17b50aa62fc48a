"""The currencies of ISO 4217 and how many digits their minor units have: what a whole number of money means.

Source: ISO 4217:2015, list one, as the SIX Group publishes it (1 January 2026). The CLDR is no substitute: it tells what people
write on price tags, e.g. no digits for the Iraqi dinar, which has three. What has no minor unit (gold, SDR, test codes) is left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from babel.numbers import get_currency_precision

_BY_DIGITS = {
    0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
    2: """
    AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE CHF CHW CNY COP COU CRC CUP
    CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD
    KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR
    PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU
    UZS VED VES WST XAD XCD XCG YER ZAR ZMW ZWG
    """,
    3: "BHD IQD JOD KWD LYD OMR TND",
    4: "CLF UYW",
}

MINOR_DIGITS: Mapping[str, int] = MappingProxyType(
    {code: digits for digits, codes in _BY_DIGITS.items() for code in codes.split()}
)
"""Code → digits of the minor unit: USD has 2 (cents), JPY none, KWD 3, CLF 4."""


def minor_digits(currency: str) -> int:
    """The digits of a currency's minor unit; of one that has left the standard, as the CLDR remembers it."""
    known = MINOR_DIGITS.get(currency)
    return get_currency_precision(currency) if known is None else known
