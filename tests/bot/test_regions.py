"""The table of divisions is whole, and the places of a sentence are found, never a neighbour's."""

from collections import Counter
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.regions import Region, RegionTree, UnknownRegion

TABLE = Path(__file__).parents[2] / "content" / "regions.csv"


@cache
def tree() -> RegionTree:
    return RegionTree.from_csv(TABLE)


@cache
def regions() -> tuple[Region, ...]:
    def below(code: str) -> list[Region]:
        return [found for child in tree().children(code) for found in (child, *below(child.code))]

    return tuple(below("000000"))


def places(text: str) -> list[str]:
    """What the text names, as `湖北省武汉市洪山区`, with `|` between the candidates of one name."""
    return ["|".join(tree().full_name(found.code) for found in match.candidates) for match in tree().find(text)]


def test_the_table_holds_every_division_once() -> None:
    assert Counter(region.level for region in regions()) == {1: 34, 2: 333, 3: 2852}
    assert len({region.code for region in regions()}) == 34 + 333 + 2852


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("000000", "全国"),
        ("420000", "湖北省"),
        ("420111", "湖北省武汉市洪山区"),
        ("110105", "北京市朝阳区"),  # counties of a municipality stand right below it
        ("429004", "湖北省仙桃市"),  # and so do those a province runs itself
        ("441900", "广东省东莞市"),
        ("330113", "浙江省杭州市临平区"),  # 2021
        ("330114", "浙江省杭州市钱塘区"),  # 2021
        ("421088", "湖北省荆州市监利市"),  # 2020
        ("350405", "福建省三明市沙县区"),  # 2021
        ("410307", "河南省洛阳市偃师区"),  # 2021
        ("540581", "西藏自治区山南市错那市"),  # 2023
        ("659012", "新疆维吾尔自治区白杨市"),  # 2023
        ("653228", "新疆维吾尔自治区和田地区和康县"),  # 2024
        ("500157", "重庆市两江新区"),  # 2025
        ("653132", "新疆维吾尔自治区喀什地区岑岭县"),  # 2026
    ],
)
def test_a_code_has_its_full_name(code: str, name: str) -> None:
    assert tree().full_name(code) == name


@pytest.mark.parametrize("code", ["500105", "500112", "330103", "360105", "130171", "999999", ""])
def test_a_code_not_in_the_table_is_refused(code: str) -> None:
    for question in (tree().get, tree().chain, tree().children, tree().full_name):
        with pytest.raises(UnknownRegion, match=f"region code '{code}' is not in the region table; ask"):
            question(code)


def test_a_parent_missing_from_the_table_is_refused() -> None:
    with pytest.raises(UnknownRegion, match="420100"):
        RegionTree([Region("420111", "洪山区", "洪山", 3, "420100")])


@pytest.mark.parametrize(
    ("code", "short"),
    [
        ("420100", "武汉"),
        ("420111", "洪山"),
        ("150000", "内蒙古"),
        ("422800", "恩施"),
        ("310115", "浦东"),
        ("500233", "忠县"),
        ("421022", "公安县"),  # an everyday word keeps its last letter
    ],
)
def test_a_short_name_is_what_people_say(code: str, short: str) -> None:
    assert tree().get(code).short == short


