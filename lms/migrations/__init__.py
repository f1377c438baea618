"""Alembic's folder: `env.py` runs the steps in `versions/`."""

from pathlib import Path

FOLDER = Path(__file__).parent
