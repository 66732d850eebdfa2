//! Aligned columns that fit the screen: long cells are cut, and columns that matter less left out.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use crate::show::{
    out::{Tone, paint},
    words::clean,
};

/// Columns of space between two columns.
const GAP: usize = 2;
/// A column that gives way is not cut to less than this.
const LEAST: usize = 14;

/// One column.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Column {
    head: &'static str,
    /// The greater, the sooner it is left out; 0 never is.
    rank: u8,
    /// Whether its cells may be cut.
    gives_way: bool,
}

impl Column {
    /// A column that always stands.
    pub(crate) const fn fixed(head: &'static str) -> Self {
        Self { head, rank: 0, gives_way: false }
    }

    /// A column that always stands, with cells that may be cut.
    pub(crate) const fn text(head: &'static str) -> Self {
        Self { head, rank: 0, gives_way: true }
    }

    /// The same, left out on a narrow screen; the greater the rank, the sooner.
    #[must_use]
    pub(crate) const fn rank(mut self, rank: u8) -> Self {
        self.rank = rank;
        self
    }
}

/// One cell.
#[derive(Debug, Clone, Default)]
pub(crate) struct Cell {
    text: String,
    tone: Tone,
}

impl Cell {
    /// A cell that stands out.
    pub(crate) fn toned(text: impl Into<String>, tone: Tone) -> Self {
        Self { text: clean(&text.into()).replace('\n', " "), tone }
    }
}

impl<T: Into<String>> From<T> for Cell {
    fn from(text: T) -> Self {
        Self::toned(text, Tone::Plain)
    }
}

/// Rows under one head.
#[derive(Debug)]
pub(crate) struct Table {
    columns: &'static [Column],
    rows: Vec<Vec<Cell>>,
}

impl Table {
    /// Rows under these columns; the cells stand in their order.
    pub(crate) fn new<const N: usize>(
        columns: &'static [Column; N],
        rows: impl IntoIterator<Item = [Cell; N]>,
    ) -> Self {
        Self { columns, rows: rows.into_iter().map(Vec::from).collect() }
    }

    /// The table as text. Without a width nothing is cut. A table without rows is no text.
    pub(crate) fn render(&self, width: Option<usize>, colour: bool) -> String {
        if self.rows.is_empty() {
            return String::new();
        }
        let widths = self.fitted(width);
        let head: Vec<Cell> =
            self.columns.iter().map(|column| Cell::toned(column.head, Tone::Faint)).collect();
        let lines = std::iter::once(&head).chain(&self.rows);
        lines.map(|row| line(row, &widths, colour)).collect()
    }

    /// How wide each column is; none where it is left out.
    fn fitted(&self, width: Option<usize>) -> Vec<Option<usize>> {
        let natural: Vec<usize> = (0..self.columns.len()).map(|at| self.natural(at)).collect();
        let Some(width) = width else { return natural.into_iter().map(Some).collect() };
        let least = |at: usize, natural: usize| {
            let gives_way = self.columns.get(at).is_some_and(|column| column.gives_way);
            if gives_way { natural.min(LEAST) } else { natural }
        };
        let mut widths: Vec<Option<usize>> =
            natural.iter().enumerate().map(|(at, wide)| Some(least(at, *wide))).collect();
        while taken(&widths) > width
            && let Some(last) = self.next_to_leave(&widths)
            && let Some(slot) = widths.get_mut(last)
        {
            *slot = None;
        }
        let mut spare = width.saturating_sub(taken(&widths));
        for (slot, natural) in widths.iter_mut().zip(natural) {
            if let Some(wide) = slot {
                let more = spare.min(natural.saturating_sub(*wide));
                *wide += more;
                spare -= more;
            }
        }
        widths
    }

    fn natural(&self, at: usize) -> usize {
        let head = self.columns.get(at).map_or(0, |column| column.head.width());
        let cells = self.rows.iter().filter_map(|row| row.get(at));
        cells.map(|cell| cell.text.width()).fold(head, usize::max)
    }

    fn next_to_leave(&self, widths: &[Option<usize>]) -> Option<usize> {
        let standing = self.columns.iter().zip(widths).enumerate();
        standing
            .filter(|(_, (column, wide))| column.rank > 0 && wide.is_some())
            .max_by_key(|(_, (column, _))| column.rank)
            .map(|(at, _)| at)
    }
}

fn taken(widths: &[Option<usize>]) -> usize {
    let standing: Vec<usize> = widths.iter().copied().flatten().collect();
    standing.iter().sum::<usize>() + GAP * standing.len().saturating_sub(1)
}

fn line(row: &[Cell], widths: &[Option<usize>], colour: bool) -> String {
    let mut line = String::new();
    let mut pad = 0;
    for (cell, wide) in row.iter().zip(widths) {
        let Some(wide) = *wide else { continue };
        let text = cut(&cell.text, wide);
        if !text.is_empty() {
            line.extend(std::iter::repeat_n(' ', pad));
            pad = 0;
            line.push_str(&paint(colour, cell.tone, &text));
        }
        pad += wide.saturating_sub(text.width()) + GAP;
    }
    line.push('\n');
    line
}

/// The text, cut so that it takes no more than so many columns.
fn cut(text: &str, wide: usize) -> String {
    if text.width() <= wide {
        return text.to_owned();
    }
    let mut left = wide.saturating_sub(1);
    let mut short = String::new();
    for letter in text.chars() {
        let takes = letter.width().unwrap_or(0);
        if takes > left {
            break;
        }
        left -= takes;
        short.push(letter);
    }
    short.push('…');
    short
}

#[cfg(test)]
mod tests {
    use super::*;

    const COLUMNS: &[Column; 3] =
        &[Column::text("name"), Column::fixed("status"), Column::fixed("id").rank(2)];

    fn table() -> Table {
        let rows =
            [["deploy the wiki to production", "active", "0a1b2c3d"], ["東京", "", "9f8e7d6c"]];
        Table::new(COLUMNS, rows.map(|row| row.map(Cell::from)))
    }

    #[test]
    fn columns_are_aligned_whatever_the_script() {
        let text = table().render(None, false);
        let at = |line: &str, word: &str| line.find(word).map(|at| line.get(..at).unwrap().width());
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(at(lines[0], "id"), at(lines[1], "0a1b2c3d"));
        assert_eq!(at(lines[0], "id"), at(lines[2], "9f8e7d6c"));
    }

    #[test]
    fn no_line_is_wider_than_the_screen_and_names_stay() {
        for width in [24, 30, 40, 44] {
            let text = table().render(Some(width), false);
            assert!(text.lines().all(|line| line.width() <= width), "{width}:\n{text}");
            assert!(text.contains("deploy"), "{text}");
        }
    }

    #[test]
    fn what_matters_less_leaves_first() {
        let text = table().render(Some(24), false);
        assert!(text.contains("active") && !text.contains("0a1b2c3d"), "{text}");
    }

    #[test]
    fn nothing_is_cut_without_a_screen_and_no_line_ends_in_a_space() {
        let text = table().render(None, false);
        assert!(text.contains("deploy the wiki to production"));
        assert!(text.lines().all(|line| !line.ends_with(' ')));
    }

    #[test]
    fn a_name_cannot_steer_the_terminal() {
        const NAME: &[Column; 1] = &[Column::text("name")];
        let table = Table::new(NAME, [[Cell::from("red\u{1b}[31m\u{202e}\nnext")]]);
        let text = table.render(None, false);
        assert_eq!(text.lines().count(), 2);
        assert!(!text.contains('\u{1b}') && !text.contains('\u{202e}'));
    }
}
