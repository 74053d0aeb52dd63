"""People's names: 王桂英, 欧阳修, 阿依古丽·买买提; never a sentence, never a word that only begins like a name."""

from __future__ import annotations

import re

from bot.forms.model import Field
from bot.forms.readers.base import Context, Found, Refused, Said
from bot.forms.readers.kin import KIN, MYSELF
from bot.forms.readers.plain import asks, clauses, fold, plain
from bot.language import programmes

# The 300 commonest family names and the double ones: 何时 is stopped by the words below, 王桂英 is not.
_FAMILIES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩邓冯曹彭曾肖萧田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范"
    "汪廖石金韦贾夏付傅方邹熊白孟秦邱丘江侯尹薛闫阎段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔向常汤温康施文牛樊葛邢安齐易乔伍"
    "庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷曲盛冉蓝路游辛靳管柴蒙鲍华喻祁蒲房"
    "滕屈饶解牟艾尤阳时穆农司卓古吉缪简车项连芦麦褚娄窦戚岑党宫费卜冷晏卫米柏宗瞿桂全佟应臧闵苟邬边卞姬师仇栾隋商刁沙荣巫寇"
    "桑郎甄丛仲虞敖巩明佘池查麻苑迟邝官封谈匡鞠惠荆乐冀胥南班储原栗燕楚楼劳奚宣权裘丰储景布闻牧鲜凤都占户蔺晁强那揭盖木厉席印翁骆应糜乜闻莘党翟谭贡劳逄姬申扶堵冉宰郦雍郤璩濮扈郏浦逯寿通充慕习宦向古庾终暨居衡步耿满弘匡国寇广禄阙殳沃利越夔隆师巩厍勾融訾阚空蒯后红竺逯商牟佘佴伯赏墨哈谯笪年爱仝仉亓么由才付伊但信候先克全兆军冶凃力占及卓及召叱青院隋海仁辜初晋朴苍库敏粟尧皮拉水鹿原玉衣代展闪岑危揣禚迪修胜"
)
_DOUBLE = "欧阳 上官 皇甫 司马 诸葛 东方 尉迟 公孙 慕容 令狐 司徒 夏侯 长孙 宇文 端木 独孤 南宫 呼延 完颜 纳兰 赫连 西门 百里 拓跋 澹台"
_NO_NAMES_WORDS = """
谢谢 谢谢您 谢谢你 谢了 明白 明白了 明天 明年 何时 何必 何况 安全 方便 马上 马路 高兴 高中 高血压 白天 白内障
全家 全部 全都 全是 成年 成家 单身 单亲 应该 许多 于是 时间 时候 常住 常年 段落 方法 强制 和平 安排 安静 严重
康复 温饱 温暖 盛夏 文化 文盲 余额 余下 连续 连同 关系 关于 关心 管理 解释 解决 路上 路过 车祸 车子 房子 房屋
房租 米面 麻烦 麻烦了 查询 查看 原因 原来 布置 户口 户籍 都行 都好 都是 都有 都没 都没有 占用 易事 费用 党员
农民 农村 农活 农业 农保 金额 黄金 钱不够 钱多 钱少 石头 江边 毛病 牛羊 龙头 申请 申请表 申诉 向您 向你 游客
师傅 冷静 沙发 商店 官方 封闭 劳动 劳动力 劳驾 权利 强迫 景区 木工 那个 那样 那里 那边 那就 那好 万一 万元 左右
包括 包办 宁可 尚未 符合 成功 成员 盖房 盖章 宫颈癌 单位 连累 连忙 简单 简单点 关节炎 白血病 肖像 温度 方案 方面
项目 施工 常见 常用 向上 向前 易懂 米饭 麦子 柴火 乐意 房产 房东 车辆 安徽 江西 江苏 成都 温州 石家庄 金华 南京
南昌 南宁 桂林 苏州 徐州 郑州 黄石 黄冈 马鞍山 齐齐哈尔 吉林 常州 常德 广州 燕郊 楚雄 甘肃 宁夏 宁波 康定 文山
都健康 都不是 都正常 全职 全日制 卫生 卫生院 时好时坏 任何 任意 章程 符号 和好 向外 武汉 武昌 洪山 莫名 莫急
"""
_NO_NAMES = frozenset(_NO_NAMES_WORDS.split())
_HAN = r"[㐀-鿿\U00020000-\U000323AF〇]"
_WESTERN = re.compile(r"[A-Za-z][A-Za-z.' -]{1,38}[A-Za-z]")
_NOT_IN_NAMES = re.compile(
    "[的了吗呢吧呀啊嘛你您她们哪怎咋啥谁么什没这吃喝要给跟两几块岁不]|(?<!^)(?:我|他|那|是|就|都|也|还|很)"
    "|知道|清楚|低保|申请|材料|补贴|救助|多少|办理|电话|手机|身份|号码|银行|填|上一步|返回|跳过|取消|人工|健康|残疾|生病|工作|退休|上学|打工|务农|未婚|已婚|离婚|丧偶|同意|确认|提交"
)
_LEAD = re.compile(
    r"^(?:我|俺|本人|他|她|户主|申请人|孩子|老人)?的?(?:名字|姓名|大名|全名|名)?(?:应该|就)?(?:是|叫做?|为|:|=)?(?:叫)?(?:[:：\s]|\b)*"
)
_CALLED = re.compile(
    rf"(?:叫做?|名字是?|姓名是?|名叫|改成|改为|应为|写成)\s*[:：]?\s*({_HAN}{{2,4}}(?:·{_HAN}{{1,12}})*)"
)
_TITLE = re.compile(r"(?:先生|女士|同志|老师|阿姨|大姐|大哥)$")


