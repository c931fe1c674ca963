"""Speaks MLLP with python-hl7, by others, and prints what its parser reads of each answer as a line of JSON.

Arguments: port, encoding, and files of messages. All messages are sent before the first answer is read.
"""
import asyncio
import json
import sys

import hl7
from hl7.mllp import open_hl7_connection


class Answer:
    def __init__(self, message):
        self.message = message

    def named(self, name):
        return [segment for segment in self.message if str(segment[0]) == name]

    def text(self, segment, field, component=1, subcomponent=1):
        """What stands there, escape sequences resolved; empty where there is no such place."""
        try:
            return segment.extract_field(1, field, 1, component, subcomponent)
        except IndexError:
            return ""

    def texts(self, name, *fields):
        return [[self.text(segment, field) for field in fields] for segment in self.named(name)]

    def person(self, segment):
        return {
            "numbers": [str(repetition(1)) for repetition in segment(3)],
            "domain": self.text(segment, 3, 4, 2),
            "name": [self.text(segment, 5, part) for part in (1, 2, 3)],
            "born": self.text(segment, 7),
            "sex": self.text(segment, 8),
            "street": self.text(segment, 11),
            "place": self.text(segment, 11, 3),
        }

    def told(self):
        header = self.named("MSH")[0]
        return {
            "type": [self.text(header, 9, part) for part in (1, 2)],
            "charset": self.text(header, 18),
            "acknowledgement": self.texts("MSA", 1, 2),
            "severity": self.texts("ERR", 4),
            "query": self.texts("QAK", 1, 2, 4),
            "people": [self.person(segment) for segment in self.named("PID")],
        }


async def main(port, encoding, *files):
    reader, writer = await open_hl7_connection("127.0.0.1", int(port), encoding=encoding)
    for file in files:
        with open(file, encoding=encoding, newline="") as content:
            writer.writemessage(hl7.parse(content.read()))
    for _ in files:
        print(json.dumps(Answer(await reader.readmessage()).told()), flush=True)
    writer.close()


asyncio.run(main(*sys.argv[1:]))
