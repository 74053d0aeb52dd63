"""What tells that words of danger are made up, dreamt, of an animal, mistaken, or big words with a comic end. Read by
`bot.language.distress` around what was heard.

No laugh excuses who says of themselves that they want to die: 想死，哈哈 is heard.
"""

from __future__ import annotations

import re

from bot.language.around import around

_NEAR, _TOLD, _STORY = 14, 30, 45
"""Characters around what was heard: a line of it, where it is told to be from, and the sentences in which it is laughed about."""

# Made up: on a screen, in a book, in a game. Who is watching meanwhile is in no film, and who is treated as in one is treated so.
_MADE_UP = re.compile(
    "(?:抗战|战争|恐怖|教育|宣传|纪录|动画|功夫|武打|古装)片|(?:小说|漫画|剧|片子|戏|故事|游戏|书|电影|动画)里|"
    "女主|男主|主角|反派|大结局|(?<!不是)演的|摆拍|孙悟空|白骨精"
)
_MEANWHILE = re.compile("我|俺|突然|忽然|一下子|结果")
# Shouted at a game, played by children, said by a bird.
_PLAYED = re.compile(
    "(?:(?:打游戏|打机|玩游戏|玩吃鸡|打王者|开黑|过家家)[^，我]{0,8}(?:喊|叫|嚷|讲|说)|看球赛?(?:的?时候?|就|老|总|天天|直)*(?:喊|叫|嚷)|"
    "玩(?:水枪|玩具枪|吃鸡|打仗|警察抓小偷)(?:，?对着?(?:我|人)|天天|一直|边|就)*(?:喊|叫|嚷)|扮演(?:话|说|讲)|(?:鹦鹉|八哥|鹩哥)[^，]{0,6}(?:喊|叫|说))[^，]*$"
)
_DREAM = re.compile("(?:梦(?:见|到)|做(?:了)?(?:个|一个)?[噩恶怪]?梦|做了?一?个[噩恶怪]?梦，)[^，醒]*$")
# Acted, and not by who is hit. Who rehearses is not who lives with it.
_ACTED = re.compile("(?<![导表上])演(?!员|出|唱|完|讲|变)[^，我]{0,16}$|(?:排练|彩排)[^，我]{0,6}，[^，我]{0,6}$")
_PART = re.compile("^[^，我]{0,6}那(?:一?段|场|幕)|^的(?:小孩|孩子|人|角色|老人|媳妇)|^闹事")
_FOR_REAL = re.compile(
    "(?:像|跟|和|照|学|比|模仿|学着)[^，]{0,6}(?:片|剧|戏|小说|游戏|电影|电视)|里[^，]{0,2}(?:学|教)|现在|正在|刚才|刚刚|今天(?!要?交|要办)|今晚|"
    "真的?(?:要|打|想|是|不|拿)|我也|我真|输了就|不给就|不见了(?!，?找)|不如"
)

# An animal is the subject: it opens the clause, but for whose it is, and nobody human stands between it and what befell it.
_ANIMAL = re.compile(
    "(?:今天|昨天|昨晚|早上|前天)?(?:(?:我|俺|咱|他|她|邻居|隔壁|对门|阿.)?们?(?:家里|家|工地|宿舍|村里|院里|单位|楼下)?养?(?:了[^，]{1,3}年|嘅)?的?)?"
    "(?:那|这|有|一|两|几|三)*(?:只|条|头|匹|窝|群)?(?:小|老|母|公|土|大|黑|白|黄|花|流浪)*"
    "(?:猫|狗|鸡|鸭|鹅|猪|羊|牛|驴|骡|兔|鸟|鸽|画眉|鹦鹉|仓鼠|乌龟|金鱼|鱼|蟑螂)"
    "(?![圈场贩肉鞭笼棚栏粪舍宝倌咬追扑抓踢拱顶撞年毛皮娃水寮蛋刺骨奶血汤油眼]|回来)"
)
_HUMAN = re.compile("我|俺|他|她|人|孩|娃|妈|爸|爹|娘|爷|奶奶|公|婆|弟|妹|哥|姐|叔|儿|女")

# It was taken for danger, and what it was is told: 以为是催债的砸门，原来对门娶媳妇.
_TAKEN_FOR = re.compile("以为|当是|喊救命")
_EXPLAINED = re.compile(
    "^[^，]{0,12}，[^，]{0,6}(?:原来|结果是|其实是)"
    "(?!.{0,16}(?:被|打(?!牌)|砍|倒|血|刀|昏|晕|掉|锁|关|死|真|火|没(?:了|气|呼吸)))"
)

_NOISE = re.compile(
    "(?:杀猪|杀鸡|剁|装修|求婚|放炮|鞭炮|拍戏|娶媳妇|结婚|办喜事|搬家|看球|打呼噜|排练)[^，]{0,8}，(?:[^，]{0,8}，)?我?还?(?:以为|当是)[^，]{0,10}$"
)
_IT_WAS = re.compile("结果|其实|原来|真|竟|没想到|救|报警|血|刀|是(?:来|他|她|催|要债)")

