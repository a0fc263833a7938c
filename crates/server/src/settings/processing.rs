//! What calls are processed with.

use std::time::Duration;

use frontdesk_callcenter::{Endpoint, ProcessingOptions};
use frontdesk_outbound::{Client, Reach, Settings as ClientSettings};
use serde::Deserialize;

use super::Settings;

/// How long a connection to another server may take.
const CONNECTS_WITHIN: Duration = Duration::from_secs(10);

/// How calls are processed.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Processing {
    /// The server that writes down what is said; empty is none.
    pub speech_url: String,
    /// Its model.
    pub speech_model: String,
    /// Its key; empty is none.
    pub speech_key: String,
    /// The language of the calls; empty is any.
    pub speech_language: String,
    /// Seconds that it may take for a recording.
    pub speech_seconds: u64,
    /// The server that summarizes; empty is none.
    pub chat_url: String,
    /// Its model.
    pub chat_model: String,
    /// Its key; empty is none.
    pub chat_key: String,
    /// Seconds that it may take for a summary.
    pub chat_seconds: u64,
    /// The largest recording, in megabytes.
    pub recording_megabytes: u64,
    /// Seconds that it may take to fetch a recording.
    pub recording_seconds: u64,
    /// Calls that a server works on at the same time.
    pub at_once: u32,
}

impl Settings {
    /// What calls are processed with.
    #[must_use]
    pub fn processing(&self) -> ProcessingOptions {
        let Processing { speech_url, speech_model, speech_key, speech_language, chat_url, chat_model, chat_key, .. } = &self.processing;
        let seconds = |seconds: u64| Duration::from_secs(seconds.max(1));
        ProcessingOptions {
            speech: endpoint(speech_url, speech_model, speech_key, seconds(self.processing.speech_seconds)),
            language: filled(speech_language),
            chat: endpoint(chat_url, chat_model, chat_key, seconds(self.processing.chat_seconds)),
            recordings: client(Reach::Public(self.outbound.allow.clone())),
            servers: client(Reach::Anywhere),
            recording_bytes: self.processing.recording_megabytes.max(1).saturating_mul(1_000_000),
            recording_time: seconds(self.processing.recording_seconds),
            folder: std::env::temp_dir(),
        }
    }
}

impl Settings {
    /// What webhooks are told of events with.
    #[must_use]
    pub fn receivers(&self) -> Client {
        client(Reach::Public(self.outbound.allow.clone()))
    }
}

fn client(reach: Reach) -> Client {
    Client::new(ClientSettings { reach, connect_timeout: CONNECTS_WITHIN, more_roots: vec![] })
}

fn endpoint(url: &str, model: &str, key: &str, time: Duration) -> Option<Endpoint> {
    filled(url).map(|url| Endpoint { url, model: model.to_owned(), key: filled(key), time })
}

fn filled(text: &str) -> Option<String> {
    Some(text.trim().to_owned()).filter(|text| !text.is_empty())
}
