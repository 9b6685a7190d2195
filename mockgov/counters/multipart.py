"""The text fields of a form that was sent with files."""

from collections.abc import Iterator
from email.parser import BytesParser
from email.policy import HTTP


def fields_of(content_type: str, body: bytes) -> Iterator[tuple[str, str]]:
    """Name and text of each field that is no file; a file gives its name alone."""
    head = f"Content-Type: {content_type}\r\n\r\n".encode("latin-1", "replace")
    form = BytesParser(policy=HTTP).parsebytes(head + body)
    for part in form.iter_parts() if form.is_multipart() else ():
        name = str(part.get_param("name", "", header="content-disposition") or "")
        file_name = part.get_filename()
        if file_name is not None:
            yield "file name", file_name
            continue
        content = part.get_payload(decode=True)
        if isinstance(content, bytes):
            yield name, content.decode("utf-8", "replace")
