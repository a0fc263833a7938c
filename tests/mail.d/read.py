"""Reads the mails of a folder with the e-mail reader of Python and the package icalendar: prints one JSON object a mail, and leaves
each calendar beside its mail for the other parser."""

import datetime
import email
import email.policy
import json
import pathlib
import sys

import icalendar

UTC = datetime.timezone.utc


def seconds(moment):
    assert moment.tzinfo is not None, f"{moment} floats"
    return int(moment.astimezone(UTC).timestamp())


def by_own_zone(calendar, event, name):
    """The moment by the VTIMEZONE that the mail brings, not by the database of this machine."""
    moment, zone = event[name].dt, event[name].params.get("TZID")
    if zone is None:
        return seconds(moment)
    [definition] = [part for part in calendar.walk("VTIMEZONE") if part["TZID"] == zone]
    return seconds(moment.replace(tzinfo=definition.to_tz(lookup_tzid=False)))


for path in sorted(pathlib.Path(sys.argv[1]).glob("*.eml")):
    message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    assert not message.defects, f"{path}: {message.defects}"
    parts = [(part.get_content_type(), part) for part in message.walk() if not part.is_multipart()]
    assert [kind for kind, _ in parts] == ["text/plain", "text/calendar", "application/ics"], f"{path}: {parts}"
    text, calendar_part, file = (part for _, part in parts)
    raw = calendar_part.get_payload(decode=True)
    assert raw == file.get_payload(decode=True), f"{path}: two calendars"
    path.with_suffix(".ics").write_bytes(raw)
    calendar = icalendar.Calendar.from_ical(raw)
    [event] = calendar.walk("VEVENT")
    assert not event.errors, f"{path}: {event.errors}"
    method = str(calendar["METHOD"])
    assert calendar_part.get_param("method") == method, f"{path}: the part is no {method}"
    start, end = (seconds(event[name].dt) for name in ("DTSTART", "DTEND"))
    assert [start, end] == [by_own_zone(calendar, event, name) for name in ("DTSTART", "DTEND")], f"{path}: its zone is not that of the world"
    print(json.dumps({
        "to": message["to"].addresses[0].addr_spec,
        "attendee": str(event["ATTENDEE"]).removeprefix("mailto:"),
        "organizer": str(event["ORGANIZER"]).removeprefix("mailto:"),
        "name": str(event["ATTENDEE"].params["CN"]),
        "method": method,
        "uid": str(event["UID"]),
        "sequence": int(event["SEQUENCE"]),
        "status": str(event["STATUS"]),
        "start": start,
        "end": end,
        "summary": str(event["SUMMARY"]),
        "subject": message["subject"],
        "text": text.get_content().replace("\r\n", "\n").split("\n")[4],
    }, ensure_ascii=False))
