//! How strings cross: JavaScript writes its arguments one after another into one buffer and their
//! lengths into slots; an answer is a number, with more in the slots. A call allocates nothing and
//! makes no JavaScript object, and what was passed or decoded is wiped after it.
//!
//! ```text
//! __heap_base     + RESERVED
//! | arguments     | scratch: what the call decodes or writes |
//! ```

// One thread, one call at a time: nothing else can hold a reference while a call runs.
#![allow(unsafe_code)]

use std::alloc::{GlobalAlloc, Layout};
#[cfg(all(feature = "server-wasm", not(test)))]
use std::alloc::{alloc_zeroed, dealloc};
use std::arch::wasm32;
use std::cell::UnsafeCell;
use std::ptr;
use std::slice;
#[cfg(all(feature = "server-wasm", not(test)))]
use std::sync::atomic::AtomicPtr;
use std::sync::atomic::{AtomicU32, AtomicUsize, Ordering::Relaxed};

use wasm_bindgen::prelude::wasm_bindgen;

use crate::error::Fault;

#[cfg(any(test, not(feature = "server-wasm")))]
const PAGE: usize = 65_536;

static SLOTS: [AtomicU32; 128] = [const { AtomicU32::new(0) }; 128];
/// The size of the argument buffer.
static RESERVED: AtomicUsize = AtomicUsize::new(0);

#[cfg(not(any(test, feature = "server-wasm")))]
fn base() -> *mut u8 {
    unsafe extern "C" {
        /// Where the linker's own data ends. The symbol's address is the value.
        static __heap_base: u8;
    }
    (&raw const __heap_base).cast_mut()
}

/// Tests need an allocator that frees, and that takes the memory behind `__heap_base`.
#[cfg(test)]
fn base() -> *mut u8 {
    static ROOM: Pool<262_144> = Pool(UnsafeCell::new([0; 262_144]));
    ROOM.0.get().cast()
}

/// Where an allocator lives that frees, it has the memory behind `__heap_base`.
#[cfg(all(feature = "server-wasm", not(test)))]
static BASE: AtomicPtr<u8> = AtomicPtr::new(ptr::null_mut());

#[cfg(all(feature = "server-wasm", not(test)))]
fn base() -> *mut u8 {
    BASE.load(Relaxed)
}

/// No call has more arguments than this, so that sums of sizes stay below 2^32.
const LONGEST: usize = 1 << 28;

/// How much a call may write that was given `bytes` of arguments: encoding makes three of one, and
/// 124 scopes, the names of all parameters and an endpoint known by name are less than 1024.
const fn scratch_size(bytes: usize) -> usize {
    bytes * 3 + 1024
}

/// Where the lengths of the arguments go, and where answers lie.
#[wasm_bindgen]
pub fn slots() -> *const u32 {
    SLOTS.as_ptr().cast()
}

/// Makes room for `bytes` of arguments and says where.
#[wasm_bindgen]
pub fn reserve(bytes: usize) -> *mut u8 {
    if bytes > RESERVED.load(Relaxed) || base().is_null() {
        make_room(bytes);
        RESERVED.store(bytes, Relaxed);
    }
    base()
}

#[cfg(any(test, not(feature = "server-wasm")))]
fn make_room(bytes: usize) {
    let missing = (base() as usize + bytes.min(LONGEST) + scratch_size(bytes.min(LONGEST)))
        .div_ceil(PAGE)
        .saturating_sub(wasm32::memory_size(0));
    if bytes > LONGEST || wasm32::memory_grow(0, missing) == usize::MAX {
        wasm32::unreachable();
    }
}

#[cfg(all(feature = "server-wasm", not(test)))]
fn make_room(bytes: usize) {
    let size = |bytes: usize| Layout::array::<u8>(bytes + scratch_size(bytes));
    let old = base();
    // SAFETY: no size is 0, and the old room was made with the size that is reserved.
    match (size(bytes.min(LONGEST)), size(RESERVED.load(Relaxed))) {
        (Ok(new), Ok(layout)) if bytes <= LONGEST => unsafe {
            let room = alloc_zeroed(new);
            if room.is_null() {
                wasm32::unreachable();
            }
            if !old.is_null() {
                dealloc(old, layout);
            }
            BASE.store(room, Relaxed);
        },
        _ => wasm32::unreachable(),
    }
}

/// Forgets the `bytes` of arguments and all that the call made of them.
#[wasm_bindgen]
pub fn wipe(bytes: usize) {
    let reserved = RESERVED.load(Relaxed);
    let bytes = bytes.min(reserved);
    // SAFETY: `reserve` has made both parts, and no reference to them outlives a call.
    unsafe {
        ptr::write_bytes(base(), 0, bytes);
        ptr::write_bytes(base().add(reserved), 0, scratch_size(bytes));
    }
}

