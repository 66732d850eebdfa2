//! The clipboard, in Rust alone: a secret goes there and comes from there without
//! passing a web view, and does not stay.
//!
//! On X11 the program that copied answers for the clipboard's content as long as
//! it is there, so one thread owns it for the whole run. Only the clipboard is
//! ever filled; the selection for the middle mouse button is left alone.

use std::{
    sync::{
        Mutex, PoisonError,
        mpsc::{self, Receiver, RecvTimeoutError, Sender},
    },
    thread::JoinHandle,
    time::{Duration, Instant},
};

use keywright_model::Secret;

use crate::error::Error;

/// How long a copied secret stays.
pub(crate) const STAYS: Duration = Duration::from_secs(30);

/// The way to the thread that owns the clipboard.
#[derive(Default)]
pub(crate) struct Clipboard {
    thread: Mutex<Option<(Sender<Order>, JoinHandle<()>)>>,
}

enum Order {
    Put(Secret, Sender<Result<(), Error>>),
    Take(Sender<Result<Secret, Error>>),
    ClearIf(Secret, Sender<()>),
    Clear(Sender<()>),
    End,
}

impl Clipboard {
    /// Puts a secret there, without clipboard histories, for [`STAYS`].
    pub(crate) fn put(&self, secret: Secret) -> Result<(), Error> {
        self.ask(|answer| Order::Put(secret, answer))?
    }

    /// Reads the text that is there.
    pub(crate) fn read(&self) -> Result<Secret, Error> {
        self.ask(Order::Take)?
    }

    /// Clears it if it still holds this text: a secret that was brought is taken away with us.
    pub(crate) fn clear_if(&self, text: Secret) {
        self.ask(|answer| Order::ClearIf(text, answer)).ok();
    }

    /// Clears what we put there, if it is still there. Safe to call when there is nothing.
    pub(crate) fn clear(&self) {
        if self.is_running() {
            self.ask(Order::Clear).ok();
        }
    }

    /// Clears and ends the thread.
    pub(crate) fn close(&self) {
        self.clear();
        let thread = self.thread.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some((orders, thread)) = thread {
            orders.send(Order::End).ok();
            // A thread that panicked has no clipboard left to clear.
            thread.join().ok();
        }
    }

    fn is_running(&self) -> bool {
        self.thread.lock().unwrap_or_else(PoisonError::into_inner).is_some()
    }

    fn ask<T>(&self, order: impl FnOnce(Sender<T>) -> Order) -> Result<T, Error> {
        let (answer, heard) = mpsc::channel();
        let mut thread = self.thread.lock().unwrap_or_else(PoisonError::into_inner);
        // Started at first use: a program that only shows a lock screen needs no clipboard.
        let (orders, _) = thread.get_or_insert_with(|| {
            let (orders, taken) = mpsc::channel();
            (orders, std::thread::spawn(move || serve(&taken)))
        });
        orders.send(order(answer)).map_err(|_| Error::ClipboardClosed)?;
        drop(thread);
        heard.recv().map_err(|_| Error::ClipboardClosed)
    }
}

/// What we put there, and until when it may stay.
struct Ours {
    text: Secret,
    until: Instant,
}

fn serve(orders: &Receiver<Order>) {
    let mut board = None;
    let mut ours: Option<Ours> = None;
    loop {
        match next(orders, ours.as_ref()) {
            Ok(Order::Put(text, answer)) => {
                let put = opened(&mut board).and_then(|board| put(board, &text));
                ours = put.is_ok().then(|| Ours { text, until: Instant::now() + STAYS });
                answer.send(put).ok();
            }
            Ok(Order::Take(answer)) => {
                answer.send(opened(&mut board).and_then(read)).ok();
            }
            Ok(Order::ClearIf(text, answer)) => {
                clear(&mut board, &text);
                answer.send(()).ok();
            }
            Ok(Order::Clear(answer)) => {
                clear_ours(&mut board, &mut ours);
                answer.send(()).ok();
            }
            Err(RecvTimeoutError::Timeout) => clear_ours(&mut board, &mut ours),
            Ok(Order::End) | Err(RecvTimeoutError::Disconnected) => return,
        }
    }
}

fn next(orders: &Receiver<Order>, ours: Option<&Ours>) -> Result<Order, RecvTimeoutError> {
    match ours {
        Some(ours) => orders.recv_timeout(ours.until.saturating_duration_since(Instant::now())),
        None => orders.recv().map_err(|_| RecvTimeoutError::Disconnected),
    }
}

/// Opened late, and again after a failure: the display may come and go.
fn opened(board: &mut Option<arboard::Clipboard>) -> Result<&mut arboard::Clipboard, Error> {
    if board.is_none() {
        *board = Some(arboard::Clipboard::new()?);
    }
    board.as_mut().ok_or(Error::ClipboardClosed)
}

#[expect(clippy::disallowed_methods, reason = "the clipboard is where a person asked for it")]
fn put(board: &mut arboard::Clipboard, text: &Secret) -> Result<(), Error> {
    Ok(hidden(board.set()).text(text.expose())?)
}

/// With the hint that keeps clipboard histories away.
#[cfg(all(unix, not(target_os = "macos")))]
fn hidden(set: arboard::Set<'_>) -> arboard::Set<'_> {
    arboard::SetExtLinux::exclude_from_history(set)
}

/// With the hint that keeps clipboard histories away.
#[cfg(target_os = "macos")]
fn hidden(set: arboard::Set<'_>) -> arboard::Set<'_> {
    arboard::SetExtApple::exclude_from_history(set)
}

/// With the hints that keep clipboard histories and the cloud away.
#[cfg(windows)]
fn hidden(set: arboard::Set<'_>) -> arboard::Set<'_> {
    use arboard::SetExtWindows as _;
    set.exclude_from_monitoring().exclude_from_history().exclude_from_cloud()
}

fn read(board: &mut arboard::Clipboard) -> Result<Secret, Error> {
    match board.get_text() {
        Ok(text) => {
            let text = Secret::new(text);
            if text.trimmed().is_empty() { Err(Error::ClipboardEmpty) } else { Ok(text) }
        }
        Err(arboard::Error::ContentNotAvailable) => Err(Error::ClipboardEmpty),
        Err(error) => Err(error.into()),
    }
}

fn clear_ours(board: &mut Option<arboard::Clipboard>, ours: &mut Option<Ours>) {
    if let Some(ours) = ours.take() {
        clear(board, &ours.text);
    }
}

/// Clears unless somebody copied something else meanwhile.
#[expect(clippy::disallowed_methods, reason = "compared with what the clipboard holds now")]
fn clear(board: &mut Option<arboard::Clipboard>, text: &Secret) {
    let Ok(board) = opened(board) else { return };
    if read(board).is_ok_and(|now| now.expose() == text.expose()) {
        // Nothing more can be done when even this fails; the display is gone then.
        board.clear().ok();
    }
}
