"""What tells that words of danger are of something that is over: it ended well, or it belongs to another time of life and
what is so now was told after it. Read by `bot.language.distress` around what was heard; each excuse has words that take it
back, for who is in danger still.
"""

from __future__ import annotations

import re

from bot.language.around import around

_NEAR, _STORY, _LIFETIME = 14, 45, 70
"""Characters around what was heard: a line of it, a story with its end, and one with what has become of everybody."""

# It ended well: looked for a sentence or two after what was heard.
_OVER = re.compile(
    "救回来|(?<!没)救活了|抢救过来|(?:ICU|重症).{0,3}(?:出来|转出)了|救过来|缓过来|没留(?:下)?后遗症|好利索|痊愈(?!不)|康复(?!医院|科|中心|训练)|虚惊一场|(?<![还来前直])好好的(?!人|怎么|突然)|开朗(?:多)?了|"
    "(?:没|冇|没有)(?:得|啥|什么|一点|半点)?(?:大)?事(?:了|哒|，)|(?<![又都])已经(?:平安)?(?:回家|回来|找到)|(?<![羊牛狗马])(?:又|自己|自个儿)回(?:来|家)了|"
    "(?:都|已经|后来|今天|昨天|现在|已)出院|出院(?:了|十|[一两二三几半\\d]|在家|后|单|回家)|(?:挂|输|打)(?:了|完).{0,3}(?:水|针|液)|针打完|"
    "今天(?:就|已经)?好了|人(?:都|也|现在|是)?已经好了(?!吗)|(?<![不没才])能(?:吃|走|下地|跳).{0,3}(?:一?大碗|路|了)|跳广场舞|状态好多了|转学(?:以后|之后|后|了)|"
    "(?:现在|如今|早就?|已经)(?:酒)?戒了|后来(?:就)?离(?:了|婚)|离了婚，?(?:到)?(?:现在|如今)?[都也]?[一二三四五六七八九十几好多\\d]+年|后来.{0,3}瘫|(?:处理|赔|解决)了|(?:过|等).{0,3}分钟(?:自己)?就好|"
    "(?<!没)救下来(?:了|的)|(?<!没人)被[^，没不]{0,6}救(?:了|下)|没(?:有|啥|什么)?大碍|医生[^，]{0,6}(?:说|讲)[^，]{0,3}没(?:问题|大事)|"
    "(?:脑电图|拍片|复查|检查)[^，不没]{0,4}正常|(?<![没不])治好了(?!吗)|住院[^，]{0,6}花了|现在[^，不没]{0,2}稳(?:当|定)|现在.{0,8}(?:平静|成功|考上|挺好|好多了|很好|能挣)|好好过了|过得(?:挺|很)好|认错|"
    "老毛病(?!，?(?:又|也|犯|发))|后遗症|长大就好|支架|原来[^，]{0,8}(?:打牌|下棋|睡着|睡觉|玩|串门|看戏)"
)
# Of somebody who was gone. Their shoe by the river is not them.
_BACK = re.compile(
    "(?:当天|后来|已经)[^，没]{0,6}找[到着](?!了?(?:他|她)?的?(?:鞋|书包|衣|手机|车|尸|包))|(?:派出所|民警|警察|救助站|好心人|网格员)[^，没]{0,6}送回(?:来|家)"
)
_STRAYED = re.compile("走|丢|失|不见|找|没回")
_STILL = re.compile(
    "又(?!好|回来|能|回家)|还(?:是)?(?:想|被|在(?!上|读)|会打|没|打|不(?![上清完])|昏|疼|吐|流|喘)|现在.{0,3}(?:又|想|不|没|昏|晕|打|动|正|喘|吐|疼|难受)|"
    "今晚|刚(?!离婚|结婚|开始)|正在|马上|一直|怎么办|咋办|咋整|快来|救命|救我|再也|最近|这几天|没醒|不醒|不行了|发作了|没用了|不敢|好怕|害怕|不如|"
    "停药|欠费|拔管|(?:让|叫|赶|催|逼).{0,4}出院|没钱|(?:没|冇)(?:回|找)|见不到|想不|不见|没好|没救|没抢救|没几天|没多久|以为|别人|其他|人家|同学都"
)
# Who hurts themselves or is hurt needs more: that it was in another time of life, and not lately. Yesterday's 没事了 is none.
_LONG_PAST = re.compile(
    "以前|从前|早年|小时候|当年|那年|那会儿|那时|那次|那回|去年|前年|年轻|[一二两三四五六七八九十几多好\\d]+年(?:前|了|来)|"
    "(?:小学|初中|高中|大学|读书)|高[一二三]时|初[一二三]时|(?:早|前)几年|[前早]些年|抖音上(?:说|那个)|的新闻，?[^，]{0,6}，|(?:吞|喝|自杀|割|跳|欺负|霸凌|打|欺凌|虐待)过|的时候|吃上(?:了)?药"
)
_LATELY = re.compile("昨|前天|今早|(?<!如)今天(?!考)|今儿|上周|这周|这个?月|上个?月|几天前|[两三四五]天前|礼拜")

