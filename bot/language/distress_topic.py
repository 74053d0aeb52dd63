"""What tells that words of danger are what a training, an examination, a plan or a rule is about, and nobody's own. Read by
`bot.language.distress` around what was heard.

A noun (自杀, 走失) may be a topic. A wish that is spoken (想死, 想自杀) has a speaker, and a means (绳, 药) a hand: those are topics
only if others are said to speak, and no 先了解一下 makes one of them.
"""

from __future__ import annotations

import re

from bot.language.around import around

_NEAR, _SENTENCES = 14, 60
"""Characters around what was heard: a line of it, and the sentences in which the topic is named."""

_TAUGHT = (
    "(?:做|搞|办|准备|组织)(?:一[次场])?.{0,6}(?:培训|讲座|宣讲|演练|班会)|培训(?:材料|教材|考试|课|手册|内容|用|招人)|类似培训|讲座|宣讲|普法|"
    "课件|讲.{0,16}的课|(?:伦理|舆情|法治|安全|心理)课|手抄报|海报|板报|展板|宣传(?:单|片|页|栏|册|画)|入户宣传|绘本|剧本|心理剧|情景剧|微电影|"
    "小报|折页|讲一课|讲课用|(?:家长会|课上|会上)要讲|课程报名|(?:网格员|社工|志愿者|村医|干部|儿童主任|护理员)培训|培训的案例|安保演练|发通知要写|采访|"
    "台词|话术|班会稿|主题班会|(?:应急|走失|消防)演练|案例题|做一期节目|志愿队|写自传"
)
_EXAMINED = (
    "(?:考试|面试|竞赛|判断|选择|模拟)题|(?:资格)?考试(?:问|有一道)|备考|标准答案|出题|考.{0,8}证(?=，|$|看|的)|资格证.{0,2}(?:面试|考)|"
    "案例|法考|作业题|课作业|布置的?作业|(?:考试|社工)复习|学习材料|论文|综述|辩论|写.{0,6}(?:作业(?=，|$)|报告)|课题|记笔记|(?<!不)让(?:我们|大家|站里)?学习"
)
_RULED = (
    "(?:转介|工作|应急|培训)手册|整理(?:一份)?.{0,4}(?:制度|手册|流程)|预案|流程图?(?=，|$|发|是|能)|台账|量表|模板|表格(?=在|怎|哪)|统一表格|"
    "死亡人数|填零报|统计(?!局)|问卷|问社工|如果.{0,12}要不要上报|几小时内上报|强制报告|报告义务|义务(?:报告|介入|上报)|哪一条|判例|会不会拘留|"
    "整理(?:一份|个)?问答|统一口径|业务咨询|群众问到|村医问，?[^，]{0,16}，?[^，]{0,10}(?:报吗|报销|归哪类)|上报表|制度里要写|医保[^，]{0,4}一律|分几类|赔偿金[^，]{0,2}算|呼叫器?(?:免费)?(?:装|申请)|预防(?:项目|办法)|"
    "(?<![了，])(?:算不算|属不属于)[^，]{0,8}(?:收入|支出|意外|突发|遗嘱)|从业禁止|救助基金|回收|问政策|规定有说|文件(?=，|$|没)"
)
_TOPIC = re.compile(f"{_TAUGHT}|{_EXAMINED}|{_RULED}")
_ASKED = re.compile(
    "先了解|目前没(?:有)?这(?:事|种)|多久(?:可以|能|才能)报警|(?:一般|平台|社区)(?:会|要)?怎么(?:介入|处理)"
)
# Somebody's own, and now: beside it, or anywhere in the sentences around.
_OWN = re.compile(
    "我(?:就|也|都|真|自己|现在|好|只|还|又)*(?:想|要(?!给[^，]{1,8}讲)|不想|快|活|死|自|被|站|吃了|喝了)|"
    "(?:我|俺|咱)们?(?:家(?!长)|妈|爸|娘|爹|老公|男人|老婆|媳妇|儿子|女儿|孩子|娃|弟|妹|哥|姐|同事|同学|同桌|室友|朋友|学生|邻居)(?!们)|"
    "(?:女儿|儿子|闺女|老婆|老公|孙子|孙女|外孙|弟弟|妹妹)(?!们)|全家|一家[人几三四五]|[我俺](?:爹|娘|孙|爱人|老伴|奶奶|爷爷|婆婆|公公)|老太婆|宝宝|(?:婆婆|爷爷|奶奶|老伴|爱人)(?!们|奶奶)|现在(?!有)|刚才|刚刚|今晚|今天|昨晚|"
    "正在(?!整理|编|起草)|快来|把(?:我|俺)|(?:他|她)(?:把|又|天天|一|喝|拿)|救(?:我|他|她|人(?!员)|命|救|孩子|娃|妈|爸)|"
    "(?:打|揍|害|追|砍|关|锁|掐|摸|踢|踹|咬|骂|逼|欺负|侵犯|强奸|猥亵|性侵|威胁|绑|烫|扇|虐待)(?:了|着|过|伤|断)?(?:我|俺)(?![们国])|怎么办|又"
)
_NOW = re.compile(
    "救命|叫不醒|喊不[醒应]|没呼吸|流血|(?:都|还|正)在(?:吐|抽)|把(?:我|俺)|(?:他|她)(?:把|又|天天|一|喝|拿)|救(?:我|他|她|人)|快(?:点)?来|正在(?!整理|编|起草)|刚(?:才|刚)|刚(?=[吃喝打砸跳走发])|今晚|今天|昨晚|昨天|这会儿?|"
    "怎么办|咋办|现在(?!有|的|乖)|还在|没(?:醒|气|反应)|不见了|"
    "(?:培训|讲座|课|考试|宣讲)(?:的时候|时|完|上|结束|回来|后)|我们?[^，]{0,6}有(?:个|一个|位)|(?:打|害|追|关|锁|掐|骂|逼)(?:了|着)?(?:我|俺)(?![们国])"
)
_NAMED = re.compile("自杀|自残|自伤|自焚|自尽|轻生|寻短见|伤害自己|同归于尽|安乐死|绝食|放弃治疗")
_MEANT = re.compile("(?:想|要|准备|打算|不如|干脆|只好|只有|只能|就|去|我|你)(?:去|会)?$")
# Whose topic it is asks something or wants something; who only tells, tells of somebody.
_ASKS = re.compile(
    "吗|么(?=，|$)|怎么|咋|如何|什么|啥|哪|多久|几(?:个|小|年|份|点)|先打几|(?:有没有|要不要|能不能|可不可以|可以|会不会|是不是|算不算|给不给|报不报|属不属于|一律)|该|谁负责|几号|标准(?=，|$)|"
    "想(?:给|知道|请|问|要|放|讲)|请|发(?:一份|给|我)|用(?=，|$)|题(?=，|$)|要备案|是真的|[不没](?=，|$)"
)
_OTHERS_SAY = re.compile(
    "(?:居民|群众|学生|老人|客人|顾客|来访者?|服务对象|村民|帮扶对象|对方|家里人|当事人|患者|有人)[^，我]{0,8}$|遇到[^，我]{0,3}想$|台词[^，]{0,3}我?$"
)

