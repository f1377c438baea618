"""What certifications ask of, and tell, the features above them."""

from blinker import Namespace

_signals = Namespace()

conduct_wanted = _signals.signal("conduct-wanted")
"""Asks how people's conduct bears on what they hold. Sent with the ids, a tuple, as sender, and day=. A receiver
answers with a mapping of id to `rules.Conduct`; who is not in it has nothing against them."""

award_made = _signals.signal("award-made")
"""Tells that somebody earned or renewed a certification. Sent with award=, now=, in the transaction."""
