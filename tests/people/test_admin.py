"""The admin's pages: accounts, roles, teams, and the trail of all that was done."""

import ast
import re

import pytest
from sqlalchemy import select

from lms.access import GRANTS
from lms.audit import AuditRow, record
from lms.db import db
from lms.errors import Refused
from lms.people import operations, queries
from lms.people.forms import GIVEN
from lms.people.models import ROLES, Membership, OneTimeLink, Person, RoleGrant, Team
from lms.people.passwords import hash_password
from lms.people.trail import PAGE, read_trail
from lms.people.words import ACTS
from tests import make, source
from tests.conftest import NOON, counted_statements, new_client
from tests.ground.together import at_once

TODAY = NOON.date()
NEW = {"name": "Lin Yue", "username": "lin.yue", "language": "zh", "team": "0", "stage": "trainee"}


@pytest.fixture
def admin(app) -> Person:
    return make.person("Admin", stage=None, roles=("admin",), password_hash=hash_password("x"))


@pytest.fixture
def client(sign_in, admin):
    return sign_in(admin)


@pytest.fixture
def team(app) -> Team:
    return make.team("After-sales")


def the(username: str) -> Person:
    db.session.rollback()
    return db.session.scalars(select(Person).where(Person.username == username)).one()


def link_in(answer) -> str:
    return re.search(r'value="http://localhost(/welcome/[^"]+)"', answer.text).group(1)


# A new person


def test_a_new_person_gets_a_link_that_is_shown_once_and_lets_them_in(client, team):
    answer = client.post("/admin/people/new", data={**NEW, "team": team.id, "roles": ["mentor", "trainer"]})
    assert answer.status_code == 201
    lin = the("lin.yue")
    assert (lin.team.name, lin.stage, lin.tier, lin.language) == ("After-sales", "trainee", None, "zh")
    assert lin.roles == {"learner", "mentor", "trainer"}
    link = link_in(answer)
    assert link not in client.get(f"/admin/people/{lin.id}").text
    visitor = new_client(client.application)
    assert (
        visitor.post(link, data={"password": "the kettle sings", "again": "the kettle sings"}).status_code
        == 303
    )
    assert (
        visitor.post("/login", data={"username": "lin.yue", "password": "the kettle sings"}).status_code
        == 303
    )


@pytest.mark.parametrize(("stage", "expected"), [("agent", ("agent", "regular")), ("staff", (None, None))])
def test_a_person_begins_where_the_form_says(client, stage, expected):
    client.post("/admin/people/new", data={**NEW, "stage": stage})
    lin = the("lin.yue")
    assert (lin.stage, lin.tier) == expected


def test_a_new_manager_gets_the_team_chosen(client, team):
    client.post("/admin/people/new", data={**NEW, "team": team.id, "roles": ["manager"], "stage": "staff"})
    assert [(grant.role, grant.team.name) for grant in the("lin.yue").grants] == [("manager", "After-sales")]


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"name": ""}, "Enter a name"),
        ({"name": "x" * 101}, "longer than 100"),
        ({"username": "ADMIN "}, "is taken"),
        ({"username": "\u200b"}, "Give the account a user name"),
        ({"team": "999"}, "Not a valid choice"),
        ({"team": "x"}, "Invalid Choice"),
        ({"stage": "ended"}, "Not a valid choice"),
        ({"language": "fr"}, "Not a valid choice"),
        ({"roles": ["emperor"]}, "not a valid choice"),
        ({"roles": ["manager"]}, "Leads and managers have a team"),
    ],
)
def test_a_mistake_is_named_what_was_typed_stays_and_nothing_is_made(client, change, problem):
    before = db.session.scalars(select(Person.username).order_by(Person.id)).all()
    answer = client.post("/admin/people/new", data={**NEW, "name": "Typed Name", **change})
    assert answer.status_code == 422
    assert problem in answer.text
    assert "name" in change or 'value="Typed Name"' in answer.text
    assert db.session.scalars(select(Person.username).order_by(Person.id)).all() == before
    assert db.session.scalars(select(OneTimeLink.id)).all() == []


def test_two_admins_who_make_the_same_account_at_once_make_one(app, admin, sign_in):
    clients = [sign_in(admin) for _ in range(2)]
    answers = at_once(
        app, *[lambda client=client: client.post("/admin/people/new", data=NEW) for client in clients]
    )
    assert sorted(answer.status_code for answer in answers) == [201, 422]


