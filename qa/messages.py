"""Every word the program says on its own, in Vietnamese and English, and the text of a value made safe to print."""

import re
import sys
from contextvars import ContextVar

LANGUAGES = ("vi", "en")
language: ContextVar[str] = ContextVar("language", default="vi")

WORDS: dict[str, tuple[str, str]] = {
    "also": ("Nguồn khác", "More sources"),
    "answers_more": ("Câu trả lời khác", "Other answers"),
    "confidence": ("tin cậy", "confidence"),
    "inferred": ("suy ra", "inferred"),
    "undated": ("không rõ ngày", "undated"),
    "not_stated": (
        "Kho bài có nói về chủ đề này nhưng không nêu điều được hỏi.",
        "The corpus speaks of this, but does not state what is asked.",
    ),
    "nothing_found": (
        "Không tìm thấy bài nào nói về điều này.",
        "No article speaks of this.",
    ),
    "other_time": (
        "Không có câu trả lời cho thời điểm được hỏi. Kho bài chỉ nêu cho thời điểm khác:",
        "No answer for the time asked about. The corpus states it for another time:",
    ),
    "bracketed": (
        "Suy ra: không bài nào nêu đúng thời điểm được hỏi, nhưng có bài nêu như vậy trước và sau thời điểm đó.",
        "Inferred: no article states it for the time asked about, but articles do before that time and after it.",
    ),
    "read_instead": ("Có thể đọc", "Worth reading"),
    "read_as": ("Hiểu là: {text}", "Read as: {text}"),
    "unverified": (
        "Bỏ qua {n} trích dẫn không còn khớp với tệp nguồn (chạy `qa verify`, rồi `qa index`): {where}",
        "Left out {n} citation(s) that no longer match their source file (run `qa verify`, then `qa index`): {where}",
    ),
    "answer_unverified": (
        "Có tìm thấy câu trả lời nhưng tệp nguồn đã đổi hoặc không còn, nên không nêu ra. Hãy chạy lại `qa index`.",
        "An answer was found, but its source file has changed or is gone, so it is not given. Run `qa index` again.",
    ),
    "reading": ("Đọc bài", "Reading"),
    "asking": ("Hỏi", "Asking"),
    "eval_run": ("Bộ {set}: {questions} câu hỏi, mô hình {model}", "Set {set}: {questions} questions, models {model}"),
    "metric": ("Số đo", "Metric"),
    "all": ("tất cả", "all"),
    "misses": ("Câu trả lời sai", "Wrong answers"),
    "miss_retrieval": ("đoạn đúng không được đọc", "the right passage was not read"),
    "miss_reading": ("đã đọc đoạn đúng, không thấy câu trả lời", "the right passage was read, the answer not seen"),
    "miss_selection": ("đã thấy, nhưng chọn câu khác hoặc từ chối", "seen, but another was chosen or none given"),
    "miss_invented": ("trả lời câu không có câu trả lời", "answered where there is no answer"),
    "miss_error": ("lỗi", "error"),
    "latency": ("Thời gian", "Latency"),
    "cold_start": ("khởi động nguội", "cold start"),
    "before": ("trước", "before"),
    "after": ("sau", "after"),
    "change": ("thay đổi", "change"),
    "tolerance": ("dung sai", "tolerance"),
    "regressions": ("Kém đi quá dung sai: {names}.", "Worse by more than the tolerance: {names}."),
    "no_regression": ("Không số đo nào kém đi quá dung sai.", "No metric is worse by more than its tolerance."),
    "changed_answers": ("Câu hỏi có kết quả khác", "Questions whose outcome changed"),
    "page_by_kind": ("Theo loại câu hỏi", "By kind of question"),
    "page_risk": ("Rủi ro theo độ phủ", "Risk and coverage"),
    "page_risk_axes": (
        "Ngang: tỷ lệ câu hỏi được trả lời, từ tin cậy nhất. Dọc: tỷ lệ sai trong số đó.",
        "Across: the share of questions answered, most confident first. Up: the share of them that is wrong.",
    ),
    "page_latency_axes": ("Số câu hỏi theo thời gian trả lời.", "Questions by the time their answer took."),
    "page_changed": ("Đã đổi những gì", "What changed"),
    "page_pairs": (
        "Chênh lệch trung bình từng câu, khoảng tin cậy 95 % (bootstrap); thắng/hoà/thua; p của phép thử ngẫu nhiên.",
        "Mean difference by question with its 95 % bootstrap interval; win/tie/loss; p of a randomisation test.",
    ),
    "page_question": ("Câu hỏi", "Question"),
    "page_answer": ("Trả lời", "Answer"),
    "page_passage": ("Đoạn văn", "Passage"),
    "set_ok": ("{name}: {n} câu hỏi, không có lỗi.", "{name}: {n} questions, no error."),
    "set_left_out": (
        "{name}: bỏ {n} câu vì câu trả lời mẫu không có trong đoạn văn của câu: {ids}",
        "{name}: {n} question(s) left out, their gold answers stand nowhere in their contexts: {ids}",
    ),
    "run_kept": ("Lần chạy được giữ ở {folder}", "The run is kept in {folder}"),
    "why": ("Sai ở đâu", "Why"),
    "embedding": ("Tính vectơ", "Embedding"),
    "indexed": (
        "Đã lập chỉ mục {articles} bài, {passages} đoạn vào {directory}: {added} mới, {changed} thay đổi, "
        "{unchanged} giữ nguyên, {removed} bỏ; tính {embedded} vectơ trong {seconds:.1f} giây.",
        "Indexed {articles} articles, {passages} passages in {directory}: {added} new, {changed} changed, "
        "{unchanged} unchanged, {removed} removed; {embedded} passages embedded in {seconds:.1f} s.",
    ),
    "problems": ("{n} mục không đọc được hoặc cần sửa:", "{n} item(s) could not be read or need mending:"),
    "same_text": (
        "{b}: nội dung giống hệt {a}; hai bài chỉ tính là một nguồn.",
        "{b}: the same text as {a}; the two count as one source.",
    ),
    "interrupted": (
        "Đã dừng theo yêu cầu. Chỉ mục cũ (nếu có) vẫn dùng được; chạy lại lệnh để làm tiếp.",
        "Stopped as asked. The old index, if any, still answers; run the command again to go on.",
    ),
    "output_lost": (
        "Không ghi hết được kết quả ra nơi nhận ({reason}). Hãy kiểm tra dung lượng đĩa rồi chạy lại.",
        "The result cannot be written to where it should go ({reason}). Check the free disk space and run again.",
    ),
    "no_hits": ("Không có đoạn nào khớp.", "No passage matches."),
    "verify_ok": (
        "{n} bài đều khớp với tệp nguồn.",
        "All {n} articles match their source files.",
    ),
    "verify_bad": ("{bad} trong {n} bài không khớp với tệp nguồn:", "{bad} of {n} articles do not match their files:"),
    "changed": ("đã thay đổi", "changed"),
    "missing": ("không còn", "missing"),
    "unreadable": ("không đọc được", "unreadable"),
    "mend_index": (
        "Hãy chạy lại `qa index` với thư mục bài viết để cập nhật.",
        "Run `qa index` on your articles again to bring the index up to date.",
    ),
    "line": ("dòng", "line"),
    "verified": ("đã đối chiếu với tệp nguồn", "checked against the source file"),
    "other_version": (
        "KHÔNG đối chiếu được: mã trích dẫn (sau dấu @) là của một bản khác của tệp, hoặc gõ sai",
        "NOT verified: the citation (after the @) is of another version of the file, or mistyped",
    ),
    "filtered": (
        "Chỉ tìm trong những bài hợp với --since, --until, --source.",
        "Only articles that fit --since, --until, --source were searched.",
    ),
    "not_verified": ("KHÔNG khớp với tệp nguồn", "does NOT match the source file"),
    "quote_nowhere": (
        "Không tìm thấy câu trích này trong kho bài, kể cả gần đúng.",
        "This quote stands nowhere in the corpus, not even nearly.",
    ),
    "match_exact": ("đúng nguyên văn", "verbatim"),
    "match_folded": ("đúng chữ, khác dấu, hoa thường hoặc dấu câu", "same words; accents, case or punctuation differ"),
    "difference": (
        "câu trích ghi «{given}», bài viết ghi «{stands}»",
        "the quote has «{given}», the article «{stands}»",
    ),
    "match_near": ("gần đúng, giống {percent} %", "nearly, {percent} % alike"),
    "index": ("Chỉ mục", "Index"),
    "articles": ("Số bài", "Articles"),
    "passages": ("Số đoạn", "Passages"),
    "dates": ("Thời gian", "Dates"),
    "encoder": ("Mô hình nhúng", "Encoder"),
    "created": ("Lập lúc", "Built"),
    "folders": ("Thư mục", "Folders"),
    "inferred_dates": ("Ngày suy ra", "Inferred dates"),
    "stale": ("Tệp đã đổi từ lần lập chỉ mục", "Files changed since"),
    "doctor_ok": ("Mọi thứ đều ổn.", "All is well."),
    "doctor_bad": ("{n} điểm cần sửa.", "{n} thing(s) to mend."),
    "reader_uncalibrated": (
        "{name}: độ tin cậy và ngưỡng trả lời được tính cho mô hình đọc đi kèm, không phải cho mô hình này; hãy coi "
        "con số là thứ tự, đừng coi là xác suất, và đổi ngưỡng bằng --min-confidence nếu cần.",
        "{name}: confidence and threshold were fitted for the shipped reader, not for this one; take the figure as an "
        "order, not as a probability, and move the threshold with --min-confidence if need be.",
    ),
    "timeline_time": ("Thời gian", "Time"),
    "timeline_who": ("Người", "Who"),
    "timeline_value": ("Giá trị", "Value"),
    "timeline_sources": ("Nguồn", "Sources"),
    "timeline_empty": (
        "Không bài nào nêu điều này với tin cậy từ {threshold} trở lên (đã hỏi: {question}). Hãy hạ --min-confidence, "
        "bớt bộ lọc, hoặc gõ nguyên một câu hỏi.",
        "No article states this with a confidence of {threshold} or more (asked: {question}). Lower --min-confidence, "
        "drop a filter, or type a whole question.",
    ),
    "timeline_undated": (
        "Bỏ qua {n} chỗ có nêu nhưng không rõ ngày, hoặc mới chỉ là dự kiến.",
        "Left out {n} statement(s) that have no date, or are of what is only planned.",
    ),
    "timeline_left_out": (
        "Bỏ bớt {n} dòng kém chắc chắn hơn (xem thêm bằng -n).",
        "Left out {n} row(s), the less sure ones (see more with -n).",
    ),
    "plot_dots": (
        "mỗi chấm là một nguồn; thanh nối nguồn sớm nhất với nguồn muộn nhất",
        "a dot is a source; a bar joins the earliest with the latest",
    ),
    "plot_inferred": ("chấm rỗng: ngày suy ra", "hollow: date inferred"),
    "plot_written": ("Đã vẽ vào {path}", "The picture is in {path}"),
    "batch_line": (
        '{where}: dòng này không phải một đối tượng JSON có trường "question" là chuỗi.',
        '{where}: this line is no JSON object with a string "question".',
    ),
}

CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")
_LAYOUT = re.compile(r"[\n\t]")


def say(key: str, **values: object) -> str:
    """Return a message in the current language, its placeholders filled."""
    vi, en = WORDS[key]
    return (vi if language.get() == "vi" else en).format(**values)


def visible(text: str, *, inline: bool = False) -> str:
    r"""Return `text` with control characters, line separators and direction marks shown as `\x1b`, not obeyed.

    Line feeds and tabs stay, unless the text is `inline`: a name or title that may not begin a line of its own.
    """
    shown = CONTROL.sub(_code, text)
    return _LAYOUT.sub(_code, shown) if inline else shown


def _code(match: re.Match[str]) -> str:
    return match.group().encode("unicode_escape").decode()


def notice(text: str) -> None:
    """Say something on stderr, on one line."""
    sys.stderr.write(visible(text, inline=True) + "\n")
