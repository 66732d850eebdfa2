//! Reading the log.

use crate::{
    Error, Service,
    rows::event_line,
    wire::{EventPage, ListEvents},
};

/// Lines of a page at the most.
const MAX_PAGE: u32 = 500;

impl Service {
    /// A page of the log, newest first.
    pub fn list_events(&self, request: ListEvents) -> Result<EventPage, Error> {
        let limit = usize::try_from(request.limit.min(MAX_PAGE)).unwrap_or_default();
        let before = request.before.map(u64::from);
        let mut lines = self.read(|vault| Ok(vault.events(before, limit + 1, request.key)?))?;
        let more = lines.len() > limit;
        lines.truncate(limit);
        let intact = self.log_is_intact()?;
        let lines = lines.into_iter().map(|(seq, event)| event_line(seq, event)).collect();
        Ok(EventPage { lines, more, intact })
    }

    /// Checks the chain of hashes from the first line to the last.
    pub fn verify_log(&self) -> Result<(), Error> {
        self.read(|vault| Ok(vault.verify_log()?))
    }

    /// The last check's answer while nothing was written since; checking reads the whole log.
    fn log_is_intact(&self) -> Result<bool, Error> {
        let mut session = self.session();
        let revision = session.revision();
        if let Some((checked, intact)) = session.log_checked
            && checked == revision
        {
            return Ok(intact);
        }
        let intact = session.vault()?.verify_log().is_ok();
        session.log_checked = Some((revision, intact));
        Ok(intact)
    }
}
