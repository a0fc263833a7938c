//! Each of these breaks a store in one way, and is named.

use sea_orm::DbBackend;

use super::{found, lived_in, past_all_references};

/// What breaks a store, and what is found then.
type Break = (&'static str, &'static [&'static str]);

const HASH: &str = "its hash is not that of its content and of the change before";

async fn finds(breaks: &[Break]) {
    for (text, expected) in breaks {
        let (_database, db) = lived_in().await;
        // What is new is found without an index, whatever it says.
        db.merge_searches().await.unwrap();
        past_all_references(&db, text).await;
        let expected: Vec<_> = expected.iter().map(|text| text.replace("HASH", HASH)).collect();
        assert_eq!(found(&db).await, expected, "{text}");
    }
}

#[tokio::test]
async fn a_history_that_was_tampered_with() {
    finds(&[
        (
            "UPDATE history SET changes = replace(changes, 'second', 'sekond') WHERE record_id = '1003' AND seq = 2",
            &["organization 1, ticket 1003, change 2: HASH"],
        ),
        (
            "UPDATE history SET actor_id = 7 WHERE kind = 'ticket' AND record_id = '1003' AND seq = 1",
            &["organization 1, ticket 1003, change 1: HASH"],
        ),
        (
            "UPDATE history SET changes = '{' WHERE kind = 'ticket' AND record_id = '1003' AND seq = 3",
            &["organization 1, ticket 1003, change 3: its content cannot be read"],
        ),
        (
            "UPDATE history SET hash = (SELECT hash FROM history WHERE kind = 'ticket' AND record_id = '1004' AND seq = 1)
             WHERE kind = 'ticket' AND record_id = '1003' AND seq = 2",
            &["organization 1, ticket 1003, change 2: HASH", "organization 1, ticket 1003, change 3: HASH"],
        ),
        (
            "UPDATE history SET hash = '' WHERE kind = 'ticket' AND record_id = '1003' AND seq = 2",
            &["organization 1, ticket 1003, change 2: it has no hash", "organization 1, ticket 1003, change 3: HASH"],
        ),
        (
            "UPDATE history SET announced = (1 = 0) WHERE kind = 'ticket' AND record_id = '1003' AND seq = 2",
            &[
                "organization 1, ticket 1003, change 2: HASH",
                "organization 1, ticket 1003: 1 events ticket.updated of version 2 tell of 0 changes",
            ],
        ),
        (
            "UPDATE history SET kind = 'tikcet' WHERE kind = 'ticket' AND record_id = '2'",
            &[
                "organization 1, tikcet 2, change 1: HASH",
                "organization 1, ticket 2: it has no history",
                "history: 1 changes of something that is no kind of record",
            ],
        ),
    ])
    .await;
}

#[tokio::test]
async fn a_history_with_something_missing() {
    finds(&[
        (
            "DELETE FROM history WHERE kind = 'ticket' AND record_id = '1003' AND seq = 1",
            &[
                "organization 1, ticket 1003, change 2: it should be change 1; what is between is missing",
                "organization 1, ticket 1003: 1 events ticket.created of version 1 tell of 0 changes",
            ],
        ),
        (
            "DELETE FROM history WHERE kind = 'ticket' AND record_id = '1003' AND seq = 2",
            &[
                "organization 1, ticket 1003, change 3: it should be change 2; what is between is missing",
                "organization 1, ticket 1003: 1 events ticket.updated of version 2 tell of 0 changes",
            ],
        ),
        (
            "DELETE FROM history WHERE kind = 'ticket' AND record_id = '1003' AND seq = 3",
            &[
                "organization 1, ticket 1003, change 2: it has version 3, and the last of its history is 2",
                "organization 1, ticket 1003: 1 events ticket.updated of version 3 tell of 0 changes",
            ],
        ),
        (
            "DELETE FROM history WHERE kind = 'ticket' AND record_id = '1004' AND seq = 2",
            &[
                "organization 1, ticket 1004, change 1: it is gone, and its history does not say so",
                "organization 1, ticket 1004: 1 events ticket.deleted of version 1 tell of 0 changes",
            ],
        ),
        ("DELETE FROM history WHERE kind = 'ticket' AND record_id = '2'", &["organization 1, ticket 2: it has no history"]),
        (
            "DELETE FROM history WHERE kind = 'call_task' AND record_id = '019ca000-0000-7000-8000-000000000002'",
            &["organization 1, call_task 019ca000-0000-7000-8000-000000000002: it has no history"],
        ),
        ("DELETE FROM history WHERE kind = 'organization' AND record_id = '2'", &["organization 2, organization 2: it has no history"]),
    ])
    .await;
}

#[tokio::test]
async fn a_record_that_is_not_what_its_history_says() {
    finds(&[
        (
            "UPDATE ticket SET version = 4 WHERE id = 1003",
            &["organization 1, ticket 1003, change 3: it has version 4, and the last of its history is 3"],
        ),
        (
            "UPDATE call_task SET version = 2 WHERE title = 'Второй звонок' AND organization_id = 1",
            &["organization 1, call_task 019ca000-0000-7000-8000-000000000002, change 1: it has version 2, and the last of its history is 1"],
        ),
        (
            "DELETE FROM ticket WHERE id = 1003",
            &[
                "organization 1, ticket 1003, change 3: it is gone, and its history does not say so",
                "organization 1, ticket: 2 of them of status 0 are counted, and 1 are there",
                "ticket 1003: it is not there, and is found by the pieces of its search",
            ],
        ),
        (
            "DELETE FROM call_task WHERE title = 'Второй звонок' AND organization_id = 1",
            &[
                "organization 1, call_task 019ca000-0000-7000-8000-000000000002, change 1: it is gone, and its history does not say so",
                "organization 1, call_task: 1 of them of status new are counted, and 0 are there",
                "call_task 019ca000-0000-7000-8000-000000000002: it is not there, and is found by the pieces of its search_title",
                "call_task 019ca000-0000-7000-8000-000000000002: it is not there, and is found by the pieces of its search_all",
            ],
        ),
        (
            "INSERT INTO ticket (id, organization_id, subject, content, status, priority, search, version, created_at, updated_at)
             VALUES (1004, 1, 's', 'c', 0, 0, '', 1, 0, 0)",
            &[
                "organization 1, ticket 1004, change 2: it is there, and its history says it was deleted",
                "organization 1, ticket: 2 of them of status 0 are counted, and 3 are there",
            ],
        ),
        (
            "UPDATE ticket SET organization_id = 2 WHERE id = 1003",
            &[
                "organization 2, ticket 1003: it has no history",
                "organization 1, ticket 1003, change 3: it is gone, and its history does not say so",
                "organization 2, ticket 1003: its contact_id names contact 1, which is not there",
                "organization 1, ticket: 2 of them of status 0 are counted, and 1 are there",
                "organization 2, ticket: 1 of them of status 0 are counted, and 2 are there",
                "organization 2, ticket 1003: it is not found by the pieces of its search",
            ],
        ),
    ])
    .await;
}

#[tokio::test]
async fn events_that_are_not_one_a_change() {
    finds(&[
        (
            "DELETE FROM event WHERE type = 'ticket.updated' AND record_id = '1003' AND version = 2",
            &["organization 1, ticket 1003, change 2: it has no event"],
        ),
        ("DELETE FROM event WHERE type LIKE 'appointment.%'", &["organization 1, appointment 1003, change 1: it has no event"]),
        (
            "INSERT INTO event (organization_id, type, record_id, version, actor_kind, request_id, at, data)
             SELECT organization_id, type, record_id, version, actor_kind, request_id, at, data FROM event
             WHERE type = 'ticket.updated' AND version = 2",
            &["organization 1, ticket 1003: 2 events ticket.updated of version 2 tell of 1 changes"],
        ),
        (
            "INSERT INTO event (organization_id, type, record_id, version, actor_kind, request_id, at, data)
             VALUES (1, 'ticket.created', '2', 1, 'system', 'r', 0, 'null')",
            &["organization 1, ticket 2: 1 events ticket.created of version 1 tell of 0 changes"],
        ),
    ])
    .await;
}

#[tokio::test]
async fn references_that_lead_nowhere() {
    finds(&[
        (
            "UPDATE ticket SET contact_id = 999 WHERE id = 1003",
            &["organization 1, ticket 1003: its contact_id names contact 999, which is not there"],
        ),
        (
            "UPDATE ticket SET contact_id = 1001 WHERE id = 1003",
            &["organization 1, ticket 1003: its contact_id names contact 1001, which is not there"],
        ),
        (
            "UPDATE call_task SET appeal_id = 1001 WHERE title = 'Второй звонок' AND organization_id = 1",
            &["organization 1, call_task 019ca000-0000-7000-8000-000000000002: its appeal_id names ticket 1001, which is not there"],
        ),
        (
            "INSERT INTO interaction_ticket (organization_id, ticket_id, interaction_id) VALUES (1, 1001, 1)",
            &["organization 1, interaction_ticket: its ticket_id names ticket 1001, which is not there"],
        ),
        (
            "INSERT INTO counter (organization_id, name, value) VALUES (7, 'x', 1)",
            &["organization 7, counter: its organization_id names organization 7, which is not there"],
        ),
    ])
    .await;
}

#[tokio::test]
async fn texts_that_searches_do_not_find() {
    finds(&[
        (
            "UPDATE ticket SET search = 'another' WHERE id = 1003",
            &["organization 1, ticket 1003: it is not found by the pieces of its search"],
        ),
        (
            "UPDATE call_task SET search_all = 'another' WHERE title = 'Второй звонок' AND organization_id = 1",
            &["organization 1, call_task 019ca000-0000-7000-8000-000000000002: it is not found by the pieces of its search_all"],
        ),
        ("UPDATE contact SET search = 'another' WHERE id = 1", &["organization 1, contact 1: it is not found by the pieces of its search"]),
    ])
    .await;
    let (_database, db) = lived_in().await;
    let id = if db.backend() == DbBackend::Sqlite { "rowid" } else { "id" };
    past_all_references(&db, &format!("DELETE FROM employee_search WHERE {id} = 3")).await;
    assert_eq!(found(&db).await, ["organization 1, employee 3: it is not found by the pieces of its search"]);
    if db.backend() == DbBackend::Sqlite {
        finds(&[
            ("INSERT INTO search_tail VALUES ('ticket_search', 1003)", &["ticket 1003: it is found twice by the pieces of its search"]),
            (
                "INSERT INTO search_tail VALUES ('call_task_search', 7)",
                &["call_task 7: it is not there, and is found by the pieces of its search_all"],
            ),
        ])
        .await;
    }
}

#[tokio::test]
async fn counters_that_would_give_a_number_again() {
    finds(&[
        (
            "UPDATE counter SET value = 0 WHERE name = 'task_num:20260302'",
            &["organization 1, counter task_num:20260302: it is at 0, and number 1 was given out"],
        ),
        (
            "DELETE FROM counter WHERE name = 'task_num:20260301' AND organization_id = 2",
            &["organization 2, counter task_num:20260301: it is at 0, and number 102 was given out"],
        ),
        (
            "UPDATE appointment SET task_num = '2026030200000x1' WHERE id = 1003",
            &["organization 1, counter task_num:20260302: an appointment has a number that no counter gave"],
        ),
        (
            "UPDATE record_count SET value = value + 5 WHERE organization_id = 1 AND kind = 'contact' AND slot =
               (SELECT MIN(slot) FROM record_count WHERE organization_id = 1 AND kind = 'contact')",
            &["organization 1, contact: 7 of them are counted, and 2 are there"],
        ),
        (
            "DELETE FROM record_count WHERE organization_id = 2 AND kind = 'call_task' AND status = 'new'",
            &["organization 2, call_task: 0 of them of status new are counted, and 1 are there"],
        ),
    ])
    .await;
    let (_database, db) = lived_in().await;
    let lower = match db.backend() {
        DbBackend::Sqlite => "UPDATE sqlite_sequence SET seq = 1002 WHERE name = 'ticket'",
        _ => "SELECT setval('ticket_id_seq', 1002)",
    };
    past_all_references(&db, lower).await;
    assert_eq!(found(&db).await, ["ticket: the last id is 1002, and 1003 was given out"]);
}
