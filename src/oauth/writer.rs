//! Texts made in memory that the caller gave, so that nothing here allocates.

use std::mem;

use super::form;

/// A text under way. What does not fit is counted and not written.
pub(crate) struct Writer<'a> {
    out: &'a mut [u8],
    length: usize,
}

impl<'a> Writer<'a> {
    pub(crate) fn new(out: &'a mut [u8]) -> Self {
        Self { out, length: 0 }
    }

    pub(crate) fn push(&mut self, byte: u8) {
        if let Some(place) = self.out.get_mut(self.length) {
            *place = byte;
        }
        self.length += 1;
    }

    pub(crate) fn extend(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.push(byte);
        }
    }

    /// What has been written; nothing when it did not fit.
    pub(crate) fn written(&self) -> &[u8] {
        self.out.get(..self.length).unwrap_or_default()
    }
}

/// Runs `write` with `room` bytes to write to. For texts of `str`s and ASCII.
pub(crate) fn to_string<E>(
    room: usize,
    write: impl FnOnce(&mut Writer<'_>) -> Result<(), E>,
) -> Result<String, E> {
    let mut out = vec![0; room];
    let mut writer = Writer::new(&mut out);
    write(&mut writer)?;
    Ok(String::from_utf8_lossy(writer.written()).into_owned())
}

/// Memory that decoded values are cut from.
pub(crate) struct Scratch<'a>(pub &'a mut [u8]);

impl<'a> Scratch<'a> {
    /// The decoded value: `raw` itself where nothing has to be decoded. What comes out as a space
    /// is written as `space`.
    pub(crate) fn decode(&mut self, raw: &'a [u8], space: u8) -> &'a [u8] {
        if !form::is_encoded(raw) {
            return raw;
        }
        let (out, rest) = mem::take(&mut self.0)
            .split_at_mut_checked(raw.len())
            .unwrap_or_default();
        self.0 = rest;
        let mut length = 0;
        for (place, byte) in out.iter_mut().zip(form::decode(raw)) {
            *place = if byte == b' ' { space } else { byte };
            length += 1;
        }
        out.get(..length).unwrap_or_default()
    }
}
