"""Who works in the demo company and how far each of them is. Everybody stands for a case a visitor should see."""

from datetime import datetime

from sqlalchemy import select

from lms.db import db
from lms.demo.days import (
    Days,
    Worked,
    figures,
    first_chats,
    note,
    plan_shift,
    sit,
    study,
    study_for,
    work_shift,
)
from lms.people import operations
from lms.people.models import Person, Team
from lms.probation.models import TrainingPlan
from lms.probation.operations import assign_mentor, sign_activity, start_probation
from lms.probation.shifts import check_in

GOOD_CHATS = (92, 88, 85, 90, 84, 87, 91, 86, 89, 90, 83, 88)


def tell(password_hash: str, now: datetime) -> None:
    """Fill an empty database with the company."""
    Company(password_hash, Days(now)).tell()


class Company:
    """The shop's customer service, built from the top down."""

    def __init__(self, password_hash: str, days: Days) -> None:
        self.password_hash = password_hash
        self.days = days

    def tell(self) -> None:
        self._found()
        self._hire_newcomers()
        self._put_on_trial()
        self._employ_agents()
        self._staff_the_other_branch()

    def person(
        self, username: str, name: str, team: Team | None = None, *, days_ago: int, stage: str | None = None,
        tier: str | None = None, roles: tuple[str, ...] = (),
    ) -> Person:  # fmt: skip
        """Somebody who came so many days ago and has been at a stage and tier since."""
        when, on = self.days.at(days_ago, 9), self.days.on(days_ago)
        made = operations.create_person(
            username, name, actor=None, now=when, password_hash=self.password_hash
        )
        if team is not None:
            operations.join_team(made, team, on, actor=None, now=when)
        if stage:
            operations.set_stage(made, stage, on, actor=None, now=when)
        if tier:
            operations.set_tier(made, tier, on, actor=None, now=when)
        for role in roles:
            of = team if role in ("team_lead", "manager") else None
            operations.grant_role(made, role, on, team=of, actor=None, now=when)
        return made

    def _found(self) -> None:
        when = self.days.at(900)
        self.service = operations.create_team("Customer service 客服部", None, actor=None, now=when)
        self.presale = operations.create_team("Pre-sale 售前组", self.service, actor=None, now=when)
        self.aftersale = operations.create_team("After-sales 售后组", self.service, actor=None, now=when)
        self.wholesale = operations.create_team("Wholesale 批发部", None, actor=None, now=when)
        self.person("admin", "Fang Wei 方薇", days_ago=890, roles=("admin",))
        self.manager = self.person("manager", "Gao Ning 高宁", self.service, days_ago=880, roles=("manager",))
        self.person("trainer", "Shen Yi 沈怡", self.service, days_ago=700, roles=("trainer",))
        self.person("lead", "Luo Jin 罗瑾", self.presale, days_ago=600, roles=("team_lead",))
        self.mentor = self._certified(
            "mentor", "Lin Yue 林悦", self.presale, "senior", 400, roles=("mentor",)
        )
        figures(self.mentor, self.manager, self.days, (8240, 8420, 8510), GOOD_CHATS)
        self.mentor2 = self._certified(
            "mentor2", "Tang Rui 唐睿", self.aftersale, "senior", 380, roles=("mentor",)
        )
        figures(self.mentor2, self.manager, self.days, (8010, 7920, 8130), GOOD_CHATS)

    def _certified(
        self, username: str, name: str, team: Team, tier: str, days_ago: int, *, passed_days_ago: int = 120,
        wrong: int = 3, roles: tuple[str, ...] = (),
    ) -> Person:  # fmt: skip
        """An agent of some time who passed the base exam so many days ago."""
        made = self.person(username, name, team, days_ago=days_ago, stage="agent", tier=tier, roles=roles)
        study_for(made, "base", self.days.at(passed_days_ago + 3, 9))
        sit(made, "base", self.days.at(passed_days_ago, 14), wrong)
        return made

    def _hire_newcomers(self) -> None:
        newhire = self.person("newhire", "Chen Xiaowen 陈晓雯", self.presale, days_ago=0, stage="trainee")
        assign_mentor(newhire, self.mentor, actor=self.manager, now=self.days.now)
        candidate = self.person("candidate", "He Jiaqi 何佳琪", self.presale, days_ago=6, stage="trainee")
        assign_mentor(candidate, self.mentor, actor=self.manager, now=self.days.at(6))
        study_for(candidate, "base", self.days.at(2, 9))
        slow = self.person("zhu.min", "Zhu Min 朱敏", self.aftersale, days_ago=16, stage="trainee")
        assign_mentor(slow, self.mentor2, actor=self.manager, now=self.days.at(16))
        study(slow, "trade-flow", self.days.at(13), lessons=2)
        failed = self.person("qian.lei", "Qian Lei 钱磊", self.aftersale, days_ago=20, stage="trainee")
        assign_mentor(failed, self.mentor2, actor=self.manager, now=self.days.at(20))
        study_for(failed, "base", self.days.at(12, 9))
        sit(failed, "base", self.days.at(9, 14), 20)
        sit(failed, "base", self.days.at(5, 14), 18)

    def _on_trial(self, username: str, name: str, team: Team, mentor: Person, days_ago: int) -> Person:
        """Somebody who learnt for ten days, passed, and then began a trial so many days ago."""
        made = self.person(username, name, team, days_ago=days_ago + 10, stage="trainee")
        study_for(made, "base", self.days.at(days_ago + 7, 9))
        sit(made, "base", self.days.at(days_ago + 2, 14), 4)
        plan = db.session.scalars(select(TrainingPlan).where(TrainingPlan.slug == "shop-month")).one()
        probation = start_probation(made, plan, mentor, actor=self.manager, now=self.days.at(days_ago, 9))
        early = [activity for phase in plan.phases[:3] for activity in phase["activities"]]
        for number, activity in enumerate(early):
            signer = mentor if activity["signed_by"] == "mentor" else self.manager
            sign_activity(probation, activity["id"], actor=signer,
                          now=self.days.at(max(days_ago - 1 - number, 0), 18))  # fmt: skip
        return made

    def _put_on_trial(self) -> None:
        trainee = self._on_trial("trainee", "Sun Hao 孙浩", self.presale, self.mentor, 18)
        for worked in TRAINEE_SHIFTS:
            work_shift(trainee, worked, self.mentor, self.days)
        first_chats(trainee, self.manager, self.days, 7100, (*GOOD_CHATS[:6], 78, 72, 85, 83, 87, 80, 92, 84))
        # Yesterday's shift waits for its mentor; the next one begins today or tomorrow.
        waiting = plan_shift(trainee, self.days.at(1, 9), 6, self.mentor, now=self.days.at(3))
        check_in(waiting, actor=trainee, now=self.days.at(1, 8, 52))
        plan_shift(trainee, self.days.next_start(), 6, self.mentor, now=self.days.now)
        ready = self._on_trial("xu.ran", "Xu Ran 徐然", self.presale, self.mentor, 30)
        for course in ("posts-and-pay", "conduct-and-career"):
            study(ready, course, self.days.at(6))
        for worked in READY_SHIFTS:
            work_shift(ready, worked, self.mentor, self.days)
        first_chats(
            ready, self.manager, self.days, 8130, (*GOOD_CHATS, 86, 91, 84, 88, 90, 87, 85, 93, 89, 88)
        )

    def _employ_agents(self) -> None:
        short = self._certified("agent", "Wu Mengting 吴梦婷", self.presale, "regular", 150)
        figures(short, self.manager, self.days, (7620, 7390, 7480), GOOD_CHATS)
        ready = self._certified("zhou.qi", "Zhou Qi 周琪", self.presale, "regular", 160)
        figures(ready, self.manager, self.days, (7910, 8080, 8230), GOOD_CHATS)
        note(ready, "commendation", 40, "买家来电表扬：大促当晚连夜找回发错的包裹。", self.manager, self.days)
        lapsing = self._certified("ma.lin", "Ma Lin 马琳", self.aftersale, "senior", 520, passed_days_ago=356)
        figures(lapsing, self.manager, self.days, (8020, 7790, 8140), GOOD_CHATS)
        expired = self._certified(
            "guo.tao", "Guo Tao 郭涛", self.aftersale, "regular", 560, passed_days_ago=380
        )
        figures(expired, self.manager, self.days, (7240, 7310, 7180), GOOD_CHATS)
        falling = self._certified(
            "deng.yu", "Deng Yu 邓雨", self.aftersale, "senior", 420, passed_days_ago=200
        )
        figures(
            falling, self.manager, self.days, (7420, 6810, 6690), (82, 79, 84, 80, 77, 85, 81, 78, 83, 80)
        )
        warned = self._certified(
            "jiang.bo", "Jiang Bo 蒋波", self.presale, "regular", 300, passed_days_ago=170
        )
        figures(warned, self.manager, self.days, (7530, 7610, 7580), GOOD_CHATS)
        note(warned, "leave-rule", 50, "开班前一小时才请假。", self.manager, self.days)
        suspended = self._certified(
            "cao.yan", "Cao Yan 曹妍", self.aftersale, "regular", 280, passed_days_ago=150
        )
        note(suspended, "absence", 24, "晚班缺勤，未请假，电话未接。", self.manager, self.days)
        note(suspended, "leave-rule", 8, "开班后才提出请假。", self.manager, self.days)
        for username, name, tier, kpis in STEADY:
            steady = self._certified(username, name, self.aftersale, tier, 260, passed_days_ago=90)
            figures(steady, self.manager, self.days, kpis, GOOD_CHATS)

    def _staff_the_other_branch(self) -> None:
        """Another manager's team, which the first one never sees."""
        boss = self.person("manager2", "Zhao Lei 赵磊", self.wholesale, days_ago=500, roles=("manager",))
        other = self._certified("pan.xin", "Pan Xin 潘欣", self.wholesale, "regular", 200)
        figures(other, boss, self.days, (7800, 7700, 7900), GOOD_CHATS)
        self.person("bai.lu", "Bai Lu 白露", self.wholesale, days_ago=3, stage="trainee")


