//! The lines of a file, in order and again by their place.

use std::fs::File;
use std::io::{BufRead, BufReader, Seek, SeekFrom};
use std::path::Path;

use anyhow::{Context, Result};
use serde_json::Value;

/// Where a line stands.
#[derive(Clone, Copy, Debug)]
pub(super) struct At {
    /// Its first byte.
    pub offset: u64,
    /// Its number, from 1.
    pub line: u32,
}

/// An open file of one JSON object a line. Blank lines count and say nothing.
#[derive(Debug)]
pub(super) struct Lines {
    file: BufReader<File>,
    next: At,
    buffer: Vec<u8>,
}

impl Lines {
    pub(super) fn open(path: &Path) -> Result<Self> {
        let file = File::open(path).with_context(|| format!("cannot open {}", path.display()))?;
        Ok(Self { file: BufReader::with_capacity(1 << 16, file), next: At { offset: 0, line: 1 }, buffer: vec![] })
    }

    /// The bytes of the whole file.
    pub(super) fn size(&self) -> Result<u64> {
        Ok(self.file.get_ref().metadata()?.len())
    }

    /// The next line that is not blank.
    pub(super) fn next(&mut self) -> Result<Option<(At, &[u8])>> {
        loop {
            let at = self.next;
            let read = self.read()?;
            if read == 0 {
                return Ok(None);
            }
            self.next = At { offset: at.offset + read as u64, line: at.line + 1 };
            if !self.buffer.trim_ascii().is_empty() {
                return Ok(Some((at, self.buffer.trim_ascii())));
            }
        }
    }

    /// The object of the line at a place.
    pub(super) fn at(&mut self, at: At) -> Result<Value> {
        let step = i64::try_from(at.offset)? - i64::try_from(self.next.offset)?;
        self.file.seek_relative(step)?;
        self.next = at;
        let read = self.read()?;
        self.next = At { offset: at.offset + read as u64, line: at.line + 1 };
        parse(self.buffer.trim_ascii()).map_err(|error| anyhow::anyhow!("the file has changed at line {}: {error}", at.line))
    }

    /// Begins anew.
    pub(super) fn rewind(&mut self) -> Result<()> {
        self.file.seek(SeekFrom::Start(0))?;
        self.next = At { offset: 0, line: 1 };
        Ok(())
    }

    fn read(&mut self) -> Result<usize> {
        self.buffer.clear();
        let read = self.file.read_until(b'\n', &mut self.buffer).context("cannot read the file")?;
        if self.next.offset == 0 && self.buffer.starts_with(b"\xef\xbb\xbf") {
            self.buffer.drain(..3);
        }
        Ok(read)
    }
}

/// The object that a line holds, or what is wrong with it.
pub(super) fn parse(line: &[u8]) -> Result<Value, String> {
    match serde_json::from_slice::<Value>(line) {
        Ok(value) if value.is_object() => Ok(value),
        Ok(_) => Err("is not a JSON object".into()),
        Err(error) => Err(format!("is not JSON: {}", error.to_string().replace(" at line 1 column ", " at column "))),
    }
}
