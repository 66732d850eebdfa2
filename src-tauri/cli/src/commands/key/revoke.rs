//! `kw revoke`: killing a key, and seeing the proof.

use std::pin::pin;

use clap::Args;
use keywright_model::{KeyId, Status, Verdict};
use keywright_service::{
    Service,
    wire::{Progress, RevokeKey, RevokePreview, RevokeProgress, RevokeStage},
};
use serde_json::json;
use tokio::sync::broadcast::Receiver;

use crate::{
    app::App,
    commands::key::guide_words,
    error::Error,
    exit::Exit,
    find,
    interrupt::interrupted,
    show::{
        out::note,
        words::{self, clean},
    },
};

/// Revoke a key on its platform, and wait until it is proved dead
///
/// On a key whose revocation was accepted before, it takes up the proof. Without a network the
/// request is kept as a draft (exit code 6).
#[derive(Debug, Args)]
pub(crate) struct Revoke {
    /// The key
    key: String,
    /// Show what would happen, and send nothing
    #[arg(long, conflicts_with_all = ["yes", "used_anyway", "done", "not_done", "no_wait"])]
    plan: bool,
    /// Do not ask
    #[arg(long, short)]
    yes: bool,
    /// For a key that is noted as used: its name, to revoke it all the same
    #[arg(long, value_name = "NAME")]
    used_anyway: Option<String>,
    /// Why, for the log
    #[arg(long, value_name = "TEXT", default_value = "")]
    reason: String,
    /// Do not wait for the proof; the next `kw revoke`, or the window, takes it up
    #[arg(long)]
    no_wait: bool,
    /// Where keys are revoked in a dashboard: it is done there; do not ask
    #[arg(long)]
    done: bool,
    /// Where keys are revoked in a dashboard: it was not done after all
    #[arg(long, conflicts_with_all = ["done", "yes", "used_anyway"])]
    not_done: bool,
}

impl Revoke {
    pub(crate) async fn run(self, app: &App) -> Result<Exit, Error> {
        if self.plan {
            return self.show_plan(app);
        }
        let service = app.writing()?;
        let id = find::key(&service, &self.key)?;
        if self.not_done {
            service.withdraw_revocation(id)?;
            app.out.answer(&json!({ "withdrawn": id }), || {
                "Taken back: the key counts as working again.\n".into()
            })?;
            return Ok(Exit::Done);
        }
        let news = service.subscribe();
        if service.key_detail(id)?.row.status != Status::Revoking {
            let preview = service.revoke_preview(id)?;
            // What cannot be done needs no question.
            let typed = match preview.blocked {
                Some(_) => String::new(),
                None => self.ask(app, &preview)?,
            };
            let request = RevokeKey { key: id, reason: self.reason.clone(), typed };
            let guided = preview.guide.is_some();
            let asked = if guided {
                service.revoke_in_dashboard(request)?
            } else {
                service.revoke_key(request).await?
            };
            if self.no_wait || matches!(asked.stage, RevokeStage::Drafted | RevokeStage::Told) {
                return tell(app, &asked);
            }
            let said =
                if guided { "It is revoked there, you say." } else { "The platform accepted it." };
            note(&format!("◌ {said} Trying the key until it is refused…"));
        }
        if let Some(last) = watch(&service, news, id).await? {
            return tell(app, &last);
        }
        note("The proof is not complete. The same command takes it up again.");
        Ok(Exit::Failed)
    }

    /// Says what would happen.
    fn show_plan(&self, app: &App) -> Result<Exit, Error> {
        let service = app.reading()?;
        let preview = service.revoke_preview(find::key(&service, &self.key)?)?;
        app.out.answer(&preview, || plan_words(&preview))?;
        Ok(if preview.blocked.is_some() { Exit::Failed } else { Exit::Done })
    }