# Beside a topic somebody may still be in danger (婆婆噎到了，脸发紫): the clause itself must ask, suppose or name it.
_SUPPOSED = re.compile(
    "如果|要是|假如|万一|遇|碰|发现|怎么|咋|哪|谁|什么|多久|[吗么呢]|算|讲|说|写|情形|案|题|演|这种|能|会|可|该|[一两二三]类"
)


def is_topic(found: re.Match[str], plain: str, wished: bool) -> bool:
    """The text is about how such things are taught, examined, ruled or counted, and nothing in it is somebody's own. `wished`:
    they are of somebody who would rather not live."""
    before, heard, after = around(found, plain, _SENTENCES)
    told = before + heard + after
    clause = before[before.rfind("，") + 1 :] + heard + after.split("，")[0]
    if not wished and not any(kind.search(clause) for kind in (_SUPPOSED, _ASKS, _TOPIC)):
        return False
    if not _TOPIC.search(told) and (wished or not _ASKED.search(told)):
        return False
    if not _ASKS.search(told):
        return False
    others = _OTHERS_SAY.search(before)
    if wished and not others and (not _NAMED.search(heard) or _MEANT.search(before)):
        return False
    near = before[-_NEAR:] + ("" if others else heard) + after[:_NEAR]
    return not _OWN.search(near) and not _NOW.search(f"{before}，{after}")