def test_fields_that_nobody_asked_for_are_ignored(client):
    client.post(
        "/admin/people/new", data={**NEW, "is_active": "", "password_hash": "x", "tier": "gold", "id": "77"}
    )
    lin = the("lin.yue")
    assert (lin.is_active, lin.password_hash, lin.tier) == (True, None, None)
    assert lin.id != 77


# Roles


def give(client, person, role, of_team=0):
    return client.post(f"/admin/people/{person.id}/roles", data={"role": role, "of_team": of_team})


def test_a_role_is_given_from_today_and_taken_back_and_both_stay_on_record(client, team):
    lin = make.person("Lin")
    assert give(client, lin, "team_lead", team.id).status_code == 303
    grant = db.session.scalars(select(RoleGrant).where(RoleGrant.person_id == lin.id)).one()
    assert client.post(f"/admin/people/{lin.id}/roles/{grant.id}/end").status_code == 303
    assert the("Lin").roles == {"learner"}
    change = queries.history_of(lin)[0]
    assert (change.kind, change.value, change.of_team, change.ends_on is not None) == (
        "role", "team_lead", "After-sales", True,
    )  # fmt: skip


def test_a_role_given_twice_is_held_once_and_taken_back_whole(app, client, admin, sign_in):
    lin = make.person("Lin").id
    clients = [sign_in(admin) for _ in range(3)]
    data = {"role": "mentor", "of_team": 0}
    at_once(app, *[lambda c=c: c.post(f"/admin/people/{lin}/roles", data=data) for c in clients])
    grant = db.session.scalars(select(RoleGrant).where(RoleGrant.person_id == lin)).one()
    for _ in range(2):
        assert client.post(f"/admin/people/{lin}/roles/{grant.id}/end").status_code == 303
    assert [act for act in acts() if act.startswith("role.") and "end" in act] == ["role.end"]


@pytest.mark.parametrize(("role", "with_team"), [("manager", False), ("team_lead", False), ("mentor", True)])
def test_leads_and_managers_have_a_team_and_the_others_none(client, team, role, with_team):
    lin = make.person("Lin")
    answer = give(client, lin, role, team.id if with_team else 0)
    assert answer.status_code == 422
    assert "Leads and managers have a team" in answer.text
    assert f'<option selected value="{role}">' in answer.text
    assert the("Lin").roles == {"learner"}


def test_nobody_is_a_learner_by_grant_nor_anything_unheard_of(client):
    lin = make.person("Lin")
    assert [give(client, lin, role).status_code for role in ("learner", "emperor", "")] == [422] * 3


def test_a_role_of_somebody_else_is_not_ended_by_the_address_of_another(client):
    lin, chen = make.person("Lin", roles=("mentor",)), make.person("Chen")
    grant = db.session.scalars(select(RoleGrant).where(RoleGrant.person_id == lin.id)).one()
    assert client.post(f"/admin/people/{chen.id}/roles/{grant.id}/end").status_code == 404
    assert the("Lin").roles == {"learner", "mentor"}


# Oneself, and the last of the admins


def test_an_admin_changes_nothing_about_themselves(client, admin, team):
    grant = admin.grants[0]
    answers = [
        give(client, admin, "manager", team.id),
        client.post(f"/admin/people/{admin.id}/roles/{grant.id}/end"),
        client.post(f"/admin/people/{admin.id}/close"),
        client.post(f"/admin/people/{admin.id}/link"),
        client.post(f"/admin/people/{admin.id}/team", data={"team": team.id}),
    ]
    assert [answer.status_code for answer in answers] == [403] * 5
    person = the("Admin")
    assert (person.roles, person.is_active, person.team) == ({"learner", "admin"}, True, None)
    page = client.get(f"/admin/people/{admin.id}").text
    assert "This is your own account" in page
    assert "/close" not in page


