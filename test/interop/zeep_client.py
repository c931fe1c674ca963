"""Looks a person up with zeep, a SOAP client by others, and prints what it reads as JSON.

Arguments: address of the WSDL, file of the certificate to trust, user name, password, number, and its OID root.
"""
import datetime
import json
import sys

import requests
import zeep
from zeep.wsse.username import UsernameToken
from zeep.wsse.utils import WSU

wsdl, certificate, username, password, number, root = sys.argv[1:]

session = requests.Session()
session.verify = certificate
# Certificates, proxies and passwords of this machine are none of the test's business.
session.trust_env = False
client = zeep.Client(wsdl, transport=zeep.transports.Transport(session=session))

now = datetime.datetime.now(datetime.timezone.utc)
written = "%Y-%m-%dT%H:%M:%S.000Z"
timestamp = WSU.Timestamp(
    WSU.Created(now.strftime(written)),
    WSU.Expires((now + datetime.timedelta(minutes=5)).strftime(written)),
)
client.wsse = UsernameToken(username, password, timestamp_token=timestamp)

try:
    reply = client.service.GetDemographics(
        query={
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
    )
except zeep.exceptions.Fault as fault:
    print(json.dumps({"fault": fault.message, "code": fault.code, "subcodes": [str(code) for code in fault.subcodes]}))
    sys.exit(0)


print(json.dumps(zeep.helpers.serialize_object(reply, dict), default=str))
