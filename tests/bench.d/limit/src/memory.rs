//! Bytes from memory: the answers that were once Frontdesk's, by whatever it is asked for.

use std::collections::HashMap;
use std::fs;
use std::sync::atomic::{AtomicUsize, Ordering};

use actix_web::http::StatusCode;
use actix_web::http::header::ContentType;
use actix_web::web::{Bytes, Data, Path};
use actix_web::{App, HttpResponse, HttpServer, web};
use anyhow::Result;

/// The answers to each operation.
type Answers = HashMap<String, Vec<Bytes>>;

/// Serves the answers in a file, an object of arrays of texts.
pub(crate) fn serve(port: u16, file: &str) -> Result<()> {
    let texts: HashMap<String, Vec<String>> = serde_json::from_slice(&fs::read(file)?)?;
    let bytes = |texts: Vec<String>| texts.into_iter().map(Bytes::from).collect();
    let answers: Data<Answers> = Data::new(texts.into_iter().map(|(operation, texts)| (operation, bytes(texts))).collect());
    let app = move || {
        App::new()
            .app_data(answers.clone())
            .service(web::resource("/api/v1/ticket/{id}").get(view).put(update))
            .service(web::resource("/api/v1/ticket").get(list).post(create))
            .service(web::resource("/api/tasks").get(tasks).post(create_task))
            .service(web::resource("/api/task/do_add").post(book))
            .service(web::resource("/api/task/get_info").post(appointment))
    };
    actix_web::rt::System::new().block_on(HttpServer::new(app).workers(2).bind(("127.0.0.1", port))?.run())?;
    Ok(())
}

fn answer(all: &Answers, operation: &str, at: usize, status: StatusCode) -> HttpResponse {
    match all.get(operation).filter(|answers| !answers.is_empty()) {
        Some(answers) => {
            let body = answers.get(at % answers.len()).cloned().unwrap_or_default();
            HttpResponse::build(status).content_type(ContentType::json()).body(body)
        }
        None => HttpResponse::NotFound().finish(),
    }
}

/// One after the other.
fn one(all: &Answers, operation: &str, status: StatusCode) -> HttpResponse {
    static NEXT: AtomicUsize = AtomicUsize::new(0);
    answer(all, operation, NEXT.fetch_add(1, Ordering::Relaxed), status)
}

async fn view(all: Data<Answers>, id: Path<usize>) -> HttpResponse {
    answer(&all, "get", *id, StatusCode::OK)
}

async fn update(all: Data<Answers>, id: Path<usize>, _body: Bytes) -> HttpResponse {
    answer(&all, "update", *id, StatusCode::OK)
}

async fn list(all: Data<Answers>) -> HttpResponse {
    one(&all, "list", StatusCode::OK)
}

async fn tasks(all: Data<Answers>) -> HttpResponse {
    one(&all, "task_list", StatusCode::OK)
}

async fn create(all: Data<Answers>, _body: Bytes) -> HttpResponse {
    one(&all, "create", StatusCode::CREATED)
}

async fn create_task(all: Data<Answers>, _body: Bytes) -> HttpResponse {
    one(&all, "task_create", StatusCode::OK)
}

async fn book(all: Data<Answers>, _body: Bytes) -> HttpResponse {
    one(&all, "appointment_create", StatusCode::OK)
}

async fn appointment(all: Data<Answers>, _body: Bytes) -> HttpResponse {
    one(&all, "appointment_get", StatusCode::OK)
}
