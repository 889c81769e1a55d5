"""The parts of a company's name: place, brand, trade, legal form, number and branch.

A Chinese name has no spaces, and its registrars' rules fix the order (place, brand, trade, form: the State Council's
Regulation on the Registration of Enterprise Names, article 6): it is cut from both ends, what stays is the brand. In
other scripts every word is looked up, longest phrase first, and what no table knows is the brand.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from resolver.names import tables
from resolver.names.writing import fold, pinyin

STOP = frozenset(
    "and of the for und et de del della des du der die das den el la le les los las al ul of in at on im zu zur zum fur von "
    "van pour para named after imeni im a an to with ve i y".split()
)


@dataclass(frozen=True, slots=True)
class Anatomy:
    """A folded name (`text`) and its parts, each a tuple of folded words; a phrase (`hong kong`) is one of them.

    `number` holds the numerals as digits ("13th", "II", 第十三 are 13, 2, 13); `branch` what names a part of a company
    that is none itself. Together the parts hold every word of the text but the small ones (STOP).
    """

    text: str
    place: tuple[str, ...] = ()
    brand: tuple[str, ...] = ()
    trade: tuple[str, ...] = ()
    form: tuple[str, ...] = ()
    number: tuple[str, ...] = ()
    branch: tuple[str, ...] = ()

    @property
    def han(self) -> bool:
        """Whether the name is written in Chinese."""
        return not self.text.isascii()


@lru_cache(maxsize=4096)
def parse(text: str) -> Anatomy:
    """The anatomy of a name, as it is written or folded. An empty name has no parts."""
    folded = fold(text)
    if folded.isascii():
        parts = _latin_parts(folded.split())
    else:
        parts = _Parts()
        run: list[str] = []
        for token in folded.split():
            if token.isascii():
                run.append(token)
                continue
            parts.add(_latin_parts(run, alone=False))
            run = []
            parts.add(_han_parts(token, bool(parts.brand or parts.place)))
        parts.add(_latin_parts(run, alone=False))
        _tidy_stock_name(parts)
    if not (parts.brand or parts.place or parts.trade or parts.number or parts.branch):
        parts.brand, parts.form = parts.form or folded.split(), []
    return Anatomy(
        folded,
        tuple(parts.place),
        tuple(parts.brand),
        tuple(parts.trade),
        tuple(parts.form),
        tuple(parts.number),
        tuple(parts.branch),
    )


class _Parts:
    """The parts of a name while it is being read."""

    __slots__ = ("branch", "brand", "form", "number", "place", "trade")

    def __init__(self) -> None:
        self.place: list[str] = []
        self.brand: list[str] = []
        self.trade: list[str] = []
        self.form: list[str] = []
        self.number: list[str] = []
        self.branch: list[str] = []

    def add(self, other: _Parts) -> None:
        for name in self.__slots__:
            getattr(self, name).extend(getattr(other, name))


def sense(word: str) -> str:
    """What a place, trade word or legal form stands for (`tech`, 科技: technology; 北京: beijing), else the word."""
    phrase = tables.phrases().get(word) or tables.forms().get(word)
    return phrase.sense if phrase else word


_ROMAN = {
    "ii": "2", "iii": "3", "iv": "4", "vii": "7", "viii": "8", "ix": "9", "xii": "12", "xiii": "13", "xiv": "14",
    "xvi": "16", "xvii": "17", "xviii": "18", "xix": "19", "xx": "20",
}  # fmt: skip
"""Without `v`, `vi`, `x` and `xi`, which are more often initials and Chinese syllables."""

_ORDINALS = {
    "first": "1", "second": "2", "third": "3", "fourth": "4", "fifth": "5", "sixth": "6", "seventh": "7", "eighth": "8",
    "ninth": "9", "tenth": "10",
}  # fmt: skip
_ORDINAL = re.compile(r"0*([0-9]+)(?:st|nd|rd|th)?")
_LEADING_FORMS = frozenset("pt ooo oao zao pao ao jsc ojsc pjsc cjsc llc fgup nao ltd co".split())
_AT_THE_END = frozenset("as se ad eg rt gp dd sl cc cv ou kg ag ab sa bv nv oy co ao ug ek ev spa sas".split())
"""Legal forms that are words or names elsewhere; inside a name they count only behind its first word."""


def _latin_parts(tokens: list[str], alone: bool = True) -> _Parts:
    parts = _Parts()
    longest, phrases, forms = tables.longest(), tables.phrases(), tables.forms()
    count, place = len(tokens), 0
    while place < count:
        token = tokens[place]
        size = min(longest.get(token, 0), count - place)
        while size:
            phrase = token if size == 1 else " ".join(tokens[place : place + size])
            if phrase in forms and _is_form(phrase, place, size, count, alone):
                parts.form.append(phrase)
                break
            if phrase in phrases:
                _place_or_trade(parts, phrase)
                break
            size -= 1
        if not size:
            _word(parts, token, place, tokens)
            size = 1
        place += size
    return parts


def _is_form(phrase: str, place: int, size: int, count: int, alone: bool) -> bool:
    if place == 0 and alone:
        return (phrase in _LEADING_FORMS or size > 1) and size < count
    return phrase not in _AT_THE_END or place > 0


def _place_or_trade(parts: _Parts, phrase: str) -> None:
    found = tables.phrases()[phrase]
    if found.kind == "place":
        parts.place.append(phrase)
    elif found.level != "branch":
        parts.trade.append(phrase)
    else:
        if parts.place and (parts.form or len(parts.place) > 1):
            parts.branch.append(parts.place.pop())
        parts.branch.append(phrase)


def _word(parts: _Parts, token: str, place: int, tokens: list[str]) -> None:
    if token in STOP:
        return
    following = tokens[place + 1] if place + 1 < len(tokens) else ""
    if token in ("no", "nr", "number", "num") and following[:1].isdigit():
        return
    if token in _ORDINALS and tables.phrases().get(following, tables.NOTHING).level == "body":
        parts.number.append(_ORDINALS[token])
    elif token in _ROMAN and place:
        parts.number.append(_ROMAN[token])
    elif token[0].isdigit() and (found := _ORDINAL.fullmatch(token)):
        parts.number.append(found[1])
    elif pieces := _unglued(token):
        for piece in pieces:
            _word_or_phrase(parts, piece)
    else:
        parts.brand.append(token)


_GLUED = tuple(
    "group holding holdings technology technologies international global trading investment investments ltd limited "
    "corporation company gesellschaft technik verwaltung verwaltungs beteiligung beteiligungs handel handels immobilien "
    "service systeme logistik gruppe electronic electronics pharma".split()
)
"""What is written together with a brand (Citigroup, Metallbautechnik)."""


def _unglued(token: str) -> tuple[str, str] | None:
    if len(token) > 8 and token.endswith(_GLUED):
        end = max((end for end in _GLUED if token.endswith(end)), key=len)
        if len(token) - len(end) > 2:
            return token[: -len(end)], end
    return None


def _word_or_phrase(parts: _Parts, piece: str) -> None:
    if piece in tables.phrases():
        _place_or_trade(parts, piece)
    elif piece in tables.forms():
        parts.form.append(piece)
    elif pieces := _unglued(piece):
        for part in pieces:
            _word_or_phrase(parts, part)
    else:
        parts.brand.append(piece)


_DIGITS = {"零": 0, "〇": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_NUMERALS = "零〇一二两三四五六七八九十百"
_NUMBER = re.compile(f"第([0-9]+|[{_NUMERALS}]+)(?=.)|([{_NUMERALS}]{{2,}})(?=研究[所院]|[所厂局院])")
_RANKS = re.compile("(?:特别行政区|(?:[壮回藏蒙古族维吾尔]*)自治[区州县]|省|市|地区)")
_COUNTY = re.compile("(.{2,3}?)(?:市|县|区)(?!场|政|域|民|委|级|城|局|教)")
_BRANCH = tuple(
    "分公司 支公司 分行 支行 分理处 储蓄所 营业部 营业厅 营业所 门市部 支局 邮政所 加油站 经营部 "
    "服务部 分社 办事处 分店 分院 分厂 代表处 联络处 分部".split()
)


def _branch_at(text: str) -> int:
    """Where the word begins that ends the text and names a branch, or -1."""
    if not text.endswith(_BRANCH):
        return -1
    return len(text) - max(len(word) for word in _BRANCH if text.endswith(word))


_BANK_HEAD = re.compile("^(.{2,}?(?:银行|公司|信用社|合作社|联社))(.+)$")


def chinese_number(text: str) -> str:
    """第 numerals as digits: 十三 is 13, 五五 is 55."""
    if text.isdigit():
        return str(int(text))
    if "十" not in text and "百" not in text:
        return str(int("".join(str(_DIGITS[character]) for character in text)))
    total, digit = 0, 0
    for character in text:
        if character in _DIGITS:
            digit = _DIGITS[character]
        else:
            total += (digit or 1) * (10 if character == "十" else 100)
            digit = 0
    return str(total + digit)


@cache
def _han_forms() -> tuple[re.Pattern[str], int]:
    spellings = sorted((text for text in tables.forms() if not text.isascii()), key=lambda text: (-len(text), text))
    return re.compile("|".join(map(re.escape, spellings))), len(spellings[0])


def _han_parts(run: str, follows: bool) -> _Parts:
    parts = _Parts()
    if run.endswith(_BRANCH):
        run = _whole_bank(run)
    core = _NUMBER.sub(lambda found: _take_number(parts, found), run)
    core, tail = _without_form(core, parts)
    if not tail and core.endswith(_BRANCH) and (head := _BANK_HEAD.match(core)) and head[2].endswith(_BRANCH):
        core, tail = head[1], head[2]
    if tail:
        _take_branch(parts, tail)
    elif (place := _branch_at(core)) >= 2:
        parts.branch.append(core[place:])
        core = core[:place]
    core = _take_places(parts, core)
    trades, core = _trailing_trades(core, follows or bool(parts.place))
    _take_brand(parts, core)
    parts.trade.extend(trades)
    return parts


def _whole_bank(run: str) -> str:
    """农行南宁支行: 中国农业银行南宁支行."""
    for size in (6, 4, 2):
        if whole := tables.abbreviations("bank").get(run[:size]):
            return whole + run[size:]
    return run


def _take_number(parts: _Parts, found: re.Match[str]) -> str:
    parts.number.append(chinese_number(found[1] or found[2]))
    return ""


def _without_form(core: str, parts: _Parts) -> tuple[str, str]:
    """The name without its legal forms, and what stands behind the last of them (a branch)."""
    pattern, _ = _han_forms()
    found = [one for one in pattern.finditer(core) if one.start() >= 2 or one.end() == len(core)]
    strong = [one for one in found if one.end() == len(core) or len(one[0]) >= 4]
    if not strong:
        return core, ""
    last = strong[-1]
    tail = core[last.end() :]
    head = core[: last.start()]
    parts.form.append(last[0])
    if head:
        head, _ = _without_form(head, parts) if any(one.end() == last.start() for one in found) else (head, "")
    return head, tail


def _take_branch(parts: _Parts, tail: str) -> None:
    place = _branch_at(tail)
    marker, middle = (tail[place:], tail[:place]) if place >= 0 else ("", tail)
    inner = _Parts()
    rest = _take_places(inner, middle, whole=True)
    parts.branch.extend(inner.place)
    parts.branch.extend(part for part in (rest, marker) if part)


def _take_places(parts: _Parts, core: str, whole: bool = False) -> str:
    """The name without the places it begins with. A place that is all there is stays a place only if `whole`."""
    phrases = tables.phrases()
    for _ in range(4):
        for size in (6, 5, 4, 3, 2):
            head = core[:size]
            found = phrases.get(head) if len(head) == size else None
            if found and found.kind == "place":
                rank = _RANKS.match(core, size)
                end = rank.end() if rank else size
                break
        else:
            county = _COUNTY.match(core)
            if not county or (not parts.place and len(core) - county.end() < 4 and not whole):
                return core
            head, end = county[1], county.end()
        if end >= len(core) and not whole and not parts.place and not rank_only(core, head):
            return core
        parts.place.append(head)
        core = core[end:]
        if not core:
            break
    return core


def rank_only(core: str, head: str) -> bool:
    """Whether the text is a place with nothing behind it but its rank."""
    return core == head or bool(_RANKS.fullmatch(core, len(head)))


def _trailing_trades(core: str, placed: bool) -> tuple[list[str], str]:
    phrases = tables.phrases()
    trades: list[str] = []
    while core:
        for size in range(min(9, len(core)), 0, -1):
            found = phrases.get(core[-size:])
            if found and found.kind == "trade" and (size > 1 or core[-1] in _SINGLE):
                break
        else:
            break
        if size == len(core) and not placed and not trades and size <= 4 and found.level not in ("body", "branch"):
            break
        if len(core) - size == 1 and size == 1:
            break
        trades.insert(0, core[-size:])
        core = core[:-size]
    return trades, core


_SINGLE = frozenset("厂局部院所")


def _take_brand(parts: _Parts, core: str) -> None:
    """What is left is the brand; a long one is parted at the words it holds (空军石家庄飞行: none of it is a brand)."""
    pieces = ([core] if core else []) if len(core) < 4 else _parted(core)
    for piece in pieces:
        found = tables.phrases().get(piece) if len(piece) > 1 else None
        if not found or piece == core:
            parts.brand.append(piece)
        elif found.kind == "place":
            parts.place.append(piece)
        else:
            parts.trade.append(piece)


def _parted(core: str) -> list[str]:
    """The known words of a text and what stands between them; the whole where a single character would be left over."""
    phrases = tables.phrases()
    pieces: list[str] = []
    unknown, place = "", 0
    while place < len(core):
        for size in range(min(8, len(core) - place), 1, -1):
            found = phrases.get(core[place : place + size])
            if found and found.level not in ("area", "branch"):
                pieces += [unknown, core[place : place + size]]
                unknown = ""
                place += size
                break
        else:
            unknown += core[place]
            place += 1
    pieces = [piece for piece in (*pieces, unknown) if piece]
    return pieces if all(len(piece) > 1 for piece in pieces) else [core]


def _tidy_stock_name(parts: _Parts) -> None:
    """`ST` and `*ST` before, `A`, `B`, `U`, `W` behind the short name of a Chinese stock say nothing of the company."""
    if any(not word.isascii() for word in parts.brand + parts.trade):
        for word in [word for word in parts.brand if word in ("st", "sst", "a", "b", "u", "w", "uw", "n", "xd", "xr", "dr")]:
            parts.brand.remove(word)
            parts.form.append(word)


def is_form_alone(text: str) -> bool:
    """Whether a name has no word but those of legal forms: `Co., Ltd.` names nobody."""
    anatomy = parse(text)
    others = (anatomy.place, anatomy.trade, anatomy.number, anatomy.branch)
    return not any(others) and all(word in tables.forms() for word in anatomy.brand)


def key(text: str) -> str:
    """The words' senses in order of the alphabet, less the legal form: equal for one name in other order or abbreviation."""
    anatomy = parse(text)
    words = [sense(word) for part in (anatomy.place, anatomy.trade) for word in part]
    words += [*anatomy.brand, *anatomy.number, *(sense(word) for word in anatomy.branch)]
    return " ".join(sorted(words))


def latin(anatomy: Anatomy) -> str:
    """The name in the Latin alphabet less its legal form: a Chinese one with its places and trades in English, its brand in
    pinyin; another one in the order in which it is written."""
    if anatomy.han:
        places = [sense(word) for word in anatomy.place]
        trades = [sense(word) for word in anatomy.trade]
        branch = [pinyin(sense(word)) for word in anatomy.branch]
        return " ".join([*map(pinyin, places), *map(pinyin, anatomy.brand), *trades, *anatomy.number, *branch])
    if not anatomy.form:
        return anatomy.text
    forms = {word for form in anatomy.form for word in form.split()}
    return " ".join(word for word in anatomy.text.split() if word not in forms) or anatomy.text