# Big words (她说要杀了我，因为我把她的花浇死了，哈哈) are of killing and dying, not of a beating; and another said them.
_SAID = re.compile(
    "(?<!我)(?:说|话|讲|嚷|喊)[^，我]{0,14}(?:，[^，我]{0,6})?$|凶得[^，]{0,4}$|"
    "(?:妈|爸|老公|老婆|女儿|儿子|闺女|弟|妹|她|他|佢)(?:说|讲|话)[^，]{0,14}，?[^，]{0,10}$"
)
_ABOUT_TO = re.compile(
    "(?:他|她|佢|妈|爸|老汉|老公|老婆|儿子|女儿|闺女|弟|妹)[^，我]{0,4}我?[^，我]{0,6}就要[^，]{0,2}$|差点[^，]{0,4}$"
)
_BIG = re.compile("杀|死|断|卸|剁|离家出走|救命")
_ENDED = re.compile(
    "转头(?:就)?(?:吃|睡|喝|又)|转眼(?:就)?(?:吃|睡|好)|结果[^，]{0,6}(?:吃|睡|呼噜)|最后[^，]{0,4}(?:煮|吃|买|给我|他去|她去)|"
    "就这德行|见到[^，]{0,5}就|说了[一二两三四五六七八九十几]+年|又一块吃|吃完又"
)
_ONLY_TALK = re.compile("嘴上(?:厉害|说)|刀子嘴|每次都(?:这么|这样)说|夸张了|言归正传")
_LAUGH = re.compile("哈哈|嘻嘻|嘿嘿|开(?:个)?玩笑|逗你|说归说|笑得我|哈(?=，|$)")
_TRIFLE = re.compile(
    "作业|卷子|背书|手机屏|塑料|玩具|演唱会|奶茶|游戏|不办公|白跑|排队|减肥|追剧|刷脸|认证|复印|这几张表|补材料|打呼噜|打鼾|打鼓|"
    "球赛|彩票|打牌|麻将|数学|成绩单|(?:狗|猫|鸟|鱼|乌龟|兔子?|鹦鹉|仓鼠)(?:狗|咪|子|儿)?(?:死|走|没)了"
)
_EARNEST = re.compile(
    "真(?:的|想|要|买|爬|去|拿)(?!有)|这次|这回|今晚(?![一二三四五六七八九十\\d]+点)|昨|刀|药|绳|楼顶|天台|桥|河边|出门了|不见|关机|拿着|锁|遗书|"
    "又打|又要|还在|流血|伤|不敢|怕(?!是)|血|没呼吸|叫不醒|我(?:也|就|真|现在)?(?:想死|不想活|活不)"
)
_WISH = re.compile("想死|不想活|不活|活够|活着|去死|自杀|遗书|药|割|绳|炭")
_WRITER = re.compile(
    "我(?:就|也|都|真|自己|现在|好|只|还|又|一度)*(?:想|要|不|快|一头|活|死|站|吃|喝|跳)[^，]{0,4}$|"
    "(?:念|骂|逼|穷|累|苦|疼|痛|饿|改|活)(?:得|到)我?[^，]{0,4}$"
)


def is_play(found: re.Match[str], plain: str, wished: bool) -> bool:
    """Nobody is in danger: it is a story, an animal, a mistake, or a joke. `wished`: it is of somebody who would rather not
    live."""
    before, heard, after = around(found, plain, _STORY)
    if _animals(before, heard) or _explained(before, heard, after) or (not wished and _mistaken(before, heard, after)):
        return True
    own = wished and bool(_WRITER.search(before + heard))
    return (not own and _made_up(before, heard, after, wished)) or _joke(before, heard, after, wished, own)


def _made_up(before: str, heard: str, after: str, wished: bool) -> bool:
    if _FOR_REAL.search(f"{before}，{after}"):
        return False
    told = before[-_TOLD:] + heard.split("，")[0]
    if _ACTED.search(before[-_TOLD:] + heard) and _PART.search(after):
        return True
    if _PLAYED.search(before[-_TOLD:]) or (not wished and _DREAM.search(told)):
        return True
    where = _MADE_UP.search(f"{told}，{after[:20]}")
    return where is not None and not _MEANWHILE.search(told[where.end() :])


def _explained(before: str, heard: str, after: str) -> bool:
    """What made the noise is told first: 邻居剁饺子馅，我以为有人砸门."""
    return bool(_NOISE.search(before + heard) and not _IT_WAS.search(after))


def _animals(before: str, heard: str) -> bool:
    clause = before[before.rfind("，") + 1 :] + heard
    beast = _ANIMAL.match(clause)
    return beast is not None and not _HUMAN.search(clause[beast.end() :])


def _mistaken(before: str, heard: str, after: str) -> bool:
    return bool(_TAKEN_FOR.search(before[-_NEAR:] + heard) and _EXPLAINED.search(after))


def _joke(before: str, heard: str, after: str, wished: bool, own: bool) -> bool:
    """A trifle with a laugh beside it; or big words, and they end in a laugh or a meal. Where somebody wishes to die in so
    many words, it must be another who says so, and a laugh alone is not enough."""
    if _EARNEST.search(f"{before}，{after}"):
        return False
    trifle = bool(_TRIFLE.search(before[-_NEAR:] + heard + after[:_NEAR]) and _LAUGH.search(after))
    if trifle and not (wished and _WISH.search(heard)):
        return True
    said = _SAID.search(before) or _SAID.search(before + heard)
    if wished:
        return not own and bool((said or _ABOUT_TO.search(before)) and (trifle or _ENDED.search(after)))
    return bool(
        said and _BIG.search(heard) and (_LAUGH.search(after) or _ONLY_TALK.search(after) or _ENDED.search(after))
    )