def find(field: Field, text: str, context: Context) -> Found | None:
    """The name in a text: told by 叫 …, or a piece that is a name and nothing else."""
    said = fold(text).replace("•", "·").replace("・", "·").replace("‧", "·")
    if called := _CALLED.search(said):
        name = called[1]
        if looks_like_name(name, sure=True):
            return Found(called.start(1), called.end(1), Said(name))
    words = [word for piece in clauses(said) for word in _words(said, piece.start, piece.end)]
    for start, word in words:
        name = _TITLE.sub("", _LEAD.sub("", word, count=1))
        if name and not asks(word) and looks_like_name(name, sure=len(words) == 1):
            at = said.index(name, start)
            return Found(at, at + len(name), Said(name))
    only = said.strip(" 。.,，!！")
    if re.fullmatch(rf"{_HAN}", only) and only not in MYSELF and only in _FAMILIES:
        return Found(0, len(said), Refused("form_name_short"))
    if _WESTERN.fullmatch(only) and not only.lower().startswith(("http", "inform")):
        return Found(0, len(said), Said(" ".join(only.split())))
    return None


def looks_like_name(word: str, sure: bool = False) -> bool:
    """Whether a word can be somebody's name. `sure`: the place says it is one, so rare family names count too."""
    if "·" in word:
        parts = word.split("·")
        return 2 <= len(parts) <= 5 and all(re.fullmatch(rf"{_HAN}{{1,12}}", part) for part in parts)
    if not re.fullmatch(rf"{_HAN}{{2,6}}", word) or plain(word) in _NO_NAMES or word in KIN:
        return False
    if (
        re.fullmatch("[一二三四五六七八九十百千万]+", word)
        or _NOT_IN_NAMES.search(plain(word))
        or programmes.find(plain(word))
    ):
        return False
    known = plain(word)[0] in _FAMILIES or plain(word)[:2] in _DOUBLE.split()
    if len(word) > 4:
        return sure and not known
    return (known and len(word) <= (4 if plain(word)[:2] in _DOUBLE.split() or sure else 3)) or (
        sure and len(word) <= 4
    )


def _words(text: str, start: int, end: int) -> list[tuple[int, str]]:
    return [(start + match.start(), match[0]) for match in re.finditer(r"[^\s:：/|]+", text[start:end])]
