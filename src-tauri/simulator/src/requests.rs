//! What was asked, counted: tests compare what was done with what was meant.

use std::sync::atomic::{AtomicU64, Ordering};

use axum::http::StatusCode;
use serde::Serialize;

use crate::Operation;

/// Requests since the start.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Requests {
    /// Lists asked for, probes among them.
    pub list: u64,
    /// Keys asked for.
    pub mint: u64,
    /// Revocations asked for.
    pub revoke: u64,
    /// Tools called and services used, and calls of the other three platforms' APIs.
    pub r#use: u64,
    /// Answered with 401.
    pub unauthorized: u64,
    /// Answered with 403.
    pub forbidden: u64,
    /// Met with a fault that was ordered.
    pub faulty: u64,
}

#[derive(Debug, Default)]
pub(crate) struct Counters {
    list: AtomicU64,
    mint: AtomicU64,
    revoke: AtomicU64,
    used: AtomicU64,
    unauthorized: AtomicU64,
    forbidden: AtomicU64,
    faulty: AtomicU64,
}

impl Counters {
    pub(crate) fn asked(&self, operation: Operation) {
        let counter = match operation {
            Operation::List => &self.list,
            Operation::Mint => &self.mint,
            Operation::Revoke => &self.revoke,
            Operation::Use => &self.used,
        };
        counter.fetch_add(1, Ordering::SeqCst);
    }

    pub(crate) fn answered(&self, status: StatusCode) {
        match status {
            StatusCode::UNAUTHORIZED => self.unauthorized.fetch_add(1, Ordering::SeqCst),
            StatusCode::FORBIDDEN => self.forbidden.fetch_add(1, Ordering::SeqCst),
            _ => return,
        };
    }

    pub(crate) fn faulty(&self) {
        self.faulty.fetch_add(1, Ordering::SeqCst);
    }

    pub(crate) fn read(&self) -> Requests {
        let read = |counter: &AtomicU64| counter.load(Ordering::SeqCst);
        Requests {
            list: read(&self.list),
            mint: read(&self.mint),
            revoke: read(&self.revoke),
            r#use: read(&self.used),
            unauthorized: read(&self.unauthorized),
            forbidden: read(&self.forbidden),
            faulty: read(&self.faulty),
        }
    }
}
