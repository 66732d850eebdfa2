//! Key slots: each wraps the same data key under another key.
//!
//! A slot's key is never used as it is: one half-way key (HKDF) encrypts, another
//! is the slot's commitment, compared first and in constant time. So a wrong
//! passphrase and a damaged slot are told apart, and no ciphertext opens under two
//! passphrases. The parameters are in the associated data.

use keywright_model::Secret;
use subtle::ConstantTimeEq;

use super::{
    kdf::{self, Kdf, KdfParams},
    keys::{self, Bytes32, VaultId},
    recovery::RecoveryCode,
    seal,
};
use crate::{
    Error,
    error::{CodeProblem, damaged},
};

/// Bytes of a stored slot.
pub(crate) const LEN: usize = 152;
const BOUND: usize = 64;
const CHECKED: usize = 136;
const LAYOUT: u8 = 1;

/// What opens a slot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A passphrase, through Argon2id.
    Passphrase,
    /// The recovery code, through HKDF.
    Recovery,
    /// 32 random bytes in the system's keychain, through HKDF. Reserved: this
    /// version neither makes nor opens it, and keeps it as it is.
    Keychain,
}

impl Kind {
    /// The kind's number in the file.
    pub(crate) const fn code(self) -> u8 {
        match self {
            Self::Passphrase => 1,
            Self::Recovery => 2,
            Self::Keychain => 3,
        }
    }

    const fn of(code: u8) -> Option<Self> {
        match code {
            1 => Some(Self::Passphrase),
            2 => Some(Self::Recovery),
            3 => Some(Self::Keychain),
            _ => None,
        }
    }
}

/// One stored slot.
#[derive(Clone)]
pub(crate) struct Slot {
    /// What opens it.
    pub(crate) kind: Kind,
    body: [u8; LEN],
}

/// The parts of a slot before its key is known.
struct Draft {
    kind: Kind,
    params: KdfParams,
    salt: [u8; 16],
}

const NO_COSTS: KdfParams = KdfParams { memory_kib: 0, passes: 0, lanes: 0 };

impl Slot {
    /// Wraps the data key under a passphrase, by today's policy.
    pub(crate) fn passphrase(
        vault: &VaultId,
        data: &[u8; 32],
        passphrase: &Secret,
        policy: Kdf,
    ) -> Result<Self, Error> {
        let draft = Draft { kind: Kind::Passphrase, params: policy.choose()?, salt: salt()? };
        let key = kdf::passphrase_key(passphrase, &draft.salt, draft.params)?;
        draft.wrap(vault, data, &key)
    }

    /// Wraps the data key under a recovery code.
    pub(crate) fn recovery(
        vault: &VaultId,
        data: &[u8; 32],
        code: &RecoveryCode,
    ) -> Result<Self, Error> {
        let draft = Draft { kind: Kind::Recovery, params: NO_COSTS, salt: salt()? };
        let key = code.key(&draft.salt);
        draft.wrap(vault, data, &key)
    }

    /// The data key, if the passphrase is this slot's.
    pub(crate) fn open_with(&self, vault: &VaultId, passphrase: &Secret) -> Result<Bytes32, Error> {
        let draft = self.draft()?;
        let key = kdf::passphrase_key(passphrase, &draft.salt, draft.params)?;
        self.unwrap(vault, &key)?.ok_or(Error::WrongPassphrase)
    }

    /// The data key, if the code is this slot's.
    pub(crate) fn open_with_code(
        &self,
        vault: &VaultId,
        code: &RecoveryCode,
    ) -> Result<Bytes32, Error> {
        let key = code.key(&self.draft()?.salt);
        self.unwrap(vault, &key)?.ok_or(Error::WrongRecoveryCode { why: CodeProblem::Foreign })
    }

