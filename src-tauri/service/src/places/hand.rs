//! Giving secrets to one program, in its environment only.

use keywright_model::{EventKind, KeyId, Secret};

use crate::{Error, Service, keys::find, wire::FieldProblem};

impl Service {
    /// The secrets that a program is to find in its environment, by the names of the variables,
    /// after a line in the log says so for each.
    pub fn hand_to(
        &self,
        program: &str,
        keys: &[(KeyId, String)],
    ) -> Result<Vec<(String, Secret)>, Error> {
        if let Some((_, name)) = keys.iter().find(|(_, name)| !is_name(name)) {
            let message = format!("`{name}` is no name of a variable: letters, digits and _ only");
            return Err(Error::Invalid(vec![FieldProblem { field: "name".into(), message }]));
        }
        let mut handed = Vec::new();
        let mut events = Vec::new();
        for (id, name) in keys {
            let (key, secret) = self.read(|vault| {
                let key = find(vault, *id)?.clone();
                Ok((key, vault.key_secret(*id)?.ok_or(Error::NoSecret)?))
            })?;
            let given = EventKind::SecretGiven { program: program.to_owned() };
            events.push(self.key_event(&key, given));
            handed.push((name.clone(), secret));
        }
        if self.writes() {
            self.write(|change| events.iter().try_for_each(|event| change.log(event)))?;
        }
        Ok(handed)
    }
}

fn is_name(name: &str) -> bool {
    let fits = |c: char| c.is_ascii_alphanumeric() || c == '_';
    name.chars().all(fits) && name.chars().next().is_some_and(|c| !c.is_ascii_digit())
}
