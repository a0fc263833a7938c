//! `multipart/form-data`, as file uploads are sent.

use std::fs::File;

use crate::body::Body;

/// A form under construction.
#[derive(Debug)]
pub struct Form {
    boundary: String,
    body: Body,
}

impl Form {
    /// An empty form. Its parts are told apart by `random`, which nobody can have put into a file before.
    #[must_use]
    pub fn new(random: [u8; 16]) -> Self {
        Self { boundary: format!("frontdesk-{:032x}", u128::from_be_bytes(random)), body: Body::default() }
    }

    /// A field.
    #[must_use]
    pub fn text(mut self, name: &str, value: &str) -> Self {
        let head = self.head(&format!("name=\"{}\"", quoted(name)), "");
        self.body = self.body.bytes(format!("{head}{value}\r\n"));
        self
    }

    /// A file of `length` bytes, which is read while the form is sent.
    #[must_use]
    pub fn file(mut self, name: &str, file_name: &str, content_type: &str, file: File, length: u64) -> Self {
        let plain: String = content_type.chars().filter(|letter| !letter.is_control()).collect();
        let head = format!("name=\"{}\"; filename=\"{}\"", quoted(name), quoted(file_name));
        let head = self.head(&head, &format!("content-type: {plain}\r\n"));
        self.body = self.body.bytes(head).file(file, length).bytes("\r\n");
        self
    }

    /// The value of the header `content-type`, and the body.
    #[must_use]
    pub fn finish(self) -> (String, Body) {
        let end = format!("--{}--\r\n", self.boundary);
        (format!("multipart/form-data; boundary={}", self.boundary), self.body.bytes(end))
    }

    fn head(&self, parameters: &str, more: &str) -> String {
        format!("--{}\r\ncontent-disposition: form-data; {parameters}\r\n{more}\r\n", self.boundary)
    }
}

/// As the HTML standard writes names and file names.
fn quoted(text: &str) -> String {
    text.replace('"', "%22").replace('\r', "%0D").replace('\n', "%0A")
}
