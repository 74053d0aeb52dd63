"""How people name the benefit programmes; codes as in content/faq."""

from __future__ import annotations

from bot.language.words import WordMatch, WordTable

# Longer names win over those inside them: 低保边缘 is not 低保. Only names, no situations: those are search's work.
NAMES: dict[str, str] = {
    "dibao": "低保 低保户 低保金 低保费 低保证 底保 抵保 吃低保 "
    "最低生活保障 最低生活保障金 最低保障 最低生活费 生活保障金 五等户",
    "bianyuan": "低保边缘 低保边缘户 低保边缘家庭 低边 低边户 边缘户 边缘家庭 最低生活保障边缘",
    "gangxing": "刚性支出 刚性支出困难 刚性支出困难家庭 支出型困难 支出型困难家庭 支出型贫困 因病致贫",
    "tekun": "特困 特困户 特困人员 特困供养 特困救助 特困救助供养 "
    "五保 五保户 五保老人 三无人员 三无老人 供养金 敬老院 集中供养 分散供养",
    "linshi": "临时救助 临时救济 临时补助 临时救助金 小额快救 急难型 支出型救助 急难救助 一事一议 救急难",
    "jiage": "价格补贴 价格临时补贴 物价补贴 涨价补贴 物价联动 价补",
    "shiye": "失业金 失业补助 失业补助金 失业保险 失业保险金 待业金 就业救助 就业援助 公益性岗位 公益岗",
    "ertong": "孤儿 事实孤儿 事实无人抚养 事实无人抚养儿童 困境儿童 留守儿童 孤儿津贴 孤儿补贴",
    "canji": "残疾补贴 残疾人补贴 残疾人两项补贴 两项补贴 残疾人2项补贴 2项补贴 残补 重残补贴 护理补贴 残疾人护理补贴 残疾证",
    "laonian": "高龄津贴 高龄补贴 老年补贴 老人补贴 养老服务补贴 长寿补贴 长寿金 赡养",
    "yiliao": "医疗救助 大病救助 医药费救助 看病救助 大病补助",
    "jiaoyu": "教育救助 教育资助 助学金 助学贷款 学费减免 雨露计划",
    "zhufang": "住房救助 危房改造 公租房 廉租房 住房补贴 租赁补贴",
    "zaihai": "受灾救助 灾害救助 救灾 救灾款 冬春救助 倒房重建",
    "liulang": "流浪 流浪汉 流浪人员 流浪乞讨 乞讨 救助站 救助管理站 要饭的",
    "falv": "法律援助 司法救助 免费律师 法援 打官司",
    "yinsi": "个人信息 隐私 信息泄露",
    "rexian": "热线 热线电话 12345 12349",
}


_TABLE = WordTable(NAMES)


def called(code: str) -> str:
    """The everyday name, which stands first."""
    return NAMES[code].split()[0]


def of_part(code: str) -> str:
    """The programme that a part of one belongs to: linshi of linshi_zhichu. Any other is its own."""
    return code.split("_")[0]


def titled(code: str, title: str) -> str:
    """A title that says which programme it is about: 低保：我们这儿的标准是多少."""
    return title if find(title) else f"{called(code)}：{title}"


def find(text: str) -> list[WordMatch]:
    """The programmes named in a (normalised) text, in order."""
    return _TABLE.find(text)
