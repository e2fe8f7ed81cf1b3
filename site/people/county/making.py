"""The made-up county itself: units and staff, always the same for the same numbers and seed. Pure: no Django."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random

from people.county import names

SHARES = {
    # stage: (share of schools, how big next to a primary school, grades, what it is called)
    "kindergarten": (0.36, 0.45, ("小班", "中班", "大班"), "幼儿园"),
    "primary": (0.40, 1.0, ("一年级", "二年级", "三年级", "四年级", "五年级", "六年级"), "小学"),
    "junior": (0.12, 1.3, ("七年级", "八年级", "九年级"), "初级中学"),
    "nine-year": (0.05, 1.8, ("一年级", "二年级", "三年级", "四年级", "五年级", "六年级", "七年级", "八年级", "九年级"), "学校"),
    "senior": (0.03, 2.6, ("高一年级", "高二年级", "高三年级"), "高级中学"),
    "complete": (0.02, 2.8, ("七年级", "八年级", "九年级", "高一年级", "高二年级", "高三年级"), "中学"),
    "vocational": (0.01, 3.0, ("中职一年级", "中职二年级", "中职三年级"), "中等职业学校"),
    "special": (0.01, 0.6, ("一至三年级", "四至六年级", "七至九年级"), "特殊教育学校"),
}
HEADS = (
    "principal", "party-secretary", "vp-safety", "safety-director", "teaching-director", "moral-director",
    "logistics-director", "office-director", "vp-teaching", "youth-leader", "union-chair", "legal-vp",
)  # fmt: skip
REST = {
    # post: weight among those who are neither head nor class teacher
    "subject-teacher": 46, "pe-teacher": 5, "lab-teacher": 3, "it-teacher": 3, "psych-teacher": 2,
    "aftercare-teacher": 6, "subject-head": 4, "grade-head": 3, "school-doctor": 2, "dorm-keeper": 4,
    "canteen-manager": 1, "canteen-worker": 7, "gatekeeper": 3, "guard": 5, "bus-driver": 1, "bus-attendant": 1,
    "lab-keeper": 1, "electrician": 1, "network-admin": 1, "venue-keeper": 1, "cleaner": 4,
}  # fmt: skip
NURSERY = {"kindergarten-teacher": 55, "nursery-carer": 25, "school-doctor": 4, "canteen-worker": 8, "guard": 5, "cleaner": 3}
VISITING = {"pe-teacher", "psych-teacher", "it-teacher", "school-doctor", "subject-teacher"}
BUREAU_CODE = "99"


@dataclass(frozen=True)
class Unit:
    code: str
    name: str
    kind: str
    parent: str = ""
    """The parent's code."""
    stage: str = ""


@dataclass(frozen=True)
class Worker:
    """A row of the roster. Somebody who works in two schools has two."""

    number: str
    name: str
    unit: str
    posts: tuple[str, ...]
    phone: str = ""
    since: dt.date = dt.date(2020, 9, 1)


