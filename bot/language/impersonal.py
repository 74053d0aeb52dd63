"""A question without the person who asked it: names, addresses, numbers and dates of birth covered. Pure rules.

`bot.people.mask` covers identity, card and phone numbers; this goes on where rules can. What rules cannot see stays: a name
that nothing announces (桂英说), a place known to neighbours only, a story that only one family has. So what is kept is sealed
all the same, and a person reads every wording before it becomes public.
"""

from __future__ import annotations

import re

from bot.people import mask

_SURNAMES = (
    "欧阳|司马|上官|诸葛|东方|皇甫|尉迟|公孙|慕容|令狐|司徒|夏侯|"
    "[王李张刘陈杨赵黄周吴徐孙胡朱林何郭罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭"
    "廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文]"
)
_HAN = "[一-鿿]"
_AFTER_NAME = r"(?=$|[\W\d_]|是|的|在|住|家|今年|身份|电话|想|要|来|，|我|他|她|女|男|岁|现)"
_NAMED = re.compile(
    rf"((?:名字|姓名|本名|大名|名)(?:叫做?|是|为|[:：])|(?:我|他|她|俺|爱人|老公|老婆|丈夫|妻子|爸|妈|父亲|母亲|爷爷|奶奶|儿子|女儿|孩子|老人|邻居)"
    rf"(?:名)?叫(?:做)?|姓名[:：]?)\s*(?!什么|啥|我|他|她|你|不|人|做)({_HAN}{{2,4}}?){_AFTER_NAME}"
)
_I_AM = re.compile(rf"((?:我|本人)(?:是|叫|姓)|本人|姓名)((?:{_SURNAMES}){_HAN}{{1,2}}?){_AFTER_NAME}")
_PLAIN = (
    "[王李张刘陈杨赵黄周吴徐孙胡朱郭罗梁宋郑谢韩唐冯董萧曹袁邓许傅沈彭吕苏卢蒋蔡贾魏薛阎余潘杜戴夏钟汪姜范姚谭"
    "廖邹熊陆郝孔崔康邱秦顾侯孟雷汤尹黎乔赖龚]"
)
"""Surnames that are seldom another word: 钱断了, 文件, 时间 begin with one too."""
_TITLED = re.compile(
    rf"{_PLAIN}{_HAN}{{0,2}}?(?=先生|女士|小姐|大爷|大妈|大娘|大叔|阿姨|奶奶|爷爷|师傅|老师|主任|科长|书记|村长|队长|同志|医生)"
)
_OWNED = re.compile(
    rf"(?<!{_HAN})(?!夏季|康复|顾不|许多|黄金|余下){_PLAIN}(?!年|月|天|期|家|子|村|镇|乡|市|县){_HAN}{{2}}(?=[，,、\s]|家里|家的|本人|同志|身份证|"
    r"的(?:低保|五保|特困|补贴|申请|救助|户口))(?<!区)(?<!县)(?<!市)"
)
"""王桂英的低保: three characters that begin a clause with a surname and own something."""
_NAMELIKE = (
    "[^\\W\\d_的了是在去找让给到要不我俺咱他她你您里个还先问口户上下报"
    "全老同一这那哪想什么把有跟和与对各本外办归原管映城农当做被由诉托天近低说得]"
)
_ADDRESS = re.compile(
    rf"{_NAMELIKE}{{2,5}}?(?:街道|小区|社区|村委会|居委会|花园|公寓|家园|新村|镇|乡|村|屯|寨)"
    rf"(?:{_NAMELIKE}{{1,4}}?(?:村|社区|屯|寨))?(?:[一二三四五六七八九十百\d]{{1,4}}(?:组|队|社))?(?![里上委干幹民长支]|政府|办|户|的?低保)"
)
_ROAD = rf"{_HAN}{{1,6}}?(?:路|街|巷|弄|大道|胡同)\s?"
_COUNT = r"[\d一二三四五六七八九十百]{1,5}"
_HOUSE = re.compile(
    rf"(?P<road>{_ROAD})?(?P<first>{_COUNT}(?:号楼|号院|号|栋|幢|座|单元|楼|室|组|队))(?P<more>(?:{_COUNT}(?:号楼|栋|幢|座|单元|楼|室|号))*)(?:(?<=[栋幢座元楼])\d{{3,4}})?"
)
_NUMBER = re.compile(
    r"(?<![\dA-Za-z])(?!1(?:2345|2349|2388|2333|2348|2393|2315|2355|2356)(?!\d)|9[56]\d{3,4}(?!\d))\d(?:[\d\-]{5,})(?![\d]*\s*(?:元|块|万|年|月))"
)
_HANDLE = re.compile(
    r"(?i)(?:微信号?|qq|v信|wx|抖音号?)\s*(?:是|[:：])?\s*[a-z0-9_\-]{5,}|[\w.+-]+@[\w-]+\.[\w.]+|https?://\S+"
)
_BORN = re.compile(
    r"(?:19|20)\d{2}\s*(?:年|[.\-/])\s*\d{1,2}\s*(?:月|[.\-/])\s*\d{1,2}\s*日?(?=生|出生|的?生日)|(?<=生于)(?:19|20)\d{2}年?(?:\d{1,2}月)?(?:\d{1,2}日)?"
)
_NAME, _PLACE, _NUMBERS, _BIRTHDAY = "\ue000", "\ue001", "\ue002", "\ue003"
"""While the rules run a mark is one sign that no rule reads as words."""
_MARKS = {_NAME: "〔姓名已隐去〕", _PLACE: "〔地址已隐去〕", _NUMBERS: "〔号码已隐去〕", _BIRTHDAY: "〔生日已隐去〕"}
_MARKS |= {"\ue004": "〔身份证号已隐去〕", "\ue005": "〔卡号已隐去〕"}
_SIGNS = {mark: sign for sign, mark in _MARKS.items()}
_SEEN = re.compile("|".join(_SIGNS))
_RUN = re.compile("(\ue001)\\1+")
_MARK = re.compile(r"[，,、\s]*〔[^〔〕]{1,12}〕[，,、\s]*")
_LEFT = re.compile("(?:叫|是|姓|姓名|电话|手机|住址|地址|身份证号?|微信|编号|住在|住|[\\d*]{5,})$|加我$")
"""A piece that only led to what was taken out."""


