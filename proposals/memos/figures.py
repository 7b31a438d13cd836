"""How numbers, money and dates are written in a memo."""

import datetime as dt
from decimal import Decimal
from fractions import Fraction

from rubrics.scoring.figures import points

SIGNS = {"USD": "$", "EUR": "€", "GBP": "£"}
COUNTS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def percent(share: Fraction) -> str:
    """Write a share from 0 to 1 in whole per cent.

    >>> percent(Fraction(35, 200))
    '18%'
    """
    return f"{round(100 * share)}%"


def share(part: Fraction) -> str:
    """Write a share from 0 to 1 in per cent, with one decimal where it is not whole.

    >>> share(Fraction(1, 5)), share(Fraction(1, 7))
    ('20%', '14.3%')
    """
    return f"{points(100 * part)}%"


def money(amount: Decimal | None, currency: str) -> str:
    """Write an amount with its sign or code, without cents where there are none; empty without one.

    >>> money(Decimal("420000.00"), "EUR"), money(Decimal("99.50"), "CHF")
    ('€420,000', 'CHF 99.50')
    """
    if amount is None:
        return ""
    number = f"{amount:,.0f}" if amount == amount.to_integral_value() else f"{amount:,.2f}"
    return f"{SIGNS.get(currency, currency + chr(0xA0))}{number}"


def day(date: dt.date) -> str:
    """Write a date.

    >>> day(dt.date(2026, 3, 2))
    '2 March 2026'
    """
    return f"{date.day} {date:%B %Y}"


def months(number: int | None) -> str:
    """Write a term; empty without one.

    >>> months(18), months(1)
    ('18 months', '1 month')
    """
    return "" if number is None else f"{number} month{'' if number == 1 else 's'}"


def counted(number: int, noun: str) -> str:
    """Write a count and its noun, small numbers in words.

    >>> counted(2, "open answer"), counted(1, "gate"), counted(14, "gate")
    ('two open answers', 'one gate', '14 gates')
    """
    word = COUNTS[number] if number < len(COUNTS) else str(number)
    return f"{word} {noun}{'' if number == 1 else 's'}"


def listed(words: list[str]) -> str:
    """Join words as a sentence does.

    >>> listed(["A"]), listed(["A", "B", "C"])
    ('A', 'A, B and C')
    """
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def capital(text: str) -> str:
    return text[:1].upper() + text[1:]