    /// Reads a stored slot, whose checksum tells accidents from wrong passphrases.
    pub(crate) fn parse(vault: &VaultId, stored_kind: i64, bytes: &[u8]) -> Result<Self, Error> {
        let torn = || damaged("a key slot");
        let body: [u8; LEN] = bytes.try_into().map_err(|_| torn())?;
        let [layout, code, ..] = body;
        let kind = Kind::of(code).ok_or_else(torn)?;
        let (checked, sum) = body.split_at_checked(CHECKED).ok_or_else(torn)?;
        let whole = checksum(vault, checked).as_slice() == sum;
        if layout != LAYOUT || i64::from(code) != stored_kind || !whole {
            return Err(torn());
        }
        Ok(Self { kind, body })
    }

    /// The stored form.
    pub(crate) const fn bytes(&self) -> &[u8; LEN] {
        &self.body
    }

    /// Bytes from a fixed place of the body.
    fn part<const N: usize>(&self, at: usize) -> Result<[u8; N], Error> {
        let part = self.body.get(at..).and_then(|rest| rest.first_chunk::<N>());
        part.copied().ok_or_else(|| damaged("a key slot"))
    }

    fn draft(&self) -> Result<Draft, Error> {
        let number = |at| self.part::<4>(at).map(u32::from_le_bytes);
        let params = KdfParams { memory_kib: number(4)?, passes: number(8)?, lanes: number(12)? };
        Ok(Draft { kind: self.kind, params, salt: self.part(16)? })
    }

    /// The data key; none when the key is not the one that wrapped it.
    fn unwrap(&self, vault: &VaultId, key: &[u8; 32]) -> Result<Option<Bytes32>, Error> {
        let claimed: [u8; 32] = self.part(32)?;
        if !bool::from(commitment(vault, key).as_slice().ct_eq(&claimed)) {
            return Ok(None);
        }
        let torn = || damaged("a key slot");
        let bound = self.body.get(..BOUND).ok_or_else(torn)?;
        let wrapped = self.body.get(BOUND..CHECKED).ok_or_else(torn)?;
        let opened = seal::open(&wrapping(vault, key), &associated(vault, bound), wrapped)
            .ok_or_else(torn)?;
        let mut data = keys::blank();
        if opened.len() != data.len() {
            return Err(torn());
        }
        data.copy_from_slice(&opened);
        Ok(Some(data))
    }
}

impl Draft {
    fn wrap(&self, vault: &VaultId, data: &[u8; 32], key: &[u8; 32]) -> Result<Slot, Error> {
        let mut body = Vec::with_capacity(LEN);
        body.extend([LAYOUT, self.kind.code(), 0, 0]);
        for number in [self.params.memory_kib, self.params.passes, self.params.lanes] {
            body.extend(number.to_le_bytes());
        }
        body.extend(self.salt);
        body.extend(commitment(vault, key).iter());
        let wrapped = seal::seal(&wrapping(vault, key), &associated(vault, &body), data)?;
        body.extend(wrapped);
        let sum = checksum(vault, &body);
        body.extend(sum);
        let body = body.try_into().map_err(|_| Error::Unstorable)?;
        Ok(Slot { kind: self.kind, body })
    }
}

fn salt() -> Result<[u8; 16], Error> {
    let mut salt = [0; 16];
    getrandom::fill(&mut salt)?;
    Ok(salt)
}

fn wrapping(vault: &VaultId, key: &[u8; 32]) -> Bytes32 {
    keys::hkdf(vault, key, "keywright/1/slot wrap")
}

fn commitment(vault: &VaultId, key: &[u8; 32]) -> Bytes32 {
    keys::hkdf(vault, key, "keywright/1/slot commitment")
}

fn associated(vault: &VaultId, bound: &[u8]) -> Vec<u8> {
    let mut data = b"keywright slot".to_vec();
    data.extend(seal::SEALING.to_le_bytes());
    data.extend(vault);
    data.extend(bound);
    data
}