/// The arguments of one call.
pub(super) struct Arguments<'a> {
    text: &'a [u8],
    next: usize,
    scratch: &'a mut [u8],
}

/// Runs a call. What it borrows of its arguments cannot leave `body`.
pub(super) fn call<T>(body: impl FnOnce(Arguments<'_>) -> T) -> T {
    // SAFETY: the references end with `body`, and calls do not nest.
    body(unsafe { arguments() })
}

/// # Safety
/// At most one may be there at a time, and none while JavaScript or [`wipe`] writes.
#[inline(never)]
unsafe fn arguments<'a>() -> Arguments<'a> {
    let reserved = RESERVED.load(Relaxed);
    // SAFETY: `reserve` has made both parts, one behind the other, and memory starts as zeros.
    let (text, scratch) = unsafe {
        (
            slice::from_raw_parts(base(), reserved),
            slice::from_raw_parts_mut(base().add(reserved), scratch_size(reserved)),
        )
    };
    Arguments {
        text,
        next: 0,
        scratch,
    }
}

impl<'a> Arguments<'a> {
    /// The bytes that are left.
    pub(super) fn bytes(&self) -> &'a [u8] {
        self.text
    }

    /// The next argument; empty where none was given.
    pub(super) fn next(&mut self) -> &'a str {
        let length = SLOTS.get(self.next).map_or(0, |slot| slot.load(Relaxed));
        self.next += 1;
        let (text, rest) = self
            .text
            .split_at_checked(length as usize)
            .unwrap_or_default();
        // A byte 0b10xx_xxxx would be the rest of a character that was cut.
        if rest.first().is_some_and(|byte| byte & 0xC0 == 0x80) {
            return "";
        }
        self.text = rest;
        // SAFETY: JavaScript wrote the buffer with `TextEncoder`, which writes whole characters of
        // UTF-8 over zeros, and it was cut between two of them.
        unsafe { str::from_utf8_unchecked(text) }
    }

    /// Memory to decode into and to write to; see [`scratch_size`].
    pub(super) fn scratch(self) -> &'a mut [u8] {
        self.scratch
    }
}

/// Writes a number that belongs to the answer.
pub(super) fn put(slot: usize, value: u32) {
    if let Some(place) = SLOTS.get(slot) {
        place.store(value, Relaxed);
    }
}

/// Writes where a text lies: a static one, an argument or one in the scratch.
pub(super) fn put_text(slot: usize, text: &[u8]) {
    put(slot, text.as_ptr() as u32);
    put(slot + 1, text.len() as u32);
}

/// Writes an error: code, subject, message, `error`, `error_description`. Answers 1.
pub(super) fn refuse(fault: &Fault, error: &[u8], description: &[u8]) -> u32 {
    let [code, subject, message] = fault.parts();
    put_text(0, code);
    put_text(2, subject);
    put_text(4, message);
    put_text(6, error);
    put_text(8, description);
    1
}

/// Like [`refuse`], for what the platform has no part in.
pub(super) fn fail(fault: &Fault) -> u32 {
    refuse(fault, b"", b"")
}

/// The answer of a call that makes one text: 0 for success, else 1 with the error in the slots.
pub(super) fn answer(text: &[u8], result: Result<(), &'static Fault>) -> u32 {
    if let Err(fault) = result {
        return fail(fault);
    }
    put_text(0, text);
    0
}

const POOL_SIZE: usize = 4096;

/// The allocator: blocks of a small pool, none ever used again. Calls allocate nothing; this is for
/// wasm-bindgen's table of JavaScript objects, which lives as long as the instance.
#[repr(align(16))]
struct Pool<const SIZE: usize>(UnsafeCell<[u8; SIZE]>);

// SAFETY: wasm32-unknown-unknown without atomics has one thread.
unsafe impl<const SIZE: usize> Sync for Pool<SIZE> {}

#[cfg_attr(not(any(test, feature = "server-wasm")), global_allocator)]
#[cfg_attr(any(test, feature = "server-wasm"), allow(dead_code))]
static POOL: Pool<POOL_SIZE> = Pool(UnsafeCell::new([0; POOL_SIZE]));
static POOL_USED: AtomicUsize = AtomicUsize::new(0);

// SAFETY: a block lies in the pool, behind all that were handed out before, and the pool's start is
// aligned to 16.
unsafe impl<const SIZE: usize> GlobalAlloc for Pool<SIZE> {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let start = POOL_USED.load(Relaxed).next_multiple_of(layout.align());
        let end = start.saturating_add(layout.size());
        if end > SIZE || layout.align() > 16 {
            return ptr::null_mut();
        }
        POOL_USED.store(end, Relaxed);
        self.0.get().cast::<u8>().wrapping_add(start)
    }

    unsafe fn dealloc(&self, _: *mut u8, _: Layout) {}
}
