"""Who may do what to whom: the permission table as it is drawn, row by row, against what the code lets through."""

from dataclasses import dataclass

import pytest
from sqlalchemy import select
from werkzeug.exceptions import NotFound

from lms.access import NEVER_ON_ONESELF, Permission, may, person_or_404, reachable
from lms.db import db
from lms.errors import Refused
from lms.people.models import ROLES, Mentorship, Person, Team
from lms.people.operations import end_role, grant_role, join_team
from tests import make
from tests.conftest import NOON, counted_statements

TODAY = NOON.date()

# One row an act, one column a role. Whom the role's permission reaches, the person themselves left out:
# m mentees, g the own group, t own teams and those below, * everybody, s oneself and nobody else, . nobody.
TABLE = """
                   learner mentor trainer inspector team_lead manager admin
learn              s       s      s       s         s         s       s
sit_exams          s       s      s       s         s         s       s
see_progress       .       m      *       .         g         t       .
see_shifts         .       m      .       .         g         t       .
see_conduct        .       .      .       .         g         t       .
score_shifts       .       m      .       .         .         t       .
record_attendance  .       m      .       .         g         t       .
read_keys          .       .      *       .         .         *       .
author             .       .      *       .         .         .       .
propose            .       m      .       .         g         t       .
decide             .       .      .       .         .         t       .
read_kpi           .       .      .       .         g         t       .
record_kpi         .       .      .       .         .         t       .
administer         .       .      .       .         .         .       *
"""


def rows() -> dict[Permission, dict[str, str]]:
    head, *body = TABLE.split("\n")[1:-1]
    return {
        Permission[name.upper()]: dict(zip(head.split(), cells, strict=True))
        for name, *cells in (line.split() for line in body)
    }


@dataclass
class World:
    """A team of two levels beside another one, and somebody in each, with a mentee in the other."""

    own: Team
    below: Team
    elsewhere: Team

    def __post_init__(self) -> None:
        self.people = {
            "colleague": make.person("colleague", team=self.own),
            "below": make.person("below", team=self.below),
            "stranger": make.person("stranger", team=self.elsewhere),
            "mentee": make.person("mentee", team=self.elsewhere, stage="on_trial"),
            "without a team": make.person("without a team", stage=None),
        }

    def actor(self, role: str) -> Person:
        """Somebody of the own team with one role, and a mentee as anybody might have."""
        roles = () if role == "learner" else (role,)
        actor = make.person("actor", team=self.own, roles=roles)
        mentee = self.people["mentee"].id
        db.session.add(Mentorship(mentor_id=actor.id, mentee_id=mentee, starts_on=TODAY))
        db.session.commit()
        return actor


@pytest.fixture
def world(app) -> World:
    own = make.team("own")
    return World(own, make.team("below", own), make.team("elsewhere"))


REACH = {
    ".": set(),
    "s": set(),
    "m": {"mentee"},
    "g": {"colleague"},
    "t": {"colleague", "below"},
    "*": {"colleague", "below", "stranger", "mentee", "without a team"},
}


def test_the_table_has_every_act_and_every_role():
    assert set(rows()) == set(Permission)
    assert all(tuple(row) == ROLES for row in rows().values())


@pytest.mark.parametrize("role", ROLES)
def test_a_role_reaches_whom_the_table_says_and_nobody_else(world, role):
    actor = world.actor(role)
    for permission, row in rows().items():
        expected = REACH[row[role]]
        found = set(db.session.scalars(select(Person.name).where(reachable(actor, permission))))
        assert (permission, found - {"actor"}) == (permission, expected)
        assert may(actor, permission) is (row[role] != ".")
        for name, person in world.people.items():
            if name in expected:
                assert person_or_404(person.id, permission, actor) is person
            else:
                with pytest.raises(NotFound):
                    person_or_404(person.id, permission, actor)


@pytest.mark.parametrize("role", ROLES)
def test_nobody_does_to_themselves_what_is_done_to_others(world, role):
    actor = world.actor(role)
    for permission in NEVER_ON_ONESELF:
        assert db.session.scalar(select(Person).where(reachable(actor, permission), Person.id == actor.id)) is None
        with pytest.raises(Refused if may(actor, permission) else NotFound) as refused:
            person_or_404(actor.id, permission, actor)
        if isinstance(refused.value, Refused):
            assert refused.value.status == 403


def test_an_admin_decides_nothing():
    held = {permission for permission, row in rows().items() if row["admin"] == "*"}
    assert held == {Permission.ADMINISTER}


def test_two_roles_add_up(world):
    actor = world.actor("mentor")
    grant_role(actor, "team_lead", TODAY, team=world.own, actor=None, now=NOON)
    found = set(db.session.scalars(select(Person.name).where(reachable(actor, Permission.PROPOSE))))
    assert found == {"mentee", "colleague"}


def test_a_manager_of_two_teams_reaches_both(world):
    actor = world.actor("manager")
    grant_role(actor, "manager", TODAY, team=world.elsewhere, actor=None, now=NOON)
    found = set(db.session.scalars(select(Person.name).where(reachable(actor, Permission.DECIDE))))
    assert found == {"colleague", "below", "stranger", "mentee"}


def test_a_team_whose_number_begins_with_anothers_is_not_below_it(app):
    for _ in range(11):
        make.team()
    first = db.session.get_one(Team, 1)
    eleventh = db.session.get_one(Team, 11)
    manager, person = make.manager(first), make.person(team=eleventh)
    with pytest.raises(NotFound):
        person_or_404(person.id, Permission.DECIDE, manager)


def test_a_manager_of_the_top_reaches_three_levels_down(world):
    deepest = make.team("deepest", make.team("deeper", world.below))
    person = make.person("deep", team=deepest)
    assert person_or_404(person.id, Permission.DECIDE, world.actor("manager")) is person


def test_who_has_moved_away_is_out_of_reach_from_that_day(world):
    manager, colleague = world.actor("manager"), world.people["colleague"]
    join_team(colleague, world.elsewhere, TODAY, actor=None, now=NOON)
    with pytest.raises(NotFound):
        person_or_404(colleague.id, Permission.DECIDE, manager)


def test_a_role_taken_back_reaches_nobody(world):
    manager = world.actor("manager")
    end_role(manager, "manager", TODAY, team=world.own, actor=None, now=NOON)
    assert not may(manager, Permission.DECIDE)
    with pytest.raises(NotFound):
        person_or_404(world.people["colleague"].id, Permission.DECIDE, manager)


def test_the_reach_is_one_statement_however_many_roles(world):
    actor = world.actor("manager")
    for role in ("mentor", "trainer"):
        grant_role(actor, role, TODAY, actor=None, now=NOON)
    db.session.commit()
    assert actor.roles
    with counted_statements() as seen:
        db.session.scalars(select(Person.id).where(reachable(actor, Permission.SEE_PROGRESS))).all()
    assert len(seen) == 1
