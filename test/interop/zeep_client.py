"""Looks a person up with zeep, a SOAP client by others, and prints what it reads as JSON.

Arguments: address of the WSDL, file of the certificate to trust, user name, password, number, its OID root, and `digest`
if a digest is to be sent in place of the password.
"""
import datetime
import json
import sys

import requests
import zeep
from zeep.plugins import HistoryPlugin
from zeep.wsse.username import UsernameToken
from zeep.wsse.utils import WSU

HL7 = "{urn:hl7-org:v3}"


def role_in(reply):
    """The person's role, by the path that the WSDL promises."""
    return reply.controlActProcess.subject[0].registrationEvent.subject1.identifiedPerson


def text_parts(envelope, element):
    """Parts of every name or address: zeep leaves out text that is mixed with elements, so they come from its tree."""
    person = envelope.find(f".//{HL7}identifiedPerson/{HL7}identifiedPerson")
    return [
        [
            [part.tag.removeprefix(HL7), part.get("qualifier"), part.text]
            for part in value
            if part.tag != f"{HL7}validTime"
        ]
        for value in person.findall(HL7 + element)
    ]


def person_in(reply, envelope):
    role = role_in(reply)
    person = role.identifiedPerson
    return {
        "id": [role.id[0].root, role.id[0].extension],
        "innerId": [person.id[0].root, person.id[0].extension],
        "confidentiality": [code.code for code in role.confidentialityCode],
        "nameUses": [name.use for name in person.name],
        "names": text_parts(envelope, "name"),
        "gender": person.administrativeGenderCode.code,
        "born": person.birthTime.value,
        "deceased": person.deceasedInd.value,
        "addressUses": [address.use for address in person.addr],
        "addresses": text_parts(envelope, "addr"),
        "maritalStatus": [person.maritalStatusCode.code, person.maritalStatusCode.displayName],
        "relations": [
            [relation.code.code, relation.relationshipHolder.id[0].root, relation.relationshipHolder.id[0].extension]
            for relation in person.personalRelationship
        ],
    }


def message(number, root):
    return {
        "id": {"root": "1.2.3.4", "extension": "zeep"},
        "versionCode": {"code": "NE2010NO"},
        "interactionId": {"root": "2.16.840.1.113883.1.6", "extension": "PRPA_IN101307NO01"},
        "processingCode": {"code": "T"},
        "processingModeCode": {"code": "T"},
        "receiver": {
            "typeCode": "RCV",
            "device": {
                "classCode": "DEV",
                "determinerCode": "INSTANCE",
                "id": {"root": "2.16.578.1.12.4.5.1.1"},
            },
        },
        "controlActProcess": {
            "classCode": "CACT",
            "moodCode": "APT",
            "queryByParameter": {
                "parameterList": {
                    "identifiedPersonIdentifier": {"value": {"root": root, "extension": number}}
                }
            },
        },
    }


def timestamp():
    now = datetime.datetime.now(datetime.timezone.utc)
    written = "%Y-%m-%dT%H:%M:%S.000Z"
    return WSU.Timestamp(
        WSU.Created(now.strftime(written)),
        WSU.Expires((now + datetime.timedelta(minutes=5)).strftime(written)),
    )


def main(wsdl, certificate, username, password, number, root, kind="text"):
    session = requests.Session()
    session.verify = certificate
    # Certificates, proxies and passwords of this machine are none of the test's business.
    session.trust_env = False
    history = HistoryPlugin()
    client = zeep.Client(wsdl, transport=zeep.transports.Transport(session=session), plugins=[history])
    client.wsse = UsernameToken(username, password, timestamp_token=timestamp(), use_digest=kind == "digest")
    try:
        reply = client.service.GetDemographics(query=message(number, root))
    except zeep.exceptions.Fault as fault:
        return {
            "fault": fault.message,
            "code": fault.code,
            "subcodes": [str(code) for code in fault.subcodes],
        }
    acknowledgement = reply.acknowledgement[0]
    answer = reply.controlActProcess.queryAck
    return {
        "acknowledgement": acknowledgement.typeCode,
        "target": acknowledgement.targetMessage.id.extension,
        "details": [detail.code.code for detail in acknowledgement.acknowledgementDetail],
        "response": answer.queryResponseCode.code,
        "total": int(answer.resultTotalQuantity.value),
        "person": person_in(reply, history.last_received["envelope"]) if reply.controlActProcess.subject else None,
    }


print(json.dumps(main(*sys.argv[1:])))
