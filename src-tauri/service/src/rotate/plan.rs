//! What replacing a key would do, found out without changing anything.

use keywright_model::{
    Expiry, Key, Secret,
    rotation::{PlanKind, Stop, Todo, Wish},
};
use keywright_platforms::{Capability, GuidedAct, Profile};

use super::{
    next_name::next_name,
    plan_words::{sentences, steps, warnings},
    ways::{blocked, lifetime_like, plans},
};
use crate::{
    Error, Service,
    create::shown_axis,
    keys::find,
    wire::{Blast, CreateKey, FieldProblem, PlannedStop, RotateKey, RotationPlan},
};

impl Service {
    /// What replacing a key would do. Changes nothing and asks nobody.
    pub fn plan_rotation(&self, request: RotateKey) -> Result<RotationPlan, Error> {
        let key = self.read(|vault| Ok(find(vault, request.key)?.clone()))?;
        // What is noted of its places may be old.
        if self.writes() {
            self.look_at_places(&|placement| placement.key == key.id)?;
        }
        let connection = self.connection(key.connection)?;
        let profile = self.profile(&key.platform)?;
        let variables = profile.resolve_variables(&connection.variables)?;
        let plans = plans(&profile, connection.has_credential);
        let plan = request.plan.or(plans.first().copied()).unwrap_or(PlanKind::Guided);
        let name = self.wished_name(&request, &key, plan)?;
        let scopes = request.scopes.clone().unwrap_or_else(|| key.scopes.clone());
        let lifetime = request.lifetime.unwrap_or_else(|| lifetime_like(&key, &profile));
        let stops = self.stops_of(&key)?;
        let places = self.planned_stops(&key, stops)?;
        let blocked =
            self.read(|vault| Ok(blocked(vault, &key, plan, &plans, request.revoke_first)))?;
        let blast = profile.describe(&variables, &scopes, profile.expiry_of(lifetime, self.now()));
        let problems = match plan {
            PlanKind::InPlace | PlanKind::Overlap => Vec::new(),
            _ => {
                let wish = Wish { name: name.clone(), scopes: scopes.clone(), lifetime };
                let wished = as_create(&key, &wish);
                self.problems(&wished, &connection, &profile)?
            }
        };
        let stopping = places.iter().any(|place| stops_placing(place) && !request.insist);
        let provable = self.would_be_provable(&key)?;
        Ok(RotationPlan {
            key: key.id,
            title: key.title().to_owned(),
            bitting: key.bitting.clone(),
            connection: connection.id,
            connection_name: connection.name.clone(),
            platform_name: profile.name.clone(),
            plan,
            ready: blocked.is_empty() && problems.is_empty() && !stopping,
            plans,
            sentences: sentences(plan, &request, &places, &profile, provable),
            steps: steps(plan, &request),
            name,
            old_scopes: key.scopes.clone(),
            broad: self.broad(&key, &profile)?,
            axes: profile.axes(&variables).into_iter().map(shown_axis).collect(),
            scopes,
            blast: Blast { sentence: blast.sentence, dangers: blast.dangers },
            lifetime,
            lifetimes: profile.lifetimes(),
            warnings: warnings(&key, &request, plan, &places),
            places,
            problems,
            blocked,
            type_to_confirm: (plan == PlanKind::InPlace).then(|| key.title().to_owned()),
            can_hold_back: profile.can(Capability::Disable) && profile.can(Capability::Enable),
            provable,
            guide: match plan {
                PlanKind::Guided => self.guide(&connection, GuidedAct::Create)?,
                _ => None,
            },
        })
    }

    /// Whether a key like this one could be tried, once its secret is here.
    fn would_be_provable(&self, key: &Key) -> Result<bool, Error> {
        let bitting = Some(keywright_model::Bitting(Vec::new()));
        let with_secret = Key { bitting, ..key.clone() };
        self.read(|vault| Ok(self.can_probe(vault, &with_secret)))
    }

    fn wished_name(&self, request: &RotateKey, key: &Key, plan: PlanKind) -> Result<String, Error> {
        let told = request.name.trim();
        if !told.is_empty() {
            return Ok(told.to_owned());
        }
        let profile = self.profile(&key.platform)?;
        // A dashboard is searched by name: two keys of one name would be mixed up there.
        let must_differ = profile.facts.name_unique || plan == PlanKind::Guided;
        if !must_differ || matches!(plan, PlanKind::InPlace | PlanKind::Overlap) {
            return Ok(key.name.clone());
        }
        let names = self.names_in(&self.connection(key.connection)?)?;
        let usable = |name: &str| {
            !names.iter().any(|other| other == name) && profile.check_name(name).is_none()
        };
        Ok(next_name(&key.name, usable))
    }

    /// Each place with what would change in its file.
    fn planned_stops(&self, key: &Key, stops: Vec<Stop>) -> Result<Vec<PlannedStop>, Error> {
        let secret = self.read(|vault| Ok(vault.key_secret(key.id)?))?;
        let stand_in = secret.as_ref().map(Self::stand_in);
        let mut planned = Vec::new();
        for stop in stops {
            let change = match (&stop.todo, stop.placement, &stand_in) {
                (Todo::Write, Some(id), Some(stand_in)) => {
                    self.planned_change(key, id, stand_in)?
                }
                _ => None,
            };
            planned.push(PlannedStop {
                placement: stop.placement,
                what: stop.what,
                todo: stop.todo,
                change,
            });
        }
        Ok(planned)
    }

    fn planned_change(
        &self,
        key: &Key,
        id: keywright_model::PlacementId,
        stand_in: &Secret,
    ) -> Result<Option<crate::wire::PlaceChange>, Error> {
        let placement = self.placement(id)?;
        let Some(target) = Self::target_of(&placement) else { return Ok(None) };
        let planned = self.plan(key, stand_in, &target)?;
        self.change_of(&target, planned, stand_in).map(Some)
    }

    /// What narrower scopes would give up: the dangers of the old ones, in words.
    fn broad(&self, key: &Key, profile: &Profile) -> Result<Vec<String>, Error> {
        let connection = self.connection(key.connection)?;
        let variables = profile.resolve_variables(&connection.variables)?;
        Ok(profile.describe(&variables, &key.scopes, Expiry::Unknown).dangers)
    }
}

/// The request for a key that is to take the place of another.
pub(super) fn as_create(key: &Key, wish: &Wish) -> CreateKey {
    CreateKey {
        connection: key.connection,
        name: wish.name.clone(),
        scopes: wish.scopes.clone(),
        lifetime: wish.lifetime,
        label: key.label.clone(),
        note: key.note.clone(),
        owner: key.owner.name.clone(),
        owner_kind: key.owner.kind,
        tags: key.tags.clone(),
    }
}

fn stops_placing(place: &PlannedStop) -> bool {
    place.change.as_ref().is_some_and(|change| change.warnings.iter().any(|warning| warning.stops))
}

/// One problem with one field.
pub(super) fn problem(field: &str, message: String) -> FieldProblem {
    FieldProblem { field: field.into(), message }
}