@pytest.mark.parametrize("way", ["role", "account"])
def test_of_two_admins_who_remove_each_other_at_once_one_stays(app, way):
    ids = [make.person(name, stage=None, roles=("admin",), password_hash="x").id for name in ("One", "Two")]

    def remove(actor_id, person_id):
        from lms.db import writes

        @writes
        def run():
            actor, person = db.session.get_one(Person, actor_id), db.session.get_one(Person, person_id)
            if way == "role":
                operations.end_role(person, "admin", TODAY, actor=actor, now=NOON)
            else:
                operations.set_active(person, False, actor=actor, now=NOON)

        return run

    outcomes = at_once(app, remove(*ids), remove(*reversed(ids)))
    assert [type(outcome) for outcome in outcomes if outcome is not None] == [Refused]
    db.session.rollback()
    left = [p for p in db.session.scalars(select(Person)) if p.is_active and "admin" in p.roles]
    assert len(left) == 1


def test_an_admin_who_never_set_a_password_does_not_count_as_the_one_who_is_left(app, admin):
    waiting = make.person("Waiting", stage=None, roles=("admin",))
    with pytest.raises(Refused, match="last admin"):
        operations.end_role(admin, "admin", TODAY, actor=waiting, now=NOON)


# Teams


def test_somebody_is_moved_from_today_on_and_the_old_team_stays_on_record(client, team):
    lin = make.person("Lin", team=make.team("Pre-sale"))
    assert client.post(f"/admin/people/{lin.id}/team", data={"team": team.id}).status_code == 303
    assert the("Lin").team.name == "After-sales"
    spans = db.session.scalars(
        select(Membership).where(Membership.person_id == lin.id).order_by(Membership.id)
    ).all()
    assert [span.ends_on is None for span in spans] == [False, True]


def test_the_page_of_a_person_shows_their_own_team_chosen(client, team):
    make.team("A first one")
    lin = make.person("Lin", team=team)
    assert f'<option selected value="{team.id}">' in client.get(f"/admin/people/{lin.id}").text


@pytest.mark.parametrize("team_id", ["0", "999", "x", ""])
def test_nobody_is_moved_to_a_team_that_there_is_not(client, team, team_id):
    lin = make.person("Lin", team=team)
    assert client.post(f"/admin/people/{lin.id}/team", data={"team": team_id}).status_code == 422
    assert the("Lin").team.name == "After-sales"


def test_a_new_team_hangs_below_another(client, team):
    assert client.post("/admin/teams", data={"name": "Night shift", "parent": team.id}).status_code == 303
    assert [(row.team.name, row.depth) for row in queries.team_tree()] == [
        ("After-sales", 0),
        ("Night shift", 1),
    ]


@pytest.mark.parametrize(
    ("data", "problem"),
    [({"name": "", "parent": "0"}, "Enter a name"), ({"name": "  ", "parent": "0"}, "Give the team a name"),
     ({"name": " After-sales ", "parent": "0"}, "called After-sales already"),
     ({"name": "Night", "parent": "999"}, "Not a valid choice")],
)  # fmt: skip
def test_a_team_that_will_not_do_is_refused(client, team, data, problem):
    answer = client.post("/admin/teams", data=data)
    assert (answer.status_code, problem in answer.text) == (422, True)
    assert db.session.scalars(select(Team.name)).all() == ["After-sales"]


def test_the_tree_shows_who_leads_and_where_nobody_does(client, team):
    below = make.team("Night shift", team)
    lonely = make.team("Wholesale")
    make.manager(team, "Gao")
    make.person("Lin", team=below)
    rows = {row.team.id: row for row in queries.team_tree()}
    assert [(person.name, role) for person, role in rows[team.id].leaders] == [("Gao", "manager")]
    assert (rows[below.id].managed_above, rows[lonely.id].managed_above) == (True, False)
    assert (rows[team.id].people, rows[below.id].people) == (1, 1)
    page = client.get("/admin/teams").text
    assert "managed from above" in page
    assert "nobody yet" in page


# Closing, opening, a forgotten password


def test_a_closed_account_is_out_at_once_and_can_be_opened_again(client, sign_in):
    lin = make.person("Lin", password_hash=hash_password("the kettle sings"))
    session = sign_in(lin)
    assert client.post(f"/admin/people/{lin.id}/close").status_code == 303
    assert session.get("/me").status_code == 303
    assert client.post(f"/admin/people/{lin.id}/link").status_code == 409
    assert client.post(f"/admin/people/{lin.id}/reopen").status_code == 303
    assert new_client(client.application).post(
        "/login", data={"username": "lin", "password": "the kettle sings"}
    ).status_code == 303  # fmt: skip


