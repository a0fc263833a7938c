// Reads the calendars of a folder with ical.js: prints one JSON object a calendar. Zones are those that the calendars bring.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ICAL from "ical.js";

const folder = process.argv[2];
for (const name of readdirSync(folder).filter((name) => name.endsWith(".ics")).sort()) {
    const calendar = new ICAL.Component(ICAL.parse(readFileSync(join(folder, name), "utf8")));
    for (const zone of calendar.getAllSubcomponents("vtimezone")) {
        ICAL.TimezoneService.remove(zone.getFirstPropertyValue("tzid"));
        ICAL.TimezoneService.register(zone);
    }
    const event = new ICAL.Event(calendar.getFirstSubcomponent("vevent"));
    const [attendee] = event.attendees;
    console.log(
        JSON.stringify({
            attendee: attendee.getFirstValue().replace("mailto:", ""),
            organizer: event.organizer.replace("mailto:", ""),
            name: attendee.getParameter("cn"),
            method: calendar.getFirstPropertyValue("method"),
            uid: event.uid,
            sequence: event.sequence,
            status: event.component.getFirstPropertyValue("status"),
            start: event.startDate.toUnixTime(),
            end: event.endDate.toUnixTime(),
            summary: event.summary,
        }),
    );
}
