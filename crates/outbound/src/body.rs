//! What is sent.

use std::collections::VecDeque;
use std::fs::File;
use std::io::{self, Read, Seek};
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use hyper::body::{Frame, SizeHint};
use tokio::sync::mpsc;

/// How much of a file is read at once, in bytes.
const PIECE: usize = 64 * 1024;

/// The body of a request: bytes and files one after the other, of a length known before. Files are read while they are
/// sent and are never whole in memory.
#[derive(Debug, Default)]
pub struct Body {
    parts: VecDeque<Part>,
    left: u64,
}

#[derive(Debug)]
enum Part {
    Bytes(Bytes),
    File(File, u64),
    Reading(mpsc::Receiver<io::Result<Bytes>>, u64),
}

impl<T: Into<Bytes>> From<T> for Body {
    fn from(bytes: T) -> Self {
        Self::default().bytes(bytes)
    }
}

impl Body {
    /// These bytes after what is there.
    #[must_use]
    pub fn bytes(mut self, bytes: impl Into<Bytes>) -> Self {
        let bytes = bytes.into();
        self.left += bytes.len() as u64;
        self.parts.push_back(Part::Bytes(bytes));
        self
    }

    /// The first `length` bytes of a file after what is there. It is read from its start, so two bodies of one file (one
    /// a clone of the other's handle) cannot be sent at once.
    #[must_use]
    pub fn file(mut self, file: File, length: u64) -> Self {
        self.left += length;
        self.parts.push_back(Part::File(file, length));
        self
    }

    /// The next piece; none at the end.
    fn poll_piece(&mut self, cx: &mut Context<'_>) -> Poll<Option<io::Result<Bytes>>> {
        while let Some(part) = self.parts.pop_front() {
            match part {
                Part::Bytes(bytes) if bytes.is_empty() => {}
                Part::Bytes(bytes) => return Poll::Ready(Some(Ok(bytes))),
                Part::File(_, 0) | Part::Reading(_, 0) => {}
                Part::File(file, length) => self.parts.push_front(Part::Reading(read(file, length), length)),
                Part::Reading(mut coming, left) => {
                    let piece = coming.poll_recv(cx);
                    let got = if let Poll::Ready(Some(Ok(piece))) = &piece { piece.len() as u64 } else { 0 };
                    self.parts.push_front(Part::Reading(coming, left.saturating_sub(got)));
                    // Its sender is gone before all was read: it has panicked.
                    return piece.map(|piece| Some(piece.unwrap_or_else(|| Err(io::ErrorKind::BrokenPipe.into()))));
                }
            }
        }
        Poll::Ready(None)
    }
}

/// Reads a file on a thread for such work, some pieces ahead of who takes them.
fn read(mut file: File, mut left: u64) -> mpsc::Receiver<io::Result<Bytes>> {
    let (pieces, coming) = mpsc::channel(2);
    tokio::task::spawn_blocking(move || {
        let mut failed = file.rewind().err();
        while failed.is_none() && left > 0 {
            let mut piece = vec![0; PIECE.min(usize::try_from(left).unwrap_or(PIECE))];
            failed = file.read_exact(&mut piece).err();
            left -= piece.len() as u64;
            if failed.is_none() && pieces.blocking_send(Ok(piece.into())).is_err() {
                return;
            }
        }
        if let Some(error) = failed {
            let _ = pieces.blocking_send(Err(error));
        }
    });
    coming
}

impl hyper::body::Body for Body {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        let piece = self.poll_piece(cx);
        if let Poll::Ready(Some(Ok(piece))) = &piece {
            self.left = self.left.saturating_sub(piece.len() as u64);
        }
        piece.map(|piece| piece.map(|piece| piece.map(Frame::data)))
    }

    fn is_end_stream(&self) -> bool {
        self.left == 0
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.left)
    }
}
