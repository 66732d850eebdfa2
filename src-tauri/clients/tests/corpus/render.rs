//! Makes files of shapes: the same random ones in every run.

use std::ops::Range;

use keywright_clients::Format;

use crate::shapes::Shape;

/// One generated file.
pub(crate) struct File {
    pub(crate) client: &'static str,
    pub(crate) format: Format,
    pub(crate) bytes: Vec<u8>,
    /// The path of a value that is there, its bytes without quotes, and what they say.
    pub(crate) path: &'static str,
    pub(crate) span: Range<usize>,
    pub(crate) old: String,
    /// What they are to say.
    pub(crate) new: String,
    /// The path of one that is not there, with what a new table has beside it.
    pub(crate) fresh: &'static str,
    pub(crate) beside: &'static [(&'static str, &'static str)],
}

/// A generator of numbers (SplitMix64), so that every run makes the same files.
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) const fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub(crate) fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.next() % u64::try_from(bound).unwrap()).unwrap()
    }

    fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        from.get(self.below(from.len())).copied().unwrap()
    }
}

/// All files of a shape: each line end, mark, end and indentation, in several styles.
pub(crate) fn files(shape: &'static Shape) -> Vec<File> {
    let mut made = Vec::new();
    let seed = shape.client.bytes().fold(0, |seed: u64, b| seed.wrapping_mul(31) + u64::from(b));
    for style in 0..4 {
        for indent in ["\t", "  ", "    "] {
            for ending in ["\n", "\r\n"] {
                for bom in [false, true] {
                    for last in [true, false] {
                        let mut dice = Dice::new(seed + u64::try_from(made.len()).unwrap());
                        let text =
                            text(shape, &mut dice, if style == 0 { "" } else { "x" }, indent);
                        made.push(file(shape, &mut dice, text, (ending, bom, last)));
                    }
                }
            }
        }
    }
    made
}

/// The text with line feeds, and with the marks of the value still in it.
fn text(shape: &Shape, dice: &mut Dice, odd: &str, indent: &str) -> String {
    // YAML has no tabs.
    let indent = if shape.format == Format::Yaml && indent == "\t" { "   " } else { indent };
    let quote = dice.pick(quotes(shape.format));
    let mut text = String::new();
    for line in shape.text.trim_start_matches('\n').lines() {
        let tabs = line.len() - line.trim_start_matches('\t').len();
        let own = line.trim_start_matches(['\t', ' ']);
        let more = line.len() - tabs - own.len();
        let blanks = indent.repeat(tabs) + &" ".repeat(more);
        match own {
            "«c»" | "«f»" | "«b»" => {
                for _ in 0..dice.below(if odd.is_empty() { 1 } else { 3 }) {
                    let new = match own {
                        "«c»" => remark(shape.format, dice),
                        "«f»" => Some(filler(shape.format, dice)),
                        _ => Some(String::new()),
                    };
                    if let Some(new) = new {
                        text.push_str(if new.is_empty() { "" } else { &blanks });
                        text.push_str(&new);
                        text.push('\n');
                    }
                }
            }
            _ => {
                text.push_str(&blanks);
                text.push_str(&inline(own, shape.format, dice, odd, quote));
                text.push('\n');
            }
        }
    }
    text
}

/// A line with its spaces, quotes and what stands at its end.
fn inline(line: &str, format: Format, dice: &mut Dice, odd: &str, quote: &str) -> String {
    let mut text = line.replace("«q»", quote);
    while let Some((head, rest)) = text.split_once("«s»") {
        let blank = if odd.is_empty() { " " } else { dice.pick(&[" ", "", "  ", " "]) };
        text = format!("{head}{blank}{rest}");
    }
    if let Some(head) = text.strip_suffix("«r»") {
        let remark = match format {
            Format::Jsonc => dice.pick(&["", " // don't: \"x\"", " /* a, b */", "  "]),
            Format::Json | Format::Ini | Format::Npmrc => dice.pick(&["", " ", "   "]),
            Format::Systemd => dice.pick(&["", "  "]),
            Format::Dotenv => dice.pick(&["", " # it's mine", "  ", "  # \"a\" = b"]),
            _ => dice.pick(&["", " # it's mine", "  ", "\t# \"a\" = b"]),
        };
        text = format!("{head}{}", if odd.is_empty() { "" } else { remark });
    }
    text
}

