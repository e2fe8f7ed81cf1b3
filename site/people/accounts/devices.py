"""A device in words from its user agent, so that a person knows the own sessions again. Pure: no Django.

Only what helps to tell one's phone from one's office computer; an unknown agent is said to be unknown.
"""

from __future__ import annotations

# The first that fits counts: WeChat and DingTalk carry Chrome's and Safari's words as well.
_PROGRAMS = (
    ("wxwork", "企业微信"),
    ("micromessenger", "微信"),
    ("dingtalk", "钉钉"),
    ("feishu", "飞书"),
    ("edg", "Edge 浏览器"),
    ("qqbrowser", "QQ 浏览器"),
    ("ucbrowser", "UC 浏览器"),
    ("huaweibrowser", "华为浏览器"),
    ("miuibrowser", "小米浏览器"),
    ("firefox", "火狐浏览器"),
    ("trident", "IE 浏览器"),
    ("chrome", "Chrome 浏览器"),
    ("safari", "Safari 浏览器"),
)
_SYSTEMS = (
    ("harmonyos", "鸿蒙设备"),
    ("openharmony", "鸿蒙设备"),
    ("ipad", "iPad"),
    ("iphone", "iPhone"),
    ("android", "安卓手机"),
    ("windows", "Windows 电脑"),
    ("mac os", "苹果电脑"),
    ("uos", "统信电脑"),
    ("kylin", "麒麟电脑"),
    ("linux", "Linux 电脑"),
)
UNKNOWN = "未知设备"


def in_words(agent: str) -> str:
    """For example “安卓手机 · 微信”."""
    low = agent.lower()
    found = [next((word for sign, word in table if sign in low), "") for table in (_SYSTEMS, _PROGRAMS)]
    if found[0] == "安卓手机" and "mobile" not in low:
        found[0] = "安卓平板"
    return " · ".join(word for word in found if word) or UNKNOWN