STEADY = (
    ("ren.jie", "Ren Jie 任杰", "regular", (7310, 7450, 7290)),
    ("yao.qing", "Yao Qing 姚晴", "senior", (8120, 8200, 8050)),
    ("lu.han", "Lu Han 陆涵", "regular", (7710, 7350, 7260)),
)

TRAINEE_SHIFTS = (
    Worked(16, 9, 6, 0, 180, 120, (3, 3, 4, 3, 3, 4), "商品面料还要再背，规则能自己查到。"),
    Worked(14, 13, 6, 0, 190, 110, (3, 4, 4, 3, 3, 4), "首响稳定在 10 秒内，备注旗标用错一次。"),
    Worked(12, 9, 6, 18, 170, 110, (4, 4, 4, 3, 4, 4), "迟到 18 分钟，交接没赶上，已谈过。"),
    Worked(10, 13, 6, 0, 130, 100, (3, 4, 3, 3, 4, 4), "下午离开座位太久，买家等待无人回应。"),
    Worked(8, 9, 6, 0, 200, 110, (4, 4, 4, 4, 4, 4), "遇到催退款没有争辩，先安抚再给时间点。"),
    Worked(6, 13, 6, 0, 210, 100, (4, 4, 5, 4, 4, 5), "推荐尺码时先问身高体重，买家没有再犹豫。"),
    Worked(4, 9, 6, 0, 205, 110, (4, 5, 4, 4, 4, 4), "第一次独立处理举证，步骤都对。"),
)

READY_SHIFTS = tuple(
    Worked(days_ago, 9, 7, 0, 250, 110, rubric, comment, recommends=days_ago <= 4)
    for days_ago, rubric, comment in (
        (24, (4, 4, 5, 4, 4, 4), "开口自然，商品知识扎实。"),
        (22, (4, 4, 5, 4, 4, 5), "会主动看订单状态再回答。"),
        (19, (5, 4, 5, 4, 4, 5), "砍价对话稳，没有超出权限。"),
        (17, (4, 5, 5, 4, 5, 5), "退换货流程独立走完三单。"),
        (15, (5, 5, 5, 4, 5, 5), "带出一单关联销售，搭配合理。"),
        (12, (5, 5, 4, 5, 5, 5), "高峰期同时接 6 个对话，没有漏。"),
        (10, (5, 5, 5, 4, 5, 5), "投诉处理得当，买家追评好转是自愿的。"),
        (8, (5, 5, 5, 5, 4, 5), "交接记录清楚，下一班不用再问。"),
        (4, (5, 5, 5, 5, 5, 5), "可以独立上岗。"),
        (2, (5, 5, 5, 5, 5, 5), "建议提前转正。"),
    )
)
