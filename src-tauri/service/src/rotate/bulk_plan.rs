//! Which keys a change of many means, and what it would do with each.

use keywright_model::{Key, KeyId, PlatformId, Query, Status, rotation::PlanKind};
use keywright_platforms::Capability;

use super::{rows::number, run::AT_ONCE};
use crate::{
    Error, Service,
    keys::find,
    rows::Facts,
    wire::{BulkAct, BulkAsk, BulkLine, BulkPlan, Selection},
};

impl Service {
    /// What a change of many keys would do. Changes nothing and asks nobody.
    pub fn plan_bulk(&self, ask: BulkAsk) -> Result<BulkPlan, Error> {
        let BulkAsk { selection, act, .. } = ask;
        let keys = self.selected(&selection)?;
        let lines: Vec<BulkLine> =
            keys.iter().map(|key| self.bulk_line(key, &act)).collect::<Result<_, _>>()?;
        let ready = lines.iter().filter(|line| line.blocked.is_empty()).count();
        Ok(BulkPlan {
            ready: number(ready),
            left: number(lines.len() - ready),
            at_once: number(AT_ONCE),
            sentences: sentences(&act, ready, lines.len() - ready),
            type_to_confirm: word(&act, &lines, ready),
            lines,
        })
    }

    /// The keys that a selection means; those in the bin and at their end are not meant.
    pub(super) fn selected(&self, selection: &Selection) -> Result<Vec<Key>, Error> {
        let now = self.now();
        let chosen: Vec<Key> = self.read(|vault| {
            let index = vault.index();
            Ok(match selection {
                Selection::Keys { keys } => keys
                    .iter()
                    .map(|id| find(vault, *id).cloned())
                    .collect::<Result<Vec<_>, Error>>()?,
                Selection::Query { query } => {
                    let query = Query::parse(query).map_err(|problem| {
                        Error::Invalid(vec![super::plan::problem("query", problem.message)])
                    })?;
                    let facts = Facts::of(vault, self.registry(), now);
                    crate::keys::matching(vault, &query, &facts).into_iter().cloned().collect()
                }
                Selection::Owner { name } => {
                    let wanted = name.trim().to_lowercase();
                    let own = |key: &&Key| {
                        !wanted.is_empty() && key.owner.name.trim().to_lowercase() == wanted
                    };
                    index.keys().filter(own).cloned().collect()
                }
                Selection::Machine { name } => {
                    let wanted = name.trim();
                    let places = index.placements();
                    let there: std::collections::BTreeSet<KeyId> = places
                        .filter(|place| !wanted.is_empty() && place.machine == wanted)
                        .map(|place| place.key)
                        .collect();
                    there.iter().filter_map(|id| index.key(*id)).cloned().collect()
                }
            })
        })?;
        let meant = |key: &Key| key.deleted.is_none() && key.status != Status::Revoked;
        Ok(chosen.into_iter().filter(meant).collect())
    }

    fn bulk_line(&self, key: &Key, act: &BulkAct) -> Result<BulkLine, Error> {
        let connection = self.connection(key.connection).ok();
        let (words, blocked) = match act {
            BulkAct::Rotate { revoke_first, .. } => {
                let (way, why) = self.read(|vault| Ok(self.way_of(vault, key, *revoke_first)))?;
                (rotate_words(way), why)
            }
            BulkAct::Revoke => {
                let why = self.read(|vault| Ok(self.why_not_revoke(vault, key)))?;
                let uses = key.uses.len();
                let words = match uses {
                    0 => "Revoked".to_owned(),
                    1 => "Revoked; 1 place stops working".to_owned(),
                    uses => format!("Revoked; {uses} places stop working"),
                };
                (words, why.unwrap_or_default())
            }
            BulkAct::Relabel { find, with } => {
                let to = key.name.replace(find.as_str(), with);
                let blocked = self.why_not_relabel(key, find, &to)?;
                (format!("Renamed to “{to}”"), blocked)
            }
            BulkAct::Policy { days: 0 } => ("Rotated as the vault says".to_owned(), String::new()),
            BulkAct::Policy { days } => (format!("Rotated every {days} days"), String::new()),
        };
        Ok(BulkLine {
            key: key.id,
            title: key.title().to_owned(),
            connection_name: connection.map(|c| c.name).unwrap_or_default(),
            words,
            blocked,
        })
    }

    fn why_not_relabel(&self, key: &Key, find: &str, to: &str) -> Result<String, Error> {
        let profile = self.profile(&key.platform)?;
        Ok(if find.is_empty() || to == key.name {
            "Its name does not have that.".into()
        } else if !self.can_relabel(&key.platform) || key.remote_id.is_none() {
            "Its platform has no API for new names.".into()
        } else {
            profile.check_name(to).unwrap_or_default()
        })
    }

    fn can_relabel(&self, platform: &PlatformId) -> bool {
        self.profile(platform).is_ok_and(|profile| profile.can(Capability::Relabel))
    }
}

/// What has to be typed before many keys end.
fn word(act: &BulkAct, lines: &[BulkLine], ready: usize) -> Option<String> {
    let at_once = rotate_words(PlanKind::InPlace);
    let ends = match act {
        BulkAct::Revoke => true,
        // A secret that is replaced in place dies at once, too.
        BulkAct::Rotate { revoke_first, .. } => {
            *revoke_first
                || lines.iter().any(|line| line.blocked.is_empty() && line.words == at_once)
        }
        BulkAct::Relabel { .. } | BulkAct::Policy { .. } => false,
    };
    ends.then(|| format!("end {ready} keys"))
}

fn rotate_words(plan: PlanKind) -> String {
    match plan {
        PlanKind::CreateThenRevoke => "Replaced; the old one works until all places have the new",
        PlanKind::InPlace => "Its secret is replaced; the old one dies at once",
        PlanKind::Overlap => "Its secret is replaced; the old one works on for a while",
        PlanKind::Guided => "You make the new one in the dashboard",
    }
    .to_owned()
}

fn sentences(act: &BulkAct, ready: usize, left: usize) -> Vec<String> {
    let keys = if ready == 1 { "1 key".to_owned() } else { format!("{ready} keys") };
    let mut sentences = vec![match act {
        BulkAct::Rotate { .. } => format!("{keys} will be replaced, {AT_ONCE} at a time."),
        BulkAct::Revoke => format!("{keys} will be revoked, one after another on each platform."),
        BulkAct::Relabel { .. } => format!("{keys} will get another name on their platform."),
        BulkAct::Policy { .. } => format!("{keys} will get another interval. Nothing is sent."),
    }];
    if matches!(act, BulkAct::Rotate { .. }) {
        sentences.push(
            "What fails for one key stops that key only. It can be stopped, and taken up later."
                .into(),
        );
    }
    if left > 0 {
        let keys = match left {
            1 => "1 key is left as it is".to_owned(),
            left => format!("{left} keys are left as they are"),
        };
        sentences.push(format!("{keys}; the list says why."));
    }
    sentences
}