def test_a_forgotten_password_is_set_anew_by_a_link(client):
    lin = make.person("Lin", password_hash=hash_password("forgotten by now"))
    link = link_in(client.post(f"/admin/people/{lin.id}/link"))
    visitor = new_client(client.application)
    visitor.post(link, data={"password": "the kettle sings", "again": "the kettle sings"})
    assert visitor.post("/login", data={"username": "lin", "password": "the kettle sings"}).status_code == 303


# The list


def names(**wanted) -> list[str]:
    return [person.name for person in queries.people_page(queries.Wanted(**wanted)).rows]


@pytest.fixture
def company(app, team):
    night = make.team("Night shift", team)
    make.person("Bai Lu", team=night, password_hash="x")
    make.person("Chen Wei", team=team, roles=("mentor",))
    make.person("an agent", team=make.team("Wholesale"), password_hash="x").is_active = False
    make.person("100%_real", password_hash="x")
    db.session.commit()
    return team


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({}, ["100%_real", "Bai Lu", "Chen Wei", "an agent"]),
        ({"text": "WEI"}, ["Chen Wei"]),
        ({"text": "bai lu"}, ["Bai Lu"]),
        ({"text": "%"}, ["100%_real"]),
        ({"text": "_"}, ["100%_real"]),
        ({"text": "nobody"}, []),
        ({"role": "mentor"}, ["Chen Wei"]),
        ({"role": "emperor"}, []),
        ({"state": "closed"}, ["an agent"]),
        ({"state": "waiting"}, ["Chen Wei"]),
        ({"state": "open", "text": "a"}, ["100%_real", "Bai Lu"]),
    ],
)
def test_the_list_shows_who_is_asked_for(company, wanted, found):
    assert sorted(names(**wanted)) == found


def test_a_team_is_listed_with_those_below_it(company):
    assert sorted(names(team_id=company.id)) == ["Bai Lu", "Chen Wei"]


def test_the_list_sorts_both_ways_with_what_is_missing_last(company):
    assert names(sort="team")[-1] == names(sort="-team")[-1] == "100%_real"
    assert names(sort="team")[:3] == names(sort="-team")[:3][::-1]
    assert sorted(names(sort="no such column")) == sorted(names())


def test_the_list_is_cut_into_pages_and_a_page_beyond_the_end_is_the_last(client, monkeypatch):
    monkeypatch.setattr(queries.Slice, "size", 2)
    for number in range(4):
        make.person(f"P{number}")
    last = queries.people_page(queries.Wanted(page=99))
    assert ([p.name for p in last.rows], last.first, last.last, last.total) == (["P3"], 5, 5, 5)
    page = client.get("/admin/people?page=2&role=&sort=name").text
    assert "3 to 4 of 5" in page
    assert "page=3" in page
    assert "page=1" in page


def test_the_empty_list_says_what_to_do(client):
    assert "Nobody matches" in client.get("/admin/people?q=zzz").text


def test_the_pages_take_the_same_number_of_statements_however_many_people(client, team):
    def statements() -> list[int]:
        counts = []
        for address in ("/admin/people", "/admin/teams", "/admin/audit", f"/admin/people/{first}"):
            with counted_statements() as seen:
                assert client.get(address).status_code == 200
            counts.append(len(seen))
        return counts

    first = make.person("First", team=team, roles=("mentor",)).id
    few = statements()
    for number in range(15):
        make.person(f"P{number}", team=make.team(f"T{number}", team), roles=("manager", "mentor"))
    assert statements() == few


@pytest.mark.parametrize(
    "value", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "{{ 7*7 }}", "‮abc"]
)
def test_a_name_is_text_wherever_it_is_shown(client, value):
    lin = make.person(value)
    for address in ("/admin/people", f"/admin/people/{lin.id}", "/admin/audit", f"/admin/people?q={value}"):
        page = client.get(address).text
        assert "<script>alert" not in page
        assert "<img src=x" not in page
        assert "49" not in page or "{{" not in value or "{{ 7*7 }}" in page


# The trail


def acts() -> list[str]:
    db.session.rollback()
    return list(db.session.scalars(select(AuditRow.act).order_by(AuditRow.id)))


