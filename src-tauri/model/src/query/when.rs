//! Dates in a query: `<30d`, `>=2026-12-01`, `2026-12`, `7d..30d`, `never`.

use chrono::{DateTime, Days, Months, NaiveDate, TimeDelta, Utc};

use super::{Problem, field::DateField, token::Piece};

/// A condition on one date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum When {
    /// There is no such date, and the platform said so (`expires:never`) or it never happened.
    Never,
    /// The date is not known.
    Unknown,
    /// From the first instant up to and without the second, either may be open.
    Between(Option<Edge>, Option<Edge>),
}

/// An instant, fixed or reckoned from now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Edge {
    /// A fixed instant.
    At(DateTime<Utc>),
    /// So long after now.
    Ahead(Span),
    /// So long before now.
    Back(Span),
}

/// A length of time as written: months keep their calendar meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Span {
    Days(u32),
    Months(u32),
}

impl Edge {
    /// The instant. What lies beyond the calendar is its end.
    pub(super) fn resolve(self, now: DateTime<Utc>) -> DateTime<Utc> {
        match self {
            Self::At(at) => at,
            Self::Ahead(Span::Days(days)) => now
                .checked_add_signed(TimeDelta::days(i64::from(days)))
                .unwrap_or(DateTime::<Utc>::MAX_UTC),
            Self::Ahead(Span::Months(months)) => {
                now.checked_add_months(Months::new(months)).unwrap_or(DateTime::<Utc>::MAX_UTC)
            }
            Self::Back(Span::Days(days)) => now
                .checked_sub_signed(TimeDelta::days(i64::from(days)))
                .unwrap_or(DateTime::<Utc>::MIN_UTC),
            Self::Back(Span::Months(months)) => {
                now.checked_sub_months(Months::new(months)).unwrap_or(DateTime::<Utc>::MIN_UTC)
            }
        }
    }
}

impl When {
    /// Whether the instant lies within; never for the words.
    pub(super) fn covers(self, at: DateTime<Utc>, now: DateTime<Utc>) -> bool {
        let Self::Between(from, to) = self else { return false };
        from.is_none_or(|edge| edge.resolve(now) <= at)
            && to.is_none_or(|edge| at < edge.resolve(now))
    }
}

/// One written date: a duration, or a day, month or year with its first and following instant.
#[derive(Clone, Copy)]
enum Point {
    Length(Span),
    Days(DateTime<Utc>, DateTime<Utc>),
}

/// Reads one value of a date filter.
pub(super) fn parse(field: DateField, name: &str, value: &Piece) -> Result<When, Problem> {
    let text = value.text.to_ascii_lowercase();
    let wrong = || value.problem(expected(field, name));
    match text.as_str() {
        "never" if matches!(field, DateField::Expires | DateField::Used) => return Ok(When::Never),
        "unknown" if field != DateField::Used => return Ok(When::Unknown),
        _ => {}
    }
    if let Some((from, to)) = text.split_once("..") {
        let point = |text: &str| -> Result<Option<Point>, Problem> {
            if text.is_empty() { Ok(None) } else { point(text).map(Some).ok_or_else(wrong) }
        };
        return range(field, point(from)?, point(to)?).ok_or_else(wrong);
    }
    let (sign, rest) = sign(&text);
    let point = point(rest).ok_or_else(wrong)?;
    compare(field, sign, point).ok_or_else(|| value.problem(undirected(field, name, &value.text)))
}

fn sign(text: &str) -> (&'static str, &str) {
    for sign in ["<=", ">=", "<", ">"] {
        if let Some(rest) = text.strip_prefix(sign) {
            return (sign, rest);
        }
    }
    ("", text)
}

/// A duration is an instant; a day is a stretch, and `<` stands before it, `>` after it.
fn compare(field: DateField, sign: &str, point: Point) -> Option<When> {
    let within = |from: Edge, to: Edge| Some(When::Between(Some(from), Some(to)));
    let from = |edge: Edge| Some(When::Between(Some(edge), None));
    let to = |edge: Edge| Some(When::Between(None, Some(edge)));
    let now = Edge::Ahead(Span::Days(0));
    match (point, sign) {
        (Point::Length(_), "") => None,
        (Point::Length(span), "<" | "<=") => match field {
            // What is overdue still has to be done; what has ended does not end again.
            DateField::Due => to(Edge::Ahead(span)),
            DateField::Expires => within(now, Edge::Ahead(span)),
            DateField::Created | DateField::Used | DateField::Added => from(Edge::Back(span)),
        },
        (Point::Length(span), _) if field.looks_ahead() => from(Edge::Ahead(span)),
        (Point::Length(span), _) => to(Edge::Back(span)),
        (Point::Days(first, _), "<") => to(Edge::At(first)),
        (Point::Days(_, next), "<=") => to(Edge::At(next)),
        (Point::Days(_, next), ">") => from(Edge::At(next)),
        (Point::Days(first, _), ">=") => from(Edge::At(first)),
        (Point::Days(first, next), _) => within(Edge::At(first), Edge::At(next)),
    }
}

