"""Runs all eight operations of IPersonService with zeep, a SOAP client by others, and prints each answer as a line of JSON.

Arguments: address of the WSDL, file of the certificate to trust, user name, password, an instant, and numbers.
"""
import datetime
import decimal
import json
import sys

import requests
import zeep
from zeep.helpers import serialize_object
from zeep.wsse.username import UsernameToken
from zeep.wsse.utils import WSU


def plain(value):
    if isinstance(value, (datetime.datetime, datetime.date)):
        return value.isoformat()
    if isinstance(value, decimal.Decimal):
        return float(value)
    raise TypeError(type(value))


def service_of(wsdl, certificate, username, password):
    session = requests.Session()
    session.verify = certificate
    # Certificates, proxies and passwords of this machine are none of the test's business.
    session.trust_env = False
    client = zeep.Client(wsdl, transport=zeep.transports.Transport(session=session))
    now = datetime.datetime.now(datetime.timezone.utc)
    written = "%Y-%m-%dT%H:%M:%S.000Z"
    timestamp = WSU.Timestamp(
        WSU.Created(now.strftime(written)), WSU.Expires((now + datetime.timedelta(minutes=5)).strftime(written))
    )
    client.wsse = UsernameToken(username, password, timestamp_token=timestamp)
    return client.service


def main(wsdl, certificate, username, password, since, *numbers):
    service = service_of(wsdl, certificate, username, password)

    def call(operation, **parameters):
        result = serialize_object(getattr(service, operation)(**parameters), dict)
        print(json.dumps({"operation": operation, "result": result}, default=plain), flush=True)

    first = numbers[0]
    for number in numbers:
        call("GetPerson", parameters={"NIN": number})
    call("GetPersons", listOfNIN={"string": list(numbers)})
    call("GetAddresses", parameters={"NIN": first, "Date": datetime.datetime(2010, 6, 1)})
    constraints = {"KeyValuePairOfstringstring": [{"key": "CurrentAddress", "value": "true"}]}
    call("GetAddressesAdvanced", parameters={"ListOfNIN": {"string": list(numbers)}, "SearchConstraints": constraints})
    call("GetChildren", NIN=first)
    call(
        "Search",
        parameters={
            "LastName": "Granbar",
            "DateOfBirth": datetime.datetime(1984, 6, 11),
            "ResultsPerPage": 5,
            "SearchFhNumberPersonsToo": False,
        },
    )
    interval = {"from": datetime.datetime.fromisoformat(since), "to": None}
    call("GetChanges", **interval)
    call("GetIdentityChanges", **interval)


main(*sys.argv[1:])
