"""Which post a roster means by a word such as 教导主任. Pure: no Django.

Every post is known by its own name, by its name without the part in brackets, and by the words below.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from difflib import get_close_matches

from people.posts import Post
from people.rosters.cells import word

WORDS: Mapping[str, str] = {
    "principal": "校长 园长 正校长 校长兼书记",
    "party-secretary": "书记 党支部书记 党总支书记 党委书记 支部书记",
    "vp-safety": "安全副校长 副校长(安全) 分管安全副园长 安全副园长",
    "vp-teaching": "教学副校长 副校长(教学) 教学副园长 业务副校长 副校长",
    "vp-moral": "德育副校长 副校长(德育)",
    "vp-logistics": "后勤副校长 副校长(后勤) 总务副校长 后勤副园长",
    "legal-vp": "法制副校长",
    "safety-director": "安全办主任 安全主任 安全主管 安全干部 安全员 安全专干 安全办公室主任 保卫科长 保卫主任 综治主任",
    "office-director": "校办主任 行政办主任 党政办主任 办公室副主任",
    "teaching-director": "教导主任 教务处主任 教导处主任 教务副主任 教导副主任",
    "moral-director": "德育主任 政教主任 德育处主任 政教处主任 学生处主任 德育副主任 政教副主任",
    "logistics-director": "总务主任 后勤主任 总务处主任 后勤处主任 总务副主任",
    "youth-leader": "团委书记 少先队辅导员 大队辅导员 少先队大队辅导员 团支部书记",
    "union-chair": "工会负责人",
    "grade-head": "年级主任 年级组组长 级部主任 级组长",
    "subject-head": "教研主任 备课组长 学科组长 教研组组长",
    "class-teacher": "副班主任 班主任老师 主班教师",
    "subject-teacher": "教师 老师 任课老师 科任教师 科任老师 专任教师 教员 语文教师 数学教师 英语教师 道德与法治教师 音乐教师 美术教师",
    "pe-teacher": "体育老师 体育教员",
    "lab-teacher": "实验教师 实验老师 物理教师 化学教师 生物教师 科学教师",
    "it-teacher": "信息教师 信息科技教师 计算机教师 信息技术老师",
    "psych-teacher": "心理教师 心理老师 心理辅导教师 心理健康老师",
    "duty-teacher": "值周教师 值班教师 值日教师",
    "aftercare-teacher": "课后服务老师 延时服务教师 托管教师",
    "kindergarten-teacher": "幼儿教师 幼师 幼儿园老师",
    "nursery-carer": "保育老师 保育教师 生活教师",
    "school-doctor": "校医 保健教师 保健医 保健医生 卫生教师 卫生室人员 医务人员",
    "dorm-keeper": "宿管 宿管员 宿舍管理人员 生活老师 宿管老师",
    "canteen-manager": "食堂主任 食堂负责人 膳食管理员 食品安全员",
    "canteen-worker": "食堂工作人员 食堂员工 厨师 炊事员 食堂工人 食堂人员 炊事人员",
    "gatekeeper": "门卫人员 传达室人员 门岗",
    "guard": "保安 保安人员 安保人员 专职保安员",
    "bus-manager": "校车负责人 校车安全员",
    "bus-driver": "校车司机 司机 驾驶员",
    "bus-attendant": "校车照管人员 照管员 跟车员 随车照管员",
    "lab-keeper": "实验员 实验室管理员 实验管理员 危化品管理员 实验室主任",
    "electrician": "水电工 锅炉工 电工 水电维修工 维修工 司炉工",
    "network-admin": "网管 网管员 信息中心主任 电教管理员 电教员",
    "venue-keeper": "图书管理员 图书馆管理员 场馆管理员 器材管理员 体育器材管理员 图书室管理员",
    "cleaner": "保洁 保洁员 绿化工 清洁工 保洁人员",
}
_SEPARATORS = re.compile(r"[、,;/|\\+&\s]+|和|兼")
_BRACKETS = re.compile(r"\(([^)]*)\)")


class PostWords:
    """Finds posts by what people write; remembers what it was asked, for a file repeats itself."""

    def __init__(self, posts: Mapping[str, Post]) -> None:
        self.names = {slug: post.name for slug, post in posts.items()}
        self.known: dict[str, str] = {}
        for slug, synonyms in WORDS.items():
            if slug in posts:
                self.known |= {_joined(name): slug for name in synonyms.split()}
        for slug, post in posts.items():
            self.known |= {name: slug for name in _own_names(post.name)}
        self.asked: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {}

    def find(self, text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """(slugs in the order of the post list, words that are no post). Some posts' names hold a 、 themselves."""
        if text not in self.asked:
            pieces = [piece for piece in _SEPARATORS.split(word(text).replace("，", ",")) if piece]
            found, unknown, i = set(), [], 0
            whole = self.known.get(_joined(text))
            if whole:
                found, pieces = {whole}, []
            while i < len(pieces):
                for j in range(min(len(pieces), i + 4), i, -1):
                    slug = self.known.get(_joined("".join(pieces[i:j])))
                    if slug:
                        found.add(slug)
                        i = j
                        break
                else:
                    unknown.append(pieces[i])
                    i += 1
            self.asked[text] = tuple(slug for slug in self.names if slug in found), tuple(unknown)
        return self.asked[text]

    def nearest(self, text: str) -> list[str]:
        """Up to three names of posts that the writer may have meant."""
        wanted = _joined(text)
        near = get_close_matches(wanted, self.known, n=6, cutoff=0.4)
        near += [name for name in self.known if wanted and (wanted in name or name in wanted)]
        return list(dict.fromkeys(self.names[self.known[name]] for name in near))[:3]


def _joined(text: str) -> str:
    return _SEPARATORS.sub("", word(text))


def _own_names(name: str) -> set[str]:
    """校长（园长） is 校长, 园长 and the whole; 德育（政教）主任 is 德育主任 and the whole."""
    plain = word(name)
    names = {_joined(plain), _joined(_BRACKETS.sub("", plain))}
    inside = _BRACKETS.search(plain)
    if inside and plain.endswith(")"):
        names.add(_joined(inside[1]))
    return names
