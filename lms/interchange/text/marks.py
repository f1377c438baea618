"""The marks that exam texts are set with: numbers, option letters, headings, labels. All match `level` text."""

import re
import unicodedata

from lms.interchange import truth
from lms.interchange.records import MULTIPLE, SINGLE, TRUE_FALSE

OTHER = "other"  # a kind of question that is none of ours
CHOICE = ""  # 选择题: single or multiple, as the keys say

TYPE_WORDS = {
    SINGLE: ("单项选择题", "单项选择", "单选题", "单选", "single choice", "single answer"),
    MULTIPLE: (
        "不定项选择题", "不定项选择", "不定项", "多项选择题", "多项选择", "多选题", "多选",
        "multiple choice", "multiple answers", "multiple response",
    ),
    TRUE_FALSE: (
        "判断正误题", "判断对错题", "判断正误", "判断对错", "判断题", "判断", "是非判断题", "是非题", "是非", "判定题",
        "判定", "对错题", "正误题", "true or false", "true/false",
    ),
    CHOICE: ("选择题",),
    OTHER: (
        "填空题", "简答题", "问答题", "论述题", "名词解释题", "名词解释", "案例分析题", "案例分析", "案例题", "材料题",
        "计算题", "连线题", "匹配题", "排序题", "操作题", "实操题", "应用题", "情景题", "综合题", "分析题", "写作题",
        "fill in the blank", "short answer", "essay", "matching",
    ),
}  # fmt: skip
TYPE_OF = {word: kind for kind, kinds in TYPE_WORDS.items() for word in kinds}
TYPE = "|".join(sorted(map(re.escape, TYPE_OF), key=len, reverse=True))

# Characters that stand for one other character, so that a levelled text is as long as the text it comes from.
_LOOKS = "⺠⻓⻔⻛⻅⻋⻢⻬⻰⻚⻜⻝⻆⻄⻘⻩⻮⻣⻤⻨⻉⻥⻦⻙⻁⻯"
_MEANS = "民长门风见车马齐龙页飞食角西青黄齿骨鬼麦贝鱼鸟韦虎龙"
_LEVEL: dict[int, int | str] = {
    **{code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)},
    **dict.fromkeys((0x3000, 0xA0, 0x202F, 0x205F, *range(0x2000, 0x200B), 0x0B, 0x0C), " "),
    **{ord(one): other for one, other in zip(_LOOKS, _MEANS, strict=True)},
    **{
        code: plain
        for code in (*range(0x2F00, 0x2FD6), *range(0xF900, 0xFADA), *range(0xFE50, 0xFE6C))
        if len(plain := unicodedata.normalize("NFKC", chr(code))) == 1
    },
    0x2236: ":", 0xFE30: ":", 0xFF61: "。", 0xFF64: "、", 0x3014: "(", 0x3015: ")", 0x2713: "√", 0x2714: "√",
    0x2611: "√", 0x2705: "√", 0x2717: "×", 0x2718: "×", 0x2715: "×", 0x2716: "×", 0x274C: "×", 0x2573: "×", 0x2612: "×",
}  # fmt: skip
INVISIBLE = re.compile(
    "[\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\u00ad\x00-\x08\x0e-\x1f\x7f]"
)


def level(text: str) -> str:
    """The text with look-alikes made alike (full width, PDF radicals, ticks), character by character."""
    return text.translate(_LEVEL)


NUMERAL = "一二三四五六七八九十"
_POINTS = r"(?:[(\[]\s*\d{1,3}(?:\.\d{1,2})?\s*(?:分|points?)\s*[)\]]\s*)?"
_POINTS_INSIDE = r"(?:[,、;]?\s*\d{1,3}(?:\.\d{1,2})?\s*分\s*)?"

