//! A leak, many keys at once, and what was asked for offline.

use super::{
    rotate::Placed,
    terminal::{SCOPES, Terminal},
};

#[test]
fn a_leaked_key_is_known_by_any_text_that_holds_it_and_replaced() {
    let placed = Placed::erp();
    let terminal = &placed.terminal;
    let old = placed.secret("erp");
    let log = format!("2026-11-28 curl -H 'Authorization: Bearer {old}' https://erp.example\n");
    let leak = terminal.kw_fed(&["leak", "--json"], &log).ok().json();
    assert_eq!(leak["keys"][0]["key"], placed.id.as_str());
    assert_eq!(leak["keys"][0]["places"].as_array().unwrap().len(), 3);
    terminal.put("log", &log);
    let told = terminal.kw(&["leak", "--file", "log"]).ok();
    assert!(told.stdout.contains("Codex") && told.stdout.contains("kw leak --replace"));
    assert!(!told.stdout.contains(&old) && !told.stderr.contains(&old));
    terminal.kw_fed(&["leak"], "nothing that is a key of this vault\n").ends(4);
    terminal.kw(&["leak", "--file", "log", "--replace"]).ends(2);

    let replace = ["leak", "--file", "log", "--replace", "--reason", "pasted in a chat", "--yes"];
    let told = terminal.kw(&replace).ok();
    assert!(told.stdout.contains("proved dead"), "{}", told.stdout);
    assert!(!terminal.control().accepts(&old));
    placed.all_hold(&placed.secret("erp"));
    let again = terminal.kw(&["leak", "--file", "log", "--json"]).ok().json();
    assert!(again["keys"][0]["blocked"].as_str().unwrap().contains("dead already"), "{again}");
    terminal.kw(&["leak", "--file", "log", "--replace", "--yes"]).ends(1);
}

