//! Figures beside their budgets.

use std::collections::BTreeMap;

/// One measured figure.
pub(super) struct Figure {
    what: String,
    keys: u32,
    value: f64,
    unit: &'static str,
    budget: Option<f64>,
}

impl Figure {
    pub(super) fn new(what: &str, keys: u32, value: f64, unit: &'static str) -> Self {
        Self { what: what.to_owned(), keys, value, unit, budget: None }
    }

    /// Names the most that it may be, where there is a budget.
    pub(super) fn under(mut self, budget: Option<f64>) -> Self {
        self.budget = budget;
        self
    }

    /// Decimals: seconds and small sizes need more than milliseconds do.
    fn digits(&self) -> usize {
        if self.value < 1.0 { 2 } else { 1 }
    }

    fn verdict(&self) -> &'static str {
        match self.budget {
            Some(budget) if self.value <= budget => "ok",
            Some(_) => "OVER",
            None => "",
        }
    }
}

/// All figures of a run, in the order of measuring.
#[derive(Default)]
pub(super) struct Table {
    figures: Vec<Figure>,
}

impl Table {
    pub(super) fn add(&mut self, figure: Figure) {
        let digits = figure.digits();
        println!("   {}: {:.*} {}", figure.what.trim(), digits, figure.value, figure.unit);
        self.figures.push(figure);
    }

    /// One line a figure.
    pub(super) fn text(&self) -> String {
        let head = ["what", "keys", "measured", "budget", ""].map(str::to_owned);
        let rows = self.figures.iter().map(|figure| {
            let keys = if figure.keys == 0 { String::new() } else { figure.keys.to_string() };
            let budget = figure.budget.map(|budget| format!("{budget} {}", figure.unit));
            [
                figure.what.clone(),
                keys,
                format!("{:.*} {}", figure.digits(), figure.value, figure.unit),
                budget.unwrap_or_default(),
                figure.verdict().to_owned(),
            ]
        });
        let mut text = String::new();
        for [what, keys, measured, budget, verdict] in std::iter::once(head).chain(rows) {
            let line = format!("{what:<32}{keys:>8}  {measured:>16}{budget:>14}  {verdict}");
            text.push_str(line.trim_end());
            text.push('\n');
        }
        text
    }

    /// How each figure grows from its smallest to its largest size.
    pub(super) fn slopes(&self) -> String {
        let mut series: BTreeMap<(String, &str), Vec<(u32, f64)>> = BTreeMap::new();
        let mut subject = "";
        for figure in self.figures.iter().filter(|figure| figure.keys > 0) {
            // `  its memory` belongs to the figure above it.
            let what = if figure.what.starts_with(' ') {
                format!("{subject}, {}", figure.what.trim())
            } else {
                subject = &figure.what;
                figure.what.clone()
            };
            series.entry((what, figure.unit)).or_default().push((figure.keys, figure.value));
        }
        let mut text = String::from("growth from the fewest to the most keys:\n");
        for ((what, unit), points) in series {
            if let (Some((few, low)), Some((many, high))) = (points.first(), points.last())
                && many > few
                && *low > 0.0
            {
                let (times, per) = (high / low, (high - low) * 1000.0 / f64::from(many - few));
                text = text
                    + &format!("  {what}: x{times:.1} from {few} to {many} keys, ")
                    + &format!("{per:+.3} {unit} for each 1,000 more\n");
            }
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> Table {
        let mut table = Table::default();
        table.add(Figure::new("search", 100, 4.0, "ms cpu").under(Some(60.0)));
        table.add(Figure::new("  its memory", 100, 10.0, "MiB"));
        table.add(Figure::new("search", 10_000, 64.0, "ms cpu").under(Some(60.0)));
        table
    }

    #[test]
    fn a_figure_over_its_budget_is_called_so() {
        assert_eq!(
            table().text(),
            "what                                keys          measured        budget\n\
             search                               100        4.0 ms cpu     60 ms cpu  ok\n\
             \x20 its memory                         100          10.0 MiB\n\
             search                             10000       64.0 ms cpu     60 ms cpu  OVER\n"
        );
    }

    #[test]
    fn growth_is_told_of_what_was_measured_twice() {
        assert_eq!(
            table().slopes(),
            "growth from the fewest to the most keys:\n  search: x16.0 from 100 to 10000 keys, +6.061 ms cpu for each 1,000 more\n"
        );
    }
}
