"""A small content tree on disk, whole and right, for tests to break."""

from pathlib import Path

FILES = {
    "courses/programme.toml": """
[[area]]
id = "platform-rules"
title = { en = "Platform rules", zh = "平台规则" }

[[certification]]
id = "base"
title = { en = "Base", zh = "基础" }
courses = ["trade-flow"]
exams = ["base"]
months = 12
renew_days = 60

[[plan]]
id = "shop-month"
title = { en = "One month", zh = "一个月" }
[[plan.phase]]
title = { en = "Warehouse", zh = "仓库" }
days = 5
courses = ["trade-flow"]
activities = [
  { id = "stock-count", title = { en = "Count", zh = "盘点" }, hours = 8, signed_by = "mentor" },
]
[plan.phase.gate]
exams = ["base"]
lessons_done = true
""",
    "courses/glossary.toml": """
[[term]]
id = "escrow"
en = "Escrow"
zh = "担保交易"
means = { en = "The platform holds the money.", zh = "平台代管货款。" }
""",
    "courses/sources.toml": """
[training-notes]
title = { en = "Training notes", zh = "培训资料" }
year = 2023
""",
    "courses/trade-flow/course.toml": """title = { en = "Trade flow", zh = "交易流程" }
summary = { en = "How an order goes.", zh = "订单怎么走。" }
area = "platform-rules"
order = 10
""",
    "courses/trade-flow/en/01-order.md": """+++
title = "The life of an order"
minutes = 6
check = ["trade-flow/practice-one"]
[objectives]
states = "Name the states"
[[figures]]
text = "72 hours"
about = "time to pay"
source = "training-notes"
+++

An unpaid order closes after **72
hours**. See [escrow](term:escrow) and [the next](lesson:trade-flow/refund).
""",
    "courses/trade-flow/zh/01-order.md": """+++
title = "订单的一生"
[objectives]
states = "说出各个状态"
+++

未付款的订单会关闭，见[担保交易](term:escrow)。
""",
    "courses/trade-flow/en/02-refund.md": '+++\ntitle = "Refunds"\nminutes = 4\n+++\n\nText.\n',
    "courses/trade-flow/zh/02-refund.md": '+++\ntitle = "退款"\nminutes = 4\n+++\n\n正文。\n',
    "question_banks/en/trade-flow.md": """+++
bank = "trade-flow"
title = "Trade flow"
area = "platform-rules"
+++

## practice-one
lesson: trade-flow/order
objective: states

One?

- [x] 1
- [ ] 2

> Because.

## exam-one
tags: time-outs
use: exam

Two?

- [x] 1
- [ ] 2

## exam-two
level: 2
use: exam

Three?

- [ ] 1
- [x] 2
""",
    "question_banks/zh/trade-flow.md": """+++
bank = "trade-flow"
title = "交易流程"
area = "platform-rules"
+++

## exam-one

二？

- [x] 一
- [ ] 二

## exam-two

三？

- [ ] 一
- [x] 二
""",
    "question_banks/exams/base.toml": """title = { en = "Base certification", zh = "基础认证" }
minutes = 60
pass_percent = 80
attempts = 3
cooldown_hours = 24
[[section]]
type = "single"
count = 2
points = 3
draw = [
  { bank = "trade-flow", count = 1 },
  { bank = "trade-flow", tags = ["time-outs"], count = 1 },
]
""",
}


def write_tree(root: Path, changes: dict[str, str | bytes | None] | None = None) -> Path:
    """The tree under a folder, with some files changed or (None) left out."""
    for name, text in {**FILES, **(changes or {})}.items():
        path = root / name
        if text is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return root


def changed(name: str, old: str, new: str) -> dict[str, str | bytes | None]:
    """One file with a passage replaced."""
    assert old in FILES[name]
    return {name: FILES[name].replace(old, new)}
