"""One line of a text as it was read, with what a letter by itself cannot say: its style and its pictures."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Line:
    """A line and what stands out in it.

    `number` counts from 1 and is what messages say. `marked` are the ranges [start, end) of characters that stand
    out from the rest of the document by colour, bold, underline, highlight or shading, in order and never
    touching. `pictures` are the names of its images as `lms.interchange.media` keeps them.
    """

    number: int
    text: str
    marked: tuple[tuple[int, int], ...] = ()
    pictures: tuple[str, ...] = ()
