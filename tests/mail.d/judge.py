"""Compares what both parsers read with each other and with what was asked for: the times of an appointment, one by one."""

import collections
import json
import sys

ours, theirs = ([json.loads(line) for line in open(path, encoding="utf-8")] for path in sys.argv[1:3])
times, people = [int(time) for time in sys.argv[3].split(",")], sys.argv[4].split(",")
assert len(ours) == len(theirs) == len(people) * (len(times) + 1), f"{len(ours)} and {len(theirs)} mails"
for mine, other in zip(ours, theirs):
    both = {key: mine[key] for key in other}
    assert both == other, f"the parsers disagree:\n{both}\n{other}"
assert len({mail["uid"] for mail in ours}) == 1, "more than one UID"
by_person = collections.defaultdict(list)
for mail in ours:
    assert mail["to"] == mail["attendee"]
    by_person[mail["to"]].append(mail)
assert sorted(by_person) == sorted(people), sorted(by_person)
expected = [("REQUEST", "CONFIRMED", number, time) for number, time in enumerate(times)] + [("CANCEL", "CANCELLED", len(times), times[-1])]
for mails in by_person.values():
    told = [(mail["method"], mail["status"], mail["sequence"], mail["start"]) for mail in mails]
    assert told == expected, f"{told}\n{expected}"
    assert all(mail["end"] - mail["start"] == 30 * 60 for mail in mails)
for mail in by_person[people[0]]:
    print(f"  {mail['method']:8} SEQUENCE {mail['sequence']}  {mail['text']}")
