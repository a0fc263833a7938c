//! The list of tasks: its shape, its filters, its pages.

use serde_json::{Value, json};
use time::Duration;

use super::{id, path, places, task};
use crate::harness::app::App;

/// Titles of the tasks that a query finds, in their order; the totals must agree.
async fn titles(app: &App, query: &str) -> Vec<String> {
    let list = app.agent().get(&format!("/api/tasks?per_page=200&{query}")).await.is(200);
    let items = list["items"].as_array().unwrap();
    assert_eq!(list["total"], items.len(), "{query}");
    assert_eq!(list["pages"], i32::from(!items.is_empty()), "{query}");
    items.iter().map(|task| task["title"].as_str().unwrap().to_owned()).collect()
}

/// Tasks that differ in everything a filter asks for, a minute apart, newest last; the two of the world are older.
async fn various(app: &App) -> Vec<Value> {
    let fields = [
        json!({"title": "a", "task_type": "callback", "priority": "urgent"}),
        json!({"title": "b", "operator_id": 5, "caller_phone": "8 (800) 555-35-35"}),
        json!({"title": "c", "task_type": "callback", "caller_phone": "anonymous"}),
        json!({"title": "d", "priority": "low"}),
        json!({"title": "e", "priority": "low", "caller_phone": "sip:35@pbx"}),
    ];
    let mut made = vec![];
    for fields in fields {
        app.world.advance(Duration::minutes(1));
        made.push(task(app, fields).await);
    }
    let agent = app.agent();
    agent.put(&format!("{}/status", path(&made[0])), json!({"status": "in_progress"})).await.is(200);
    agent.put(&format!("{}/status", path(&made[0])), json!({"status": "completed"})).await.is(200);
    agent.put(&format!("{}/status", path(&made[3])), json!({"status": "cancelled"})).await.is(200);
    agent.put(&format!("{}/appeal", path(&made[2])), json!({"appeal_id": 1})).await.is(200);
    made
}

#[tokio::test]
async fn every_filter() {
    let app = App::new();
    various(&app).await;
    let cases: [(&str, &[&str]); 33] = [
        ("", &["e", "c", "b", "a", "Второй звонок", "Перезвонить клиенту"]),
        ("include_cancelled=false", &["e", "c", "b", "a", "Второй звонок", "Перезвонить клиенту"]),
        ("include_cancelled=true", &["e", "d", "c", "b", "a", "Второй звонок", "Перезвонить клиенту"]),
        ("include_cancelled=1", &["e", "d", "c", "b", "a", "Второй звонок", "Перезвонить клиенту"]),
        ("status=cancelled", &["d"]),
        ("status=cancelled&include_cancelled=false", &["d"]),
        ("status=new", &["e", "c", "b", "Второй звонок"]),
        ("status=in_progress", &["Перезвонить клиенту"]),
        ("status=completed", &["a"]),
        ("task_type=callback", &["c", "a"]),
        ("task_type=none", &[]),
        ("priority=low", &["e"]),
        ("priority=low&include_cancelled=true", &["e", "d"]),
        ("priority=urgent&task_type=callback", &["a"]),
        ("priority=urgent&status=new", &[]),
        ("operator_id=5", &["b", "Второй звонок"]),
        ("operator_id=1003", &[]),
        ("appeal_id=1", &["c"]),
        ("appeal_id=2", &["Перезвонить клиенту"]),
        ("caller_phone=8005553535", &["b"]),
        ("caller_phone=555-35", &["b"]),
        ("caller_phone=5553", &["b"]),
        ("caller_phone=%EF%BC%95%EF%BC%95%EF%BC%95%EF%BC%93%EF%BC%95%EF%BC%93", &["b"]),
        ("caller_phone=555353&search=b&operator_id=5", &["b"]),
        ("caller_phone=555353&search=c", &[]),
        ("search=55535", &[]),
        ("q=%EF%BC%95", &[]),
        ("caller_phone=%2B7%20(495)%20123-45-67", &["Перезвонить клиенту"]),
        ("caller_phone=35", &["e", "b"]),
        ("caller_phone=anonymous", &["c"]),
        ("caller_phone=Anonymous", &[]),
        ("caller_phone=99", &[]),
        (
            "search=&status=&task_type=&priority=&include_cancelled=&operator_id=&q=&page=",
            &["e", "c", "b", "a", "Второй звонок", "Перезвонить клиенту"],
        ),
    ];
    for (query, expected) in cases {
        assert_eq!(titles(&app, query).await, expected, "{query}");
    }
}

