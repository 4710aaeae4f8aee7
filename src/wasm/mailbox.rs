//! How strings cross: JavaScript writes its arguments one after another into one buffer and their
//! lengths into slots; an answer is a number, with more in the slots. A redirect is read without a
//! single allocation or JavaScript object, and what was passed is wiped after each call.

// One thread, one call at a time: nothing else can hold a reference while a call runs.
#![allow(unsafe_code)]

use std::alloc::{GlobalAlloc, Layout};
use std::cell::UnsafeCell;

use lol_alloc::{AssumeSingleThreaded, FreeListAllocator};
use wasm_bindgen::prelude::wasm_bindgen;

use crate::error::{Code, Error};

const SLOTS: usize = 128;

struct Mailbox {
    slots: [u32; SLOTS],
    text: Vec<u8>,
    answer: String,
}

struct Cell(UnsafeCell<Mailbox>);

// SAFETY: wasm32-unknown-unknown without atomics has one thread.
unsafe impl Sync for Cell {}

static MAILBOX: Cell = Cell(UnsafeCell::new(Mailbox {
    slots: [0; SLOTS],
    text: Vec::new(),
    answer: String::new(),
}));

fn mailbox() -> &'static mut Mailbox {
    // SAFETY: exports are called one at a time and give the reference back when they return.
    unsafe { &mut *MAILBOX.0.get() }
}

/// Where the lengths of the arguments go, and where answers lie.
#[wasm_bindgen]
pub fn slots() -> *mut u32 {
    mailbox().slots.as_mut_ptr()
}

/// Makes room for `bytes` of arguments and says where.
#[wasm_bindgen]
pub fn reserve(bytes: usize) -> *mut u8 {
    let text = &mut mailbox().text;
    if text.len() < bytes {
        *text = vec![0; bytes];
    }
    text.as_mut_ptr()
}

/// Forgets arguments and answer.
#[wasm_bindgen]
pub fn wipe(bytes: usize) {
    let mailbox = mailbox();
    for byte in mailbox.text.iter_mut().take(bytes) {
        *byte = 0;
    }
    mailbox.answer = String::new();
}

/// The arguments of one call.
pub(super) struct Arguments {
    text: &'static [u8],
    next: usize,
}

impl Arguments {
    pub(super) fn take() -> Self {
        Self {
            text: &mailbox().text,
            next: 0,
        }
    }

    /// The next argument. JavaScript wrote it with `encodeInto`, so it is UTF-8.
    pub(super) fn next(&mut self) -> &'static str {
        let length = mailbox().slots.get(self.next).copied().unwrap_or_default() as usize;
        let (text, rest) = self.text.split_at_checked(length).unwrap_or_default();
        self.text = rest;
        self.next += 1;
        std::str::from_utf8(text).unwrap_or_default()
    }

    /// The next argument, where empty means that there is none.
    pub(super) fn next_if_given(&mut self) -> Option<&'static str> {
        Some(self.next()).filter(|text| !text.is_empty())
    }

    /// How many more arguments there may be.
    pub(super) fn many(&mut self, count: usize) -> Vec<&'static str> {
        (0..count.min(SLOTS)).map(|_| self.next()).collect()
    }
}

/// The buffer as bytes.
pub(super) fn bytes() -> &'static [u8] {
    &mailbox().text
}

/// Reads a slot.
pub(super) fn get(slot: usize) -> u32 {
    mailbox().slots.get(slot).copied().unwrap_or_default()
}

/// Writes a number that belongs to the answer.
pub(super) fn put(slot: usize, value: u32) {
    if let Some(place) = mailbox().slots.get_mut(slot) {
        *place = value;
    }
}

/// Writes where a text lies. It must live until [`wipe`].
pub(super) fn put_text(slot: usize, text: &str) {
    put(slot, text.as_ptr() as u32);
    put(slot + 1, text.len() as u32);
}

/// Writes a text that nothing else keeps.
pub(super) fn put_owned(slot: usize, text: String) {
    let answer = &mut mailbox().answer;
    *answer = text;
    put_text(slot, answer);
}

/// The answer of a call: 0 for success, else 1 with the error in the slots.
pub(super) fn answer(result: Result<String, Error>) -> u32 {
    match result {
        Ok(text) => {
            put_owned(0, text);
            0
        }
        Err(error) => fail(error),
    }
}

/// Writes an error: code, subject, message, `error`, `error_description`.
pub(super) fn fail(error: Error) -> u32 {
    put_text(0, error.code.as_str());
    put_text(2, error.subject);
    put_text(4, error.message);
    put_text(6, "");
    put_text(8, "");
    if error.code == Code::ProviderError
        && let Some(provider) = error.provider
    {
        let (name, description) = (provider.error, provider.description.unwrap_or_default());
        let length = name.len();
        let both = name + &description;
        put_owned(6, both);
        let answer = &mailbox().answer;
        if let Some((name, description)) = answer.split_at_checked(length) {
            put_text(6, name);
            put_text(8, description);
        }
    }
    1
}

/// The allocator, which zeroes what is freed: a decoded token does not stay in memory.
pub struct Wiping(AssumeSingleThreaded<FreeListAllocator>);

impl Wiping {
    pub(super) const fn new() -> Self {
        // SAFETY: see `Cell`.
        Self(unsafe { AssumeSingleThreaded::new(FreeListAllocator::new()) })
    }
}

// SAFETY: every call goes on to the inner allocator with the layout it came with.
unsafe impl GlobalAlloc for Wiping {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller's contract is the inner allocator's.
        unsafe { self.0.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        // SAFETY: the block is the caller's until here, `layout.size()` bytes long.
        unsafe {
            for at in 0..layout.size() {
                pointer.add(at).write_volatile(0);
            }
            self.0.dealloc(pointer, layout);
        }
    }
}