/// Not a defence, a diagnosis: a bit that fell over shows here before the passphrase
/// is blamed. Whoever changes a slot on purpose can mend it, and then fails above.
fn checksum(vault: &VaultId, checked: &[u8]) -> [u8; 16] {
    let mut hasher = blake3::Hasher::new();
    hasher.update(b"keywright slot checksum").update(vault).update(checked);
    let mut sum = [0; 16];
    hasher.finalize_xof().fill(&mut sum);
    sum
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::KdfProblem;

    const VAULT: VaultId = [4; 16];

    fn slot() -> Slot {
        let policy = Kdf::Fixed(KdfParams::for_tests());
        Slot::passphrase(&VAULT, &[9; 32], &Secret::copy_of("right"), policy).unwrap()
    }

    /// The slot with some bytes changed and its checksum mended, as a forger would.
    fn forged(slot: &Slot, change: impl FnOnce(&mut [u8; LEN])) -> Slot {
        let mut body = slot.body;
        change(&mut body);
        let sum = checksum(&VAULT, &body[..CHECKED]);
        body[CHECKED..].copy_from_slice(&sum);
        Slot::parse(&VAULT, 1, &body).unwrap()
    }

    fn open(slot: &Slot) -> Result<Bytes32, Error> {
        slot.open_with(&VAULT, &Secret::copy_of("right"))
    }

    #[test]
    fn the_right_passphrase_opens_and_a_wrong_one_is_told() {
        let slot = slot();
        assert_eq!(*open(&slot).unwrap(), [9; 32]);
        let wrong = slot.open_with(&VAULT, &Secret::copy_of("wrong"));
        assert!(matches!(wrong, Err(Error::WrongPassphrase)));
    }

    #[test]
    fn every_flipped_bit_is_damage_and_not_a_wrong_passphrase() {
        let slot = slot();
        for at in 0..LEN * 8 {
            let mut bytes = *slot.bytes();
            bytes[at / 8] ^= 1 << (at % 8);
            assert!(matches!(Slot::parse(&VAULT, 1, &bytes), Err(Error::Damaged { .. })));
        }
        assert!(matches!(Slot::parse(&VAULT, 2, slot.bytes()), Err(Error::Damaged { .. })));
        assert!(matches!(Slot::parse(&[5; 16], 1, slot.bytes()), Err(Error::Damaged { .. })));
    }

    #[test]
    fn a_forger_cannot_lower_or_raise_the_costs() {
        let slot = slot();
        for (bytes, why) in
            [([0, 1, 0, 0], KdfProblem::TooWeak), ([0xff, 0xff, 0xff, 0xff], KdfProblem::TooCostly)]
        {
            let mut other = forged(&slot, |body| body[4..8].copy_from_slice(&bytes));
            if why == KdfProblem::TooCostly {
                other = forged(&other, |body| body[8] = 3);
            }
            let start = std::time::Instant::now();
            assert!(matches!(open(&other), Err(Error::KdfRefused { why: w }) if w == why));
            assert!(start.elapsed().as_millis() < 50);
        }
    }

    #[test]
    fn other_allowed_costs_or_another_vault_do_not_open_it() {
        let slot = slot();
        let floor = KdfParams::floor();
        let other = forged(&slot, |body| {
            body[4..8].copy_from_slice(&floor.memory_kib.to_le_bytes());
            body[8..12].copy_from_slice(&floor.passes.to_le_bytes());
        });
        assert!(matches!(open(&other), Err(Error::WrongPassphrase)));
        let secret = Secret::copy_of("right");
        assert!(matches!(slot.open_with(&[5; 16], &secret), Err(Error::WrongPassphrase)));
    }

    #[test]
    fn a_forged_wrapping_under_a_right_commitment_is_damage() {
        let other = forged(&slot(), |body| body[100] ^= 1);
        assert!(matches!(open(&other), Err(Error::Damaged { .. })));
        let other = forged(&slot(), |body| body[2] ^= 1);
        assert!(matches!(open(&other), Err(Error::Damaged { .. })));
    }

    #[test]
    fn a_recovery_code_opens_its_slot_only() {
        let code = RecoveryCode::make().unwrap();
        let slot = Slot::recovery(&VAULT, &[9; 32], &code).unwrap();
        assert_eq!(*slot.open_with_code(&VAULT, &code).unwrap(), [9; 32]);
        let other = slot.open_with_code(&VAULT, &RecoveryCode::make().unwrap());
        let why = CodeProblem::Foreign;
        assert!(matches!(other, Err(Error::WrongRecoveryCode { why: w }) if w == why));
    }
}
