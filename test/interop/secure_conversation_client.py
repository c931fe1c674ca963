"""Holds a secure conversation as a WCF client of 2011 does, rightly and wrongly, and judges every answer.

Prints one JSON line per step: {"step", "ok", and "status" or "fault" where there is one, or "why" it is not ok}.
With --self-check it judges itself instead, without a service.
"""
import argparse
import json
import os
import re
import sys

from wcf import self_check
from wcf.client import Client
from wcf.names import (
    BAD_CONTEXT_TOKEN,
    CONVERSATION,
    FAILED_AUTHENTICATION,
    INVALID_REQUEST,
    INVALID_SECURITY,
    UNREADABLE,
)
from wcf.operations import OPERATIONS
from wcf.replies import Breach, insist, read_answer, read_secured_fault, read_security_fault
from wcf.requests import trace_header, urn
from wcf.security import instant, sign_with_xmlsec1, timestamp, window
from wcf.sessions import read_cancelled, read_issued, read_renewed

CALLS = 100


class Scenario:
    """The steps in the order of `run`; a step that needs what an earlier one did not bring fails."""

    def __init__(self, client, number):
        self.client = client
        self.number = number
        self.first = None
        self.renewed = None

    def answered(self, reply):
        operation = self.client.operation
        operation.check(read_answer(reply, operation.reply_action), self.number)
        return {"status": reply.status}

    def refused(self, reply, fault):
        read = read_security_fault(reply, fault)
        return {"status": reply.status, "fault": read.subcode, "reason": read.reason, "secured": False}

    def refused_in_security(self, reply, fault):
        read = read_secured_fault(reply, fault)
        return {"status": reply.status, "fault": read.subcode, "secured": True}

    def call(self, session, **options):
        insist(session is not None, "-", "there is no session")
        return self.client.call(session, self.number, **options)

    def issue(self):
        reply, entropy = self.client.issue()
        self.first = read_issued(reply, entropy)
        return {"status": reply.status}

    def many_calls(self):
        for _ in range(CALLS):
            self.answered(self.call(self.first))
        return {"calls": CALLS}

    def signed_by_xmlsec1(self):
        return self.answered(self.call(self.first, sign=sign_with_xmlsec1))

    def other_prefixes(self):
        """As a stack of another make writes it: prefixes of its own, and lines."""

        def sign(message, key):
            prefixed = re.sub(r"\bu:", "wsu:", message.replace("xmlns:u=", "xmlns:wsu="))
            lined = prefixed.replace("<wsu:Created>", "\n  <wsu:Created>").replace("<wsu:Expires>", "\n  <wsu:Expires>")
            signature = re.search("<Signature .*</Signature>", lined).group()
            named = re.sub(r"<(/?)([A-Z])", r"<\1ds:\2", signature).replace("xmlns=", "xmlns:ds=")
            return sign_with_xmlsec1(lined.replace(signature, named), key)

        return self.answered(self.call(self.first, sign=sign))

    def traced_call(self):
        return self.answered(self.call(self.first, extra=trace_header()))

    def slow_clock(self):
        """Nine minutes behind: Expires is four minutes past."""
        return self.answered(self.call(self.first, stamp=timestamp(*window(-9))))

    def fast_clock(self):
        return self.answered(self.call(self.first, stamp=timestamp(*window(4))))

    def renew(self):
        insist(self.first is not None, "-", "there is no session")
        reply, entropy = self.client.renew(self.first)
        self.renewed = read_renewed(reply, entropy, self.first)
        return {"status": reply.status}

    def new_key(self):
        return self.answered(self.call(self.renewed))

    def old_key(self):
        return self.answered(self.call(self.first))

    def old_token_with_new_key(self):
        insist(self.renewed is not None, "-", "there is no renewed session")
        return self.refused(self.call(self.first, key=self.renewed.key), INVALID_SECURITY)

    def wrong_key(self):
        return self.refused(self.call(self.first, key=os.urandom(32)), INVALID_SECURITY)

    def changed_timestamp(self):
        def later(message):
            expires = re.search(r"<u:Expires>([^<]*)", message).group(1)
            return message.replace(expires, instant(window(1)[1]))

        return self.refused(self.call(self.first, alter=later), INVALID_SECURITY)

    def wrapped_timestamp(self):
        """The signed Timestamp moved to where nobody looks, and another in its place."""

        def wrap(message):
            signed = re.search(r"<u:Timestamp .*?</u:Timestamp>", message).group()
            moved = message.replace(signed, timestamp(*window(), identifier="_1"))
            return moved.replace("</s:Header>", f'<x:Aside xmlns:x="urn:aside">{signed}</x:Aside></s:Header>')

        return self.refused(self.call(self.first, alter=wrap), INVALID_SECURITY)

    def stale_call(self):
        return self.refused(self.call(self.first, stamp=timestamp(*window(-15))), INVALID_SECURITY)

    def unknown_token(self):
        """A token of somebody else's making."""
        insist(self.first is not None, "-", "there is no session")
        local_id = self.first.reference.removeprefix("#")
        token = (
            f'<c:SecurityContextToken u:Id="{local_id}" xmlns:c="{CONVERSATION}">'
            f"<c:Identifier>{urn()}</c:Identifier></c:SecurityContextToken>"
        )
        return self.refused(self.call(self.first, token=token), BAD_CONTEXT_TOKEN)

    def truncated_token(self):
        """The last text of the token, whatever it is, cut to half."""
        insist(self.first is not None, "-", "there is no session")
        *_, last = re.finditer(r">([^<>\s]+)<", self.first.token)
        middle = last.start(1) + len(last.group(1)) // 2
        token = self.first.token[:middle] + self.first.token[last.end(1) :]
        return self.refused(self.call(self.first, token=token), BAD_CONTEXT_TOKEN)

    def wrong_password(self):
        reply, _ = self.client.issue(password="not-the-password")
        return self.refused(reply, FAILED_AUTHENTICATION)

    def stale_issue(self):
        reply, _ = self.client.issue(stamp=timestamp(*window(-15)))
        return self.refused(reply, INVALID_SECURITY)

    def early_issue(self):
        reply, _ = self.client.issue(stamp=timestamp(*window(6)))
        return self.refused(reply, INVALID_SECURITY)

    def issue_without_timestamp(self):
        reply, _ = self.client.issue(stamp="")
        return self.refused(reply, INVALID_SECURITY)

    def short_entropy(self):
        reply, _ = self.client.issue(entropy_bytes=16)
        return self.refused_in_security(reply, INVALID_REQUEST)

    def unreadable_body(self):
        """A fault that is none of security's, in the middle of a session."""
        insist(self.first is not None, "-", "there is no session")
        reply = self.client.send(self.first, self.client.operation.action, '<x xmlns="urn:other"/>')
        return self.refused_in_security(reply, UNREADABLE)

    def cancel(self):
        insist(self.renewed is not None, "-", "there is no renewed session")
        reply = self.client.cancel(self.renewed)
        read_cancelled(reply)
        return {"status": reply.status}

    def cancelled_token(self):
        return self.refused(self.call(self.renewed), BAD_CONTEXT_TOKEN)

    def cancelled_old_token(self):
        return self.refused(self.call(self.first), BAD_CONTEXT_TOKEN)

    def another_session(self):
        """What a client does after a BadContextToken."""
        cancelled = self.first
        self.issue()
        insist(cancelled is None or self.first.identifier != cancelled.identifier, "1.5 step 2", "the same session")
        return self.answered(self.call(self.first))

    def run(self):
        yield "issue", self.issue
        yield "100 calls", self.many_calls
        yield "signed by xmlsec1", self.signed_by_xmlsec1
        yield "other prefixes", self.other_prefixes
        yield "trace header", self.traced_call
        yield "clock 9 minutes behind", self.slow_clock
        yield "clock 4 minutes ahead", self.fast_clock
        yield "renew", self.renew
        yield "new key", self.new_key
        yield "old key", self.old_key
        yield "old token with new key", self.old_token_with_new_key
        yield "wrong key", self.wrong_key
        yield "changed Timestamp", self.changed_timestamp
        yield "wrapped Timestamp", self.wrapped_timestamp
        yield "stale call", self.stale_call
        yield "unknown token", self.unknown_token
        yield "truncated token", self.truncated_token
        yield "wrong password", self.wrong_password
        yield "stale issue", self.stale_issue
        yield "early issue", self.early_issue
        yield "issue without Timestamp", self.issue_without_timestamp
        yield "short entropy", self.short_entropy
        yield "unreadable body", self.unreadable_body
        yield "cancel", self.cancel
        yield "cancelled token", self.cancelled_token
        yield "cancelled old token", self.cancelled_old_token
        yield "another session", self.another_session


def judged(step):
    try:
        return {"ok": True, **step()}
    except Breach as breach:
        return {"ok": False, "why": str(breach)}
    # A reply so strange that no rule foresees it is one step's failure, not the program's.
    except Exception as error:
        return {"ok": False, "why": f"{type(error).__name__}: {error}"}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("url", help="https://host:port of the service")
    parser.add_argument("ca_file")
    parser.add_argument("user")
    parser.add_argument("password")
    parser.add_argument("number")
    parser.add_argument("--operation", choices=OPERATIONS, default="GetDemographics")
    given = parser.parse_args()
    client = Client(given.url, given.ca_file, given.user, given.password, OPERATIONS[given.operation])
    steps = Scenario(client, given.number).run()
    for name, step in steps:
        print(json.dumps({"step": name, **judged(step)}), flush=True)


if sys.argv[1:] == ["--self-check"]:
    for name, step in self_check.CHECKS:
        print(json.dumps({"step": name, **judged(step)}))
else:
    main()
