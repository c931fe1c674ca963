"""Runs all six operations of IPersonRegistry with zeep, a SOAP client by others, and prints each answer as a line of JSON.

Arguments: address of the WSDL, file of the certificate to trust, user name, password, and the number of a resident.
"""
import datetime
import json
import sys

import requests
import zeep
from zeep.wsse.username import UsernameToken
from zeep.wsse.utils import WSU

HL7 = "urn:hl7-org:v3"
FODSELSNUMMER = "2.16.578.1.12.4.1.4.1"
HELP_NUMBER = "2.16.578.1.12.4.1.4.3"
REQUEST_TYPES = {
    "FindCandidates": "PRPA_IN101305NO01",
    "GetDemographics": "PRPA_IN101307NO01",
    "AddPerson": "PRPA_IN101311NO01",
    "RevisePersonRecord": "PRPA_IN101314NO01",
    "LinkPersonRecords": "PRPA_IN101901NO01",
    "UnlinkPersonRecords": "PRPA_IN101911NO01",
}


class NameText(zeep.Plugin):
    """Puts text into the parts of names: zeep has no place for text in types that may hold elements as well."""

    def __init__(self):
        self.texts = []

    def egress(self, envelope, http_headers, operation, binding_options):
        parts = [*envelope.iter(f"{{{HL7}}}given"), *envelope.iter(f"{{{HL7}}}family")]
        for part, text in zip(parts, self.texts, strict=True):
            part.text = text
        return envelope, http_headers


def name():
    return {"use": ["L"], "_value_1": [{"given": {"qualifier": []}}, {"family": {"qualifier": []}}]}


def message(operation, message_id, control_act):
    return {
        "id": {"root": "1.2.3.4", "extension": message_id},
        "versionCode": {"code": "NE2010NO"},
        "interactionId": {"root": "2.16.840.1.113883.1.6", "extension": REQUEST_TYPES[operation]},
        "processingCode": {"code": "T"},
        "processingModeCode": {"code": "T"},
        "receiver": {
            "typeCode": "RCV",
            "device": {"classCode": "DEV", "determinerCode": "INSTANCE", "id": {"root": "2.16.578.1.12.4.5.1.1"}},
        },
        "controlActProcess": {"classCode": "CACT", "moodCode": "APT", **control_act},
    }


def query(parameters):
    return {"queryByParameter": {"parameterList": parameters}}


def registration(role):
    return {
        "subject": {
            "typeCode": "SUBJ",
            "contextConductionInd": False,
            "registrationRequest": {
                "classCode": "REG",
                "moodCode": "RQO",
                "subject1": {"typeCode": "SBJ", "identifiedPerson": {"classCode": "IDENT", **role}},
                "author": zeep.xsd.Nil,
            },
        }
    }


def person(born):
    return {
        "classCode": "PSN",
        "determinerCode": "INSTANCE",
        "name": [name()],
        "administrativeGenderCode": {"code": "F", "codeSystem": "2.16.840.1.113883.5.1"},
        "birthTime": {"value": born},
    }


def pair(survivor, superseded, several):
    """The schema lets a link name several superseded numbers, where undoing one names a single one."""
    other = {
        "typeCode": "IDENT",
        "otherIdentifiedPerson": {"classCode": "IDENT", "id": {"root": HELP_NUMBER, "extension": superseded}},
    }
    role = {"id": [{"root": FODSELSNUMMER, "extension": survivor}], "identifiedBy": [other] if several else other}
    return registration(role)


class Register:
    def __init__(self, wsdl, certificate, username, password):
        session = requests.Session()
        session.verify = certificate
        # Certificates, proxies and passwords of this machine are none of the test's business.
        session.trust_env = False
        self.text = NameText()
        self.client = zeep.Client(wsdl, transport=zeep.transports.Transport(session=session), plugins=[self.text])
        now = datetime.datetime.now(datetime.timezone.utc)
        written = "%Y-%m-%dT%H:%M:%S.000Z"
        timestamp = WSU.Timestamp(
            WSU.Created(now.strftime(written)), WSU.Expires((now + datetime.timedelta(minutes=5)).strftime(written))
        )
        self.client.wsse = UsernameToken(username, password, timestamp_token=timestamp)
        self.count = 0

    def call(self, operation, control_act, texts=()):
        self.count += 1
        self.text.texts = list(texts)
        wrapper = "query" if operation in ("FindCandidates", "GetDemographics") else "request"
        content = message(operation, f"zeep-{self.count}", control_act)
        reply = getattr(self.client.service, operation)(**{wrapper: content})
        print(json.dumps({"operation": operation, **told(reply)}), flush=True)
        return reply


def told(reply):
    """What the reply says, by the paths that the WSDL promises."""
    process = reply.controlActProcess
    subjects = getattr(process, "subject", None) or []
    roles = [subject.registrationEvent.subject1.identifiedPerson for subject in subjects]
    answer = getattr(process, "queryAck", None)
    return {
        "interaction": reply.interactionId.extension,
        "acknowledgement": reply.acknowledgement[0].typeCode,
        "target": reply.acknowledgement[0].targetMessage.id.extension,
        "response": answer.queryResponseCode.code if answer else None,
        "total": int(answer.resultTotalQuantity.value) if answer else None,
        "numbers": [role.id[0].extension for role in roles],
        "born": [role.identifiedPerson.birthTime.value for role in roles if role.identifiedPerson.birthTime],
        "linked": [
            other.otherIdentifiedPerson.id.extension for role in roles for other in getattr(role, "identifiedBy", [])
        ],
    }


def main(wsdl, certificate, username, password, resident):
    register = Register(wsdl, certificate, username, password)
    names = ["TURISTINE", "ZEEPESEN"]
    added = register.call("AddPerson", registration({"identifiedPerson": person("19900210")}), names)
    number = added.controlActProcess.subject[0].registrationEvent.subject1.identifiedPerson.id[0].extension
    by_number = query({"identifiedPersonIdentifier": {"value": {"root": HELP_NUMBER, "extension": number}}})
    register.call("GetDemographics", by_number)
    found_by = query({"personName": [{"value": [name()]}], "personBirthTime": [{"value": [{"value": "19900210"}]}]})
    register.call("FindCandidates", found_by, names)
    revised = {"id": [{"root": HELP_NUMBER, "extension": number}], "identifiedPerson": person("19900211")}
    register.call("RevisePersonRecord", registration(revised), names)
    register.call("LinkPersonRecords", pair(resident, number, several=True))
    register.call("GetDemographics", by_number)
    register.call("UnlinkPersonRecords", pair(resident, number, several=False))
    register.call("GetDemographics", by_number)


main(*sys.argv[1:])
