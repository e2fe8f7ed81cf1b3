"""Every word that the live room's screens say from code: error texts by code, and the scripts' texts.

An error says what happened and what to do now. The browser gets these texts from the server, so that
the phone, the wall and the log use the same words.
"""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise

ERRORS: dict[str, Text] = {
    "frame.malformed": _("这条消息看不懂，没有处理。请刷新页面再试。"),
    "frame.too_big": _("这条消息太大，没有处理。请刷新页面再试。"),
    "frame.binary": _("这里只收文字消息。请刷新页面再试。"),
    "frame.version": _("页面版本旧了，请刷新页面。"),
    "frame.unknown": _("不认识这种消息。请刷新页面再试。"),
    "frame.bad_field": _("消息里有一项填得不对，没有处理。请刷新页面再试。"),
    "frame.media_type": _("请用 application/json 发送消息。"),
    "frame.method": _("请用 POST 发送消息。"),
    "rate.joins": _("现在加入的人很多，请稍等几秒，页面会自己再试。"),
    "rate.frames": _("点得太快了，请慢一点。"),
    "rate.misses": _("试的次数有点多，请过一会儿再输入。"),
    "rate.rooms": _("刚刚开的课堂有点多，请过一分钟再开。"),
    "token.bad": _("这台设备的加入记录失效了，请重新加入。"),
    "token.missing": _("还没有加入，请先填写座位号或昵称。"),
    "host.only": _("只有开课的老师能操作。"),
    "player.only": _("请先加入再作答。"),
    "room.unknown": _("没有找到这个课堂，请核对六位数字。"),
    "room.no_questions": _("这个主题还没有适合这个学段的题目，请先在题库里发布几道。"),
    "room.ended": _("这次互动已经结束了。"),
    "room.paused": _("老师暂停了一下，请稍等。"),
    "room.full": _("这个课堂人数已满，请告诉老师。"),
    "room.moved_on": _("屏幕已经更新，请看最新的画面再点。"),
    "question.closed": _("这道题已经收了，请看大屏幕。"),
    "question.unknown": _("没有这道题，请看大屏幕上的题目。"),
    "answer.bad_option": _("没有这个选项，请重新选。"),
    "answer.bad_count": _("选的个数不对，请重新选。"),
    "answer.not_asked": _("这次用举手回答，不用在手机上作答。"),
    "command.unknown": _("不认识这个操作，请刷新页面。"),
    "command.not_now": _("现在还不能这样操作，请看屏幕上的按钮。"),
    "name.empty": _("请写上座位号或昵称。"),
    "name.too_long": _("有点长了，最多 12 个字，请写短一些。"),
    "name.bad": _("有些符号不能用，请用汉字、字母或数字。"),
    "name.private": _("看起来像电话或证件号，请不要写，换成座位号或昵称。"),
    "name.bad_seat": _("座位号请写 1 到 99。"),
    "name.unkind": _("换一个昵称吧，让大家都舒服。"),
    "server.busy": _("刚才没有保存上，请再点一次。"),
    "socket.replaced": _("你在另一个页面打开了这个课堂，这里先停下。想在这里继续，请刷新。"),
    "socket.slow": _("网络有点慢，正在重新连接。"),
    "socket.idle": _("连接断开了，正在重新连接。"),
    "socket.noisy": _("收到太多不正确的消息，连接已关闭。请刷新页面。"),
}

SHARED: dict[str, Text] = {
    "connecting": _("正在连接……"),
    "reconnecting": _("网络断开了，正在重新连接。题目和答案都在，不会丢。"),
    "offline": _("设备没有联网。请检查网络，连上后会自动回到刚才的画面。"),
    "polling": _("网络不太稳，已换成慢一点的方式，可以照常使用。"),
    "round": _("第 %(n)s 次"),
    "question_of": _("第 %(n)s 题，共 %(total)s 题"),
    "kind.single": _("选一个"),
    "kind.multiple": _("可以选几个"),
    "kind.judge": _("对还是错"),
    "source": _("来源：%(source)s"),
    "help.12356": _("全国统一心理援助热线"),
    "help.12355": _("青少年服务热线"),
    "help.110": _("报警"),
    "help.lead": _("心里难受、遇到危险，都可以说出来，不是你的错。"),
    "right_option": _("正确"),
    "wrong_option": _("不对"),
    "paused": _("暂停一下"),
    "ended": _("这次互动结束了"),
    "delete_on": _("这次互动的数据将于 %(date)s 自动删除，没有保存任何姓名。"),
    "mark": _("、"),
}

