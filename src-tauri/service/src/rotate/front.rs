//! The same use cases for a front end that does not wait: a run goes on in the background and
//! tells how far it is.

use keywright_model::{BulkId, RotationState};

use crate::{
    Error, Service,
    wire::{
        ActOnRotation, BulkAct, BulkAsk, BulkBegun, BulkProgress, ReplaceLeaked, RotateKey,
        RotationRow,
    },
};

impl Service {
    /// Begins to replace a key, and goes on in the background.
    pub async fn begin_rotation(&self, request: RotateKey) -> Result<RotationRow, Error> {
        let row = self.off_the_runtime(move |service| service.start_rotation(request)).await?;
        self.run_rotation_in_background(row.id);
        Ok(row)
    }

    /// Acts on a run, and has it go on in the background.
    pub async fn carry_on_rotation(&self, request: ActOnRotation) -> Result<RotationRow, Error> {
        let row = self.act_on_rotation(request).await?;
        if !matches!(row.state, RotationState::Closed { .. }) {
            self.run_rotation_in_background(row.id);
        }
        Ok(row)
    }

    /// Begins to replace a leaked key, and goes on in the background.
    pub async fn begin_replacing_leaked(
        &self,
        request: ReplaceLeaked,
    ) -> Result<RotationRow, Error> {
        let row = self.off_the_runtime(move |service| service.replace_leaked(request)).await?;
        self.run_rotation_in_background(row.id);
        Ok(row)
    }

    /// Begins a change of many keys, and goes on in the background.
    pub async fn begin_bulk(&self, ask: BulkAsk) -> Result<BulkBegun, Error> {
        let act = ask.act.clone();
        let begun = self.off_the_runtime(move |service| service.start_bulk(&ask)).await?;
        let (service, bulk) = (self.clone(), begun.bulk);
        match act {
            BulkAct::Rotate { .. } => {
                drop(tokio::spawn(async move { drop(service.run_bulk(bulk).await) }));
            }
            BulkAct::Revoke | BulkAct::Relabel { .. } => {
                drop(tokio::spawn(async move { drop(service.run_queue().await) }));
            }
            BulkAct::Policy { .. } => {}
        }
        Ok(begun)
    }

    /// Takes up a change of many keys that was stopped, in the background.
    pub async fn resume_bulk(&self, bulk: BulkId) -> Result<BulkProgress, Error> {
        let service = self.clone();
        drop(tokio::spawn(async move { drop(service.run_bulk(bulk).await) }));
        self.off_the_runtime(move |service| service.bulk_progress(bulk)).await
    }

    /// Has everything go on that can: runs that wait for time or the network, and the queue. For a
    /// front end to call now and then.
    pub async fn keep_going(&self) -> Result<(), Error> {
        self.resume_rotations().await?;
        if self.has_drafts()? {
            self.run_queue().await?;
        }
        Ok(())
    }

    /// Reads files, so not on a thread that answers.
    async fn off_the_runtime<T: Send + 'static>(
        &self,
        work: impl FnOnce(Self) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let service = self.clone();
        tokio::task::spawn_blocking(move || work(service)).await.unwrap_or(Err(Error::Stopped))
    }
}
