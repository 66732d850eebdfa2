//! What the throw-away window may ask: to make a vault or open it, and nothing else.
//!
//! The window is destroyed once the vault is open, and its process with it, so that
//! neither the passphrase nor the recovery code outlives it there.

use keywright_model::Secret;
use keywright_service::{RecoveryCode, VaultState, wire::Strength};
use tauri::{AppHandle, Manager, Runtime};

use crate::{
    commands::blocking,
    error::Error,
    opened,
    shell::Shell,
    wire::{ConfirmRecovery, DoorMode, DoorState, Passphrase, RecoveryEntry, RecoveryGroups},
};

/// A recovery code of which two groups are to be typed back.
pub(crate) struct Unconfirmed {
    /// Its groups.
    groups: Vec<Secret>,
    /// The two that are asked.
    ask: [usize; 2],
}

/// Whether to make a vault or to open the one that is there.
pub(crate) async fn door_state<R: Runtime>(app: &AppHandle<R>) -> Result<DoorState, Error> {
    let service = app.state::<Shell>().service.clone();
    blocking(move || {
        Ok(match service.vault_state() {
            VaultState::Missing => DoorState { mode: DoorMode::Create, notice: None },
            VaultState::Locked | VaultState::Unlocked => DoorState {
                mode: DoorMode::Unlock,
                notice: service.open_locked().err().map(|error| notice(&error)),
            },
        })
    })
    .await
}

/// Why the right passphrase would not help now.
fn notice(error: &keywright_service::Error) -> String {
    let failure = error.failure();
    format!("{} {}", failure.what, failure.advice)
}

/// How strong a passphrase is.
pub(crate) async fn strength<R: Runtime>(
    app: &AppHandle<R>,
    request: Passphrase,
) -> Result<Strength, Error> {
    let service = app.state::<Shell>().service.clone();
    blocking(move || Ok(service.strength(&request.passphrase))).await
}

/// Makes the vault. It stays behind the door until two groups of the code came back.
pub(crate) async fn make_vault<R: Runtime>(
    app: &AppHandle<R>,
    request: Passphrase,
) -> Result<RecoveryGroups, Error> {
    let shell = app.state::<Shell>();
    let service = shell.service.clone();
    let code = blocking(move || Ok(service.make_vault(&request.passphrase)?)).await?;
    let unconfirmed = Unconfirmed::of(&code)?;
    let shown = unconfirmed.shown();
    *shell.unconfirmed() = Some(unconfirmed);
    Ok(shown)
}

/// Compares the two groups; when they are right the main window opens.
pub(crate) async fn confirm_recovery<R: Runtime>(
    app: &AppHandle<R>,
    request: ConfirmRecovery,
) -> Result<bool, Error> {
    let shell = app.state::<Shell>();
    let right = match &*shell.unconfirmed() {
        Some(unconfirmed) => unconfirmed.matches(&request.groups),
        None => return Err(Error::NothingToConfirm),
    };
    if right {
        drop(shell.unconfirmed().take());
        opened::welcome(app);
    }
    Ok(right)
}

/// Opens the vault with the passphrase, and the main window.
pub(crate) async fn unlock<R: Runtime>(
    app: &AppHandle<R>,
    request: Passphrase,
) -> Result<(), Error> {
    let service = app.state::<Shell>().service.clone();
    blocking(move || Ok(service.unlock(&request.passphrase)?)).await?;
    opened::welcome(app);
    Ok(())
}

/// Opens the vault with the recovery code, and the main window.
pub(crate) async fn unlock_with_recovery<R: Runtime>(
    app: &AppHandle<R>,
    request: RecoveryEntry,
) -> Result<(), Error> {
    let service = app.state::<Shell>().service.clone();
    blocking(move || Ok(service.unlock_with_recovery(&request.code)?)).await?;
    opened::welcome(app);
    Ok(())
}

impl Unconfirmed {
    #[expect(clippy::disallowed_methods, reason = "cut into the groups that are shown and asked")]
    fn of(code: &RecoveryCode) -> Result<Self, Error> {
        let text = code.expose_groups();
        let groups: Vec<Secret> = text.expose().split('-').map(Secret::copy_of).collect();
        let ask = two_of(groups.len())?;
        Ok(Self { groups, ask })
    }

    #[expect(clippy::disallowed_methods, reason = "shown once, in the throw-away window")]
    fn shown(&self) -> RecoveryGroups {
        let groups = self.groups.iter().map(|group| group.expose().to_owned()).collect();
        let ask = self.ask.map(|at| u8::try_from(at).unwrap_or_default());
        RecoveryGroups { groups, ask }
    }

    fn matches(&self, typed: &[Secret; 2]) -> bool {
        self.ask
            .iter()
            .zip(typed)
            .all(|(at, typed)| self.groups.get(*at).is_some_and(|group| same(group, typed)))
    }
}

/// As people copy it: in any case, O for 0, I and L for 1.
#[expect(clippy::disallowed_methods, reason = "what was typed is compared with what was shown")]
fn same(group: &Secret, typed: &Secret) -> bool {
    let plain = |character: char| match character.to_ascii_uppercase() {
        'O' => '0',
        'I' | 'L' => '1',
        other => other,
    };
    let typed = typed.expose().chars().filter(|c| !c.is_whitespace() && *c != '-');
    group.expose().chars().eq(typed.map(plain))
}

/// Two different places of so many, in order, at random.
fn two_of(count: usize) -> Result<[usize; 2], Error> {
    let mut random = [0_u8; 2];
    getrandom::fill(&mut random)?;
    let [first, second] = random.map(usize::from);
    let a = first.checked_rem(count).unwrap_or_default();
    let b = second.checked_rem(count.saturating_sub(1)).unwrap_or_default();
    let b = if b >= a { b + 1 } else { b };
    Ok([a.min(b), a.max(b)])
}

#[cfg(test)]
mod tests {
    use keywright_model::Secret;

    use super::{Unconfirmed, two_of};

    fn unconfirmed() -> Unconfirmed {
        let groups = ["A0B1", "C2D3", "E4F5", "G6H7"].map(Secret::copy_of).into();
        Unconfirmed { groups, ask: [1, 3] }
    }

    fn typed(first: &str, second: &str) -> [Secret; 2] {
        [Secret::copy_of(first), Secret::copy_of(second)]
    }

    #[test]
    fn the_two_groups_asked_must_come_back() {
        assert!(unconfirmed().matches(&typed("C2D3", "G6H7")));
        assert!(unconfirmed().matches(&typed(" c2d3", "g6h7-")));
        assert!(!unconfirmed().matches(&typed("G6H7", "C2D3")));
        assert!(!unconfirmed().matches(&typed("A0B1", "G6H7")));
        assert!(!unconfirmed().matches(&typed("", "")));
    }

    #[test]
    fn letters_that_look_like_digits_count_as_them() {
        let groups = ["A0B1", "C2D3"].map(Secret::copy_of).into();
        let unconfirmed = Unconfirmed { groups, ask: [0, 1] };
        assert!(unconfirmed.matches(&typed("aobl", "c2d3")));
    }

    #[test]
    fn two_different_groups_are_asked_and_each_may_be() {
        let mut seen = [false; 7];
        for _ in 0..500 {
            let [a, b] = two_of(7).unwrap();
            assert!(a < b && b < 7);
            seen[a] = true;
            seen[b] = true;
        }
        assert_eq!(seen, [true; 7]);
    }
}
