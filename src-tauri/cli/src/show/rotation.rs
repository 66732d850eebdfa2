//! A run that replaces a key, in words: how it stands, what it did, and the commands that go on.

use std::fmt::Write as _;

use chrono::{DateTime, Utc};
use keywright_model::{
    RotationId, RotationState,
    key::Proof,
    rotation::{Course, Outcome, PlanKind, StopState, Todo, Wait},
};
use keywright_service::wire::{
    KeyEnd, RotationActionKind, RotationReport, RotationRow, RotationStop, StepFate,
};

use crate::show::{
    out::{Out, Tone},
    words::{self, clean, quoted},
};

/// Characters of an id that are shown.
const SHORT: usize = 8;

/// The beginning of a run's id, which is enough to name it.
pub(crate) fn short(id: RotationId) -> String {
    id.to_string().chars().take(SHORT).collect()
}

/// The shape of a run: whom it waits for, or how it ended.
pub(crate) const fn mark(state: &RotationState) -> (&'static str, Tone) {
    match state {
        RotationState::Waiting { wait: Wait::Person, .. } => ("■", Tone::Critical),
        RotationState::Waiting { .. } | RotationState::Queued | RotationState::Running => {
            ("◌", Tone::Plain)
        }
        RotationState::Done => ("✓", Tone::Fine),
        RotationState::TakenBack | RotationState::Closed { .. } => ("–", Tone::Faint),
    }
}

/// A way of replacing, as `--as` takes it.
pub(crate) const fn plan(plan: PlanKind) -> &'static str {
    match plan {
        PlanKind::CreateThenRevoke => "create-then-revoke",
        PlanKind::InPlace => "in-place",
        PlanKind::Overlap => "overlap",
        PlanKind::Guided => "guided",
    }
}

/// The one command that goes on best.
pub(crate) fn next(row: &RotationRow) -> String {
    let id = short(row.id);
    match row.actions.first() {
        Some(RotationActionKind::BringSecret) => format!("kw rotation {id} bring"),
        Some(RotationActionKind::Revoked) => format!("kw rotation {id} revoked"),
        Some(RotationActionKind::Resume) => format!("kw resume {id}"),
        // Which places there are, and when the time of grace ends, stands there.
        Some(RotationActionKind::Confirm | RotationActionKind::EndGrace) => {
            format!("kw rotations {id}")
        }
        _ if matches!(row.state, RotationState::Queued | RotationState::Running) => {
            format!("kw resume {id}")
        }
        _ => format!("kw rotations {id}"),
    }
}

/// All commands that act on a run now, each with what it does; the best first.
pub(crate) fn ways(report: &RotationReport) -> Vec<(String, &'static str)> {
    let row = &report.row;
    if matches!(row.state, RotationState::Queued | RotationState::Running) {
        let mut ways = vec![(format!("kw resume {}", short(row.id)), "goes on")];
        ways.extend(row.actions.iter().flat_map(|action| way(*action, report)));
        return ways;
    }
    row.actions.iter().flat_map(|action| way(*action, report)).collect()
}

fn way(action: RotationActionKind, report: &RotationReport) -> Vec<(String, &'static str)> {
    let act = |words: &str| format!("kw rotation {} {words}", short(report.row.id));
    let title = quoted(&report.row.title);
    match action {
        RotationActionKind::Resume => {
            vec![(format!("kw resume {}", short(report.row.id)), "tries it again")]
        }
        RotationActionKind::BringSecret => vec![(act("bring"), "asks for the new key's secret")],
        RotationActionKind::Revoked => vec![(act("revoked"), "it is revoked in the dashboard")],
        RotationActionKind::Confirm => {
            let there = if report.row.course == Course::Back {
                "the old key is back there"
            } else {
                "the new key is there"
            };
            let open = report.stops.iter().filter(|stop| waits(stop, report.row.course));
            let numbers: Vec<String> = open.map(|stop| stop.n.to_string()).collect();
            vec![(act(&format!("confirm {}", numbers.join(" "))), there)]
        }
        RotationActionKind::LeaveOut => {
            let open = report.stops.iter().filter(|stop| can_be_left(stop));
            let numbers: Vec<String> = open.map(|stop| stop.n.to_string()).collect();
            let which = match numbers.as_slice() {
                [only] => only.as_str(),
                _ => "N",
            };
            vec![(act(&format!("leave-out {which} --reason WHY")), "that place keeps the old key")]
        }
        RotationActionKind::Override => vec![(
            act(&format!("override --type {title} --reason WHY")),
            "goes on although not all places are verified",
        )],
        RotationActionKind::EndGrace => vec![(act("end-grace"), "the old key ends now")],
        RotationActionKind::TakeBack => {
            vec![(act("take-back"), "every place gets the old key, the new one ends")]
        }
        RotationActionKind::Close => {
            vec![(act("close --reason WHY"), "ends the run as it is; you do the rest")]
        }
    }
}