    /// Says what will happen, and asks. The answer is what was typed to override a warning.
    fn ask(&self, app: &App, preview: &RevokePreview) -> Result<String, Error> {
        if let Some(guide) = &preview.guide {
            for line in guide_words(guide) {
                note(&line);
            }
            if self.done {
                return Ok(self.used_anyway.clone().unwrap_or_default());
            }
        }
        if let Some(typed) = &self.used_anyway {
            return Ok(typed.clone());
        }
        if self.yes && preview.type_to_override.is_none() {
            return Ok(String::new());
        }
        let instead = match preview.type_to_override {
            Some(_) => "It is noted as used: write --used-anyway NAME to revoke it all the same.",
            None => "Write --yes to revoke it without being asked.",
        };
        app.input.need_person(instead)?;
        for sentence in &preview.sentences {
            note(sentence);
        }
        if let Some(name) = &preview.type_to_override {
            let question = format!("Type “{}” to revoke it all the same:", clean(name));
            return app.input.ask(&question, instead);
        }
        if preview.guide.is_some() {
            let instead = "Do these steps, then write --done.";
            let question = format!("Is “{}” revoked there now?", clean(&preview.title));
            return app.input.confirm(&question, instead).map(|()| String::new());
        }
        let question = format!("Revoke “{}”?", clean(&preview.title));
        app.input.confirm(&question, instead).map(|()| String::new())
    }
}

fn plan_words(preview: &RevokePreview) -> String {
    let mut lines = vec![preview.title.clone()];
    lines.extend(preview.sentences.iter().map(|sentence| format!("  {sentence}")));
    lines.extend(preview.guide.iter().flat_map(guide_words));
    if preview.type_to_override.is_some() {
        lines.push("▲ It is noted as used: --used-anyway NAME revokes it all the same.".into());
    }
    lines.extend(preview.blocked.iter().map(|why| format!("■ {why}")));
    clean(&(lines.join("\n") + "\n"))
}

/// Waits for the proof and tells of it line by line; none when a person ended the wait.
async fn watch(
    service: &Service,
    mut news: Receiver<Progress>,
    id: KeyId,
) -> Result<Option<RevokeProgress>, Error> {
    let mut proof = pin!(service.prove_revocation(id));
    let mut end = pin!(interrupted());
    loop {
        tokio::select! {
            biased;
            told = news.recv() => {
                if let Ok(Progress::Revoke(progress)) = told
                    && progress.key == id
                    && let Some(line) = line(&progress)
                {
                    note(&line);
                }
            }
            last = &mut proof => return Ok(Some(last?)),
            ended = &mut end => {
                ended?;
                return Ok(None);
            }
        }
    }
}

/// One probe's outcome on the way.
pub(crate) fn line(progress: &RevokeProgress) -> Option<String> {
    let mark = match progress.stage {
        RevokeStage::Proving => "◌",
        RevokeStage::Overdue => "■",
        _ => return None,
    };
    let seen = match progress.last.as_ref()? {
        Verdict::Dead => {
            format!("refused, {} of {} in a row", progress.refusals, progress.refusals_needed)
        }
        Verdict::Alive | Verdict::Limited { .. } => "still works".into(),
        Verdict::Unknown { why } => format!("no verdict: {why}"),
    };
    let promise = progress.promise_ms / 1000;
    let elapsed = words::seconds(progress.elapsed_ms);
    Some(format!("{mark} {elapsed:>7} of {promise} s  {seen}"))
}

fn tell(app: &App, progress: &RevokeProgress) -> Result<Exit, Error> {
    let (exit, words) = match &progress.stage {
        RevokeStage::Proved { window_ms: Some(window) } => (
            Exit::Done,
            format!("✓ Revoked, proved dead: it worked for another {}.", words::seconds(*window)),
        ),
        RevokeStage::Proved { window_ms: None } => {
            (Exit::Done, "✓ Revoked: the platform no longer lists it.".into())
        }
        RevokeStage::Asked | RevokeStage::Proving => {
            (Exit::Done, "◌ Accepted by the platform; not proved yet.".into())
        }
        RevokeStage::Drafted => (
            Exit::Offline,
            "◌ There is no network, so nothing was sent. It is kept as a draft: kw queue".into(),
        ),
        RevokeStage::Told => (
            Exit::Done,
            "– Noted as revoked. Nothing here can prove it: it rests on what the dashboard shows."
                .into(),
        ),
        RevokeStage::Overdue => (
            Exit::Failed,
            "■ It still works although the platform promised that it would not.".into(),
        ),
        RevokeStage::Unproved { why } => (Exit::Failed, format!("■ Not proved: {why}.")),
        RevokeStage::Refused { why } => (Exit::Refused, format!("The platform refused: {why}.")),
    };
    app.out.answer(progress, || clean(&words) + "\n")?;
    Ok(exit)
}
