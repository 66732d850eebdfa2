//! Argon2id: its parameters, their floor and ceiling, and their fit to this machine.
//!
//! A file's parameters are checked before any memory is asked for, and are never
//! copied to a new slot: each wrap takes the policy of its day.

use std::time::{Duration, Instant};

use argon2::{Algorithm, Argon2, Block, Params, Version};
use keywright_model::Secret;
use unicode_normalization::UnicodeNormalization;
use zeroize::{Zeroize, Zeroizing};

use super::keys::{self, Bytes32};
use crate::{Error, error::KdfProblem};

/// Argon2id's costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KdfParams {
    /// Memory in KiB.
    pub memory_kib: u32,
    /// Passes over it.
    pub passes: u32,
    /// Lanes.
    pub lanes: u32,
}

/// How a new slot's costs are chosen.
#[derive(Debug, Clone, Copy)]
pub enum Kdf {
    /// To about one second on this machine.
    Calibrated,
    /// As given; still never under the floor.
    Fixed(KdfParams),
}

const FLOOR: KdfParams = KdfParams { memory_kib: 64 * 1024, passes: 3, lanes: 4 };
const START: KdfParams = KdfParams { memory_kib: 256 * 1024, passes: 3, lanes: 4 };
const MOST_MEMORY_KIB: u64 = 2 * 1024 * 1024;
const MOST_PASSES: u32 = 64;
const MOST_LANES: u32 = 16;
/// The middle of the 0.8 to 1.2 seconds that an unlock may take.
const TARGET: Duration = Duration::from_secs(1);
/// A machine whose memory is not known counts as this small.
const ASSUMED_MEMORY_KIB: u64 = 4 * 1024 * 1024;

impl KdfParams {
    /// The weakest that Keywright writes or opens.
    pub const fn floor() -> Self {
        FLOOR
    }

    /// Costs far under the floor that open in a millisecond. They exist in tests only.
    #[cfg(any(test, feature = "test-kdf"))]
    pub const fn for_tests() -> Self {
        Self { memory_kib: 64, passes: 1, lanes: 1 }
    }

    #[cfg(any(test, feature = "test-kdf"))]
    fn is_for_tests(self) -> bool {
        self == Self::for_tests()
    }

    #[cfg(not(any(test, feature = "test-kdf")))]
    #[expect(clippy::unused_self, reason = "no costs are for tests outside of tests")]
    const fn is_for_tests(self) -> bool {
        false
    }

    /// Whether these costs may be paid here; asked before anything is allocated.
    pub(crate) fn check(self) -> Result<(), Error> {
        let weak =
            self.memory_kib < FLOOR.memory_kib || self.passes < FLOOR.passes || self.lanes == 0;
        let costly = u64::from(self.memory_kib) > ceiling_kib(machine_memory_kib())
            || self.passes > MOST_PASSES
            || self.lanes > MOST_LANES;
        match (self.is_for_tests(), weak, costly) {
            (true, _, _) | (false, false, false) => Ok(()),
            (false, true, _) => Err(Error::KdfRefused { why: KdfProblem::TooWeak }),
            (false, false, true) => Err(Error::KdfRefused { why: KdfProblem::TooCostly }),
        }
    }
}

impl Kdf {
    /// The costs for a new slot.
    pub(crate) fn choose(self) -> Result<KdfParams, Error> {
        let params = match self {
            Self::Fixed(params) => params,
            Self::Calibrated => calibrate()?,
        };
        params.check()?;
        Ok(params)
    }
}

const fn ceiling_kib(machine: u64) -> u64 {
    let half = machine / 2;
    if half < MOST_MEMORY_KIB { half } else { MOST_MEMORY_KIB }
}

#[cfg(target_os = "linux")]
fn machine_memory_kib() -> u64 {
    let info = rustix::system::sysinfo();
    let bytes = info.totalram.saturating_mul(info.mem_unit.into());
    if bytes == 0 { ASSUMED_MEMORY_KIB } else { bytes / 1024 }
}

#[cfg(not(target_os = "linux"))]
const fn machine_memory_kib() -> u64 {
    ASSUMED_MEMORY_KIB
}

/// Costs that take about [`TARGET`] here, from two short runs.
fn calibrate() -> Result<KdfParams, Error> {
    let probe = KdfParams { memory_kib: 64 * 1024, passes: 2, lanes: START.lanes };
    let mut best = Duration::MAX;
    for _ in 0..2 {
        let start = Instant::now();
        drop(argon2id(b"calibration", &[0; 16], probe)?);
        best = best.min(start.elapsed());
    }
    let most = u32::try_from(ceiling_kib(machine_memory_kib())).unwrap_or(u32::MAX);
    Ok(fit(best, probe, most))
}

