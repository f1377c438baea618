"""What exams ask of, and tell, the features above them."""

from blinker import Namespace

_signals = Namespace()

exams_wanted = _signals.signal("exams-wanted")
"""Asks what speaks against sitting exams. Sent with the slugs, a tuple, as sender, and person=, now=. A
receiver answers with a mapping of slug to `rules.Bearing` for the exams it has something to say about."""

attempt_graded = _signals.signal("attempt-graded")
"""Tells that an attempt was graded. Sent with attempt=, now=, actor= (None: the clock closed it), in the
transaction that grades it."""
