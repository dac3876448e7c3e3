"""How long pycadf takes to build the event that `cadf.rs` reads and validates as `built`; see README.md.

    python3 -m venv venv && venv/bin/pip install pycadf==4.1.0 && venv/bin/python pycadf_build.py [--print]
"""

import json
import sys
import timeit

from pycadf import attachment, cadftaxonomy, cadftype, credential, endpoint, event, host, reason, reporterstep
from pycadf import resource, tag

TIME = "2026-03-01T08:15:30.250000+0000"


def build():
    """An event as keystonemiddleware makes one."""
    initiator = resource.Resource(
        id="4f1f1b1c-7a53-5d3c-9f3e-0d8a5a1e2b01",
        typeURI=cadftaxonomy.ACCOUNT_USER,
        name="operator",
        host=host.Host(address="192.0.2.17", agent="openstacksdk/3.0.0 keystoneauth1/5.6.0 CPython/3.12.3"),
        credential=credential.Credential(token="0123456789abcdef", type="token"),
    )
    target = resource.Resource(
        id="7d0c2a64-2f0e-5c59-8a53-61f8f1b8b702",
        typeURI="service/compute/servers",
        name="nova",
    )
    for name, address in (("admin", "http://10.0.0.5:8774/v2.1"), ("public", "http://203.0.113.7:8774/v2.1")):
        target.add_address(endpoint.Endpoint(url=address, name=name))
    observer = resource.Resource(
        id="0b6e6f6e-0f1d-53a8-b1a5-94c3b2a4d203", typeURI="service/compute", name="nova-api"
    )
    made = event.Event(
        eventType=cadftype.EVENTTYPE_ACTIVITY,
        id="9e3b1f3a-9c0f-5f7e-8f43-2c8d3b5c6a04",
        eventTime=TIME,
        action=cadftaxonomy.ACTION_CREATE,
        outcome=cadftaxonomy.OUTCOME_SUCCESS,
        initiator=initiator,
        target=target,
        observer=observer,
        reason=reason.Reason(reasonType="http://www.iana.org/assignments/http-status-codes", reasonCode="202"),
        name="create server",
        severity="low",
    )
    made.add_tag(tag.generate_name_value_tag("correlation_id", "79a738d0-b97d-556e-9efe-d99536267d1e"))
    made.add_attachment(
        attachment.Attachment(typeURI="mime:application/json", content='{"name":"web-1"}', name="payload")
    )
    made.add_reporterstep(
        reporterstep.Reporterstep(role=cadftype.REPORTER_ROLE_MODIFIER, reporter=observer, reporterTime=TIME)
    )
    return made


def write():
    """The event as JSON."""
    return json.dumps(build().as_dict())


def best(work, number=2000, rounds=15):
    """Microseconds for one, of the best round."""
    return min(timeit.repeat(work, number=number, repeat=rounds)) / number * 1e6


if __name__ == "__main__":
    if "--print" in sys.argv:
        print(write())
    else:
        print(f"build            {best(build):8.1f} us")
        print(f"build and write  {best(write):8.1f} us")