# A number that a question begins with, by style. A dot before a digit (3.7天无理由) is read only where it is expected.
NUMBERS = {
    "di": re.compile(r"\s*第\s*(\d{1,5})\s*[题道]\s*[、.:,)]?\s*"),
    "box": re.compile(r"\s*[【\[]\s*(?:第\s*)?(\d{1,4})\s*题?\s*[】\]]\s*[、.:]?\s*"),
    "paren": re.compile(r"\s*[(]\s*(\d{1,4})\s*[)]\s*[、.]?\s*"),
    "dun": re.compile(r"\s*(\d{1,5})\s*、\s*"),
    "dot": re.compile(r"\s*(\d{1,5})\s*\.(?!\d)\s*"),
    "close": re.compile(r"\s*(\d{1,4})\s*[)]\s*"),
    "word": re.compile(r"\s*(?:题目|问题|题|question|q)\s*(\d{1,4})\s*(?:[、.:)]\s*|\Z)", re.IGNORECASE),
    "dot-digit": re.compile(r"\s*(\d{1,4})\s*\.(?=\d)"),
    "comma": re.compile(r"\s*(\d{1,4})\s*[,:](?=\D)\s*"),
    "space": re.compile(r"\s*(\d{1,4})\s+(?=[^\d\s.,、:)\-/%])"),
    "cap": re.compile(r"\s*(\d{1,2})\ufe0f?\u20e3\s*[、.]?\s*"),
    "circle": re.compile(r"\s*([①-⑳])\s*[、.:]?\s*"),
    "han": re.compile(rf"\s*([{NUMERAL}]{{1,3}})\s*[、.]\s*"),
}
NUMBER_BEGINS = re.compile(
    r"\s*\*?\s*(?:(?P<di>第)|(?P<box>[【\[])|(?P<paren>[(])|(?P<word>[题问qQ])|(?P<circle>[①-⑳])"
    rf"|(?P<han>[{NUMERAL}])|(?P<digit>\d))"
)
_OTHERS = ("di", "box", "paren", "word", "circle", "han")
NUMBERS_BY_BEGIN = {  # by what stands first, which spares trying all of them
    **{style: [(style, NUMBERS[style])] for style in _OTHERS},
    "digit": [(style, pattern) for style, pattern in NUMBERS.items() if style not in _OTHERS],
}
DOUBTFUL = {"dot-digit", "comma", "space", "circle", "han"}
INNER = {"paren", "close", "circle"}  # what lists inside of a question are numbered with
STAR = re.compile(r"\s*\*\s*(?=\d{1,4}\s*[、.])")  # 问卷星: a question that must be answered
FRONT_KEY = re.compile(  # （√）1、...
    r"\s*[(\[【]\s*(?P<key>[√×]|[TF]|对|错|正确|错误|[A-J]{1,6})?\s*[)\]】]\s*(?=\d{1,4}\s*[、.](?!\d))"
)
SAME_STYLE = {"dot-digit": "dot", "comma": "dun", "space": "dot"}
GLUED_SEPARATOR = {"dun": "、", "dot": ".", "close": ")", "paren": ")"}

TAG = re.compile(
    rf"\s*(?:[【\[(]\s*(?P<tag>{TYPE})\s*{_POINTS_INSIDE}[】\])]|(?P<word>{TYPE})\s*:)\s*{_POINTS}",
    re.IGNORECASE,
)
POINTS = re.compile(r"\s*[(\[]\s*\d{1,3}(?:\.\d{1,2})?\s*(?:分|points?)\s*[)\]]\s*")

_ORDINAL = (
    rf"(?:第\s*[{NUMERAL}\d]{{1,3}}\s*(?:部分|大题|节|章)|[{NUMERAL}]{{1,3}}|[(]\s*[{NUMERAL}]{{1,3}}\s*[)]"
    r"|[IVX]{1,4}(?=[.、])|part\s+\w{1,3})"
)
HEADING = re.compile(
    rf"\s*(?P<ordinal>{_ORDINAL}\s*[、.:,)]?\s*)?[【\[]?\s*(?P<type>{TYPE})(?:部分)?\s*[】\]]?", re.IGNORECASE
)
NUMBERED_HEADING = re.compile(rf"\s*\d{{1,2}}\s*[、.]\s*(?P<type>{TYPE})\s*(?=[(:]|\Z)", re.IGNORECASE)
GLUED_HEADING = re.compile(
    rf"(?<![第{NUMERAL}])[{NUMERAL}]{{1,2}}、\s*(?P<type>{TYPE})(?=\s*(?:[(:]|\d{{1,4}}\s*[、.)]|\Z))",
    re.IGNORECASE,
)
PARENTHESES = re.compile(r"\s*[(\[][^()\[\]]{0,200}[)\]]")
PROMISED = re.compile(
    r"(?:共|合计|总计)\s*(?:有\s*)?(\d{1,4})\s*(?:道|小|个)?\s*题|(\d{1,4})\s*(?:道|小)\s*题"
)
PROMISED_SHORT = re.compile(r"[(\[]\s*(\d{1,3})\s*题")  # (16题), behind a heading only
EACH = re.compile(r"每\s*(?:小|道)?\s*题\s*(\d{1,3})\s*分.{0,10}?[共计]\s*(\d{1,4})\s*分")

