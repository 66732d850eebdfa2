//! Dashboards: where a platform has no API for it, the steps in its own words
//! and the one page to open.

use url::Url;

use crate::{
    ProfileError,
    profile::{Variables, node::Table, scope::plain, template::Known},
    template::{Text, Values},
};

/// What a person does in the dashboard.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GuidedAct {
    /// Make a key.
    Create,
    /// End a key.
    Revoke,
}

/// A guide for one connection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Guide {
    /// The page to open: on the connection's own origin or one that the profile
    /// allows. None where it is not known.
    pub page: Option<Url>,
    /// What to do, in the platform's own words.
    pub steps: Vec<String>,
}

/// A profile's guides.
#[derive(Debug, Clone)]
pub(crate) struct GuideRules {
    origins: Vec<String>,
    create: Option<Page>,
    revoke: Option<Page>,
}

#[derive(Debug, Clone)]
struct Page {
    /// A whole address, or a path on the connection's own origin; empty when not known.
    page: Text,
    steps: Vec<Text>,
}

impl GuideRules {
    pub(crate) fn origins(&self) -> &[String] {
        &self.origins
    }

    pub(crate) const fn has(&self, act: GuidedAct) -> bool {
        match act {
            GuidedAct::Create => self.create.is_some(),
            GuidedAct::Revoke => self.revoke.is_some(),
        }
    }

    pub(crate) fn guide(
        &self,
        act: GuidedAct,
        base_url: &str,
        variables: &Variables,
    ) -> Option<Guide> {
        let page = match act {
            GuidedAct::Create => self.create.as_ref()?,
            GuidedAct::Revoke => self.revoke.as_ref()?,
        };
        Some(Guide {
            page: self.address(&page.page, base_url, variables),
            steps: page.steps.iter().map(|step| plain(step, variables)).collect(),
        })
    }

    /// The page's address, when the connection has what it needs and it is on an
    /// allowed origin.
    fn address(&self, page: &Text, base_url: &str, variables: &Variables) -> Option<Url> {
        let values = Values { account: Some(variables), ..Values::default() };
        let page = page.fill_path(&values).ok()?;
        let base = Url::parse(base_url).ok();
        let url = match Url::parse(&page) {
            Ok(url) => url,
            // Below the connection's own address, which may itself have a path.
            Err(_) if page.starts_with('/') && !page.starts_with("//") => {
                let base = base.as_ref()?.as_str().trim_end_matches('/');
                Url::parse(&format!("{base}{page}")).ok()?
            }
            Err(_) => return None,
        };
        let own = base.as_ref().is_some_and(|base| base.origin() == url.origin());
        let origin = url.origin().ascii_serialization();
        let safe = crate::http::is_safe(&url);
        (safe && (own || self.origins.contains(&origin))).then_some(url)
    }
}

/// Reads `[guide]`.
pub(crate) fn parse(
    table: Option<Table<'_>>,
    known: &Known,
) -> Result<Option<GuideRules>, ProfileError> {
    let Some(mut table) = table else { return Ok(None) };
    let mut origins = Vec::new();
    if let Some(node) = table.get("origins") {
        let expected = "an origin such as `https://app.example.com`";
        for item in node.list("a list of origins")? {
            let text = item.text(expected)?;
            let whole = Url::parse(text).ok().filter(|url| {
                crate::http::is_safe(url) && url.origin().ascii_serialization() == text
            });
            if whole.is_none() {
                return Err(item.wrong(expected));
            }
            origins.push(text.to_owned());
        }
    }
    let create = page(table.sub("create")?, known, &origins)?;
    let revoke = page(table.sub("revoke")?, known, &origins)?;
    table.end()?;
    Ok(Some(GuideRules { origins, create, revoke }))
}

fn page(
    table: Option<Table<'_>>,
    known: &Known,
    origins: &[String],
) -> Result<Option<Page>, ProfileError> {
    let Some(mut table) = table else { return Ok(None) };
    let page = match table.get("page") {
        Some(node) => {
            let text = node.text("a path such as `/settings/keys`, or an address")?;
            let allowed = Url::parse(text).map_or_else(
                |_| text.starts_with('/') && !text.starts_with("//"),
                |url| origins.contains(&url.origin().ascii_serialization()),
            );
            if !allowed {
                let expected = "a path on the connection's own origin, or an address whose origin is in `guide.origins`";
                return Err(node.wrong(expected));
            }
            super::template::account_text(&node, known)?
        }
        None => Text(Vec::new()),
    };
    let node = table.need("steps", "the steps, a sentence each")?;
    let steps = node
        .list("the steps, a sentence each")?
        .iter()
        .map(|step| super::template::account_text(step, known))
        .collect::<Result<Vec<_>, _>>()?;
    if steps.is_empty() {
        return Err(node.error("an empty list", "the steps, a sentence each"));
    }
    table.end()?;
    Ok(Some(Page { page, steps }))
}
