"""What is called once the conversation is secure. A further operation is one more entry in `OPERATIONS`."""
import uuid
from collections.abc import Callable
from dataclasses import dataclass

from .names import HL7
from .replies import insist, only

HL7_ACTIONS = "http://tempuri.org/IPersonRegistry"
PERSONS = "http://register.nhn.no/PR"
PERSON_ACTIONS = f"{PERSONS}/IPersonService"
DATA = "http://schemas.datacontract.org/2004/07/NHN.Contracts.Data"


@dataclass(frozen=True)
class Operation:
    """Where it is, what it is called, the body that asks for a number, and the check that the answer is about it.

    `check` raises `Breach`.
    """

    path: str
    action: str
    reply_action: str
    body: Callable[[str], str]
    check: Callable[[object, str], None]


def root_of(number):
    """As both known clients choose it: by the first digit (part 5.2)."""
    kind = 3 if number[0] in "89" else 2 if number[0] in "4567" else 1
    return f"2.16.578.1.12.4.1.4.{kind}"


def get_demographics(number):
    return (
        '<t:GetDemographics xmlns:t="http://tempuri.org/" xmlns="urn:hl7-org:v3"'
        ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><t:query>'
        f'<id root="1.2.3.4" extension="{uuid.uuid4()}"/><versionCode code="NE2010NO"/>'
        '<interactionId root="2.16.840.1.113883.1.6" extension="PRPA_IN101307NO01"/>'
        '<processingCode code="T"/><processingModeCode code="T"/>'
        '<receiver typeCode="RCV"><device classCode="DEV" determinerCode="INSTANCE">'
        '<id root="2.16.578.1.12.4.5.1.1"/></device></receiver>'
        '<controlActProcess classCode="CACT" moodCode="APT"><queryByParameter><parameterList>'
        f'<identifiedPersonIdentifier><value root="{root_of(number)}" extension="{number}"/>'
        "</identifiedPersonIdentifier></parameterList></queryByParameter></controlActProcess>"
        "</t:query></t:GetDemographics>"
    )


def check_demographics(body, number):
    names = {"t": "http://tempuri.org/", "v": HL7}
    insist(body.tag == "{http://tempuri.org/}GetDemographicsResponse", "2.1", f"the body is {body.tag}")
    result = only(body.findall("t:GetDemographicsResult", names), "2.1", "GetDemographicsResult")
    answer = result.find("v:controlActProcess/v:queryAck/v:queryResponseCode", names)
    insist(answer is not None and answer.get("code") == "OK", "2.2 rule 5", "queryResponseCode is not OK")
    role = only(
        result.findall("v:controlActProcess/v:subject/v:registrationEvent/v:subject1/v:identifiedPerson", names),
        "2.2 rule 6",
        "identifiedPerson",
    )
    identifier = role.find("v:id", names)
    insist(identifier is not None and identifier.get("extension") == number, "2.2 rule 6", "it is another person")


def get_person(number):
    return (
        f'<GetPerson xmlns="{PERSONS}"><parameters xmlns:b="{DATA}" xmlns:i="http://www.w3.org/2001/XMLSchema-instance">'
        f'<b:Date i:nil="true"/><b:NIN>{number}</b:NIN></parameters></GetPerson>'
    )


def check_person(body, number):
    insist(body.tag == f"{{{PERSONS}}}GetPersonResponse", "1.9", f"the body is {body.tag}")
    result = only(body.findall(f"{{{PERSONS}}}GetPersonResult"), "1.9", "GetPersonResult")
    names = [member.tag.removeprefix(f"{{{PERSONS}}}") for member in result]
    insist(len(names) == 28 and names == sorted(names), "1.5", "it has not all members in their order")
    insist(result.findtext(f"{{{PERSONS}}}NIN") == number, "1.5", "it is another person")


OPERATIONS = {
    "GetDemographics": Operation(
        path="/Personregister.HL7/HL7/PersonRegistry.svc",
        action=f"{HL7_ACTIONS}/GetDemographics",
        reply_action=f"{HL7_ACTIONS}/GetDemographicsResponse",
        body=get_demographics,
        check=check_demographics,
    ),
    "GetPerson": Operation(
        path="/Personregister.WCF/PersonService.svc",
        action=f"{PERSON_ACTIONS}/GetPerson",
        reply_action=f"{PERSON_ACTIONS}/GetPersonResponse",
        body=get_person,
        check=check_person,
    ),
}
