"""What is said of files and their questions, in one place, so that it is said alike whatever the format.

A code has an effect on the question that it is said of, and a message with places for what was found.
"""

from lms.errors import N_

WARNING, DRAFT, ERROR = "warning", "draft", "error"

SAID: dict[str, tuple[str, str]] = {
    # unreadable files
    "not-readable": (ERROR, N_("The file cannot be read as %(format)s. Save it again, or choose another format.")),
    "not-text": (ERROR, N_("This is not a text file. Save it as .txt, .docx, .xlsx or .csv and try again.")),
    "too-large": (ERROR, N_("The file is too large: %(most)s at most. Split it into several files.")),
    "old-word-file": (ERROR, N_("This is a file of an old Word (.doc, .rtf). Save it as .docx and try again.")),
    "locked-file": (ERROR, N_("The file is locked with a password. Save it without one and try again.")),
    "unsafe-file": (ERROR, N_("The file has parts that are never opened (%(what)s). Save it anew without them.")),
    "no-questions": (ERROR, N_("No question was found. Look whether the format is right.")),
    "too-many-questions": (ERROR, N_("The file has more than %(most)s questions. Split it into several files.")),
    # a question that is not whole
    "no-stem": (DRAFT, N_("The question has no text. Write it.")),
    "no-key": (DRAFT, N_("No right answer was found. Mark it.")),
    "no-options": (DRAFT, N_("The question has no options. Write them.")),
    "one-option": (DRAFT, N_("The question has one option only. Give two or more.")),
    "too-many-options": (DRAFT, N_("The question has %(count)s options; %(most)s are the most. Take some out.")),
    "empty-option": (DRAFT, N_("Option %(letter)s is empty. Write it or take it out.")),
    "same-options": (DRAFT, N_("Options %(first)s and %(second)s say the same. Change one.")),
    "two-keys": (DRAFT, N_("Single choice has one right answer; %(keys)s are given. Choose one, or change the type.")),
    "key-beyond-options": (DRAFT, N_("The answer names %(keys)s, but there is no such option. Mark the right one.")),
    "key-not-understood": (DRAFT, N_("The answer “%(answer)s” fits no option. Mark the right one.")),
    "keys-disagree": (DRAFT, N_("Two answers are given that differ: %(first)s and %(second)s. Mark the right one.")),
    "true-false-options": (DRAFT, N_("True or false has two options; here are %(count)s. Change the type or them.")),
    "too-long": (DRAFT, N_("A text is longer than %(most)s characters. Shorten it.")),
    "image-left-out": (DRAFT, N_("A picture was left out (%(why)s). Say it in words, or give the picture anew.")),
    "lossy": (DRAFT, N_("Something was left out that the question may need: %(what)s. Look at it.")),
    "scoring-not-read": (DRAFT, N_("How the file scores the answers was not understood. Mark what is right.")),
    # told
    "other-language": (
        WARNING,
        N_("These questions seem to be %(seen)s, but %(chosen)s was chosen as their language. Cancel if it is wrong."),
    ),
    "key-glued": (WARNING, N_("The answer %(keys)s was glued to the text before it. See whether it was meant.")),
    "one-key": (WARNING, N_("Multiple choice with one right answer. See whether it was meant.")),
    "type-differs": (WARNING, N_("It was given as %(said)s but reads as %(read)s. See which is meant.")),
    "not-kept": (WARNING, N_("Left out, because questions here do not have it: %(what)s.")),
    "not-imported": (WARNING, N_("Not imported: %(what)s. Only single choice, multiple choice and true or false are.")),
    "same-stem": (WARNING, N_("The text is the same as in line %(other)s, the options are not. Both are kept.")),
    "repeated": (WARNING, N_("The same question stands in line %(other)s. It is taken once.")),
    "value-ignored": (WARNING, N_("“%(value)s” is no %(field)s and was left out.")),
    # told of pasted text
    "count-mismatch": (WARNING, N_("%(promised)s questions are promised, %(found)s were found. See what is missing.")),
    "number-gap": (WARNING, N_("After question %(before)s comes %(after)s. See whether one is missing.")),
    "left-out": (WARNING, N_("Left out, for it belongs to no question: %(text)s")),
    "before-first": (WARNING, N_("Lines %(first)s to %(last)s stand before the first question and were left out.")),
    "key-list": (WARNING, N_("The list of answers does not fit (%(why)s). None of it was used; mark the answers.")),
    "key-in-explanation": (WARNING, N_("The answer %(keys)s was taken from the explanation. See whether it is right.")),
    "letter-glued": (WARNING, N_("The letters of the options touch their texts. See whether they are right.")),
    "options-unclear": (DRAFT, N_("Where one option ends and the next begins is not clear. Set them right.")),
    "option-letters": (DRAFT, N_("The options are lettered %(letters)s. Look whether one is missing or twice there.")),
    # tables
    "columns-unknown": (ERROR, N_("Which column holds the questions? Name it, and those of options and answers.")),
    "sheet-hidden": (WARNING, N_("The sheet “%(sheet)s” is hidden and was not read. Show it if it is meant.")),
    "sheet-left-out": (WARNING, N_("The sheet “%(sheet)s” has no column of question texts and was not read.")),
    "row-left-out": (WARNING, N_("This row is no question and was left out: “%(text)s”.")),
    "rows-left-out": (WARNING, N_("Rows with settings but no question, this one first, were left out: %(count)s.")),
    "example-left-out": (
        WARNING,
        N_("The examples of the template are left out. To keep one, take the mark out of its id."),
    ),
    "ids-left-out": (WARNING, N_("The column “%(head)s” only counts the rows. Its numbers were not taken for ids.")),
    "level-scale": (WARNING, N_("“%(head)s” counts beyond 3. Levels here are 1 to 3, so its numbers were left out.")),
    "date-in-cell": (WARNING, N_("Excel made a date of cell %(cell)s, which shows “%(shown)s”. See what was meant.")),
    "cell-error": (DRAFT, N_("Cell %(cell)s shows the error %(shown)s. Write what was meant.")),
    "picture-in-cell": (DRAFT, N_("The picture in cell %(cell)s is not read. Say it in words, or add it here.")),
    "formula-without-value": (DRAFT, N_("Cell %(cell)s has a formula without a result. Save the file in Excel once.")),
    "open-quote": (DRAFT, N_("A quotation mark is opened here and not closed. See whether the row is whole.")),
    # marks of GIFT
    "unclosed-brace": (DRAFT, N_("The { of this question is not closed by }. See where it ends.")),
    "stray-brace": (DRAFT, N_("Here stands a { or } too many. See whether the question and its options are whole.")),
    "option-unmarked": (DRAFT, N_("“%(text)s” has neither = nor ~ in front of it. See whether it is an option.")),
    # not to be imported like this
    "duplicate-id": (ERROR, N_("The id %(id)s stands in line %(other)s already. Give one of them another id.")),
    "bad-id": (ERROR, N_("“%(id)s” is no id. An id is small letters, digits and hyphens, 80 at most.")),
    "contradiction": (ERROR, N_("The same question stands in line %(other)s with another answer. Decide for one.")),
}  # fmt: skip
