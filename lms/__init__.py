"""Training and certification for e-commerce customer-service agents."""

from importlib import import_module

from flask import Flask
from flask_migrate import Migrate

from lms import access, config, db, error_pages, i18n, migrations, navigation, web

# Lowest first: a feature imports only what stands before it.
FEATURES = (
    "people", "policy", "courses", "banks", "exams", "certification", "conduct",
    "performance", "probation", "tiers", "reports", "home",
)  # fmt: skip

LISTENERS = ("banks", "exams", "certification", "conduct")
"""Features that answer another one's signal or run jobs."""


def create_app(settings: config.Settings | None = None) -> Flask:
    """The application on these settings, or on those of the environment. Opens no connection."""
    app = Flask(__name__)
    web.configure(app, settings or config.read_settings())
    db.set_up(app)
    Migrate(app, db.db, directory=str(migrations.FOLDER))
    for part in (i18n, web, access, navigation, error_pages):
        part.set_up(app)
    for feature in LISTENERS:
        import_module(f"lms.{feature}.listeners")
    for module in (*(f"{feature}.views" for feature in FEATURES), "people.admin", "media"):
        app.register_blueprint(import_module(f"lms.{module}").blueprint)
    return app
