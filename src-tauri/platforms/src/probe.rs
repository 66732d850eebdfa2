//! From an answer to a verdict, by the profile's rules. Trouble is never death.

use std::time::Duration;

use keywright_model::Verdict;
use serde_json::Value;

use crate::extract::Condition;

/// What a probe found, and how long the answer took.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Probe {
    /// The verdict.
    pub verdict: Verdict,
    /// From the request to the end of the answer, the network's time included.
    pub took: Duration,
}

/// One rule: where the condition holds, the verdict is this.
#[derive(Debug, Clone)]
pub(crate) struct Rule {
    pub(crate) condition: Condition,
    pub(crate) verdict: Verdict,
}

/// The verdict on an answer: 429 and 5xx say nothing, then the first rule that
/// holds, then unknown.
pub(crate) fn judge(
    rules: &[Rule],
    status: u16,
    body: Option<&Value>,
    missing_scope: Option<String>,
) -> Verdict {
    if status == 429 || status >= 500 {
        return Verdict::Unknown { why: format!("status {status}") };
    }
    match rules.iter().find(|rule| rule.condition.holds(status, body)) {
        Some(Rule { verdict: Verdict::Limited { .. }, .. }) => {
            Verdict::Limited { missing: missing_scope }
        }
        Some(Rule { verdict: Verdict::Unknown { .. }, .. }) | None => {
            Verdict::Unknown { why: format!("status {status}") }
        }
        Some(rule) => rule.verdict.clone(),
    }
}
