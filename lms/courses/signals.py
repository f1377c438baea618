"""What the courses tell those above them."""

from blinker import Namespace

# Sent inside the transaction, with person=, course= (its slug), now= and actor=.
course_completed = Namespace().signal("course-completed")
