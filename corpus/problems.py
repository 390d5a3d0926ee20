"""What can be wrong with a file or folder of articles: each problem in two languages, with where and what to do."""

import errno
from pathlib import Path

from corpus.errors import CorpusError
from corpus.files import reason, shown

MEND = {
    errno.EACCES: ("Hãy kiểm tra quyền đọc.", "Check the permissions."),
    errno.EPERM: ("Hãy kiểm tra quyền đọc.", "Check the permissions."),
    errno.ENAMETOOLONG: ("Hãy chuyển lên thư mục gần gốc hơn.", "Move it to a folder nearer to the top."),
    errno.ENOENT: ("Hãy chạy lại `qa index`.", "Run `qa index` again."),
    errno.ENOTDIR: ("Hãy chạy lại `qa index`.", "Run `qa index` again."),
}
COPY = ("Hãy chép tệp vào đúng chỗ rồi chạy lại.", "Put a copy of the file in its place and run it again.")


def unreadable(path: Path, error: OSError) -> CorpusError:
    """A file or folder that cannot be opened or read."""
    if isinstance(error, FileNotFoundError):
        return CorpusError(
            f"{shown(path)}: tệp đã biến mất trong khi đọc. Hãy chạy lại `qa index`.",
            f"{shown(path)}: the file vanished while being read. Run `qa index` again.",
        )
    why, mend = reason(error), MEND.get(error.errno or 0, COPY)
    return CorpusError(
        f"{shown(path)}: không đọc được ({why[0]}). {mend[0]}", f"{shown(path)}: cannot be read ({why[1]}). {mend[1]}"
    )


def nowhere(path: Path) -> CorpusError:
    """Nothing stands at a path that was named."""
    return CorpusError(
        f"{shown(path)}: không có tệp hay thư mục này. Hãy kiểm tra lại đường dẫn.",
        f"{shown(path)}: no such file or folder. Check the path.",
    )


def bad_name(path: Path) -> CorpusError:
    """A name that is not UTF-8."""
    return CorpusError(
        f"{shown(path)}: tên không phải UTF-8 nên không được đọc. Hãy đổi tên.",
        f"{shown(path)}: the name is not UTF-8, so it was not read. Rename it.",
    )


def leads_out(path: Path, root: Path) -> CorpusError:
    """A link whose end lies outside the corpus."""
    return CorpusError(
        f"{path}: liên kết dẫn ra ngoài thư mục {root} nên không được đọc. Hãy chép tệp vào trong thư mục đó.",
        f"{path}: the link leads out of {root} and was not followed. Copy the file into that folder.",
    )


def not_an_article(path: Path) -> CorpusError:
    """A file of a kind that is not read."""
    return CorpusError(
        f"{shown(path)}: không phải .txt hay .md nên không được đọc. Hãy lưu bài viết dưới một trong hai dạng đó.",
        f"{shown(path)}: neither .txt nor .md, so it was not read. Save the article as one of the two.",
    )


def no_body(path: Path) -> CorpusError:
    """Front matter, and nothing below it."""
    return CorpusError(
        f"{path}: sau phần đầu (title, date…) không có nội dung bài. Hãy thêm nội dung.",
        f"{path}: there is no text after the front matter. Add the text of the article.",
    )


def too_large(path: Path, vi: str, en: str) -> CorpusError:
    """More than any article has of something: `vi` and `en` say of what, and the bound."""
    return CorpusError(
        f"{path}: tệp lớn hơn mọi bài viết ({vi}) nên không được đọc. Hãy tách thành từng bài, mỗi bài một tệp.",
        f"{path}: the file is larger than any article ({en}) and was not read. Split it, one article a file.",
    )


def utf_16(path: Path) -> CorpusError:
    """A text in the encoding that Notepad calls Unicode."""
    return CorpusError(
        f"{path}: tệp ở bảng mã UTF-16 (Notepad gọi là Unicode). Hãy lưu lại với bảng mã UTF-8.",
        f"{path}: the file is in UTF-16 (Notepad calls it Unicode). Save it again as UTF-8.",
    )


def binary(path: Path) -> CorpusError:
    """No text at all."""
    return CorpusError(
        f"{path}: đây là tệp nhị phân, không phải văn bản. Hãy lưu bài viết dưới dạng .txt hoặc .md (UTF-8).",
        f"{path}: this is a binary file, not text. Save the article as .txt or .md in UTF-8.",
    )


def not_utf8(path: Path, line: int, byte: int) -> CorpusError:
    """A text in another encoding."""
    return CorpusError(
        f"{path}:{line}: không phải UTF-8 (byte {byte}). Hãy lưu lại tệp với bảng mã UTF-8 "
        "(ví dụ: iconv -f WINDOWS-1258 -t UTF-8).",
        f"{path}:{line}: not UTF-8 (byte {byte}). Save the file again as UTF-8 "
        "(for instance: iconv -f WINDOWS-1258 -t UTF-8).",
    )


def empty(path: Path) -> CorpusError:
    """A file without a character that shows."""
    return CorpusError(f"{path}: tệp rỗng, không có gì để đọc.", f"{path}: the file is empty: nothing to read.")


def piled_marks(path: Path, line: int, most: int) -> CorpusError:
    """More accents on one letter than any script has."""
    return CorpusError(
        f"{path}:{line}: hơn {most} dấu chồng lên một chữ: đây không phải văn bản. Hãy xóa các dấu thừa.",
        f"{path}:{line}: more than {most} marks on one letter: this is no text. Delete the marks.",
    )
