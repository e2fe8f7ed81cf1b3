"""Names for the made-up county: of towns, schools and people. Pure: no Django."""

from __future__ import annotations

from random import Random

COUNTY = "云岫县"
_FIRST = "清石柳桃青白龙凤金银东西南北上下大小长新古安永太平和福兴文云"
_SECOND = "溪桥河山坪塘湾岭泉湖沟坝源口集店铺庄渡洲"
_SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾萧田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
)
_TWO = ("欧阳", "司马", "上官", "诸葛", "皇甫", "尉迟")
_GIVEN = (
    "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超霞平刚桂英华玉兰文辉建红波斌鹏宇浩凯秀梅玲萍婷雪慧莉燕晶颖琳佳欣怡晨阳博轩思雨梓涵子墨雅嘉俊志国庆海春秋冬林森峰岩松柏"
)
RARE = ("𬱖", "㛃", "䶮", "𬍛", "㵾", "𠅤", "堃", "喆")
_MINORITY = ("阿依古丽·买买提", "巴特尔", "扎西次仁", "古丽娜尔·艾山", "乌云其木格", "迪丽拜尔·吐尔逊")


def towns(count: int, random: Random) -> list[str]:
    """Different names of towns."""
    both = [a + b for a in _FIRST for b in _SECOND]
    random.shuffle(both)
    if count > len(both):
        raise ValueError(f"最多 {len(both)} 个乡镇。")
    return both[:count]


def person(random: Random) -> str:
    """A name as a roster has it: mostly two or three characters, some with rare ones, some long."""
    luck = random.random()
    if luck < 0.004:
        return random.choice(_MINORITY)
    surname = random.choice(_TWO) if luck < 0.012 else _surname(random)
    if luck > 0.997:
        return surname + random.choice(RARE)
    given = "".join(random.choice(_GIVEN) for _ in range(1 if random.random() < 0.22 else 2))
    return surname + given


def _surname(random: Random) -> str:
    """The common ones far more often, as in life."""
    return _SURNAMES[int(len(_SURNAMES) * random.random() ** 2.2)]
