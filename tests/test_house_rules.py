"""What every part of the code keeps to, held by reading the source and by walking all routes."""

import ast
from graphlib import TopologicalSorter

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from werkzeug.routing import Rule

from lms import FEATURES, audit
from lms.access import access_of
from lms.db import APPEND_ONLY, db
from lms.people.models import ROLES, Person
from tests import make, source
from tests.conftest import NOON, Client

PURE = {
    "rules",
    "grading",
    "drawing",
    "ordering",
    "gates",
    "hours",
    "ledger",
    "files",
    "differences",
    "ladder",
    "requirements",
}
PURE_TOO = {"lms.errors", "lms.policy.schema", "lms.policy.reader", "lms.policy.checks"}
FRAMEWORKS = {"flask", "flask_login", "flask_wtf", "flask_sqlalchemy", "flask_babel", "sqlalchemy", "wtforms"}
FOUNDATION = {
    "lms.clock", "lms.config", "lms.db", "lms.errors", "lms.markup", "lms.sqlite", "lms.audit", "lms.outbox",
    "lms.i18n",
}  # fmt: skip
READS_THE_CLOCK = {
    "datetime.now", "datetime.utcnow", "datetime.today", "date.today", "datetime.datetime.now",
    "datetime.date.today", "time.time", "time.time_ns", "time.localtime", "time.gmtime",
}  # fmt: skip
PEERS = ({"courses", "banks"}, {"probation", "conduct", "performance"})  # these may know each other
THE_POLICY_PAGE = {"lms.policy.views", "lms.policy.page"}  # names what stands above it; nothing imports it
READS_BY_POST = {"banks.preview"}  # shows what was typed, which may be too long for an address


def is_pure(module: str) -> bool:
    """Whether a module must not know of the framework or the database."""
    return module in PURE_TOO or module.startswith("lms.interchange") or module.split(".")[-1] in PURE


# What imports what


@pytest.mark.parametrize("module", sorted(m for m in source.modules() if source.feature_of(m) in FEATURES))
def test_a_feature_imports_only_what_stands_below_it(module):
    feature = source.feature_of(module)
    allowed = set(FEATURES[: FEATURES.index(feature) + 1])
    if module in THE_POLICY_PAGE:
        allowed = set(FEATURES)
    allowed |= next((peers for peers in PEERS if feature in peers), set())
    forbidden = set(FEATURES) - allowed
    imported = sorted(source.imports_of(module))
    assert [name for name in imported if source.feature_of(name) in forbidden and not is_pure(name)] == []


def test_nothing_but_the_policy_page_imports_the_policy_page():
    importers = {module for module in source.modules() if source.imports_of(module) & THE_POLICY_PAGE}
    assert importers <= THE_POLICY_PAGE


def test_no_modules_import_each_other_in_a_circle():
    below = {module: source.imports_at_top(module) & source.modules().keys() for module in source.modules()}
    TopologicalSorter(below).prepare()


@pytest.mark.parametrize("module", sorted(source.modules()))
def test_nothing_imports_views(module):
    assert [name for name in source.imports_of(module) if name.split(".")[-1] in ("views", "admin")] == []


@pytest.mark.parametrize("module", sorted(FOUNDATION))
def test_the_foundation_knows_no_feature(module):
    assert [name for name in source.imports_of(module) if source.feature_of(name) in FEATURES] == []


@pytest.mark.parametrize("module", sorted(filter(is_pure, source.modules())))
def test_a_pure_module_reaches_no_framework_however_far_one_follows(module):
    tops = {name.split(".")[0] for name in source.everything_behind(module)}
    assert tops & FRAMEWORKS == set()


# What only one place does


def where_called(*wanted: str) -> set[str]:
    """The modules that call a function whose dotted text is, or ends with, one of these."""
    return {
        module
        for module, tree in source.modules().items()
        for name, _ in source.calls(tree)
        if any(name == one or name.endswith(f".{one}") for one in wanted)
    }


def test_only_the_database_module_commits():
    assert where_called("commit") == {"lms.db"}


def test_only_the_clock_reads_the_clock():
    assert where_called(*READS_THE_CLOCK) == {"lms.clock"}


def test_nothing_draws_from_the_random_module():
    assert [module for module in source.modules() if "random" in source.imports_of(module)] == []


# What every view wears


def views() -> dict[str, tuple[ast.FunctionDef, ast.Module]]:
    """Endpoint -> the function and its module, for every routed function in the source."""
    return {
        f"{source.feature_of(module) or module.split('.')[-1]}.{node.name}": (node, tree)
        for module, tree in source.modules().items()
        for node in tree.body
        if isinstance(node, ast.FunctionDef) and verbs_of(node)
    }


def verbs_of(view: ast.FunctionDef) -> set[str]:
    """The HTTP verbs that a function's decorators route to it."""
    called = {name.split(".")[-1].upper() for worn in view.decorator_list for name, _ in source.calls(worn)}
    return called & {"GET", "POST", "PUT", "DELETE", "PATCH"}


def wears_writes(function: ast.FunctionDef) -> bool:
    return "writes" in [ast.unparse(decorator) for decorator in function.decorator_list]


def transactions_of(view: ast.FunctionDef, module: ast.Module) -> set[str]:
    """The functions wearing @writes that a view is or calls in its own module."""
    held = {node.name for node in module.body if isinstance(node, ast.FunctionDef) and wears_writes(node)}
    return held & ({view.name} | {name for name, _ in source.calls(view)})


