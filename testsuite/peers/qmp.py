# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""A client of QMP, by its specification (QEMU's docs/interop/qmp-spec.txt) and nothing else."""

import contextlib
import json
import socket


class QmpError(Exception):
    """The server has answered with an error."""

    def __init__(self, error):
        super().__init__(f"{error['class']}: {error['desc']}")
        self.kind = error["class"]
        self.message = error["desc"]


class Qmp:
    def __init__(self, path, negotiate=True, patience=120):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.settimeout(patience)
        self.socket.connect(str(path))
        self.lines = self.socket.makefile("r", encoding="utf-8")
        self.events = []
        self.greeting = self.receive()["QMP"]
        if negotiate:
            self.run("qmp_capabilities")

    def send(self, text):
        self.socket.sendall(text.encode() if isinstance(text, str) else text)

    def receive(self):
        line = self.lines.readline()
        if not line:
            raise ConnectionError("the server has closed the connection")
        return json.loads(line)

    def answer(self):
        """The next answer; what happens before it is kept among the events."""
        while "event" in (message := self.receive()):
            self.events.append(message)
        return message

    def run(self, command, **arguments):
        """The arguments have '_' where their names have '-'; those that have not end in '_'."""
        names = {
            name: name[:-1] if name.endswith("_") else name.replace("_", "-") for name in arguments
        }
        message = {"execute": command}
        if arguments:
            message["arguments"] = {names[name]: value for name, value in arguments.items()}
        self.send(json.dumps(message))
        answer = self.answer()
        if "error" in answer:
            raise QmpError(answer["error"])
        return answer["return"]

    def wait_event(self, name):
        while True:
            for index, event in enumerate(self.events):
                if event["event"] == name:
                    return self.events.pop(index)
            message = self.receive()
            assert "event" in message, message
            self.events.append(message)

    def close(self):
        self.lines.close()
        self.socket.close()


@contextlib.contextmanager
def connected(path, **options):
    client = Qmp(path, **options)
    try:
        yield client
    finally:
        client.close()