_BRACKETED = r"[【\[]\s*(?:正确|参考|标准|本题)?答\s*案\s*[】\]]\s*:?"
_SIGNS = r"(?:[√☆★☞→👉💡🔑📌📝✨🌟]\ufe0f?\s*){0,2}"  # before a label in what chat programs write
_FOREIGN_KEY = r"(?:我的|你的|学生|考生|学员)答\s*案"
KEY_LABEL = re.compile(
    rf"\s*{_SIGNS}(?:{_BRACKETED}|(?:正确|参考|标准|本题|试题)?\s*答\s*案\s*(?:[是为]?\s*:|[】\]]\s*:?)|答\s*:"
    r"|ans\s*[:.](?=\s*[A-Z])|正确(?:的)?选项\s*[是为]?\s*:|(?:the\s+)?(?:correct\s+)?(?:answers?|keys?)(?:\s+is)?\s*:)\s*",
    re.IGNORECASE,
)
KEY_WORD = re.compile(  # without a colon: only before what can be nothing else but a key, or on a line of its own
    r"\s*(?:(?:故|应|本题)?\s*选择?\s*(?=[A-J]{1,10}\s*[。.]?\s*\Z)|(?:正确|参考|标准|本题)?答\s*案\s*[是为]?\s*)"
    r"(?=\Z|[(\[【]\s*(?:[A-Z]{1,10}|[√×对错])\s*[)\]】]\s*\Z|(?:[A-Z]{1,10}|[A-Z](?:[\s、,|]+[A-Z]){1,200}|[√×对错是否]|正确|错误)\s*(?:\Z|[。;,\s]))"
)
GLUED_KEY = re.compile(
    rf"{_SIGNS}{_BRACKETED}|{_SIGNS}(?<![的生员])(?:正确|参考|标准|本题)?(?<![的生员])答\s*案\s*[是为]?\s*:"
    r"|(?:正确|参考|标准)?答\s*案(?=\s*(?:[A-Z]{1,10}|[√×])\s*\Z)|(?<![A-Za-z])(?:the\s+)?(?:correct\s+|right\s+)?answers?(?:\s+is)?\s*:",
    re.IGNORECASE,
)
_WHY = (
    r"[【\[]\s*(?:答\s*案|试题|题目)?(?:解析|分析|详解|说明|点评|解释)\s*[】\]]\s*:?"
    r"|(?:答\s*案|试题|题目|参考)?(?:解析|详解)\s*:"
)
WHY_LABEL = re.compile(
    rf"\s*{_SIGNS}(?:{_WHY}|(?:答\s*案)?解析(?=\s+\S)|(?:说明|分析|点评|解释|理由|explanation|rationale|feedback)\s*:)\s*",
    re.IGNORECASE,
)
GLUED_WHY = re.compile(rf"{_SIGNS}(?:{_WHY})|(?<=\s)(?:explanation|rationale)\s*:", re.IGNORECASE)
MAY_BE_GLUED = re.compile(r"[:【\[案解、]")  # without one of these nothing is
_ABOUT = (
    "难易程度|难易度|难度系数|难度|所属章节|章节|知识点|考核点|考点"
    "|题目类型|试题类型|题型|分值|得分|来源|出处|标签"
)
ABOUT_LABEL = re.compile(
    rf"\s*(?:[【\[]\s*(?P<boxed>{_ABOUT}|{_FOREIGN_KEY})\s*[】\]]\s*:?"
    rf"|(?P<bare>{_ABOUT}|{_FOREIGN_KEY}|difficulty|level|tags?)\s*:)\s*",
    re.IGNORECASE,
)
GLUED_ABOUT = re.compile(
    rf"[【\[]\s*(?:{_ABOUT}|{_FOREIGN_KEY})\s*[】\]]\s*:?|(?:(?<=[\s;。,])|(?<=[A-Z]))(?:{_ABOUT}|{_FOREIGN_KEY})\s*:|{_FOREIGN_KEY}\s*:"
)
KEYS_HEADING = re.compile(
    rf"\s*(?:[{NUMERAL}]{{1,2}}\s*[、.]\s*|附\s*:?\s*)?[【\[]?\s*(?:附?参考|标准|正确|试题|试卷|本卷|练习|考试|部分)*\s*答\s*案\s*(?:[及与和]\s*)?"
    r"(?:解析|详解|评分标准)?\s*(?:部分|如下|汇总|一览|表|区|页)?\s*[】\]]?\s*:?\s*\Z|\s*answer\s+keys?\s*:?\s*\Z|\s*answers\s*:?\s*\Z",
    re.IGNORECASE,
)

