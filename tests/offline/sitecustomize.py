"""Python runs this first in every process that has this folder on its path: notes who reaches out or writes outside.

A line a deed goes to the file that `WATCH_LOG` names; what lies below `WATCH_INSIDE` is the process's own to write.
"""

import os
import sys

LOG = os.open(os.environ["WATCH_LOG"], os.O_WRONLY | os.O_APPEND | os.O_CREAT)
INSIDE = os.path.realpath(os.environ["WATCH_INSIDE"]) + os.sep
REACHING = {"socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr", "socket.bind",
            "socket.sendto", "socket.sendmsg", "urllib.Request", "http.client.connect"}  # fmt: skip
CHANGING = {"os.mkdir", "os.rename", "os.remove", "os.rmdir", "os.link", "os.symlink", "os.truncate"}
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT


def note(event, arguments):
    if event in REACHING:
        os.write(LOG, f"{event} {arguments[1:]!r}\n".encode())
    elif event in CHANGING or (event == "open" and isinstance(arguments[2], int) and arguments[2] & WRITING):
        for path in arguments[: 2 if event in ("os.rename", "os.link") else 1]:
            is_idle = event == "os.mkdir" and os.path.exists(path)  # the event comes before the call, which fails
            if not isinstance(path, int) and not is_idle and is_outside(os.fsdecode(path)):
                os.write(LOG, f"{event} {path!r}\n".encode())


def is_outside(path):
    real = os.path.realpath(path)
    return not real.startswith(INSIDE) and real != os.devnull


sys.addaudithook(note)
