"""What the ministry is measured against, each a server process: `python -m tests.bench.rivals NAME PORT`.

- `bare`: an ASGI application that reads the request's body and answers a constant; what this uvicorn can do at most.
- `fastapi`: an ordinary FastAPI route with a model for the request and one for the answer, answering a constant.
- `flask`: the mock that people write by hand, a dict of all the codes in Flask, under the threaded server that
  `app.run` starts; that server closes the connection after each answer. It gets the others' backlog, so that its
  256 new connections at a time are not turned away for a second.

None of them authenticates, looks at a disk or keeps an audit row. Each process imports only what it serves.
"""

import logging
import sys
from collections.abc import Awaitable, Callable
from typing import Any

import uvicorn

from tests.bench import town

BACKLOG = 4096
PATH = "/services/g2g/saglik/hes/check-hes-code"
ANSWER = {
    "expiration_date": "2070-12-30T13:00:00.000Z",
    "current_health_status": "RISKLESS",
    "masked_identity_number": "********818",
    "masked_firstname": "AY**** NU****",
    "masked_lastname": "YI**** ",
}
CONSTANT = (
    b'{"expiration_date":"2070-12-30T13:00:00.000Z","current_health_status":"RISKLESS",'
    b'"masked_identity_number":"********818","masked_firstname":"AY**** NU****","masked_lastname":"YI**** "}'
)


async def bare(scope: Any, receive: Callable[[], Awaitable[Any]], send: Callable[[Any], Awaitable[None]]) -> None:
    """Answer the constant, whatever was asked."""
    if scope["type"] != "http":
        return
    while (await receive()).get("more_body", False):
        pass
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(CONSTANT)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": CONSTANT})


def fastapi() -> Any:
    """The route as FastAPI's own tutorial would have it."""
    from fastapi import FastAPI  # noqa: PLC0415  see above
    from pydantic import BaseModel  # noqa: PLC0415

    class Question(BaseModel):
        hes_code: str

    class Answer(BaseModel):
        expiration_date: str
        current_health_status: str
        masked_identity_number: str
        masked_firstname: str
        masked_lastname: str

    app = FastAPI()

    @app.post(PATH)
    async def check(question: Question) -> Answer:  # noqa: ARG001  a constant
        return Answer(**ANSWER)

    return app


def serve_flask(port: int) -> None:
    """The mock with its dict of codes."""
    from flask import Flask, jsonify, request  # noqa: PLC0415  see above
    from werkzeug.serving import BaseWSGIServer  # noqa: PLC0415

    app = Flask(__name__)
    codes = {town.code_text(n): ANSWER for n in range(town.PEOPLE)}

    @app.post(PATH)
    def check() -> Any:
        answer = codes.get(request.get_json()["hes_code"])
        if answer is None:
            return jsonify(errorKey="hescodenotfound"), 400
        return jsonify(answer)

    BaseWSGIServer.request_queue_size = BACKLOG
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    app.run("127.0.0.1", port, threaded=True)


def main(name: str, port: int) -> None:
    """Serve one of them until killed."""
    if name == "flask":
        serve_flask(port)
        return
    app = bare if name == "bare" else fastapi()
    uvicorn.run(
        app,
        host="127.0.0.1",
        port=port,
        http="httptools",
        loop="uvloop",
        lifespan="off",
        access_log=False,
        log_level="warning",
        server_header=False,
        date_header=False,
        backlog=BACKLOG,
    )


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