#[tokio::test]
async fn ranges_of_creation_include_their_ends() {
    let app = App::new();
    various(&app).await;
    // The world's clocks show 10:00 in Taipei on 2 March; the tasks of the world are from that moment.
    let cases: [(&str, &[&str]); 10] = [
        ("created_at__start=2026-03-02T10:03:00%2B08:00", &["e", "c"]),
        ("created_at__start=2026-03-02%2010:03:00", &["e", "c"]),
        ("created_at__start=2026-03-02T02:03:00Z", &["e", "c"]),
        ("created_at__start=2026-03-02T10:03:01", &["e"]),
        ("created_at__end=2026-03-02T10:01:00", &["a", "Второй звонок", "Перезвонить клиенту"]),
        ("created_at__end=2026-03-02T10:00:59", &["Второй звонок", "Перезвонить клиенту"]),
        ("created_at__start=2026-03-02T10:01:00&created_at__end=2026-03-02T10:02:00", &["b", "a"]),
        ("created_at__start=2026-03-02&created_at__end=2026-03-02&status=completed", &["a"]),
        ("created_at__end=2026-03-01", &[]),
        ("created_at__start=2026-03-03", &[]),
    ];
    for (query, expected) in cases {
        assert_eq!(titles(&app, query).await, expected, "{query}");
    }
}

#[tokio::test]
async fn newest_first_and_then_by_id() {
    let app = App::new();
    let mut made = vec![];
    for moment in 0..3 {
        for _ in 0..3 {
            made.push(task(&app, json!({"title": moment.to_string()})).await);
        }
        app.world.advance(Duration::seconds(1));
    }
    made.sort_by_key(|task| (task["created_at"].to_string(), id(task).to_owned()));
    let list = app.agent().get("/api/tasks?search=").await.is(200);
    let listed: Vec<_> = list["items"].as_array().unwrap().iter().map(id).take(9).collect();
    let expected: Vec<_> = made.iter().rev().map(id).collect();
    assert_eq!(listed, expected);
}

#[tokio::test]
async fn another_order() {
    let app = App::new();
    let made = [
        json!({"title": "b", "priority": "urgent", "due_date": "2026-03-05", "call_datetime": "2026-03-01"}),
        json!({"title": "B", "priority": "low", "due_date": "2026-03-04"}),
        json!({"title": "я", "priority": "high", "due_date": "2026-03-06"}),
        json!({"title": "a"}),
    ];
    for fields in made {
        app.world.advance(Duration::minutes(1));
        let mut fields = fields;
        fields["task_type"] = json!("sorted");
        let made = task(&app, fields).await;
        for status in ["in_progress", "completed"] {
            if made["title"] == "b" || (made["title"] == "B" && status == "in_progress") {
                app.agent().put(&format!("{}/status", path(&made)), json!({"status": status})).await.is(200);
            }
        }
    }
    let cases: [(&str, [&str; 4]); 14] = [
        ("", ["a", "я", "B", "b"]),
        ("created_at", ["b", "B", "я", "a"]),
        ("-created_at", ["a", "я", "B", "b"]),
        ("title", ["B", "a", "b", "я"]),
        ("-title", ["я", "b", "a", "B"]),
        ("priority", ["B", "a", "я", "b"]),
        ("-priority", ["b", "я", "a", "B"]),
        ("status,created_at", ["я", "a", "B", "b"]),
        ("-status,-title", ["b", "B", "я", "a"]),
        // Null is less than any moment.
        ("due_date", ["a", "B", "b", "я"]),
        ("-due_date", ["я", "b", "B", "a"]),
        ("call_datetime,priority", ["B", "a", "я", "b"]),
        ("completed_at, -id", ["a", "я", "B", "b"]),
        ("id", ["b", "B", "я", "a"]),
    ];
    for (sort, expected) in cases {
        assert_eq!(titles(&app, &format!("task_type=sorted&sort={}", sort.replace(' ', "%20"))).await, expected, "{sort}");
    }
    let second = app.agent().get("/api/tasks?task_type=sorted&sort=-priority&per_page=1&page=2").await.is(200);
    assert_eq!((&second["items"][0]["title"], &second["total"]), (&json!("я"), &json!(4)));
    for bad in ["x", "description", "-", "title,title", "title,,id", "id,title,status,priority,due_date", "Priority", "priority%20desc"] {
        assert_eq!(places(app.agent().get(&format!("/api/tasks?sort={bad}")).await), ["query.sort"], "{bad}");
    }
}

