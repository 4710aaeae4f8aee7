//! One virtual clock for each world (SB5).

use serde::Serialize;

/// How the clock of a new world starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Start {
    /// It runs with the time that the shell hands in.
    Running,
    /// It stands at this time (milliseconds since 1970) until it is moved.
    Frozen(u64),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mode {
    Running { offset: i64 },
    Frozen { at: u64 },
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Clock {
    start: Start,
    mode: Mode,
}

/// The clock as the control interface shows it.
#[derive(Debug, Serialize)]
pub(crate) struct Reading {
    now: u64,
    iso: String,
    mode: &'static str,
}

impl Clock {
    pub(crate) fn new(start: Start) -> Self {
        let mode = match start {
            Start::Running => Mode::Running { offset: 0 },
            Start::Frozen(at) => Mode::Frozen { at },
        };
        Self { start, mode }
    }

    pub(crate) fn reset(&mut self) {
        *self = Self::new(self.start);
    }

    pub(crate) fn now(&self, real: u64) -> u64 {
        match self.mode {
            Mode::Running { offset } => real.saturating_add_signed(offset),
            Mode::Frozen { at } => at,
        }
    }

    /// Stops the clock at `at`.
    pub(crate) fn set(&mut self, at: u64) {
        self.mode = Mode::Frozen { at };
    }

    pub(crate) fn freeze(&mut self, real: u64) {
        self.set(self.now(real));
    }

    /// Runs on from where the clock is.
    pub(crate) fn run(&mut self, real: u64) {
        let ahead = i128::from(self.now(real)) - i128::from(real);
        let offset = i64::try_from(ahead).unwrap_or(i64::MAX);
        self.mode = Mode::Running { offset };
    }

    /// Goes on from `at`, in the mode that it is in.
    pub(crate) fn resume(&mut self, at: u64, real: u64) {
        let is_running = matches!(self.mode, Mode::Running { .. });
        self.set(at);
        if is_running {
            self.run(real);
        }
    }

    /// Moves the clock, backwards too; running stays running.
    pub(crate) fn advance(&mut self, by: i64) {
        match &mut self.mode {
            Mode::Running { offset } => *offset = offset.saturating_add(by),
            Mode::Frozen { at } => *at = at.saturating_add_signed(by),
        }
    }

    pub(crate) fn reading(&self, real: u64) -> Reading {
        let now = self.now(real);
        let mode = match self.mode {
            Mode::Running { .. } => "running",
            Mode::Frozen { .. } => "frozen",
        };
        Reading {
            now,
            iso: crate::date::iso(now),
            mode,
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]
mod tests {
    use super::*;

    #[test]
    fn sb5_moves_both_ways_running_and_frozen() {
        let mut clock = Clock::new(Start::Running);
        assert_eq!(clock.now(1_000), 1_000);
        clock.advance(500);
        assert_eq!(clock.now(2_000), 2_500);
        clock.advance(-1_500);
        assert_eq!(clock.now(2_000), 1_000);
        clock.set(77);
        assert_eq!(clock.now(9_999), 77);
        clock.advance(-100);
        assert_eq!(clock.now(9_999), 0);
        clock.set(50);
        clock.run(10_000);
        assert_eq!(clock.now(10_001), 51);
        clock.freeze(10_002);
        assert_eq!(clock.now(20_000), 52);
        clock.reset();
        assert_eq!(clock.now(20_000), 20_000);
    }

    #[test]
    fn sb5_extremes_do_not_wrap() {
        let mut clock = Clock::new(Start::Frozen(u64::MAX));
        clock.advance(i64::MAX);
        assert_eq!(clock.now(0), u64::MAX);
        clock.run(0);
        clock.advance(i64::MIN);
        clock.advance(i64::MIN);
        assert_eq!(clock.now(0), 0);
    }
}
