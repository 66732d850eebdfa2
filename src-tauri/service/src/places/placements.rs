//! Where keys are, and how they are there.

use crate::{
    Error, Service,
    wire::{ListPlacements, PlacementRow},
};

impl Service {
    /// The places of keys, of one key or of one client.
    pub fn list_placements(&self, request: ListPlacements) -> Result<Vec<PlacementRow>, Error> {
        let fits = |placement: &keywright_model::Placement| {
            request.key.is_none_or(|key| placement.key == key)
                && request.client.as_ref().is_none_or(|id| placement.client.as_ref() == Some(id))
        };
        if request.check && self.writes() {
            self.look_at_places(&fits)?;
        }
        self.placement_rows(fits)
    }
}
