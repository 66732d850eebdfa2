//! The three axes of a key: organization, agents, services with a capability tier.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

use thiserror::Error;

/// What a key may reach.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Scopes {
    pub(crate) organization: String,
    agents: Agents,
    services: BTreeMap<Service, Capability>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Agents {
    Any,
    Only(BTreeSet<String>),
}

/// A service of the organization.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Service {
    Mcp,
    A2a,
    SuperAgent,
    Tasks,
    Kb,
    Wiki,
    Admin,
}

/// What may be done there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Capability {
    Read,
    Write,
    Admin,
}

/// Scopes that no key may have.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{axis}: {message}")]
pub(crate) struct Invalid {
    pub(crate) axis: &'static str,
    pub(crate) message: String,
}

impl Service {
    pub(crate) const ALL: [Self; 7] =
        [Self::Mcp, Self::A2a, Self::SuperAgent, Self::Tasks, Self::Kb, Self::Wiki, Self::Admin];

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Mcp => "mcp",
            Self::A2a => "a2a",
            Self::SuperAgent => "super-agent",
            Self::Tasks => "tasks",
            Self::Kb => "kb",
            Self::Wiki => "wiki",
            Self::Admin => "admin",
        }
    }

    pub(crate) fn find(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|service| service.name() == name)
    }
}

impl Capability {
    pub(crate) const ALL: [Self; 3] = [Self::Read, Self::Write, Self::Admin];

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
            Self::Admin => "admin",
        }
    }

    fn find(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|capability| capability.name() == name)
    }

    /// Ours: `admin` is full control and so holds the other two; `write` does not hold
    /// `read`, because the document does not say that it does.
    fn holds(self, wanted: Self) -> bool {
        self == wanted || self == Self::Admin
    }
}

/// A service and what is wanted of it, as a scope is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Wanted(pub(crate) Service, pub(crate) Capability);

impl fmt::Display for Wanted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "svc:{}:{}", self.0.name(), self.1.name())
    }
}

fn invalid<T>(axis: &'static str, message: impl Into<String>) -> Result<T, Invalid> {
    Err(Invalid { axis, message: message.into() })
}

impl Scopes {
    /// Reads scopes as a request lists them; every key carries all three axes.
    pub(crate) fn parse(written: &[String]) -> Result<Self, Invalid> {
        let (mut organizations, mut agents, mut services) = (vec![], vec![], vec![]);
        for scope in written {
            match scope.split_once(':') {
                Some(("org", slug)) => organizations.push(slug),
                Some(("agent", agent)) => agents.push(agent),
                Some(("svc", service)) => services.push(service),
                _ => {
                    return invalid("scope", format!("`{scope}` is on none of org:, agent:, svc:"));
                }
            }
        }
        let organization = organization(&organizations)?;
        let agents = self::agents(&agents)?;
        let services = self::services(&services)?;
        Ok(Self { organization, agents, services })
    }

    pub(crate) fn allow(&self, wanted: Wanted) -> bool {
        self.services.get(&wanted.0).is_some_and(|tier| tier.holds(wanted.1))
    }

    pub(crate) fn reach(&self, agent: &str) -> bool {
        match &self.agents {
            Agents::Any => true,
            Agents::Only(agents) => agents.contains(agent),
        }
    }

    /// The agents that are named one by one.
    pub(crate) fn named_agents(&self) -> impl Iterator<Item = &str> {
        match &self.agents {
            Agents::Any => None,
            Agents::Only(agents) => Some(agents.iter().map(String::as_str)),
        }
        .into_iter()
        .flatten()
    }

    /// Whether the key may administer the organization in any way.
    pub(crate) fn administer(&self) -> bool {
        self.services.contains_key(&Service::Admin)
    }
}

fn organization(slugs: &[&str]) -> Result<String, Invalid> {
    match slugs {
        [""] => invalid("org", "the organization's slug is empty"),
        [slug] => Ok((*slug).to_owned()),
        [] => invalid("org", "exactly one org:<slug> is required, and there is none"),
        _ => invalid("org", "exactly one org:<slug> is required, and there are several"),
    }
}