# Another time of life. A frame holds for the sentences after it, until they come to what is so now; a date for its own clause
# (去年老伴走了，我不想活 is of today), and not if it only says since when.
_YEARS = "(?:[一二两三四五六七八九十廿几多好半\\d]+年)"
_FRAME = re.compile(
    "以前|从前|早年|早些年|前些年|小时候|当年|当初|年轻(?:时|的时候|那)|一度|曾经?(?![孙祖])|离婚前|旧社会|解放前|那会(?=儿|，|真|老|天天|总|想)|那些年|那几[天年]|头几年|出生时|(?<![学医先发])生[老大小头第一二儿女他她我娃][^，]{0,2}的时候|"
    "原来(?=[^，]{0,2}喝)|有(?:段时间|段日子|一阵|阵子|一年)|"
    "那一?(?:年|会儿|时|次|回|阵|段|几年|两年)|岁(?:那年|那会儿|时|的时候)|"
    "(?:小学|初中|高中|中学|中专|大学|读书|当兵|刚结婚|在世)的?(?:时候|那|时|期间)"
)
_DATE = re.compile(
    f"去年|前年|前几年|前些年|早几年|年初|上半年|{_YEARS}(?:以)?前|[一二三四五六七八九十〇零\\d]{{2,4}}年(?!了|来|级)|之前|上回|上次|(?:走|去世|离婚|生病|截肢)的时候"
)
_SINCE_WHEN = re.compile("以后|之后|以来|开始|就|起")
# Said of the thing itself (吞过药, 走丢过一下午; not 吃过饭出门), or after it (离家出走那回, 都是前年的事).
_DONE = re.compile(
    "(?:想|写|喝|吞|吃|割|跳|站上|爬上|上吊|自杀|轻生|闹|寻|服|烧|打|砍|砸|烫|关|锁|拐|卖|欺负|霸凌|欺凌|虐待|掐|踢|侵犯|摸|追|家暴|揍)[破伤断坏]?过(?![饭酒年节来去日得])"
)
_ONCE = re.compile("^过(?![来去年节日得不])")
_THAT_TIME = re.compile(
    "^[^，]{0,4}那一?(?:回|次|年|阵|些年|几年)|是[^，]{0,4}(?:大学|中学|高中|初中|小学|年轻|当兵)(?:的)?时候的?事|是(?:春节|过年|年前|开春|夏天|冬天)(?:时候)?的事|年(?:前)?的(?:老)?事|那是[^，]{0,6}年|"
    "(?:去年|前年|那年|(?:19|20)\\d\\d年)[^，]{0,10}(?:救|跑|逃|判|离|抓|报警|切|手术)"
)
# What came after it: rescue, parting, punishment, years, and 现在 as such.
_SINCE = re.compile(
    f"现在|如今|后来|这些年|[这近][两几]年|一晃|{_YEARS}(?:了|多|前的|的事)|年的事|那是|救(?:回|活|出|上|下|起|得)|"
    "(?:被|让)[^，]{0,8}(?:劝|拉住|拦|接走)|解救|劝(?:下|住|回)|(?:跑|逃|放|出|接)出?(?:来|走)(?:了|的)|判了(?!不)|坐完|"
    "早(?:就)?(?:离|判|死|走|出|没|还|好|散|处理|归)|(?:跑|逃)出来(?:以后|之后|后)|吃了[^，]{0,4}药[^，]{0,2}好了|恢复得(?:不错|很好|挺好)|熬过来了|判决[^，]{0,3}下来|保护令[^，]{0,4}下来|送回(?:来|家)|抱养|收养了|"
    "已赔偿|结案|(?:抓|端|逮)了(?![刀棍我他她把孩])|救的(?=，|$)|落下的病|解放了|保住了?命|谢谢当年|老实了|命大|幸好|幸亏|好在|撕了|(?:调|治|养)好了"
)
# In the whole story, before and after, nothing may say that it goes on, has come back, or is feared.
_STILL_SO = "(?:也|还|仍|照样|照旧|依然|一样|更|就|又|正|每天|天天|每晚|一直|老|总|倒|反)*"
_GOES_ON = re.compile(
    "又(?!好|能|回|找了|找到|上班|结|怀|生了|读|考|开)|还(?:是|在|会|要|敢|老|经常|天天)*(?:想(?!问|要评|读|上学|办)|打(?!工|算|听|零工)|骂|闹|找|来|"
    "被|追|堵|逼|关着|锁着|不放|不让|躺|抢救|昏|吐|流|喘|疼|没(?:好|醒|出|放|停|回|找))|"
    f"现在{_STILL_SO}(?:想(?=死|不开|跳|走绝|自|得|他死|它|起|那)|不想|(?:被|打)(?!工|零工|算|听|针|电话|扫|太极|球|长效|不动|三次|理|卡|包|动)|动不动|"
    "难受|害怕|恨|怕|躺|倒在|掉|说(?!话)|睡不|没醒|正|找不|找到|在(?:门|楼|砸|追|打|外面))|"
    "今晚|今夜|今儿|今早|今朝|(?<!如)今天(?!考|是来|来是|来(?:问|想问|送|办|交|谢|领|登))|昨|前天|前几天|这几天|这两天(?!好多)|这回|这次|上周|这周|礼拜|上个?月|这个?月|明天|后天|马上|快来|"
    "不[服听理](?!说)|也想(?=，|$)|(?:下|起)不了?床|动不了|现在[^，]{0,8}(?:抢救|昏迷|重症|ICU|输血|危险|起不来|喘|看不清|流口水|锁在|守着|麻|刀|吸毒|砸)|这[些几]年[^，]{0,3}(?:打(?!工|零|针)|骂|砸)|正在|刚(?!嫁|离婚|结婚|开始|出事|截肢|生|毕业|来那|进)|救命|救我|救救|"
    "(?<![证保户补])(?<!欠的钱)怎么办(?![低户证残退转理])|(?<!工作)咋办|(?<!残)咋整|再也(?!没(?:来|打|动|犯|喝|找))|最近|(?<!么)(?<!身体)(?<!胃)一直(?!打长效|吃药|好好|很好|平稳|稳|没(?:正经)?(?:工作|上班))|"
    "就(?:天天|老|总|经常|没停)|"
    "不敢|好怕|害怕|(?:我|就|只|真|总)怕(?:他|她|我|自己|再|哪天|哪一天)|不如|后悔|没死(?:成|掉)|活够|没意思|撑不|熬不|断药|药断|"
    "(?:放|快)出来|刑满|(?:发|捎|放)(?:信息|话|短信|消息)|威胁|跟踪|找我|等我|盯着|跟着我|找上|找到我|也打|照打|接着打|继续|以为|同样|(?<!重新)开始(?!那)|现在[^，]{0,3}真|不忍了|算账|报仇|偿命|(?:到现在|至今)(?:都|也|还)*(?:打|在|没|不|想)|"
    "(?:躲|藏)(?:在|着|到)|发抖|流血|(?:手|腿|胳膊|肋骨|牙)[^，]{0,3}断"
)
_OF_THE_DAY = re.compile(
    "早上|(?<!一)上午|中午|(?<!一)下午|傍晚|(?<![那一])晚上|夜里|半夜|凌晨|这会|方才|(?:等|堵|守|站|骂|蹲|来)[^，]{0,4}门口"
)
# Who once wished to die is over it only if what is so now is not dark.
_DARK = re.compile(
    "没(?!事|报|到账|批|办)|不(?!错|用|再|抽|喝|走|疼|那么想|这么想)(?!(?<=[报领办]不)，)|只(?!觉得那时)|剩|一个人|难|欠|断|黑|冷|累|苦|疼|痛|怕|烦|糟|差|更|换|绳|刀|瓶|楼|桥|河|窗"
)