@dataclass
class County:
    """The units above the grades with their sizes; grades, classes and staff are made as they are asked for."""

    schools: int
    staff: int
    classes: int
    seed: int = 15
    _schools: list[tuple[Unit, float, int]] = field(default_factory=list)
    """(school, its share of the staff, its number of classes)"""
    _above: list[Unit] = field(default_factory=list)

    def __post_init__(self) -> None:
        random = Random(self.seed)
        districts = max(1, round(self.schools / 100))
        self._above = [Unit(BUREAU_CODE, f"{names.COUNTY}教育局", "bureau")]
        towns = names.towns(min(districts * 5, 500), random)
        for number in range(districts):
            self._above.append(Unit(f"99{number + 1:02d}", f"{towns[number * 5 % len(towns)]}学区", "district", BUREAU_CODE))
        stages = _stages(self.schools, random)
        taken: set[str] = set()
        weights = []
        units = []
        for number, stage in enumerate(stages):
            district = self._above[1 + number % districts]
            town = towns[(number % districts * 5 + number // districts) % len(towns)]
            name = _free(town, SHARES[stage][3], taken)
            units.append(Unit(f"{district.code}{number + 1001}", name, "school", district.code, stage))
            weights.append(SHARES[stage][1] * random.lognormvariate(0, 0.45))
        counts = spread(self.classes, weights)
        whole = sum(weights) or 1
        self._schools = [(unit, weight / whole, count) for unit, weight, count in zip(units, weights, counts, strict=True)]

    def units(self) -> Iterator[Unit]:
        """Every parent before its children."""
        yield from self._above
        for school, _share, _count in self._schools:
            yield school
        for school, _share, count in self._schools:
            grades = SHARES[school.stage][2]
            for number, grade in enumerate(grades, 1):
                inside = count // len(grades) + (number <= count % len(grades))
                if not inside:
                    continue
                code = f"{school.code}-{number}"
                yield Unit(code, grade, "grade", school.code)
                for one in range(1, inside + 1):
                    yield Unit(f"{code}-{one:02d}", f"{one}班", "class", code)

    def workers(self) -> Iterator[Worker]:
        """The roster: `staff` different people; about one in fifty also works in a second school."""
        random = Random(self.seed + 1)
        offices = min(self.staff // 10, max(3, self.staff // 2000) + 2 * (len(self._above) - 1))
        counts = spread(self.staff - offices, [share for _school, share, _count in self._schools])
        for number in range(offices):
            unit = self._above[number % len(self._above)]
            yield Worker(f"8{number + 10001}", names.person(random), unit.code, (), _phone(random), _since(random))
        twins = next((n for n, count in enumerate(counts) if count >= 10), None)
        for place, ((school, _share, classes), count) in enumerate(zip(self._schools, counts, strict=True)):
            for number in range(count):
                name = "张伟" if place == twins and number in (7, 8) else names.person(random)
                posts = self._posts(school, number, count, classes, random)
                worker = Worker(f"{place + 1001}{number + 1:04d}", name, school.code, posts, _phone(random), _since(random))
                yield worker
                if set(posts) & VISITING and random.random() < 0.04 and len(self._schools) > 1:
                    other = self._schools[(place + max(1, len(self._above) - 1)) % len(self._schools)][0]
                    yield Worker(worker.number, name, other.code, posts[-1:], worker.phone, _since(random))

    def _posts(self, school: Unit, number: int, count: int, classes: int, random: Random) -> tuple[str, ...]:
        heads = HEADS[: max(1, min(len(HEADS), count // 6))]
        if number < len(heads):
            return (heads[number], "subject-teacher") if random.random() < 0.4 else (heads[number],)
        if school.stage == "kindergarten":
            return (_weighted(NURSERY, random),)
        if number < len(heads) + min(classes, count // 2):
            return ("class-teacher", "subject-teacher")
        post = _weighted(REST, random)
        return (post, "duty-teacher") if post == "subject-teacher" and random.random() < 0.2 else (post,)


def spread(total: int, weights: list[float]) -> list[int]:
    """`total` in whole numbers by weight; what rounding leaves goes to the largest remainders."""
    whole = sum(weights)
    if not whole:
        return [0] * len(weights)
    shares = [total * weight / whole for weight in weights]
    counts = [int(share) for share in shares]
    rest = sorted(range(len(weights)), key=lambda n: (counts[n] - shares[n], n))
    for n in rest[: total - sum(counts)]:
        counts[n] += 1
    return counts


def _stages(schools: int, random: Random) -> list[str]:
    """The stages of all schools, mixed; the first four kinds are there even in a small county."""
    counts = spread(schools, [share for share, _size, _grades, _name in SHARES.values()])
    found = [stage for stage, count in zip(SHARES, counts, strict=True) for _ in range(count)]
    random.shuffle(found)
    return found


def _free(town: str, what: str, taken: set[str]) -> str:
    """清溪镇中心小学, 清溪镇第二小学 … : a name that no other school has."""
    number = 1
    while True:
        middle = "中心" if number == 1 else f"第{_chinese(number)}"
        name = f"{town}镇{middle}{what}"
        if name not in taken:
            taken.add(name)
            return name
        number += 1


def _chinese(number: int) -> str:
    digits = "零一二三四五六七八九"
    tens, ones = divmod(number, 10)
    if number >= 100:
        return str(number)
    return (("" if tens < 2 else digits[tens]) + "十" if tens else "") + (digits[ones] if ones or not tens else "")


def _weighted(weights: dict[str, int], random: Random) -> str:
    return random.choices(list(weights), list(weights.values()))[0]


def _phone(random: Random) -> str:
    return f"1990000{random.randrange(10_000):04d}" if random.random() < 0.3 else ""


def _since(random: Random) -> dt.date:
    return dt.date(random.randint(1995, 2025), random.choice((2, 8, 9)), random.randint(1, 28))