def impersonal(text: str) -> str:
    """The text with what tells of one person covered; doing it twice changes nothing."""
    covered, _ = mask(text)
    covered = _SEEN.sub(lambda found: _SIGNS.get(found[0], found[0]), covered)
    covered = _NUMBER.sub(_NUMBERS, _BORN.sub(_BIRTHDAY, _HANDLE.sub(_NUMBERS, covered)))
    for pattern in (_NAMED, _I_AM):
        covered = pattern.sub(lambda found: found[1] + _NAME, covered)
    for pattern in (_TITLED, _OWNED):
        covered = pattern.sub(_NAME, covered)
    covered = _HOUSE.sub(_house, covered)
    covered = _ADDRESS.sub(_PLACE, covered)
    covered = _RUN.sub(lambda found: found[0][0], covered)
    return "".join(_MARKS.get(sign, sign) for sign in covered)


def wording(text: str) -> str:
    """What is left of a covered question when the marks are taken out: a first wording, for somebody to mend."""
    if "〔" not in text:
        return text.strip()
    parts = [part.strip(" ，,、。") for part in re.split(r"[，,。；;！!\n]", _MARK.sub("\n", text))]
    kept = [part.removeprefix("的") for part in parts if len(part) > 3 and not _LEFT.search(part)]
    return "，".join(kept) if kept else _MARK.sub("", text).strip(" ，,、。")


def _house(found: re.Match[str]) -> str:
    """十号 is a day and 三楼 a floor; with a road before it, or a room behind, it is where somebody lives."""
    alone = not found["road"] and not found["more"] and not re.search("号楼|号院|[栋幢座室]|单元", found["first"])
    return found[0] if alone else _PLACE