def is_over(found: re.Match[str], plain: str, harms: bool, wished: bool) -> bool:
    """It ended well, or was long ago, and nothing near says that it goes on. `harms`: somebody hurts themselves or another;
    `wished`: they would rather not live."""
    return _ended_well(found, plain, harms) or _another_life(found, plain, harms, wished)


def _ended_well(found: re.Match[str], plain: str, harms: bool) -> bool:
    """It is told with how it ended. Where somebody harms, it must be long past."""
    before, heard, after = around(found, plain, _STORY)
    ended = _OVER.search(after) or (_BACK.search(after) if _STRAYED.search(heard) else None)
    if not ended:
        return False
    if harms and (not _LONG_PAST.search(before + heard + after) or _LATELY.search(before + after)):
        return False
    return not _STILL.search(f"{before[-_NEAR:]}，{after[: ended.start()]}，{after[ended.end() :]}")


def _another_life(found: re.Match[str], plain: str, harms: bool, wished: bool) -> bool:
    """What was heard is framed as of long ago, and what came of it is told after it: 小时候爸打妈 … 现在她八十."""
    before, heard, after = around(found, plain, _LIFETIME)
    since = _SINCE.search(after)
    if not since or not _framed(before, heard, after, harms) or _GOES_ON.search(f"{before}，{after}"):
        return False
    if _OF_THE_DAY.search(before + after):
        return False
    return not wished or not _DARK.search(f"{after}，"[since.end() : since.end() + _NEAR])


def _framed(before: str, heard: str, after: str, harms: bool) -> bool:
    if _ONCE.search(after) or _THAT_TIME.search(after) or (harms and _DONE.search(before[-3:] + heard + after[:2])):
        return True
    clauses = before.split("，")
    dated = (clauses[-1] if harms else "，".join(clauses[-2:])) + heard
    date = _DATE.search(dated)
    if date and not _SINCE_WHEN.search(dated[date.end() :]) and not _SINCE.search(dated[date.end() :]):
        return True
    frames = list(_FRAME.finditer(before + heard))
    return bool(frames) and not _SINCE.search(before[frames[-1].end() :])
