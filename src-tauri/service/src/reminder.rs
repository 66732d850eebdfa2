//! The native notification: how many things need somebody. No names: lock screens show these.

use keywright_model::Severity;

use crate::{Error, Service};

/// A notification's words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reminder {
    /// The first line.
    pub title: String,
    /// The second.
    pub body: String,
}

impl Service {
    /// What to notify of, once at a start and once a day; none when nothing needs anybody.
    pub fn reminder(&self) -> Result<Option<Reminder>, Error> {
        let severities = self.findings(Severity::Warning)?.into_iter().map(|item| item.severity);
        let (now, soon) = severities.partition::<Vec<_>, _>(|s| *s == Severity::Critical);
        Ok(words(now.len(), soon.len()))
    }
}

fn words(now: usize, soon: usize) -> Option<Reminder> {
    let title = match now + soon {
        0 => return None,
        1 => "One key needs you".to_owned(),
        count => format!("{count} keys need you"),
    };
    let body = match (now, soon) {
        (0, soon) => format!("{soon} to look at soon. Open Keywright to see what to do next."),
        (now, 0) => format!("{now} to act on now. Open Keywright to see what to do next."),
        (now, soon) => {
            format!("{now} to act on now, {soon} soon. Open Keywright to see what to do next.")
        }
    };
    Some(Reminder { title, body })
}

#[cfg(test)]
mod tests {
    use super::words;

    #[test]
    fn nothing_to_do_is_no_notification() {
        assert_eq!(words(0, 0), None);
    }

    #[test]
    fn counts_are_told_and_names_are_not() {
        let told = words(1, 2).unwrap();
        assert_eq!(told.title, "3 keys need you");
        assert_eq!(told.body, "1 to act on now, 2 soon. Open Keywright to see what to do next.");
    }
}