@pytest.mark.parametrize("endpoint", sorted(views().keys() - READS_BY_POST))
def test_a_view_writes_in_a_transaction_of_its_own_and_a_get_in_none(endpoint):
    view, module = views()[endpoint]
    assert bool(transactions_of(view, module)) == bool(verbs_of(view) - {"GET"})


@pytest.mark.parametrize("endpoint", sorted(views()))
def test_a_view_wears_route_then_access_then_writes(endpoint):
    worn = [ast.unparse(decorator).split("(")[0] for decorator in views()[endpoint][0].decorator_list]
    rank = {"public": 1, "signed_in": 1, "requires": 1, "writes": 2}
    assert [rank.get(name, 0) for name in worn] == sorted(rank.get(name, 0) for name in worn)


# What every route does. One application is enough: none of this depends on the database.


def rules(app: Flask) -> list[Rule]:
    return [rule for rule in app.url_map.iter_rules() if rule.endpoint != "static"]


def address(app: Flask, rule: Rule) -> str:
    """The rule's address with something in each place."""
    values = {name: 1 if "Integer" in type(kind).__name__ else "x" for name, kind in rule._converters.items()}
    verb = min(rule.methods or {"GET"})
    return app.url_map.bind("localhost").build(rule.endpoint, values, method=verb)


def verbs(rule: Rule) -> list[str]:
    return sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})


@pytest.fixture
def somebody_with_every_role() -> Person:
    team = make.team()
    return make.person("every role", stage="agent", team=team, roles=tuple(set(ROLES) - {"learner"}))


def test_every_route_says_who_may_use_it(app):
    assert [rule.endpoint for rule in rules(app) if access_of(app, rule.endpoint) is None] == []


def test_without_the_token_nothing_can_be_changed(app, sign_in, somebody_with_every_role):
    client = sign_in(somebody_with_every_role)
    accepted = []
    for rule in rules(app):
        for verb in set(verbs(rule)) - {"GET"}:
            answer = client.open(address(app, rule), method=verb, csrf=False)
            if answer.status_code != 400:
                accepted.append((verb, rule.rule, answer.status_code))
    assert accepted == []


def test_a_visitor_is_sent_to_sign_in_and_told_so_in_json(app, client):
    wrong = []
    for rule in rules(app):
        if "GET" not in (rule.methods or set()) or access_of(app, rule.endpoint) == "public":
            continue
        page = client.get(address(app, rule))
        if page.status_code != 303 or not page.headers["Location"].startswith("/login"):
            wrong.append((rule.rule, page.status_code))
        if client.get(address(app, rule), headers={"Accept": "application/json"}).status_code != 401:
            wrong.append((rule.rule, "json"))
    assert wrong == []


def test_somebody_who_may_do_nothing_here_is_refused_before_anything_is_looked_up(app, sign_in):
    client = sign_in(make.person(stage=None))
    for rule in rules(app):
        access = access_of(app, rule.endpoint)
        if isinstance(access, tuple) and not {"learn", "sit exams"} & set(access):
            for verb in verbs(rule):
                answer = client.open(address(app, rule), method=verb)
                assert (rule.rule, answer.status_code) == (rule.rule, 403)


def test_an_address_with_nothing_behind_it_is_not_an_error_of_ours(app, sign_in, somebody_with_every_role):
    client: Client = sign_in(somebody_with_every_role)
    broken = []
    for rule in rules(app):
        for verb in verbs(rule):
            if rule.endpoint == "people.logout":
                continue
            answer = client.open(address(app, rule), method=verb)
            if answer.status_code >= 500:
                broken.append((verb, rule.rule, answer.status_code))
    assert broken == []


def test_every_answer_carries_the_headers_that_protect_it(client):
    for path in ("/login", "/nothing-here", "/static/css/tokens.css", "/healthz"):
        with client.get(path) as answer:
            headers = answer.headers
        policy = headers["Content-Security-Policy"]
        assert "default-src 'self'" in policy
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "same-origin"
    assert client.get("/login").headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "localhost@evil.example"])
def test_a_forged_host_is_refused(client, host):
    assert client.get("/login", headers={"Host": host}).status_code == 400


def test_a_forged_forwarded_host_is_ignored(client):
    answer = client.get("/", headers={"X-Forwarded-Host": "evil.example", "X-Forwarded-For": "10.0.0.1"})
    assert "evil.example" not in answer.headers["Location"]


# What the database holds, on both


def test_the_migrations_make_exactly_what_the_models_say(app):
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, db.metadata) == []


def test_every_append_only_table_has_its_triggers(app):
    triggers = {
        "sqlite": "SELECT tbl_name, substr(sql, instr(sql, 'BEFORE ') + 7, 6) FROM sqlite_master "
        "WHERE type = 'trigger'",
        "postgresql": "SELECT event_object_table, event_manipulation FROM information_schema.triggers",
    }[db.engine.dialect.name]
    held = {tuple(row) for row in db.session.execute(text(triggers))}
    assert {(table, verb) for table in APPEND_ONLY for verb in ("UPDATE", "DELETE")} <= held


@pytest.mark.parametrize("statement", ["UPDATE audit_row SET act = 'x'", "DELETE FROM audit_row"])
def test_an_audit_row_can_be_neither_edited_nor_removed(app, statement):
    audit.record(None, "test.act", None, now=NOON)
    db.session.commit()
    with pytest.raises(DBAPIError, match="append-only"):
        db.session.execute(text(statement))
    db.session.rollback()
