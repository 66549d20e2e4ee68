"""Every amount that anybody reads is written here: dollars, deltas, shares, unit prices, quantities."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from clops_app.language import tr

_CENT = Decimal("0.01")
_ZERO = Decimal("0.00")


def cents(amount: Decimal) -> Decimal:
    """Rounded to cents, half up, as a bill is; never minus zero."""
    rounded = amount.quantize(_CENT, rounding=ROUND_HALF_UP)
    return rounded or _ZERO


def difference(before: Decimal, after: Decimal) -> Decimal:
    """After less before, of the amounts as they are shown, so that a reader who subtracts gets the same."""
    return cents(after) - cents(before)


def decimal_text(amount: Decimal) -> str:
    """A monthly amount for a JSON document: `1234.50`, no sign but minus, no separators."""
    return f"{cents(amount):f}"


def plain(number: Decimal) -> str:
    """A unit price or quantity, exactly, without exponent and without trailing zeros: `0.0000002`, `730`."""
    text = f"{number:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in {"-0", ""} else text


def usd(amount: Decimal) -> str:
    """`$1,234.56`, `-$5.00`."""
    rounded = cents(amount)
    figures = f"{abs(rounded):,.2f}"
    return tr("-${amount}", amount=figures) if rounded < 0 else dollars(figures)


def usd_short(amount: Decimal) -> str:
    """`$100` where there are no cents, for a number that a person wrote."""
    return usd(amount).removesuffix(".00")


def usd_delta(amount: Decimal) -> str:
    """`+$7.59`, `-$5.00`, `$0.00`."""
    return tr("+${amount}", amount=f"{cents(amount):,.2f}") if cents(amount) > 0 else usd(amount)


def usd_unit(price: Decimal) -> str:
    """A unit price with all its digits, at least cents: `$0.045`, `$0.10`, `$0.0000002`."""
    whole, _, fraction = plain(price).partition(".")
    return dollars(f"{int(whole):,}.{fraction.ljust(2, '0')}")


def percent(part: Decimal, whole: Decimal) -> str | None:
    """`28 %`, `<1 %`; None of nothing."""
    if not whole:
        return None
    share = part * 100 / whole
    if 0 < share < 1:
        return tr("<1 %")
    return tr("{share} %", share=f"{share.quantize(Decimal(1), rounding=ROUND_HALF_UP):,f}")


def dollars(figures: str) -> str:
    """Figures as an amount: `$0.0123`. How an amount and a share are written in a language is as CLDR has it for the locale."""
    return tr("${amount}", amount=figures)
