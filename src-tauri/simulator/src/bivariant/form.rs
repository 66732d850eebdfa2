//! The form behind "Create API Key": Name, Organization, Space, Permissions, Expiration.

use chrono::{DateTime, NaiveDate, Utc};
use maud::{Markup, html};

use super::{
    BivariantKey,
    directory::{Creator, PERMISSIONS},
};
use crate::{
    Error,
    dashboard::{
        form::Fields,
        parts::{self, Choice},
    },
};

/// The form, on offer no more than its creator may do.
pub(super) struct Form<'a> {
    pub(super) action: &'static str,
    pub(super) creator: &'a Creator,
    pub(super) rights: &'a [&'static str],
    pub(super) now: DateTime<Utc>,
}

impl Form<'_> {
    pub(super) fn show(&self, fields: &Fields, problem: Option<&str>) -> Markup {
        html! {
            (parts::problem(problem))
            form .sheet method="post" action=(self.action) {
                (parts::account(Some(self.creator.name)))
                (parts::name_field("A descriptive label: CI/CD Pipeline, CRM Sync.", fields.one("name")))
                (self.places(fields))
                fieldset {
                    legend { "Permissions" }
                    span .help { "At most what you may do yourself." }
                    @for (permission, help) in PERMISSIONS {
                        @if self.rights.contains(&permission) {
                            @let ticked = fields.ticked("permission", permission);
                            (parts::choice(&Choice { kind: "checkbox", name: "permission", value: permission, help, ticked }))
                        }
                    }
                }
                label .field {
                    span .label { "Expiration" }
                    span .help { "Optional. The key works until the end of that day, UTC." }
                    input #expiration type="date" name="expiration" data-testid="expiration"
                        min=(self.now.format("%Y-%m-%d")) value=(fields.one("expiration"));
                }
                button #create-key .main data-testid="create-key" { "Create API Key" }
            }
        }
    }

    fn places(&self, fields: &Fields) -> Markup {
        html! {
            label .field {
                span .label { "Organization" }
                select #organization name="organization" data-testid="organization" {
                    @for own in self.creator.organizations() {
                        option value=(own.name) selected[fields.one("organization") == own.name] {
                            (own.name)
                        }
                    }
                }
            }
            label .field {
                span .label { "Space" }
                span .help { "Optional. Restricts the key further, to one space of the organization." }
                select #space name="space" data-testid="space" {
                    option value="" { "All spaces" }
                    @for own in self.creator.organizations() {
                        optgroup label=(own.name) {
                            @for space in own.spaces {
                                option value=(space) selected[fields.one("space") == *space] { (space) }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// The key that was asked for.
pub(super) fn read(creator: &Creator, fields: &Fields) -> Result<BivariantKey, Error> {
    let expiration = match fields.some("expiration") {
        Some(day) => Some(
            day.parse::<NaiveDate>()
                .map_err(|_| Error::form("expiration", "a date such as 2027-01-31 is required"))?,
        ),
        None => None,
    };
    Ok(BivariantKey {
        name: fields.one("name").to_owned(),
        creator: creator.name.to_owned(),
        organization: fields.one("organization").to_owned(),
        space: fields.some("space").map(str::to_owned),
        permissions: fields.list("permission"),
        expiration,
    })
}