WALL: dict[str, Text] = {
    **SHARED,
    "start": _("开始"),
    "close": _("收答案，看分布"),
    "reveal": _("公布答案"),
    "reveal_quiet": _("看讲解"),
    "next": _("下一题"),
    "finish": _("结束，看小结"),
    "skip_counting": _("跳过统计，看答案"),
    "resume": _("继续"),
    "end": _("结束课堂"),
    "end_sure": _("再点一次就结束"),
    "more": _("%(letter)s 加一人"),
    "less": _("%(letter)s 减一人"),
    "joined": _("已加入 %(n)s 人"),
    "received": _("已收 %(n)s/%(m)s"),
    "most_right": _("%(share)s% 选对了 %(option)s"),
    "most_wrong": _("%(share)s% 选了 %(option)s"),
    "most_unknown": _("选得最多的是 %(option)s，占 %(share)s%"),
    "most_multiple": _("%(share)s% 选了 %(option)s"),
    "tied": _("%(options)s 一样多，各占 %(share)s%"),
    "nobody": _("这一次还没有人作答。"),
    "people": _("%(n)s 人"),
    "class_well": _("大家都选对了，真好。"),
    "key_is": _("正确答案：%(options)s"),
    "paused_note": _("题目和答案都保留着，点“继续”回到刚才的画面。"),
    "worst_first": _("下面几题最值得再讲一遍"),
    "no_worst": _("讲过的题目都回顾一下"),
    "share_right": _("%(share)s% 选对"),
    "no_share": _("没有统计"),
    "no_questions_done": _("这次没有公布过答案的题目。"),
    "host_lost": _("这个页面没有主持权限了，请从课程重新打开。"),
}

PHONE: dict[str, Text] = {
    **SHARED,
    "you_are": _("你是 %(name)s"),
    "you_are_seat": _("你是 %(name)s 号"),
    "wait_start": _("已经加入，请看大屏幕，等老师开始。"),
    "send": _("提交"),
    "choose_some": _("先选一选，再提交。"),
    "sending": _("正在发送……"),
    "received": _("已收到。收答案之前可以改。"),
    "not_sent": _("还没有发出去，网络恢复后会自动再发。"),
    "closed_mine": _("答案已收好，请看大屏幕。"),
    "closed_none": _("这道题已经收了。没关系，一起看讲解。"),
    "right": _("选对了。"),
    "wrong": _("这次没选对，没关系，现在知道了。"),
    "no_answer": _("这道题没有收到你的答案，一起看讲解。"),
    "your_answer": _("你选的是 %(options)s"),
    "key_is": _("正确答案：%(options)s"),
    "quiet_done": _("答案只是为了一起想一想。"),
    "paused_note": _("老师暂停了一下。请看大屏幕，等一等。"),
    "ended_note": _("谢谢你一起想、一起学。可以关掉这个页面了。"),
    "hands_mode": _("这次用举手回答，请看大屏幕。"),
    "again": _("再想一想，重新选一次。"),
    "joining": _("正在加入……"),
    "join_retry": _("加入的人很多，%(n)s 秒后自动再试。"),
}


def error_text(code: str) -> str:
    """The words for an error code."""
    return str(ERRORS[code])


def for_script(texts: dict[str, Text]) -> dict[str, str]:
    """Texts in the reader's language, ready to be handed to a script."""
    return {key: str(text) for key, text in texts.items()}
