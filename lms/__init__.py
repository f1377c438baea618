"""Training and certification for e-commerce customer-service agents."""

from importlib import import_module
from importlib.util import find_spec

from flask import Flask
from flask_migrate import Migrate

from lms import access, config, db, error_pages, i18n, migrations, navigation, web

# Lowest first: a feature imports only what stands before it.
FEATURES = (
    "people", "policy", "courses", "banks", "exams", "certification", "conduct",
    "performance", "probation", "tiers", "reports", "home",
)  # fmt: skip


def create_app(settings: config.Settings | None = None) -> Flask:
    """The application on these settings, or on those of the environment. Opens no connection."""
    app = Flask(__name__)
    web.configure(app, settings or config.read_settings())
    db.set_up(app)
    Migrate(app, db.db, directory=str(migrations.FOLDER))
    for part in (i18n, web, access, navigation, error_pages):
        part.set_up(app)
    for feature in FEATURES:
        for module in ("models", "listeners", "views", "admin"):
            if find_spec(f"lms.{feature}.{module}"):
                try:  # DEV ONLY, removed before release
                    blueprint = getattr(import_module(f"lms.{feature}.{module}"), "blueprint", None)
                except ImportError as e:
                    import sys, traceback; traceback.print_exc(limit=-3); print("DEV: skipped", feature, module, e, file=sys.stderr); continue
                if blueprint is not None:
                    app.register_blueprint(blueprint)
    return app