/// Whether a place waits for a person to say that the key is there.
pub(crate) fn waits(stop: &RotationStop, course: Course) -> bool {
    match (&stop.state, course) {
        (StopState::Open, Course::Forward) => stop.todo == Todo::Confirm,
        (StopState::Confirmed { .. }, Course::Back) => true,
        _ => false,
    }
}

fn can_be_left(stop: &RotationStop) -> bool {
    stop.state == StopState::Open && !matches!(stop.todo, Todo::Leave { .. })
}

/// How a run stands: its state, its places, its proof, and the commands that go on.
pub(crate) fn summary(out: &Out, report: &RotationReport, now: DateTime<Utc>) -> String {
    let row = &report.row;
    let (shape, tone) = mark(&row.state);
    let title = out.paint(Tone::Strong, &clean(&row.title));
    let mut text = format!("{} {title}  {}\n", out.paint(tone, shape), clean(&row.words));
    for rule in &row.broken {
        let told = format!("  This must not be: {}\n", clean(rule));
        text.push_str(&out.paint(Tone::Critical, &told));
    }
    let mut say = |line: &str| {
        writeln!(text, "  {}", clean(line)).unwrap_or_default();
    };
    if let RotationState::Waiting { wait, advice, .. } = &row.state {
        if !advice.is_empty() {
            say(advice);
        }
        if let Wait::Until(until) = wait {
            say(&format!(
                "Until {} UTC, {}.",
                words::instant(*until),
                words::distance(*until, now)
            ));
        }
    }
    for stop in &report.stops {
        say(&stop_words(stop));
    }
    for line in ends(report) {
        say(&line);
    }
    for overridden in &report.overrides {
        say(&format!("Overridden: {}. {}", overridden.what, overridden.reason));
    }
    let ways = ways(report);
    let wide = ways.iter().map(|(command, _)| command.chars().count()).max().unwrap_or_default();
    if !ways.is_empty() {
        text.push('\n');
    }
    for (command, what) in ways {
        writeln!(text, "    {:<wide$}  {what}", clean(&command)).unwrap_or_default();
    }
    text
}

fn stop_words(stop: &RotationStop) -> String {
    let shape = match (&stop.state, &stop.todo) {
        (_, Todo::Leave { .. }) | (StopState::LeftOut { .. }, _) => "–",
        (StopState::Placed | StopState::Confirmed { .. }, _) => "✓",
        (StopState::Open, Todo::Confirm) => "■",
        (StopState::Open, _) => "◌",
    };
    let words = stop.words.trim_end_matches('.');
    format!("{shape} {:>2}  {}: {words}", stop.n, stop.what)
}

/// What is verified and what is proved.
fn ends(report: &RotationReport) -> Vec<String> {
    let mut lines = Vec::new();
    if report.row.course == Course::Forward {
        if report.verified.is_some() && !report.verified_by.is_empty() {
            lines.push(format!("Verified: {}", report.verified_by));
        }
        lines.extend(end("The old key", &report.old_end));
    } else {
        lines.extend(end("The new key", &report.new_end));
    }
    lines
}

/// A key's end and what it rests on; none while nobody asked for it.
fn end(which: &str, end: &KeyEnd) -> Option<String> {
    let words = match (end.proof, end.window_ms) {
        (Proof::Refused, Some(window)) => {
            format!("is proved dead: it worked for another {}", words::seconds(window))
        }
        (Proof::Refused, None) => "is proved dead: the platform refuses it".into(),
        (Proof::Unlisted, _) => "is proved dead: the platform no longer lists it".into(),
        (Proof::Told, _) => "is revoked, somebody says; nothing here can prove it".into(),
        (Proof::None, _) if end.overdue => "still works, although it was revoked".into(),
        (Proof::None, _) => {
            end.requested?;
            "is being revoked; that is not proved yet".into()
        }
    };
    Some(format!("{which} {words}."))
}

/// Everything that a run did, step by step.
pub(crate) fn record(out: &Out, report: &RotationReport) -> String {
    let mut text = String::from("\n");
    for step in &report.steps {
        let shape = match step.fate {
            StepFate::Done => "✓",
            StepFate::Running | StepFate::Waits => "◌",
            StepFate::Ahead => "·",
            StepFate::Skipped => "–",
        };
        writeln!(text, "  {shape} {}", clean(&step.words)).unwrap_or_default();
    }
    text.push('\n');
    for line in report.lines.iter().filter(|line| line.outcome != Outcome::Began) {
        let at = out.paint(Tone::Faint, &words::instant(line.at));
        writeln!(text, "  {at}  {} {}", outcome(line.outcome), clean(&line.words))
            .unwrap_or_default();
    }
    text
}