WHY_WORD = re.compile(r"\A(?:答案)?(?:解析|说明)[\s::]+")
STEM_LABEL = re.compile(
    r"\s*(?:[【\[]\s*(?:题干|题目|问题|试题)(?:内容)?\s*[】\]]\s*:?|(?:题干|题目|问题|试题)(?:内容)?\s*:|question\s*:)\s*",
    re.IGNORECASE,
)
OPTIONS_LABEL = re.compile(
    r"\s*(?:[【\[]\s*(?:备选|可选|答案)?(?:选项|答案项)\s*[】\]]\s*:?|(?:备选|可选|答案)?(?:选项|答案项)\s*:|(?:options|choices)\s*:)\s*",
    re.IGNORECASE,
)
GLUED_OPTIONS = re.compile(r"[【\[]选项[】\]]|(?<=\s)(?:选项|options)\s*:", re.IGNORECASE)
CLOSING = re.compile(  # what stands below the last question, or below each on a web page
    r"[\s—–\-=*(【]*(?:(?:本|全|试|考)(?:套|份|次)?(?:试)?[卷题试].{0,6}(?:结束|完毕|完)|(?:答|试)题(?:结束|完毕)|祝.{0,8}(?:考试|答题|各位|大家|同学|考生|学员|取得).{0,12}"
    r"|(?:正确|参考)?答\s*案\s*(?:[:]?\s*(?:略|暂无|见.{0,20}))|(?:查看|展开|收起)?解析\s*(?:收藏|纠错).{0,10}|收藏|纠错"
    r"|the\s+end|end\s+of\s+.{1,30}|good\s+luck)[^A-Za-z0-9]{0,24}\Z",
    re.IGNORECASE,
)
SHARED = re.compile(  # a text that several questions are about
    r"\s*[(【\[]?\s*(?:(?:根据|阅读|依据|结合).{0,30}(?:回答|完成|作答)|(?:案例|材料|资料|情景|情境)\s*(?:[一二三四五六七八九十\d]{1,3}\s*[】\])]?\s*:|[】\])]))"
)
PART = re.compile(rf"\s*第\s*[{NUMERAL}\d]{{1,3}}\s*(?:章|节|部分|单元|篇|讲)(?:\s|[:、]|\Z)")
CROSS = re.compile(r"(?<=\S)\s*×\s*\Z")
ORDINAL = re.compile(rf"\s*[(]?([{NUMERAL}])[)]?\s*[、.:]\s*")

FOOTER = re.compile(
    r"\s*(?:第\s*\d{1,4}\s*页\s*[,/ ]*\s*(?:[共总]\s*\d{1,4}\s*页)?|共\s*\d{1,4}\s*页\s*[,/ ]*\s*第\s*\d{1,4}\s*页"
    r"|[-—–]+\s*\d{1,4}\s*[-—–]+|\d{1,4}\s*/\s*\d{1,4}|page\s+\d{1,4}(?:\s+of\s+\d{1,4})?|[-—–=_*~·.\s]{3,})\s*\Z",
    re.IGNORECASE,
)
UNTYPED_HEADING = re.compile(rf"\s*(?:[{NUMERAL}]{{1,3}}\s*[、.]|[(][{NUMERAL}]{{1,3}}[)])[^?]{{1,40}}\Z")
RUNNING = re.compile(  # a footer with the name of the paper in it
    r"\s*\S.{0,40}[\s—–\-|]\s*第\s*\d{1,4}\s*页\s*[,/ ]*\s*(?:[共总]\s*\d{1,4}\s*页)?\s*\Z"
)
LONE_NUMBER = re.compile(r"\s*\d{1,4}\s*\Z")