def test_everything_an_admin_does_is_on_the_trail_and_no_secret_is(client, admin, team):
    answer = client.post("/admin/people/new", data={**NEW, "team": team.id})
    lin = the("lin.yue")
    give(client, lin, "mentor")
    client.post(f"/admin/people/{lin.id}/roles/{lin.grants[0].id}/end")
    client.post(f"/admin/people/{lin.id}/team", data={"team": team.id})
    client.post(f"/admin/people/{lin.id}/close")
    client.post(f"/admin/people/{lin.id}/reopen")
    client.post("/admin/teams", data={"name": "Night", "parent": "0"})
    by_admin = db.session.scalars(select(AuditRow).where(AuditRow.actor_id == admin.id).order_by(AuditRow.id)).all()
    assert [row.act for row in by_admin if row.act != "sign-in"] == [
        "person.create", "person.team", "person.stage", "link.make", "role.grant", "role.end", "person.team",
        "person.close", "person.open", "team.create",
    ]  # fmt: skip
    token = link_in(answer).rsplit("/", 1)[1]
    assert not any(token in str(row.detail) for row in by_admin)


def test_the_trail_shows_who_did_what_to_whom_the_newest_first(client, admin):
    lin = make.person("Lin")
    operations.set_stage(lin, "left", TODAY, actor=admin, now=NOON)
    db.session.commit()
    line = read_trail("", "person.stage", None).lines[0]
    assert (line.actor, line.subject, dict(line.detail)["stage"]) == (admin, lin, "left")
    page = client.get("/admin/audit").text.partition("<tbody>")[2]
    assert page.index("Stage changed") < page.index("Account made")


@pytest.mark.parametrize("text", ["lin", "LIN ", "Lin Y"])
def test_the_trail_of_a_person_is_what_they_did_and_what_was_done_to_them(app, admin, text):
    lin, chen = make.person("Lin Yue"), make.person("Chen")
    lin.username, lin.username_key = "lin", "lin"
    for actor, act, subject, detail in [
        (lin, "sign-in", lin, {}), (admin, "role.grant", lin, {}), (admin, "shift.plan", None, {"person": lin.id}),
        (lin, "activity.sign", None, {"person": chen.id}), (admin, "role.grant", chen, {}),
        (admin, "shift.plan", None, {"person": chen.id}), (None, "exam.load", None, {"person": "not an id"}),
    ]:  # fmt: skip
        record(actor, act, subject, now=NOON, **detail)
    db.session.commit()
    found = [line.row.act for line in read_trail(text, "", None).lines]
    assert found[:4] == ["activity.sign", "shift.plan", "role.grant", "sign-in"]
    assert set(found[4:]) <= {"person.create", "person.stage"}


def test_the_trail_goes_on_where_the_last_page_ended_whatever_is_added_meanwhile(client, admin):
    for number in range(PAGE + 10):
        record(admin, "test.act", None, now=NOON, number=number)
    db.session.commit()
    first = read_trail("", "test.act", None)
    record(admin, "test.act", None, now=NOON, number="later")
    db.session.commit()
    second = read_trail("", "test.act", first.older)
    numbers = [dict(line.detail)["number"] for line in first.lines + second.lines]
    assert numbers == [str(number) for number in reversed(range(PAGE + 10))]
    assert second.older is None
    assert f"before={first.older + 1}" in client.get("/admin/audit?act=test.act").text


def test_a_trail_with_nothing_on_it_says_what_to_do(client):
    assert "No such act" in client.get("/admin/audit?act=tier.refuse").text


def recorded() -> set[str]:
    """The acts that the source hands to `record` by name."""
    return {
        node.value
        for tree in source.modules().values()
        for call in ast.walk(tree)
        if isinstance(call, ast.Call)
        and ast.unparse(call.func).split(".")[-1] == "record"
        and len(call.args) == 3
        for node in ast.walk(call.args[1])
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


def test_every_act_that_the_code_records_has_words():
    assert len(recorded()) > 30
    assert recorded() - set(ACTS) == set()


def test_a_new_site_leads_its_first_admin_from_team_to_people_to_manager(client):
    assert "Make the first team" in client.get("/").text
    team = make.team()
    assert "Open the first account" in client.get("/").text
    make.person("Lin Yue", team=team)
    assert "Nobody is a manager yet" in client.get("/").text
    make.manager(team)
    assert "people have not used their link yet" in client.get("/").text


def test_only_roles_that_allow_something_are_handed_out():
    given = {choice.value for choice in GIVEN}
    assert given == {role for role in ROLES if GRANTS[role] and role != "learner"}
    assert "inspector" not in given