fn agents(ids: &[&str]) -> Result<Agents, Invalid> {
    if ids.is_empty() {
        return invalid("agent", "agent:* or at least one agent:<id> is required");
    }
    if ids.contains(&"*") {
        return match ids {
            ["*"] => Ok(Agents::Any),
            _ => invalid("agent", "agent:* stands alone"),
        };
    }
    let mut agents = BTreeSet::new();
    for id in ids {
        if id.is_empty() || !agents.insert((*id).to_owned()) {
            return invalid("agent", format!("`agent:{id}` is empty or there twice"));
        }
    }
    Ok(Agents::Only(agents))
}

fn services(pairs: &[&str]) -> Result<BTreeMap<Service, Capability>, Invalid> {
    if pairs.is_empty() {
        return invalid("svc", "at least one svc:<service>:<capability> is required");
    }
    let mut services = BTreeMap::new();
    for pair in pairs {
        let Some((name, tier)) = pair.split_once(':') else {
            return invalid("svc", format!("`svc:{pair}` lacks its capability"));
        };
        let Some(service) = Service::find(name) else {
            return invalid("svc", format!("there is no service `{name}`"));
        };
        let Some(capability) = Capability::find(tier) else {
            return invalid("svc", format!("there is no capability `{tier}`"));
        };
        if services.insert(service, capability).is_some() {
            return invalid("svc", format!("`{name}` has more than one capability"));
        }
    }
    Ok(services)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Scopes, Invalid> {
        let written: Vec<String> = text.split_whitespace().map(Into::into).collect();
        Scopes::parse(&written)
    }

    #[track_caller]
    fn refused(text: &str, axis: &str, says: &str) {
        let invalid = parse(text).unwrap_err();
        assert_eq!(invalid.axis, axis, "{text}");
        assert!(invalid.message.contains(says), "{invalid}");
    }

    #[test]
    fn the_documents_samples_mean_what_it_says() {
        let wiki = parse("org:acme agent:* svc:wiki:read").unwrap();
        assert!(wiki.allow(Wanted(Service::Wiki, Capability::Read)));
        assert!(!wiki.allow(Wanted(Service::Wiki, Capability::Write)));
        assert!(!wiki.allow(Wanted(Service::Tasks, Capability::Write)));
        assert!(wiki.reach("cto") && wiki.reach("anyone"));

        let ci = parse("org:acme agent:cto svc:mcp:write svc:tasks:write").unwrap();
        assert!(ci.allow(Wanted(Service::Tasks, Capability::Write)));
        assert!(ci.reach("cto") && !ci.reach("ceo"));

        let two = parse("org:acme agent:cto agent:ceo svc:mcp:write").unwrap();
        assert_eq!(two.named_agents().collect::<Vec<_>>(), ["ceo", "cto"]);
    }

    #[test]
    fn all_twenty_one_pairs_are_known_and_distinct() {
        for service in Service::ALL {
            for tier in Capability::ALL {
                let scopes = parse(&format!("org:a agent:* {}", Wanted(service, tier))).unwrap();
                for other in Service::ALL {
                    for wanted in Capability::ALL {
                        let holds =
                            service == other && (tier == wanted || tier == Capability::Admin);
                        assert_eq!(scopes.allow(Wanted(other, wanted)), holds);
                    }
                }
            }
        }
    }

    #[test]
    fn an_incomplete_or_double_axis_is_named() {
        refused("agent:* svc:wiki:read", "org", "there is none");
        refused("org:a org:b agent:* svc:wiki:read", "org", "several");
        refused("org: agent:* svc:wiki:read", "org", "empty");
        refused("org:a svc:wiki:read", "agent", "required");
        refused("org:a agent:* agent:cto svc:wiki:read", "agent", "alone");
        refused("org:a agent:* agent:* svc:wiki:read", "agent", "alone");
        refused("org:a agent:cto agent:cto svc:wiki:read", "agent", "twice");
        refused("org:a agent: svc:wiki:read", "agent", "empty");
        refused("org:a agent:*", "svc", "at least one");
        refused("org:a agent:* svc:wiki", "svc", "lacks its capability");
        refused("org:a agent:* svc:mail:read", "svc", "no service `mail`");
        refused("org:a agent:* svc:wiki:owner", "svc", "no capability `owner`");
        refused("org:a agent:* svc:wiki:read svc:wiki:write", "svc", "more than one");
        refused("org:a agent:* svc:wiki:read team:x", "scope", "team:x");
        refused("org:a agent:* svc:wiki:read bare", "scope", "bare");
    }
}
