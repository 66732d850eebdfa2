//! A platform, or somebody on the way, that answers with anything at all: ten thousand true
//! answers, each damaged in its bytes or its structure, go through the use cases.
//!
//! Whatever comes back, nothing panics, every call ends with a typed result, no secret is
//! lost, nothing known disappears, no key is called revoked that the platform did not revoke,
//! and the vault still opens and verifies.

mod crowd;
mod mutate;
mod stage;
mod watch;

use std::time::Instant;

use mutate::Rng;
use stage::{Kind, Stage, Tally};

/// Damaged answers in all, and those that one vault gets.
const ANSWERS: u32 = 10_000;
const ANSWERS_EACH: u32 = 50;
/// Workers, each with vaults of its own.
const WORKERS: u32 = 2;
/// Where the damage begins. Another number is another ten thousand answers.
const SEED: u64 = 0x6b65_7977_7269_6768;

#[test]
fn ten_thousand_damaged_answers_lose_nothing() {
    let begun = Instant::now();
    let panics = watch::panics();
    let workers: Vec<_> =
        (0..WORKERS).map(|worker| std::thread::spawn(move || work(worker))).collect();
    let tallies = workers.into_iter().map(|worker| worker.join().expect("every check holds"));
    let tally = tallies.fold(Tally::default(), Tally::and);
    assert_eq!(panics.counted(), 0, "the product panicked; see above");
    assert_eq!(tally.answers, ANSWERS);
    // A mutator that breaks everything, or nothing, would prove nothing.
    for kind in Kind::ALL {
        let (taken, refused) = tally.of(kind);
        assert!(taken > 100 && refused > 100, "{kind:?}: {taken} taken, {refused} refused");
    }
    println!("{ANSWERS} damaged answers in {:?}: {tally}", begun.elapsed());
}

fn work(worker: u32) -> Tally {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let mut tally = Tally::default();
        for round in (worker..ANSWERS / ANSWERS_EACH).step_by(usize::try_from(WORKERS).unwrap()) {
            let rng = Rng::seeded(SEED ^ u64::from(round).wrapping_mul(0x9e37_79b9_7f4a_7c15));
            let mut stage = Stage::set_up(rng).await;
            // Not every act brings an answer: a key without a usable id is refused here.
            let mut acts = 0;
            while stage.answers() < ANSWERS_EACH {
                stage.act(format!("round {round}, act {acts}")).await;
                acts += 1;
                assert!(acts < 2 * ANSWERS_EACH, "round {round}: nothing is asked any more");
            }
            tally = tally.and(stage.end());
        }
        tally
    })
}
