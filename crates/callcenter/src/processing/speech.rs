//! From a recording to what was said.

use frontdesk_core::status::TextSource;
use frontdesk_core::world::World;
use frontdesk_outbound::{Class, Excess, Failure, Fetch, Fetched, Form, Post};
use serde::Deserialize;

use super::{Endpoint, ProcessingOptions};
use crate::text::Made;

/// What recordings come as.
const TYPES: [&str; 4] = ["audio/*", "video/*", "application/ogg", "application/octet-stream"];
const REDIRECTS: u8 = 5;
/// The longest text of a task, in bytes.
pub(super) const LONGEST: usize = 1024 * 1024;
/// The largest answer, in bytes: a text as JSON is longer than it is.
pub(super) const LARGEST: usize = 8 * LONGEST;

/// The answer of `POST …/audio/transcriptions` with `response_format` `json`.
#[derive(Deserialize)]
struct Transcription {
    text: String,
}

/// Fetches a recording and has it written down.
pub(super) async fn transcribe(options: &ProcessingOptions, world: &World, url: Option<&str>) -> Result<Made, Failure> {
    let Some(url) = url else { return Err(permanent("there is no recording")) };
    let Some(server) = &options.speech else {
        return Err(permanent("no server for speech is configured; set processing.speech_url, or send call_transcription"));
    };
    let fetch = Fetch {
        url,
        accept: &TYPES,
        max_bytes: options.recording_bytes,
        timeout: options.recording_time,
        redirects: REDIRECTS,
        folder: &options.folder,
    };
    let recording = options.recordings.fetch(fetch).await?;
    let random = world.random().map_err(|_| retryable("this server has no randomness"))?;
    let text = ask(options, server, Form::new(random), recording).await?;
    Ok(Made { text, source: TextSource::Endpoint, model: Some(server.model.clone()) })
}

async fn ask(options: &ProcessingOptions, server: &Endpoint, form: Form, recording: Fetched) -> Result<String, Failure> {
    let name = name(&recording);
    let mut form = form.text("model", &server.model).text("response_format", "json");
    if let Some(language) = &options.language {
        form = form.text("language", language);
    }
    let (content_type, body) = form.file("file", &name, &recording.content_type, recording.file, recording.bytes).finish();
    let mut headers = vec![("content-type", content_type.as_str())];
    let bearer = server.bearer();
    headers.extend(bearer.as_deref().map(|bearer| ("authorization", bearer)));
    let url = server.path("audio/transcriptions");
    let post = Post { url: &url, headers: &headers, body, timeout: server.time, max_answer: LARGEST, excess: Excess::Refuse };
    let answer = options.servers.post(post).await?.accepted()?;
    let Ok(Transcription { text }) = serde_json::from_slice(&answer.body) else {
        return Err(retryable(&format!("{} answered with something other than a transcription", answer.host)));
    };
    whole(text.trim(), "no speech was found in the recording")
}

/// The file's name for the server, which may tell the format by its end.
fn name(recording: &Fetched) -> String {
    let given = recording.name.as_deref().filter(|name| name.contains('.'));
    let end = match recording.content_type.as_str() {
        "audio/mpeg" => "mp3",
        "audio/ogg" | "application/ogg" => "ogg",
        "audio/mp4" | "audio/x-m4a" => "m4a",
        "audio/flac" => "flac",
        "audio/webm" | "video/webm" => "webm",
        _ => "wav",
    };
    given.map_or_else(|| format!("recording.{end}"), str::to_owned)
}

/// A text that is neither empty nor longer than a task takes.
pub(super) fn whole(text: &str, empty: &str) -> Result<String, Failure> {
    match text.len() {
        0 => Err(permanent(empty)),
        // PostgreSQL takes no text with a zero in it.
        1..=LONGEST => Ok(text.replace('\0', "")),
        _ => Err(permanent(&format!("the text is longer than {LONGEST} bytes"))),
    }
}

pub(super) fn permanent(reason: &str) -> Failure {
    Failure { class: Class::Permanent, reason: reason.to_owned() }
}

pub(super) fn retryable(reason: &str) -> Failure {
    Failure { class: Class::Retryable { after: None }, reason: reason.to_owned() }
}

impl Endpoint {
    pub(super) fn path(&self, path: &str) -> String {
        format!("{}/{path}", self.url.trim_end_matches('/'))
    }

    pub(super) fn bearer(&self) -> Option<String> {
        self.key.as_ref().map(|key| format!("Bearer {key}"))
    }
}
