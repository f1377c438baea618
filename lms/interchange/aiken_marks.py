"""What the lines of an Aiken file begin with: an option's letter, the answer, and the explanation some tools add."""

import re

OPTION = re.compile(r"[(（]?([A-ZＡ-Ｚ])\s?[.)）．、](\s*)(.*)\Z")
ANSWER = re.compile(r"(?:(?:CORRECT\s?)?ANSWERS?|(?:正确|参考|标准)?答案)\s?[:：](.*)\Z", re.IGNORECASE)
EXPLANATION = re.compile(r"(?:EXPLANATION|FEEDBACK|(?:答案|试题)?解析)\s?[:：](.*)\Z", re.IGNORECASE)
