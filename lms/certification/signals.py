"""What certifications ask of, and tell, the features above them."""

from blinker import Namespace

_signals = Namespace()

suspensions_wanted = _signals.signal("suspensions-wanted")
"""Asks who is suspended. Sent with the ids, a tuple, as sender, and day=. A receiver answers with those of
them that are suspended on that day."""

award_made = _signals.signal("award-made")
"""Tells that somebody earned or renewed a certification. Sent with award=, now=, in the transaction."""