/// The shape of what became of a step.
pub(crate) const fn outcome(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Began | Outcome::Waits => "◌",
        Outcome::Done => "✓",
        Outcome::Failed => "▲",
        Outcome::Decided => "·",
    }
}

#[cfg(test)]
mod tests {
    use keywright_model::{KeyId, PlatformId, expiry::Lifetime, rotation::Step};

    use super::*;

    fn row(actions: &[RotationActionKind], state: RotationState) -> RotationRow {
        RotationRow {
            id: "0a1b2c3d-0000-4000-8000-000000000000".parse().unwrap(),
            bulk: None,
            old: KeyId::make(),
            new: None,
            title: "it's \u{1b}[31mmine".into(),
            old_bitting: None,
            new_bitting: None,
            platform: PlatformId::new("agent.ceo"),
            connection_name: "acme".into(),
            plan: PlanKind::CreateThenRevoke,
            course: Course::Forward,
            step: Step::Verify,
            state,
            words: "It waits.".into(),
            broken: Vec::new(),
            done: 3,
            total: 6,
            placed: 1,
            places: 3,
            actions: actions.to_vec(),
            asked: DateTime::UNIX_EPOCH,
            changed: DateTime::UNIX_EPOCH,
        }
    }

    fn person() -> RotationState {
        let (why, advice) = ("it waits".into(), "Do it.".into());
        RotationState::Waiting { wait: Wait::Person, why, advice }
    }

    fn stop(n: u32, todo: Todo, state: StopState) -> RotationStop {
        RotationStop {
            n,
            placement: None,
            what: format!("place {n}"),
            todo,
            state,
            words: "So".into(),
        }
    }

    fn report(row: RotationRow, stops: Vec<RotationStop>) -> RotationReport {
        let no_end = KeyEnd {
            status: keywright_model::Status::Active,
            requested: None,
            proved: None,
            proof: Proof::None,
            window_ms: None,
            overdue: false,
        };
        RotationReport {
            row,
            reason: String::new(),
            name: "ci".into(),
            scopes: Vec::new(),
            lifetime: Lifetime::Never,
            revoke_first: false,
            stops,
            steps: Vec::new(),
            lines: Vec::new(),
            overrides: Vec::new(),
            verified: None,
            verified_by: String::new(),
            grace_until: None,
            old_end: no_end.clone(),
            new_end: no_end,
            guide: None,
            type_to_override: None,
            unverified: Vec::new(),
        }
    }

    #[test]
    fn the_next_command_is_the_one_that_goes_on() {
        use RotationActionKind as Can;
        for (actions, state, command) in [
            (&[Can::BringSecret, Can::Close][..], person(), "kw rotation 0a1b2c3d bring"),
            (&[Can::Revoked], person(), "kw rotation 0a1b2c3d revoked"),
            (&[Can::Resume, Can::TakeBack], person(), "kw resume 0a1b2c3d"),
            (&[Can::Confirm, Can::Resume], person(), "kw rotations 0a1b2c3d"),
            (&[Can::TakeBack, Can::Close], RotationState::Queued, "kw resume 0a1b2c3d"),
            (&[], RotationState::Running, "kw resume 0a1b2c3d"),
            (&[], RotationState::Done, "kw rotations 0a1b2c3d"),
        ] {
            assert_eq!(next(&row(actions, state)), command);
        }
    }

    #[test]
    fn every_action_has_a_command_that_names_only_places_that_wait() {
        use RotationActionKind as Can;
        let all =
            [Can::Confirm, Can::Resume, Can::LeaveOut, Can::Override, Can::TakeBack, Can::Close];
        let stops = vec![
            stop(0, Todo::Write, StopState::Placed),
            stop(1, Todo::Confirm, StopState::Open),
            stop(2, Todo::Confirm, StopState::Open),
            stop(3, Todo::Leave { why: "Gone.".into() }, StopState::Open),
        ];
        let ways = ways(&report(row(&all, person()), stops));
        let commands: Vec<&str> = ways.iter().map(|(command, _)| command.as_str()).collect();
        assert_eq!(ways.len(), all.len(), "{commands:?}");
        assert!(commands.contains(&"kw rotation 0a1b2c3d confirm 1 2"), "{commands:?}");
        assert!(
            commands.contains(&"kw rotation 0a1b2c3d leave-out N --reason WHY"),
            "{commands:?}"
        );
        assert!(
            commands.iter().any(|command| command.contains(r"--type 'it'\''s ")),
            "{commands:?}"
        );
    }

    #[test]
    fn what_a_run_is_called_cannot_steer_the_terminal() {
        let report = report(row(&[RotationActionKind::Override], person()), Vec::new());
        let out = Out::new(false);
        let text = summary(&out, &report, DateTime::UNIX_EPOCH) + &record(&out, &report);
        assert!(text.contains("It waits.") && text.contains("Do it."), "{text}");
        assert!(!text.contains('\u{1b}'), "{text}");
    }
}