/// `a..b`, both ends included.
fn range(field: DateField, from: Option<Point>, to: Option<Point>) -> Option<When> {
    let start = |point: Point| match point {
        Point::Length(span) if field.looks_ahead() => Edge::Ahead(span),
        Point::Length(span) => Edge::Back(span),
        Point::Days(first, _) => Edge::At(first),
    };
    let end = |point: Point| match point {
        Point::Days(_, next) => Edge::At(next),
        length @ Point::Length(_) => start(length),
    };
    // An age runs against the calendar: a range is of one kind, and its larger age is the earlier end.
    let written = || from.iter().chain(&to);
    let is_length = |point: &Point| matches!(point, Point::Length(_));
    written().next()?;
    if field.looks_ahead() || !written().any(is_length) {
        return Some(When::Between(from.map(start), to.map(end)));
    }
    written().all(is_length).then(|| When::Between(to.map(start), from.map(end)))
}

fn point(text: &str) -> Option<Point> {
    length(text).map(Point::Length).or_else(|| {
        let (first, next) = stretch(text)?;
        let instant = |day: NaiveDate| day.and_hms_opt(0, 0, 0).map(|at| at.and_utc());
        Some(Point::Days(instant(first)?, instant(next)?))
    })
}

fn length(text: &str) -> Option<Span> {
    let unit = text.chars().last().filter(char::is_ascii_alphabetic)?;
    let digits = text.strip_suffix(unit)?;
    if !digits.chars().all(|c| c.is_ascii_digit()) {
        return None;
    }
    let number: u32 = digits.parse().ok()?;
    match unit {
        'd' => Some(Span::Days(number)),
        'w' => number.checked_mul(7).map(Span::Days),
        'm' => Some(Span::Months(number)),
        'y' => number.checked_mul(12).map(Span::Months),
        _ => None,
    }
}

/// A day, a month or a year of the UTC calendar: its first day, and the first day after it.
fn stretch(text: &str) -> Option<(NaiveDate, NaiveDate)> {
    let parts: Vec<&str> = text.split('-').collect();
    let number = |digits: &str, length: usize| -> Option<u32> {
        let plain = digits.len() == length && digits.chars().all(|c| c.is_ascii_digit());
        plain.then(|| digits.parse().ok()).flatten()
    };
    let year = i32::try_from(number(parts.first()?, 4)?).ok()?;
    let first = |month: u32, day: u32| NaiveDate::from_ymd_opt(year, month, day);
    match parts.as_slice() {
        [_] => {
            let day = first(1, 1)?;
            Some((day, day.checked_add_months(Months::new(12))?))
        }
        [_, month] => {
            let day = first(number(month, 2)?, 1)?;
            Some((day, day.checked_add_months(Months::new(1))?))
        }
        [_, month, day] => {
            let day = first(number(month, 2)?, number(day, 2)?)?;
            Some((day, day.checked_add_days(Days::new(1))?))
        }
        _ => None,
    }
}

fn expected(field: DateField, name: &str) -> String {
    let words = match field {
        DateField::Expires => ", `never` or `unknown`",
        DateField::Used => " or `never`",
        DateField::Due | DateField::Created | DateField::Added => " or `unknown`",
    };
    format!(
        "Expected a date for `{name}`: `<30d` or `>30d` (d, w, m, y), `2026-12-01`, `>=2026-12`, `7d..30d`{words}."
    )
}

fn undirected(field: DateField, name: &str, text: &str) -> String {
    let (less, more) = if field.looks_ahead() {
        ("within that time", "later than that")
    } else {
        ("younger than that", "older than that")
    };
    format!(
        "Expected `<` or `>` before a duration: `{name}:<{text}` for {less}, `{name}:>{text}` for {more}."
    )
}
