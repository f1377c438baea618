"""A trainer brings in questions: a Word file of two hundred, a pasted text on a phone, a file that takes a while."""

import base64
import re

from playwright.sync_api import expect

from tests.browser.visitor import DESK, PHONE, Visitor
from tests.interchange.make_docx import docx

HAND_OVER = """([data, name]) => {
  const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
  const files = new DataTransfer();
  files.items.add(new File([bytes], name));
  const form = document.querySelector(".import-form");
  for (const kind of ["dragenter", "dragover", "drop"]) {
    form.dispatchEvent(new DragEvent(kind, { dataTransfer: files, bubbles: true, cancelable: true }));
  }
}"""


def exam_of(count: int, shop: str = "本店") -> list[str]:
    """Questions as a trainer types them: the 7th without its answer, the 9th with one glued on."""
    lines = [f"一、单选题（共{count}题）"]
    for number in range(1, count + 1):
        key = {7: "（  ）", 9: "B"}.get(number, "（B）")
        lines += [f"{number}、{shop}遇到第{number}种情况，买家什么时候可以申请平台介入？{key}", "A、马上",
                  "B、卖家拒绝，或72小时未处理", "C、订单关闭后", f"解析：第{number}种情况看规则。"]  # fmt: skip
    return lines


def begin(visitor: Visitor, bank: str = "returns-and-refunds") -> None:
    visitor.sign_in_as("trainer")
    visitor.open(f"/banks/{bank}")
    visitor.press("Import")
    visitor.at(f"/banks/{bank}/import$")


def figures(visitor: Visitor) -> list[str]:
    """Good, drafts, and what cannot be imported."""
    return visitor.page.locator(".import-figures strong").all_inner_texts()[:3]


def test_a_word_file_of_two_hundred_is_checked_mended_imported_and_undone(visit):
    trainer = visit("zh", DESK, "light")
    begin(trainer)
    trainer.look()
    file = base64.b64encode(docx(*exam_of(200))).decode()
    trainer.page.evaluate(HAND_OVER, [file, "题库.docx"])
    trainer.page.get_by_role("button", name=trainer.words("Read the questions")).dblclick()
    trainer.at(r"/banks/returns-and-refunds/import/\d+$")
    expect(trainer.page.locator(".page-head")).to_contain_text("题库.docx")
    assert figures(trainer) == ["199", "1", "0"]
    trainer.look()
    trainer.page.locator(".tabs a").nth(1).click()
    open_one = trainer.page.locator(".import-draft")
    expect(open_one).to_have_count(1)
    open_one.locator("details.mend summary").click()
    trainer.look()
    open_one.get_by_role("group").get_by_role("button", name="B").click()
    trainer.sees("The question is good now.")
    trainer.press("Import all")
    trainer.sees("Imported")
    expect(trainer.page.locator("dl.facts")).to_contain_text("200")
    trainer.look()
    trainer.page.locator("details.confirm summary").click()
    trainer.page.locator("details.confirm").get_by_role("button").click()
    trainer.sees("This import was undone")
    trainer.look()
    trainer.press("Import another file")
    expect(trainer.page.locator("#earlier tbody tr")).to_have_count(1)


def test_a_pasted_text_is_imported_on_a_phone_with_only_its_good_questions(visit):
    trainer = visit("en", PHONE, "dark")
    begin(trainer)
    trainer.page.get_by_label("Paste the questions").fill("\n".join(exam_of(9)))
    trainer.page.get_by_label("Chinese").check()
    trainer.press("Read the questions")
    trainer.at(r"/banks/returns-and-refunds/import/\d+$")
    trainer.look()
    trainer.page.locator(".import-item").nth(0).get_by_role("button", name="Leave it out").click()
    trainer.at(r"/banks/returns-and-refunds/import/\d+\?.*#q1$")
    trainer.press("Only the 7 good ones")
    trainer.sees("Not imported")
    trainer.look()


def test_a_file_that_takes_a_while_shows_how_far_it_is_and_comes_to_its_preview(visit):
    trainer = visit("en", DESK, "light")
    begin(trainer)
    large = base64.b64encode("\n".join(exam_of(1_500, "二店")).encode()).decode()
    trainer.page.evaluate(HAND_OVER, [large, "large.txt"])
    trainer.press("Read the questions")
    trainer.sees("Look again")
    trainer.look()
    expect(trainer.page.locator(".import-figures")).to_be_visible(timeout=60_000)
    assert figures(trainer)[0] == "1499"
    trainer.press("Only the 1499 good ones")
    expect(trainer.page.locator("dl.facts")).to_contain_text("1499", timeout=60_000)
    assert re.search(r"/import/\d+$", trainer.page.url)
