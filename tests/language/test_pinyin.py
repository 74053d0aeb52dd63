"""Sounds come from the order of the national character set; dialects that merge them are heard as one."""

from bot.language.pinyin import rough, syllable, syllables


def test_everyday_characters_have_their_sound() -> None:
    said = dict(zip("低保临时救助特困申请律女略座", syllables("低保临时救助特困申请律女略座"), strict=True))
    assert said == {
        "低": "di",
        "保": "bao",
        "临": "lin",
        "时": "shi",
        "救": "jiu",
        "助": "zhu",
        "特": "te",
        "困": "kun",
        "申": "shen",
        "请": "qing",
        "律": "lv",
        "女": "nv",
        "略": "lve",
        "座": "zuo",
    }


def test_the_whole_first_level_has_a_sound_and_nothing_else_has() -> None:
    level = [bytes((high, low)).decode("gb2312", "ignore") for high in range(0xB0, 0xD8) for low in range(0xA1, 0xFF)]
    characters = [char for char in level if char]
    assert len(characters) == 3755
    assert all(syllable(char).isascii() for char in characters)
    assert [syllable(char) for char in "圳裡a7，😀"] == list("圳裡a7，😀")


def test_what_dialects_merge_sounds_alike() -> None:
    assert rough("临") == rough("零")
    assert rough("是") == rough("四")
    assert rough("难") == rough("蓝")
    assert rough("低") != rough("特")