/// Scales a measured run: costs grow with memory × passes. Memory first, then passes.
fn fit(took: Duration, probe: KdfParams, most_memory_kib: u32) -> KdfParams {
    let work = u64::from(probe.memory_kib) * u64::from(probe.passes);
    let micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX).max(1);
    let target = u64::try_from(TARGET.as_micros()).unwrap_or(u64::MAX);
    let affordable = work.saturating_mul(target) / micros;
    let wanted = affordable / u64::from(FLOOR.passes);
    let most = u64::from(START.memory_kib.min(most_memory_kib).max(FLOOR.memory_kib));
    let memory = wanted.clamp(u64::from(FLOOR.memory_kib), most) / 1024 * 1024;
    let passes =
        (affordable / memory.max(1)).clamp(u64::from(FLOOR.passes), u64::from(MOST_PASSES));
    KdfParams {
        memory_kib: u32::try_from(memory).unwrap_or(FLOOR.memory_kib),
        passes: u32::try_from(passes).unwrap_or(FLOOR.passes),
        lanes: START.lanes,
    }
}

/// The key that a passphrase makes, in Unicode's NFC so that the keyboard does not matter.
#[expect(clippy::disallowed_methods, reason = "the passphrase goes into the derivation")]
pub(crate) fn passphrase_key(
    passphrase: &Secret,
    salt: &[u8; 16],
    params: KdfParams,
) -> Result<Bytes32, Error> {
    params.check()?;
    let text = passphrase.expose();
    // NFC is at most three times as long in UTF-8; the buffer must not move.
    let mut normal = Zeroizing::new(String::with_capacity(text.len().saturating_mul(3)));
    normal.extend(text.nfc());
    let key = argon2id(normal.as_bytes(), salt, params);
    keys::wipe_stack();
    key
}

fn argon2id(input: &[u8], salt: &[u8], params: KdfParams) -> Result<Bytes32, Error> {
    let refused = |why| Error::KdfRefused { why };
    let costs = Params::new(params.memory_kib, params.passes, params.lanes, Some(32))
        .map_err(|_| refused(KdfProblem::TooCostly))?;
    let count = costs.block_count();
    let mut memory: Vec<Block> = Vec::new();
    memory.try_reserve_exact(count).map_err(|_| refused(KdfProblem::NoMemory))?;
    memory.resize(count, Block::new());
    let mut key = keys::blank();
    let argon = Argon2::new(Algorithm::Argon2id, Version::V0x13, costs);
    let done = argon.hash_password_into_with_memory(input, salt, key.as_mut_slice(), &mut memory);
    // The first and last blocks tell the most; wiping all costs a thirtieth of filling them.
    memory.iter_mut().for_each(Zeroize::zeroize);
    done.map_err(|_| refused(KdfProblem::NoMemory))?;
    Ok(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn params(memory_kib: u32, passes: u32, lanes: u32) -> KdfParams {
        KdfParams { memory_kib, passes, lanes }
    }

    #[test]
    fn lowered_and_inflated_costs_are_refused_at_once() {
        let start = Instant::now();
        for weak in
            [params(65_535, 3, 4), params(65_536, 2, 4), params(65_536, 3, 0), params(0, 0, 0)]
        {
            let why = KdfProblem::TooWeak;
            assert!(
                matches!(weak.check(), Err(Error::KdfRefused { why: w }) if w == why),
                "{weak:?}"
            );
        }
        for costly in [params(u32::MAX, 3, 4), params(65_536, u32::MAX, 4), params(65_536, 3, 17)] {
            let why = KdfProblem::TooCostly;
            assert!(matches!(costly.check(), Err(Error::KdfRefused { why: w }) if w == why));
        }
        FLOOR.check().unwrap();
        assert!(start.elapsed() < Duration::from_millis(50));
    }

    #[test]
    fn costs_fit_the_machine_within_the_floor_and_the_ceiling() {
        let probe = params(64 * 1024, 2, 4);
        let fast = fit(Duration::from_millis(10), probe, u32::MAX);
        assert_eq!((fast.memory_kib, fast.passes), (START.memory_kib, 50));
        let usual = fit(Duration::from_millis(150), probe, u32::MAX);
        assert_eq!((usual.memory_kib, usual.passes), (START.memory_kib, 3));
        let slow = fit(Duration::from_millis(300), probe, u32::MAX);
        assert!(slow.memory_kib < START.memory_kib && slow.memory_kib > FLOOR.memory_kib);
        let slowest = fit(Duration::from_secs(9), probe, u32::MAX);
        assert_eq!((slowest.memory_kib, slowest.passes), (FLOOR.memory_kib, FLOOR.passes));
        let small = fit(Duration::from_millis(10), probe, 100 * 1024);
        assert_eq!(small.memory_kib, 100 * 1024);
    }

    #[test]
    fn half_of_the_memory_is_the_most() {
        assert_eq!(ceiling_kib(1024 * 1024), 512 * 1024);
        assert_eq!(ceiling_kib(u64::MAX), MOST_MEMORY_KIB);
        assert!(machine_memory_kib() > 64 * 1024);
    }

    #[test]
    fn composed_and_decomposed_letters_make_the_same_key() {
        let key = |text| {
            let secret = Secret::copy_of(text);
            *passphrase_key(&secret, &[1; 16], KdfParams::for_tests())
                .unwrap()
                .as_slice()
                .first_chunk::<32>()
                .unwrap()
        };
        assert_eq!(key("caf\u{e9}"), key("cafe\u{301}"));
        assert_ne!(key("caf\u{e9}"), key("cafe"));
    }
}
