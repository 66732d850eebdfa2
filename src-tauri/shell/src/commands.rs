//! The IPC table made into Tauri commands: one handler a line, each of them the
//! same three steps. Read `table.rs` for what there is.

use keywright_model::{
    BulkId, ConnectionId, KeyId, PlacementId, PlatformId, RotationId, WritingId,
};
use keywright_service::wire::{
    ActOnRotation, AddPlatform, AppStatus, BulkAsk, BulkBegun, BulkPlan, BulkProgress, ClientRow,
    ConnectionRow, Copied, CopySecret, CreateForm, CreateKey, CreatePreview, Detected, EditDraft,
    EditKey, EditPlace, EventPage, ExportReport, Failure, GuidePage, GuidedKey, KeyCreated,
    KeyDetail, KeyPage, LeakReport, ListClients, ListEvents, ListKeys, ListPlacements,
    ListRotations, NotePlace, OperationLine, Overview, PlaceKey, PlacePreview, PlaceReport,
    PlacementRow, PlatformPreview, PlatformRow, ProbeReport, QueueReport, Refresh, RefreshReport,
    RelabelKey, RemoteChange, ReplaceLeaked, ReportText, RevokeKey, RevokePreview, RevokeProgress,
    RotateKey, RotationPlan, RotationReport, RotationRow, ScanReport, ScanRequest, Settings,
    SettleOperation, StorePreview, StoreReport, StoreSecret, Strength, TakeIn, TakenIn,
    WhichReport, WhichRequest, WritingRow,
};
use serde::Serialize;
use tauri::{AppHandle, Manager, Runtime, ipc::Invoke};

use crate::{
    desktop, door,
    error::Error,
    shell::Shell,
    wire::{
        AddKeyWith, BringKey, ConfirmRecovery, ConnectWith, CredentialWith, DoorState, GuidedWith,
        Passphrase, RecoveryEntry, RecoveryGroups,
    },
};

/// Passes the request on where there is one.
macro_rules! given {
    ($request:ident: $type:ty) => {
        $request
    };
}

/// The request's type; null where there is nothing to say.
macro_rules! asked {
    () => {
        ()
    };
    ($type:ty) => {
        $type
    };
}

macro_rules! ipc_table {
    (
        service { $($s:ident($($sq:ty)?) -> $sa:ty;)* }
        remote { $($r:ident($($rq:ty)?) -> $ra:ty;)* }
        desktop { $($d:ident($($dq:ty)?) -> $da:ty;)* }
        door { $($o:ident($($oq:ty)?) -> $oa:ty;)* }
    ) => {
        mod handlers {
            use super::*;
            $(#[tauri::command]
            pub(super) async fn $s<R: Runtime>(
                app: AppHandle<R>,
                request: asked!($($sq)?),
            ) -> Result<$sa, Failure> {
                heard(&app, stringify!($s), &request);
                let service = app.state::<Shell>().service.clone();
                let work = move || service.$s($(given!(request: $sq))?).outcome();
                told(&app, stringify!($s), blocking(work).await)
            })*
            $(#[tauri::command]
            pub(super) async fn $r<R: Runtime>(
                app: AppHandle<R>,
                request: asked!($($rq)?),
            ) -> Result<$ra, Failure> {
                heard(&app, stringify!($r), &request);
                let service = app.state::<Shell>().service.clone();
                let answer = service.$r($(given!(request: $rq))?).await;
                told(&app, stringify!($r), answer.map_err(Error::from))
            })*
            $(#[tauri::command]
            pub(super) async fn $d<R: Runtime>(
                app: AppHandle<R>,
                request: asked!($($dq)?),
            ) -> Result<$da, Failure> {
                heard(&app, stringify!($d), &request);
                let answer = desktop::$d(&app, $(given!(request: $dq))?).await;
                told(&app, stringify!($d), answer)
            })*
            $(#[tauri::command]
            pub(super) async fn $o<R: Runtime>(
                app: AppHandle<R>,
                request: asked!($($oq)?),
            ) -> Result<$oa, Failure> {
                unheard(&request);
                Ok(door::$o(&app, $(given!(request: $oq))?).await?)
            })*
        }

        /// Answers every command of the table.
        pub(crate) fn handler<R: Runtime>() -> impl Fn(Invoke<R>) -> bool + Send + Sync + 'static {
            tauri::generate_handler![
                $(handlers::$s,)* $(handlers::$r,)* $(handlers::$d,)* $(handlers::$o,)*
            ]
        }

        /// The main window's commands.
        #[cfg(test)]
        pub(crate) const MAIN: &[&str] =
            &[$(stringify!($s),)* $(stringify!($r),)* $(stringify!($d),)*];

        /// The throw-away window's commands.
        #[cfg(test)]
        pub(crate) const DOOR: &[&str] = &[$(stringify!($o),)*];

        /// Shows every request and answer type to a collector of TypeScript types.
        #[cfg(all(test, feature = "bindings"))]
        pub(crate) fn collect(types: &mut impl crate::bindings::Collect) {
            $(types.main::<asked!($($sq)?), $sa>(stringify!($s));)*
            $(types.main::<asked!($($rq)?), $ra>(stringify!($r));)*
            $(types.main::<asked!($($dq)?), $da>(stringify!($d));)*
            $(types.door::<asked!($($oq)?), $oa>(stringify!($o));)*
        }
    };
}

include!("table.rs");

/// What a service's method answers, as a result.
trait Outcome<T> {
    fn outcome(self) -> Result<T, Error>;
}

impl<T> Outcome<T> for Result<T, keywright_service::Error> {
    fn outcome(self) -> Result<T, Error> {
        self.map_err(Error::from)
    }
}

impl Outcome<Self> for () {
    fn outcome(self) -> Result<Self, Error> {
        Ok(self)
    }
}

impl<T> Outcome<Self> for Vec<T> {
    fn outcome(self) -> Result<Self, Error> {
        Ok(self)
    }
}

/// Runs what reads the disk or waits for it where it holds nobody up.
pub(crate) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Error> + Send + 'static,
) -> Result<T, Error> {
    tauri::async_runtime::spawn_blocking(work).await.map_err(|_| Error::Ended)?
}

fn heard<R: Runtime>(app: &AppHandle<R>, command: &str, request: &impl Serialize) {
    app.state::<Shell>().transcript.note("ask", command, request);
}

/// What is typed at the door is written down nowhere, not even for the tests.
const fn unheard<T>(_request: &T) {}

fn told<R: Runtime, T: Serialize>(
    app: &AppHandle<R>,
    command: &str,
    answer: Result<T, Error>,
) -> Result<T, Failure> {
    let transcript = &app.state::<Shell>().transcript;
    match answer {
        Ok(answer) => {
            transcript.note("answer", command, &answer);
            Ok(answer)
        }
        Err(error) => {
            let failure = error.failure();
            transcript.note("failure", command, &failure);
            Err(failure)
        }
    }
}
