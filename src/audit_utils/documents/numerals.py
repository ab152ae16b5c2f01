"""Numbers in the numerals of Chinese, as formats with `[DBNum1]` and the like write them."""

_DIGITS = {"1": "〇一二三四五六七八九", "2": "零壹贰叁肆伍陆柒捌玖", "3": "０１２３４５６７８９"}
_PLACES = {"1": ("", "十", "百", "千"), "2": ("", "拾", "佰", "仟"), "3": ("", "十", "百", "千")}
_FOURS = ("", "万", "亿", "万亿")


def spell(number: str, style: str) -> str:
    """A number without sign and exponent, with its places: 1205 is 一千二百〇五."""
    whole, _, decimals = number.partition(".")
    text = _whole(whole.lstrip("0"), style) or _DIGITS[style][0]
    decimals = decimals.rstrip("0")
    return f"{text}.{digits(decimals, style)}" if decimals else text


def digits(text: str, style: str) -> str:
    """Each digit by itself: 2022 is 二〇二二."""
    return "".join(_DIGITS[style][int(one)] if one in "0123456789" else one for one in text)


def of_date(text: str, style: str, digits: bool) -> str:
    """A part of a date: years digit by digit, months and days as numbers without a leading 一."""
    if style == "0" or not text.isdecimal():
        return text
    if digits or style == "3":
        return "".join(_DIGITS[style][int(one)] for one in text)
    spelt = spell(text, style)
    return spelt[1:] if style == "1" and spelt.startswith("一十") else spelt


def _whole(number: str, style: str) -> str:
    fours = [number[max(0, end - 4) : end] for end in range(len(number), 0, -4)]
    if len(fours) > len(_FOURS):
        return digits(number, style)
    text, gap = "", False
    for count in reversed(range(len(fours))):
        four = fours[count]
        if not four.strip("0"):
            gap = True
            continue
        if text and (gap or four.startswith("0")):
            text += _DIGITS[style][0]
        text += _four(four, style) + _FOURS[count]
        gap = False
    return text


def _four(number: str, style: str) -> str:
    text, gap = "", False
    for place, digit in enumerate(number):
        if digit == "0":
            gap = True
            continue
        if text and gap:
            text += _DIGITS[style][0]
        text += _DIGITS[style][int(digit)] + _PLACES[style][len(number) - 1 - place]
        gap = False
    return text