# An option's letter. At the beginning of a line a space may do for a separator; inside of one it takes more.
OPTION_START = re.compile(
    r"\s*(?:[(\[【]\s*([A-Za-z])\s*[)\]】]\s*[、.:,]?|([A-Za-z])\s*[、.:)·]|([A-Za-z])\s*,(?!\s*[A-Z]\s*(?:[,、]|\Z))|([A-Z])(?=\s+[^\sa-z]))\s*"
)
OPTION_INSIDE = re.compile(r"[(\[【]\s*([A-Z])\s*[)\]】]\s*[、.:]?\s*|([A-Z])\s*[、.:)]\s*")
OPTION_SPACED = re.compile(r"(?<=\s)([A-Z])\s+(?=\S)")
BULLET = re.compile(
    r"\s*(?:[-*+]\s+|[•·○●◯◆◇□☐■]\s*)(?:\[\s*(?P<box>[xX√*])?\s*\]\s*)?|\s*\[(?P<only>[ xX√])\]\s+"
    r"|\s*(?P<mark>[√*])\s*(?=[(\[【]?\s*[A-Z]\s*[、.:)\]】])"
)
BOX = re.compile(r"\s*(?:[-*+]?\s*\[\s*[ xX√*]?\s*\]|[○◯□☐](?=\s*\S))")

TRUE_WORDS = truth.TRUE_WORDS | {"v"}  # typed for a tick
FALSE_WORDS = truth.FALSE_WORDS
_TF = r"[√×对错是否TF]|正确|错误|true|false"
BRACKETED_KEY = re.compile(
    rf"[(\[【]\s*(?P<label>(?:正确|参考)?答\s*案\s*[是为]?\s*:?\s*)?(?P<key>[A-Z](?:[\s,、/;]{{0,3}}[A-Z]){{0,9}}|[A-Z]\s*[-~]\s*[A-Z]|{_TF}|[a-j])\s*[)\]】]",
    re.IGNORECASE,
)
UNDERLINED_KEY = re.compile(
    r"(?<![A-Za-z0-9_])_+\s*(?P<key>[A-J](?:[\s,、]{0,2}[A-J]){0,9})\s*_+(?![A-Za-z0-9_])"
)
LONE_KEY = re.compile(r"\s*[—–-]*\s*[(\[【]?\s*([A-J]{1,6})\s*[)\]】]?\s*[。.]?\s*\Z")
WIDE_COLUMN = re.compile(r"(?:\t|\s\s)[A-J]\s*[、.:)]")
COLUMN = re.compile(r"(?<=\s)([A-J])\s*[、.:)]\s*(?=\S)")
_PAIRS = ("是|否", "对|错", "正确|错误", "√|×", "T|F", "True|False", "Yes|No")
PAIR_END = re.compile(
    "|".join(
        rf"(?P<y{at}>{one})\s*[/、,|]?\s*(?P<n{at}>{other})\s*(?P<k{at}>{one}|{other})?\s*[。.]?\s*\Z"
        for at, (one, other) in enumerate(pair.split("|") for pair in _PAIRS)
    )
)
PAIR_LINE = re.compile(
    r"\s*[(\[○□]?\s*[)\]]?\s*(?P<yes>是|对|正确|√|T|True|Yes)\s*[/、,|\s(\[○□)\]]*\s*(?P<no>否|错误|错|×|F|False|No)\s*[(\[]?\s*[)\]]?\s*\Z",
    re.IGNORECASE,
)
SHORT_KEY = re.compile(r"\s*(?:[A-Z](?:[、,]?[A-Z]){0,9}|[√×对错]|正确|错误)\s*(?=\d)")
HALF_PAIR = re.compile(r"\s*(?:是|否|对|错|正确|错误|√|×|true|false|yes|no|t|f)\s*\Z", re.IGNORECASE)
KEY_END = re.compile(r"[√×]\s*[)】\]]?\s*\Z")
PAIR_AND_KEY = re.compile(r"\S(?:是否[是否]|对错[对错]|√×[√×])[。.]?\s*\Z")
JUDGED_END = re.compile(rf"(?:[√×)】。!]|{PAIR_END.pattern})\s*\Z")
TRAILING_TICK = re.compile(r"\s*(?:[(\[【]\s*(?:√|正确答\s*案|正确|对|答\s*案)\s*[)\]】]|√)\s*\Z")
TRAILING_TF = re.compile(
    r"(?<=[。.!?;)\s])\s*(?P<key>[√×TF]|对|错|正确|错误|(?<=[.!?)]\s)(?:True|False))\s*\Z|(?P<tick>[√×])\s*\Z"
)
SO_CHOOSE = re.compile(
    r"(?:(?:故|因此|所以|综上)[,，]?\s*(?:本题)?\s*(?:正确)?(?:答\s*案)?\s*(?:选择?|应选|为|是)|\A\s*(?:本题|应)?选)\s*:?\s*([A-Z](?:[\s,、]{0,2}[A-Z]){0,9})(?![A-Za-z])"
)
