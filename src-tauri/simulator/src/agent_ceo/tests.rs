//! agent.ceo as its document tells it, over real HTTP.

mod life;
mod minting;
mod reach;
mod restore;