#[tokio::test]
async fn pages() {
    let app = App::new();
    for n in 0..23 {
        app.world.advance(Duration::seconds(1));
        task(&app, json!({"title": format!("t{n}"), "task_type": "many"})).await;
    }
    let page = async |query: &str| {
        let list = app.agent().get(&format!("/api/tasks?task_type=many{query}")).await.is(200);
        let items = list["items"].as_array().unwrap();
        let ends = (items.first().map(|task| task["title"].clone()), items.last().map(|task| task["title"].clone()));
        (items.len(), ends, json!([list["total"], list["page"], list["per_page"], list["pages"]]))
    };
    let ends = |first: &str, last: &str| (Some(json!(first)), Some(json!(last)));
    assert_eq!(page("").await, (20, ends("t22", "t3"), json!([23, 1, 20, 2])));
    assert_eq!(page("&page=2").await, (3, ends("t2", "t0"), json!([23, 2, 20, 2])));
    assert_eq!(page("&page=3").await, (0, (None, None), json!([23, 3, 20, 2])));
    assert_eq!(page("&page=2&per_page=5").await, (5, ends("t17", "t13"), json!([23, 2, 5, 5])));
    assert_eq!(page("&per_page=23").await, (23, ends("t22", "t0"), json!([23, 1, 23, 1])));
    assert_eq!(page("&per_page=200").await.2, json!([23, 1, 200, 1]));
    assert_eq!(page("&page=9223372036854775807&per_page=200").await, (0, (None, None), json!([23, i64::MAX, 200, 1])));
    let none = app.agent().get("/api/tasks?task_type=none").await;
    none.equals(200, &json!({"items": [], "total": 0, "page": 1, "per_page": 20, "pages": 0}));
}

#[tokio::test]
async fn what_is_not_understood_is_named() {
    let app = App::new();
    let wrong = "status=x&priority=x&include_cancelled=x&page=0&per_page=201&operator_id=x&appeal_id=x&created_at__start=x&created_at__end=x&nonsense=1";
    let every = [
        "appeal_id",
        "created_at__end",
        "created_at__start",
        "include_cancelled",
        "nonsense",
        "operator_id",
        "page",
        "per_page",
        "priority",
        "status",
    ];
    assert_eq!(places(app.agent().get(&format!("/api/tasks?{wrong}")).await), every.map(|name| format!("query.{name}")));
    for query in [
        "page=-1",
        "page=x",
        "page=1.5",
        "page=9223372036854775808",
        "per_page=0",
        "per_page=-1",
        "Status=new",
        "status=new&status=completed",
    ] {
        let name = query.split('=').next().unwrap();
        assert_eq!(places(app.agent().get(&format!("/api/tasks?{query}")).await), [format!("query.{name}")], "{query}");
    }
    // A text is a text, whatever it holds.
    for query in ["search=%00", "search=%FF", "q=%00", "task_type=%00", "caller_phone=%00"] {
        let answer = app.agent().get(&format!("/api/tasks?{query}")).await;
        assert!(matches!(answer.status, 200 | 422), "{query}: {}", answer.text);
    }
}