fn quotes(format: Format) -> &'static [&'static str] {
    match format {
        Format::Json | Format::Jsonc => &["\""],
        Format::Toml => &["\"", "'"],
        Format::Ini | Format::Npmrc | Format::Netrc => &["", "", "\""],
        _ => &["", "'", "\""],
    }
}

fn remark(format: Format, dice: &mut Dice) -> Option<String> {
    let words = dice.pick(&[
        "don't touch",
        "OLD_KEY=sk-test-not-a-real-key-9999",
        "[section] key = \"value\"",
        "größer → ключ 钥匙",
        "machine {x: 1} $(rm) `ls` ${HOME}",
        "",
    ]);
    match format {
        Format::Json => None,
        Format::Jsonc => Some(dice.pick(&["// ", "//"]).to_owned() + words),
        Format::Ini | Format::Npmrc | Format::Systemd => {
            Some(dice.pick(&["# ", "; ", "#"]).to_owned() + words)
        }
        _ => Some(dice.pick(&["# ", "#"]).to_owned() + words),
    }
}

/// A line of something else. Names of their own, so that none is there twice.
fn filler(format: Format, dice: &mut Dice) -> String {
    let number = dice.next() % 1_000_000;
    let value = match format {
        Format::Json | Format::Jsonc => {
            let value =
                dice.pick(&["1.50e3", "[1, 2,3]", "\"\\u00e9 \\\"q\\\"\"", "{ \"a\":null }"]);
            return format!("\"x{number}\": {value},");
        }
        Format::Toml => {
            dice.pick(&["1_000", "[ 'a', \"b\" ]", "{ a = 1, b = 'c' }", "\"\"\"x\"\"\""])
        }
        Format::Yaml => {
            let value =
                dice.pick(&["1.50", "[a, 'b', \"c\"]", "{a: 1, b: c}", "it is # mine", "~"]);
            return format!("x{number}: {value}");
        }
        Format::Netrc => return format!("machine h{number}.example login a password b"),
        Format::Fish => {
            let line =
                dice.pick(&["fish_add_path ~/bin", "alias g 'git s'", "set -g fish_x (ls | head)"]);
            return line.to_owned();
        }
        Format::Shell => {
            let line = dice.pick(&[
                "alias ll='ls -l'",
                "[ -f ~/.x ] && . ~/.x",
                "eval \"$(starship init bash)\"",
                "PS1='\\u@\\h:\\w\\$ '",
                "export PATH=\"$HOME/bin:$PATH\"",
            ]);
            return line.to_owned();
        }
        Format::Dotenv => {
            dice.pick(&["1", "'a b'", "\"https://x.example/?a=b\"", "a b", "$HOME/x"])
        }
        _ => dice.pick(&["1", "a b", "https://x.example/?a=b", "x%y"]),
    };
    match format {
        Format::Dotenv | Format::Systemd => format!("X{number}={value}"),
        _ => format!("x{number} = {value}"),
    }
}

/// The bytes, with the place of the value.
fn file(
    shape: &'static Shape,
    dice: &mut Dice,
    text: String,
    (ending, bom, last): (&str, bool, bool),
) -> File {
    let key = |dice: &mut Dice| {
        let long = dice.below(3) * 24;
        format!("sk-test-not-a-real-key-{:04}{}", dice.next() % 10_000, "A1b_".repeat(long / 4))
    };
    let (old, new) = (key(dice), key(dice) + "-new");
    let marked = shape.value.replace("{k}", &old);
    let text = if last { text.as_str() } else { text.trim_end_matches('\n') };
    let mut text = text.replace('\n', ending);
    if bom {
        text.insert(0, '\u{feff}');
    }
    let start = text.find('⟦').unwrap();
    let text = text.replacen('⟦', &marked, 1);
    File {
        client: shape.client,
        format: shape.format,
        bytes: text.into_bytes(),
        path: shape.path,
        span: start..start + marked.len(),
        old: marked,
        new: shape.value.replace("{k}", &new),
        fresh: shape.fresh,
        beside: shape.beside,
    }
}