def test_the_tree_is_walked_up_and_down() -> None:
    assert [region.name for region in tree().chain("420111")] == ["洪山区", "武汉市", "湖北省", "全国"]
    assert [region.name for region in tree().chain("429004")] == ["仙桃市", "湖北省", "全国"]
    assert [region.code for region in tree().children("460300")] == ["460302", "460303"]
    assert tree().children("441900") == ()  # 东莞 has no counties
    assert tree().is_within("420111", "420000")
    assert tree().is_within("420111", "420111")
    assert not tree().is_within("420111", "430000")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        # a chain of names is one place
        ("湖北武汉洪山", ["湖北省武汉市洪山区"]),
        ("武汉市洪山区", ["湖北省武汉市洪山区"]),
        ("湖北省 武汉市 洪山区", ["湖北省武汉市洪山区"]),
        ("湖北，武汉，洪山区", ["湖北省武汉市洪山区"]),
        ("我在武汉的洪山区", ["湖北省武汉市洪山区"]),
        ("广东省深圳市南山区科技园", ["广东省深圳市南山区"]),
        ("北京市海淀区中关村大街27号", ["北京市海淀区"]),
        ("湖北仙桃", ["湖北省仙桃市"]),
        ("内蒙锡林浩特", ["内蒙古自治区锡林郭勒盟锡林浩特市"]),
        ("恩施州巴东县", ["湖北省恩施土家族苗族自治州巴东县"]),
        ("温州温州市苍南县", ["浙江省温州市苍南县"]),
        ("青岛市南区", ["山东省青岛市市南区"]),
        ("济南市市中区", ["山东省济南市市中区"]),
        ("台州路桥区", ["浙江省台州市路桥区"]),
        # two places are two
        ("户口在河南，人在杭州西湖区", ["河南省", "浙江省杭州市西湖区"]),
        ("天津、河北两地", ["天津市", "河北省"]),
        ("青岛胶州平度", ["山东省青岛市胶州市", "山东省青岛市平度市"]),
        # one name, many places: all of them, unless the text decides
        ("西湖区", ["浙江省杭州市西湖区|江西省南昌市西湖区"]),
        ("我在朝阳区", ["北京市朝阳区|吉林省长春市朝阳区"]),
        ("朝阳", ["辽宁省朝阳市|北京市朝阳区|吉林省长春市朝阳区"]),
        ("吉林朝阳", ["吉林省长春市朝阳区"]),
        ("我在长春，住朝阳区", ["吉林省长春市", "吉林省长春市朝阳区"]),
        ("朝阳区，北京的", ["北京市朝阳区", "北京市"]),
        ("户口在北京，人在朝阳区", ["北京市", "北京市朝阳区|吉林省长春市朝阳区"]),
        ("江北区", ["浙江省宁波市江北区|重庆市两江新区"]),
        # names on two levels
        ("吉林", ["吉林省"]),
        ("吉林市船营区", ["吉林省吉林市船营区"]),
        ("海南", ["海南省"]),
        ("青海海南州", ["青海省海南藏族自治州"]),
        ("河南省", ["河南省"]),
        ("河南蒙古族自治县", ["青海省黄南藏族自治州河南蒙古族自治县"]),
        ("天津河北区", ["天津市河北区"]),
        ("恩施", ["湖北省恩施土家族苗族自治州"]),
        ("喀什", ["新疆维吾尔自治区喀什地区"]),
        # a county by its short name: with its place in the text, or as the whole message
        ("洪山", ["湖北省武汉市洪山区"]),
        ("我在义乌", ["浙江省金华市义乌市"]),
        ("我是监利的。", ["湖北省荆州市监利市"]),
        ("监利的低保怎么办", []),
        ("我在武汉打工，住洪山，怎么办低保", ["湖北省武汉市", "湖北省武汉市洪山区"]),
        # raised or dissolved, and still said
        ("我是监利县的", ["湖北省荆州市监利市"]),
        ("龙海市", ["福建省漳州市龙海区"]),
        ("重庆江北区", ["重庆市两江新区"]),
        ("重庆渝北", ["重庆市两江新区|重庆市北碚区"]),
        # a county of another city was not meant
        ("杭州江干区", ["浙江省杭州市"]),
        ("武汉市朝阳区", ["湖北省武汉市"]),
        ("平阳县滨海新区", ["浙江省温州市平阳县"]),
    ],
)
def test_places_are_found(text: str, found: list[str]) -> None:
    assert places(text) == found


@pytest.mark.parametrize(
    ("word", "place"),
    [
        ("公安", "湖北荆州"),
        ("和平", "天津"),
        ("东方", "海南"),
        ("高明", "佛山"),
        ("兴国", "赣州"),
        ("大方", "毕节"),
        ("平安", "海东市"),
        ("长安", "西安"),
        ("通道", "怀化"),
        ("资源", "桂林"),
    ],
)
def test_an_everyday_word_is_a_county_only_after_its_place_or_alone(word: str, place: str) -> None:
    assert places(f"请问{word}怎么申请") == []
    assert places(f"我住在{word}附近") == []
    assert len(tree().find(word)) == 1
    (match,) = tree().find(place + word)
    assert all(found.name.startswith(word) for found in match.candidates)


@pytest.mark.parametrize(
    "text",
    [
        "祝您安康",
        "我买了白银",
        "西南山区的贫困户",
        "全国示范县有哪些",
        "申请费县里说要交",
        "由省、市和县级负责",
        "住房县级保障",
        "原则上城市低保每月核查",
        "新增城市低保对象",
        "朝阳市场旁边",
        "中山东路30号",
        "在南京路口",
        "黄河南岸",
        "长安镇",
        "吃沙县小吃",
        "北京时间八点",
        "我是城区的，不是郊区的",
        "雄安",
    ],
)
def test_words_that_only_look_like_places_are_left(text: str) -> None:
    assert places(text) == []


def test_a_match_says_where_it_stands() -> None:
    (match,) = tree().find("我住湖北 武汉洪山区，低保多少")
    assert (match.start, match.end, match.text) == (2, 10, "湖北 武汉洪山区")


@given(st.sampled_from(regions()))
def test_every_full_name_finds_exactly_its_region(region: Region) -> None:
    name = tree().full_name(region.code)
    assert [match.candidates for match in tree().find(f"我住在{name}，想问低保")] == [(region,)]
    assert [match.text for match in tree().find(name)] == [name]


@given(st.sampled_from(regions()))
def test_every_chain_ends_with_the_nation_and_climbs(region: Region) -> None:
    chain = tree().chain(region.code)
    assert chain[0] == region
    assert chain[-1].code == "000000"
    assert [link.level for link in chain] == sorted({link.level for link in chain}, reverse=True)
    assert all(above.code == link.parent for link, above in pairwise(chain))


@given(st.lists(st.one_of(st.sampled_from(regions()).map(lambda region: region.short), st.text(max_size=4))))
def test_any_text_gives_ordered_spans_of_itself(parts: list[str]) -> None:
    text, end = "".join(parts), 0
    for match in tree().find(text):
        assert end <= match.start < match.end
        assert match.candidates
        assert match.text == text[match.start : match.end]
        end = match.end
