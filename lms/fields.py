"""Number fields. What is no number counts as missing, so that the field's limits say in one sentence what is wanted."""

from typing import Any

from wtforms import DecimalField, IntegerField


class WholeField(IntegerField):
    """A whole number."""

    data: Any

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError:
            self.data = None


class NumberField(DecimalField):
    """A decimal number. "NaN" and "Infinity" can be read as one, but are none."""

    data: Any

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError:
            self.data = None
        if self.data is not None and not self.data.is_finite():
            self.data = None
