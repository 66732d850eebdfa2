use chrono::Duration;
use keywright_model::key::Proof;
use proptest::prelude::*;

use super::*;

fn time() -> impl Strategy<Value = DateTime<Utc>> {
    let days = (DateTime::<Utc>::MAX_UTC - DateTime::<Utc>::MIN_UTC).num_days();
    let start = (0..days, 0_i64..86_400_000_000).prop_map(|(days, micros)| {
        DateTime::<Utc>::MIN_UTC + Duration::days(days) + Duration::microseconds(micros)
    });
    prop_oneof![start, Just(DateTime::<Utc>::MIN_UTC), Just(DateTime::<Utc>::MAX_UTC)]
}

fn texts() -> impl Strategy<Value = Vec<String>> {
    proptest::collection::vec(".{0,12}", 0..4)
}

prop_compose! {
    fn words()(
        name in ".{0,40}", label in ".{0,20}", note in "(?s).{0,300}", owner in ".{0,9}",
        remote_id in proptest::option::of(".{0,9}"), prefix in ".{0,9}", suffix in ".{0,9}",
        scopes in texts(), tags in texts(), places in texts(),
    ) -> Key {
        let noted = DateTime::UNIX_EPOCH;
        let uses = places.into_iter().map(|place| NotedUse { client: owner.clone(), place, noted, placement: None });
        let connection = ConnectionId::make();
        let mut key = Key::blank(connection, PlatformId::new("servoagent"), name, noted);
        key.uses = uses.collect();
        key.owner = Owner { name: owner, kind: OwnerKind::Person };
        key.hint = Hint { prefix, suffix };
        Key { label, note, remote_id, scopes, tags, ..key }
    }
}

prop_compose! {
    fn any_key()(
        key in words(), times in proptest::array::uniform5(proptest::option::of(time())),
        added in time(), days in any::<Option<u32>>(), never in any::<bool>(),
        bitting in proptest::option::of(proptest::collection::vec(0_u8..8, 0..12)),
        status in 0_usize..6, manages in any::<bool>(), window in any::<Option<u64>>(),
    ) -> Key {
        use Status::{Active, Disabled, Expired, Revoked, Revoking, Unknown};
        let [created, last_used, gone_since, deleted, proved] = times;
        let expires = match (created, never) {
            (Some(at), true) => Expiry::At(at),
            (None, true) => Expiry::Never,
            (_, false) => Expiry::Unknown,
        };
        let revocation = proved.map(|proved| Revocation {
            requested: added, proved: Some(proved), proof: Proof::Refused, window_ms: window, overdue: never,
        });
        Key {
            created, last_used, gone_since, deleted, expires, revocation, added,
            rotation_days: days, bitting: bitting.map(Bitting), manages_connection: manages,
            status: [Active, Disabled, Expired, Revoking, Revoked, Unknown][status],
            environment: Environment::Live, origin: Origin::Created, ..key
        }
    }
}

proptest! {
    #[test]
    fn every_key_reads_back_as_it_was_written(key in any_key()) {
        let mut plain = Vec::new();
        write(&mut plain, &key).unwrap();
        let binned = memchr::memmem::find(&plain, IN_BIN).is_some();
        prop_assert!(binned || key.deleted.is_none());
        prop_assert_eq!(read(&plain).unwrap(), key);
    }

    #[test]
    fn no_bytes_make_the_reader_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        drop(read(&bytes));
    }
}

#[test]
fn a_key_of_a_later_program_with_a_new_field_still_reads() {
    let key = Key::blank(
        ConnectionId::make(),
        PlatformId::new("agent.ceo"),
        "ci".into(),
        DateTime::UNIX_EPOCH,
    );
    let mut plain = Vec::new();
    write(&mut plain, &key).unwrap();
    // A map of n entries becomes one of n + 1: `\"new\": [1, 2]`.
    assert_eq!(plain[0] & 0xf0, 0x80);
    plain[0] += 1;
    plain.extend(b"\xa3new\x92\x01\x02");
    assert_eq!(read(&plain).unwrap(), key);
}
