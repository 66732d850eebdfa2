//! "This key leaked".

use keywright_model::{RotationState, Status};
use keywright_service::wire::ReplaceLeaked;

use super::stage::{Stage, secret};

#[tokio::test]
async fn a_pasted_text_tells_which_key_it_holds_and_where_that_is() {
    let stage = Stage::set().await;
    let text = format!("oops: curl -H 'Authorization: Bearer {}'", stage.value(stage.old));
    let report = stage.desk.service.look_up_leak(&secret(&text)).unwrap();
    assert_eq!(report.keys.len(), 1, "{report:?}");
    let leaked = &report.keys[0];
    assert_eq!((leaked.key, leaked.places.len()), (stage.old, 3));
    assert!(leaked.blocked.is_empty() && !leaked.sentences.is_empty());
    assert!(!format!("{report:?}").contains(&stage.value(stage.old)));
    let none = stage.desk.service.look_up_leak(&secret("nothing to see")).unwrap();
    assert!(none.keys.is_empty() && !none.advice.is_empty());
}

#[tokio::test]
async fn a_leaked_key_is_replaced_everywhere_whichever_goes_first() {
    for revoke_first in [false, true] {
        let stage = Stage::set().await;
        let request = ReplaceLeaked { key: stage.old, revoke_first, reason: "in a chat".into() };
        let row = stage.desk.service.replace_leaked(request.clone()).unwrap();
        let again = stage.desk.service.replace_leaked(request).unwrap();
        assert_eq!(row.id, again.id, "asked twice, it runs once");
        let row = stage.run(row.id).await;
        assert_eq!(row.state, RotationState::Done, "{:?}", stage.report(row.id));
        stage.is_done(&row);
        assert_eq!(stage.status(stage.old), Status::Revoked);
        assert!(stage.report(row.id).reason.contains("in a chat"));
    }
}
