"""How people name matters that belong to other departments: these are redirected, never answered."""

from __future__ import annotations

from bot.language.words import WordMatch, WordTable

# Assistance uses some of these words too (户口不在本地能申请低保吗): the intent decides, this only names the office.
NAMES: dict[str, str] = {
    "yibao": "医保 医保卡 医疗保险 新农合 合作医疗 居民医保 职工医保 异地就医 门诊报销 住院报销 医保报销 "
    "生育津贴 生育保险 慢特病 门诊慢病",
    "hukou": "户口 户口本 户籍 落户 迁户 迁户口 上户口 身份证 居住证 派出所 改名字",
    "gongjijin": "公积金 住房公积金",
    "shebao": "社保 社保卡 养老保险 养老金 退休金 退休 工伤 工伤保险 农保 灵活就业",
    "laodong": "欠薪 讨薪 拖欠工资 拖欠工钱 不给工钱 工钱没给 讨工钱 要工钱 劳动仲裁 劳动合同 加班费 辞退",
    "jiazhao": "驾照 驾驶证 行驶证 违章 扣分 车牌 年检 科目一 科目二 交管12123",
    "jiaotong": "公交 公交卡 地铁 高铁票 火车票 老年卡 乘车卡 etc 高速费",
    "ruxue": "入学 上学报名 学区 学区房 转学 学籍 中考 高考 幼儿园报名 择校 对口学校 划片",
    "hunyin": "结婚证 离婚证 婚姻登记 领证 结婚登记 离婚登记 离婚冷静期 民政局结婚",
    "fangchan": "房产证 不动产证 不动产登记 房产过户 过户 购房资格 房贷",
    "shuiwu": "个税 个人所得税 退税 发票 税务 交税 纳税",
    "gongshang": "营业执照 个体户注册 注册公司 工商 注销执照",
    "churujing": "护照 港澳通行证 通行证 签证 出入境",
    "shuidian": "水费 电费 燃气费 暖气费 停电 停水 宽带",
    "dangan": "人事档案 档案 职称 考公 公务员考试 教师资格证",
}

_TABLE = WordTable(NAMES)


def find(text: str) -> list[WordMatch]:
    """The other departments' matters named in a (normalised) text, in order."""
    return _TABLE.find(text)