#[test]
fn five_keys_are_replaced_and_a_sixth_that_cannot_be_is_told() {
    let terminal = Terminal::connected();
    let names: Vec<String> = (1..=5).map(|n| format!("job {n}")).collect();
    let ids: Vec<String> = names.iter().map(|name| terminal.create(name)).collect();
    let control = terminal.control();
    let made = control.keys().len();
    let plan = terminal.kw(&["bulk", "rotate", "--query", "name:job", "--plan", "--json"]).ok();
    assert_eq!(plan.json()["ready"], 5);
    assert_eq!(control.keys().len(), made, "--plan changes nothing");
    terminal.kw(&["bulk", "rotate", "--query", "name:job"]).ends(2);
    terminal.kw(&["bulk", "rotate", "--query", "name:none", "--yes"]).ends(4);

    let rotate = ["bulk", "rotate", "--query", "name:job", "--yes", "--json"];
    let ran = terminal.kw(&rotate).ok();
    let ended = ran.json();
    let keys = ended["keys"].as_array().unwrap();
    assert_eq!(keys.len(), 5);
    assert!(keys.iter().all(|key| key["fate"] == "done"), "{ended}");
    assert!(ran.stderr.contains("5 of 5 keys done"), "{}", ran.stderr);
    assert_eq!(control.keys().len(), made + 5);
    for id in &ids {
        assert_eq!(terminal.kw(&["show", id, "--json"]).ok().json()["row"]["status"], "revoked");
    }

    terminal.kw(&["add", "acme", "--name", "job 6", "--no-secret"]).ok();
    let policy = ["bulk", "policy", "--query", "name:job", "--days", "30", "--yes", "--json"];
    let ended = terminal.kw(&policy).ok().json();
    assert_eq!(ended["keys"].as_array().unwrap().len(), 6, "{ended}");
    let revoke = ["bulk", "revoke", "--query", "name:job"];
    let told = terminal.kw(&[&revoke[..], &["--plan"]].concat()).ends(1).stdout;
    assert!(told.contains("end 5 keys") && told.contains('■'), "{told}");
    terminal.kw(&[&revoke[..], &["--yes"]].concat()).ends(2);
    terminal.kw(&[&revoke[..], &["--type", "end 6 keys"]].concat()).ends(2);
    let part = terminal.kw(&[&revoke[..], &["--type", "end 5 keys", "--json"]].concat()).ends(1);
    let fates: Vec<String> = part.json()["keys"]
        .as_array()
        .unwrap()
        .iter()
        .map(|key| key["fate"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(fates.iter().filter(|fate| *fate == "done").count(), 5, "{fates:?}");
    assert_eq!(fates.iter().filter(|fate| *fate == "left").count(), 1, "{fates:?}");
    assert!(control.live_keys().iter().all(|key| !key.name.starts_with("job")));
}

#[test]
fn replacements_of_many_that_wait_for_the_network_are_taken_up_or_cancelled() {
    let terminal = Terminal::connected();
    for name in ["job 1", "job 2"] {
        terminal.create(name);
    }
    terminal.kw(&["settings", "set", "--work-offline", "on"]).ok();
    let ended =
        terminal.kw(&["bulk", "rotate", "job 1", "job 2", "--yes", "--json"]).ends(6).json();
    let bulk = ended["bulk"].as_str().unwrap().chars().take(8).collect::<String>();
    assert!(ended["keys"].as_array().unwrap().iter().all(|key| key["fate"] == "offline"));
    let listed = terminal.kw(&["rotations", "--bulk", &bulk, "--json"]).ok().json();
    assert_eq!(listed.as_array().unwrap().len(), 2);
    terminal.kw(&["bulk", "resume", &bulk]).ends(6);
    terminal.kw(&["bulk", "cancel", &bulk]).ok();
    terminal.kw(&["settings", "set", "--work-offline", "off"]).ok();
    let done = terminal.kw(&["bulk", "resume", &bulk]).ok().stdout;
    assert_eq!(done.matches('✓').count(), 2, "what began goes on: {done}");
    terminal.kw(&["bulk", "resume", "ffffffff-0"]).ends(4);
}

#[test]
fn what_was_asked_for_offline_is_listed_changed_cancelled_and_sent_once() {
    let terminal = Terminal::connected();
    terminal.create("ci");
    terminal.kw(&["settings", "set", "--work-offline", "on"]).ok();
    for name in ["later", "never"] {
        terminal.kw(&["create", "acme", "--name", name, "--scope", SCOPES]).ends(6);
    }
    terminal.kw(&["revoke", "ci", "--plan"]).ok();
    terminal.kw(&["revoke", "ci", "--yes"]).ends(6);
    let queue = terminal.kw(&["queue", "--json"]).ok().json();
    let id = |word: &str| {
        let lines = queue.as_array().unwrap().iter();
        let mut found = lines.filter(|line| line["request"].to_string().contains(word));
        found.next().unwrap()["id"].as_str().unwrap().chars().take(8).collect::<String>()
    };
    assert_eq!(queue.as_array().unwrap().len(), 3);
    let all = terminal.kw(&["operations", "--json"]).ok().json();
    assert_eq!(all, queue, "both list the same");
    assert!(terminal.kw(&["check"]).ends(10).stdout.contains("kw queue send"));

    terminal.kw(&["queue", "edit", &id("later"), "--name", "sooner", "--expires", "90d"]).ok();
    terminal.kw(&["queue", "edit", &id("later"), "--reason", "a create has none"]).ends(1);
    terminal.kw(&["queue", "edit", &id("later")]).ends(2);
    terminal.kw(&["queue", "cancel", &id("never")]).ok();
    terminal.kw(&["queue", "cancel", &id("never")]).ends(4);
    let left = terminal.kw(&["queue", "send", "--json"]).ends(6).json();
    assert_eq!(left["left"], 2, "{left}");

    terminal.kw(&["settings", "set", "--work-offline", "off"]).ok();
    let sent = terminal.kw(&["queue", "send", "--json"]).ok().json();
    assert_eq!((&sent["sent"], &sent["left"]), (&2.into(), &0.into()), "{sent}");
    let names: Vec<String> =
        terminal.control().live_keys().into_iter().map(|key| key.name).collect();
    assert!(names.contains(&"sooner".into()), "{names:?}");
    assert!(!names.iter().any(|name| name == "later" || name == "never" || name == "ci"));
    assert_eq!(terminal.kw(&["queue", "send", "--json"]).ok().json()["sent"], 0);
    assert!(terminal.kw(&["queue"]).ok().stdout.contains("Nothing waits"));
}
