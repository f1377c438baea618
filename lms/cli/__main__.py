"""`python -m lms.cli` is the `lms` command."""

from lms.cli import main

main()
