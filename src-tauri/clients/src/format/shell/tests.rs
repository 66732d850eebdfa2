use super::*;
use crate::{Node, NodePath, format::Value};

fn read(text: &str) -> Vec<(String, Option<String>)> {
    let Node::Map(members, _) = Shell.read(text).unwrap() else { panic!("a map") };
    let one = |(name, node)| match node {
        Node::Text(value, _) => (name, Some(value.text().to_owned())),
        _ => (name, None),
    };
    members.into_iter().map(one).collect()
}

fn insert(text: &str) -> Result<Splice, Problem> {
    let tree = Shell.read(text)?;
    let path = NodePath::parse("NEW_KEY").unwrap();
    Shell.insert(text, &tree, path.steps(), &Fresh::Text(Value::new("v")))
}

#[test]
fn literal_assignments_are_texts() {
    for (line, value) in [
        ("export A='it'\\''s'", "it's"),
        ("export A=\"a b\\\"\\$c\" # note", "a b\"$c"),
        ("  A=plain;", "plain"),
        ("export A=a'b'\"c\"", "abc"),
        ("export A=", ""),
        ("export \\\n  A=x", "x"),
    ] {
        assert_eq!(read(line), [("A".to_owned(), Some(value.to_owned()))], "{line}");
    }
}

#[test]
fn what_the_shell_works_out_is_no_text() {
    for line in [
        "export A=$B",
        "A=\"x$(cat ~/.key)\"",
        "A=`pass show key`",
        "A=~/x",
        "A=$'x\\n'",
        "A=(a b)",
        "A+=x",
        "A=a*",
        "A==x",
        "A='two\nlines'",
        "export -n A=x",
        "declare -x A=x",
        "A=x; B=y",
        "[ -t 0 ] && A=x",
        "true &&\nA=x",
        "if true; then\nA=x\nfi",
        "f() {\nA=x\n}",
        "f()\n{\nexport A=x\n}",
        "case $- in\n*i*) A=x;;\nesac",
        "for x in a; do\nA=x\ndone",
        "unset A",
    ] {
        let found = read(line);
        assert_eq!(found.first(), Some(&("A".to_owned(), None)), "{line}");
        let more = format!("{line}\nexport Z='1'\n");
        assert!(read(&more).contains(&("Z".to_owned(), Some("1".to_owned()))), "{line}");
        assert!(insert(&more).is_ok(), "{line}");
    }
}

#[test]
fn what_only_looks_as_an_assignment_is_none() {
    for text in [
        "cat <<EOF\nexport A=x\nEOF\n",
        "cat <<-'EOF' >f\n\texport A=x\n\tEOF\n",
        "echo 'x\nexport A=x\n'\n",
        "echo \"$(\nexport A=x\n)\"\n",
        "A=x command\n",
        "# export A=x\n",
        "(\nexport A=x\n)\n",
        "echo a \\\nexport A=x\n",
    ] {
        assert_eq!(read(text), [], "{text}");
        assert!(insert(text).is_ok(), "{text}");
    }
}

#[test]
fn a_file_that_cannot_be_followed_is_not_written_into() {
    for text in [
        "echo 'open\nexport A=x\n",
        "if true\nexport A=x\n",
        "fi\nexport A=x\n",
        "cat <<EOF\nexport A=x\n",
        "x=$(case a in a) echo;; esac)\nexport A=x\n",
        "exit 0\nexport A=x\n",
        "true &&\n",
        "echo \\",
    ] {
        assert!(read(text).iter().all(|(_, value)| value.is_none()), "{text}");
        assert!(matches!(insert(text), Err(Problem::Unsupported { .. })), "{text}");
    }
}

#[test]
fn a_real_profile_is_followed_to_its_end() {
    let text = r#"# ~/.bashrc: executed by bash(1) for non-login shells.
case $- in
    *i*) ;;
      *) return;;
esac
HISTCONTROL=ignoreboth
shopt -s histappend
[ -x /usr/bin/lesspipe ] && eval "$(SHELL=/bin/sh lesspipe)"
if [ -z "${debian_chroot:-}" ] && [ -r /etc/debian_chroot ]; then
    debian_chroot=$(cat /etc/debian_chroot)
fi
case "$TERM" in
    xterm-color|*-256color) color_prompt=yes;;
esac
if [ "$color_prompt" = yes ]; then
    PS1='${debian_chroot:+($debian_chroot)}\[\033[01;32m\]\u@\h\[\033[00m\]:\w\$ '
else
    PS1='\u@\h:\w\$ '
fi
alias alert='notify-send "$(history|tail -n1|sed -e '\''s/^\s*[0-9]\+\s*//'\'')"'
if ! shopt -oq posix; then
  if [ -f /usr/share/bash-completion/bash_completion ]; then
    . /usr/share/bash-completion/bash_completion
  fi
fi
mkcd() { mkdir -p "$1" && cd "$1"; }
function greet {
  local name=${1:-you}
  echo "hello $name" >&2
}
plugins=(git docker) # don't
((n = 1 << 2))
for ((i=0; i<3; i++)); do :; done
while read -r line; do echo "$line"; done < <(ls 2>/dev/null) &> /dev/null
export PATH="$HOME/bin:$PATH" EDITOR=vi
export OPENAI_API_KEY="sk-test-not-a-real-key-0001"  # work
"#;
    let found = read(text);
    let texts: Vec<_> = found.iter().filter(|(_, value)| value.is_some()).collect();
    let names: Vec<_> = texts.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["HISTCONTROL", "EDITOR", "OPENAI_API_KEY"]);
    assert!(insert(text).is_ok());
}

#[test]
fn variables_go_into_one_block() {
    let first = insert("x=1\n").unwrap();
    let block = "\n# >>> keywright >>>\nexport NEW_KEY='v'\n# <<< keywright <<<\n";
    assert_eq!(first.with.text(), block);
    let text = format!("x=1\n{block}y=2\n");
    let second = insert(&text).unwrap();
    assert_eq!(second.with.text(), "export NEW_KEY='v'\n");
    assert!(text.get(second.span.start..).unwrap().starts_with("# <<< keywright <<<"));
    let broken = "# >>> keywright >>>\n";
    assert!(matches!(insert(broken), Err(Problem::Unsupported { .. })));
}
